//! What has to be respected.

use rand::RngCore;
use serde::{Deserialize, Serialize};
use yrs::{In, MapRef, ReadTxn};

use crate::{
    ids::ElementId,
    path::DocPath,
    project::read,
    schema::{
        collection::{Element, Ordered, Rank},
        element::element_view,
        field::find_map,
        text::TextField,
    },
};

/// One constraint as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Constraint)]
pub struct ConstraintProjection {
    /// Its id within the briefing.
    pub id: ElementId,
    /// Its fractional order key; empty when it has none.
    pub order: String,
    /// What has to be respected, in Markdown.
    pub text: String,
}

/// What it takes to make a constraint.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewConstraint {
    /// Its id; made at random when absent.
    pub id: Option<ElementId>,
    /// Its fractional order key; made for the chosen place when absent.
    pub order: Option<String>,
    /// What has to be respected, in Markdown.
    pub text: String,
}

element_view!(
    /// One constraint of the briefing.
    Constraint reads ConstraintProjection {
        /// What has to be respected, in Markdown.
        text,
    }
);

impl Element for Constraint {
    type Value = ConstraintProjection;
    type New = NewConstraint;

    fn view(id: ElementId, path: DocPath) -> Self {
        Self { id, path }
    }

    fn chosen_id(new: &NewConstraint) -> Option<&ElementId> {
        new.id.as_ref()
    }

    fn fields(new: NewConstraint, _rng: &mut dyn RngCore) -> Vec<(&'static str, In)> {
        vec![("text", read::new_text(&new.text))]
    }

    fn read<T: ReadTxn>(id: ElementId, map: &MapRef, txn: &T) -> ConstraintProjection {
        ConstraintProjection {
            id,
            order: read::order(map, txn),
            text: read::text(map, txn, "text"),
        }
    }

    fn rank<T: ReadTxn>(map: &MapRef, txn: &T) -> Rank {
        Rank::Order(read::order(map, txn))
    }
}

impl Ordered for Constraint {
    fn chosen_order(new: &NewConstraint) -> Option<&str> {
        new.order.as_deref()
    }
}
