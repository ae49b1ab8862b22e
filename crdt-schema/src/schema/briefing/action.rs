//! What was tried, and what became of it.

use rand::RngCore;
use serde::{Deserialize, Serialize};
use yrs::{In, MapRef, ReadTxn, TransactionMut};

use crate::{
    ids::ElementId,
    path::DocPath,
    project::read,
    schema::{
        collection::{Element, Ordered, Rank},
        element::element_view,
        field::{EditError, find_map, set},
        text::TextField,
        words::{Outcome, Word},
    },
};

/// One action as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Action)]
pub struct ActionProjection {
    /// Its id within the briefing.
    pub id: ElementId,
    /// Its fractional order key; empty when it has none.
    pub order: String,
    /// What was done, in Markdown.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What it takes to make an action.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewAction {
    /// Its id; made at random when absent.
    pub id: Option<ElementId>,
    /// Its fractional order key; made for the chosen place when absent.
    pub order: Option<String>,
    /// What was done, in Markdown.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
}

element_view!(
    /// One action of the briefing.
    Action reads ActionProjection {
        /// What was done, in Markdown.
        text,
    }
);

impl Action {
    /// Says what became of the action.
    ///
    /// # Errors
    /// When the action does not exist.
    pub fn set_outcome(
        &self,
        txn: &mut TransactionMut<'_>,
        outcome: Outcome,
    ) -> Result<(), EditError> {
        set(&self.path, txn, "outcome", outcome.as_str().into())
    }
}

impl Element for Action {
    type Value = ActionProjection;
    type New = NewAction;

    fn view(id: ElementId, path: DocPath) -> Self {
        Self { id, path }
    }

    fn chosen_id(new: &NewAction) -> Option<&ElementId> {
        new.id.as_ref()
    }

    fn fields(new: NewAction, _rng: &mut dyn RngCore) -> Vec<(&'static str, In)> {
        vec![
            ("text", read::new_text(&new.text)),
            ("outcome", new.outcome.as_str().into()),
        ]
    }

    fn read<T: ReadTxn>(id: ElementId, map: &MapRef, txn: &T) -> ActionProjection {
        ActionProjection {
            id,
            order: read::order(map, txn),
            text: read::text(map, txn, "text"),
            outcome: read::word(map, txn, "outcome"),
        }
    }

    fn rank<T: ReadTxn>(map: &MapRef, txn: &T) -> Rank {
        Rank::Order(read::order(map, txn))
    }
}

impl Ordered for Action {
    fn chosen_order(new: &NewAction) -> Option<&str> {
        new.order.as_deref()
    }
}
