//! The plan: a goal, and steps towards it.

use rand::RngCore;
use serde::{Deserialize, Serialize};
use yrs::{In, MapRef, ReadTxn, TransactionMut};

use super::{
    collection::{Collection, Element, Ordered, Rank},
    element::element_view,
    field::{EditError, find_map, set},
    place,
    text::TextField,
    words::{StepStatus, Tier, Word},
};
use crate::{ids::ElementId, path::DocPath, project::read};

/// The plan as read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Plan)]
pub struct PlanProjection {
    /// What the plan is for, in Markdown.
    pub goal: String,
    /// The steps, in order.
    pub steps: Vec<StepProjection>,
}

/// One step as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Step)]
pub struct StepProjection {
    /// Its id within the plan.
    pub id: ElementId,
    /// Its fractional order key; empty when it has none.
    pub order: String,
    /// What it is called.
    pub title: String,
    /// What it says, in Markdown.
    pub body: String,
    /// How far it is.
    pub status: StepStatus,
    /// Whether it sets the direction or carries it out.
    pub tier: Tier,
}

/// What it takes to make a step.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewStep {
    /// Its id; made at random when absent.
    pub id: Option<ElementId>,
    /// Its fractional order key; made for the chosen place when absent.
    pub order: Option<String>,
    /// What it is called.
    pub title: String,
    /// What it says, in Markdown.
    pub body: String,
    /// How far it is.
    pub status: StepStatus,
    /// Whether it sets the direction or carries it out.
    pub tier: Tier,
}

/// The plan.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plan;

impl Plan {
    /// What the plan is for.
    #[must_use]
    pub fn goal(self) -> TextField {
        TextField::new(place(&["plan", "goal"]))
    }

    /// The steps, in order.
    #[must_use]
    pub fn steps(self) -> Collection<Step> {
        Collection::new(place(&["plan", "steps"]))
    }

    /// The whole plan as it stands.
    pub fn read<T: ReadTxn>(self, txn: &T) -> PlanProjection {
        PlanProjection {
            goal: self.goal().read(txn),
            steps: self.steps().read(txn),
        }
    }

    pub(super) fn frame(self, txn: &mut TransactionMut<'_>) {
        self.goal().touch(txn);
        self.steps().touch(txn);
    }
}

element_view!(
    /// One step of the plan.
    Step reads StepProjection {
        /// What it is called.
        title,
        /// What it says.
        body,
    }
);

impl Step {
    /// Says how far the step is.
    ///
    /// # Errors
    /// When the step does not exist.
    pub fn set_status(
        &self,
        txn: &mut TransactionMut<'_>,
        status: StepStatus,
    ) -> Result<(), EditError> {
        set(&self.path, txn, "status", status.as_str().into())
    }

    /// Says whether the step sets the direction or carries it out.
    ///
    /// # Errors
    /// When the step does not exist.
    pub fn set_tier(&self, txn: &mut TransactionMut<'_>, tier: Tier) -> Result<(), EditError> {
        set(&self.path, txn, "tier", tier.as_str().into())
    }
}

impl Element for Step {
    type Value = StepProjection;
    type New = NewStep;

    fn view(id: ElementId, path: DocPath) -> Self {
        Self { id, path }
    }

    fn chosen_id(new: &NewStep) -> Option<&ElementId> {
        new.id.as_ref()
    }

    fn fields(new: NewStep, _rng: &mut dyn RngCore) -> Vec<(&'static str, In)> {
        vec![
            ("title", read::new_text(&new.title)),
            ("body", read::new_text(&new.body)),
            ("status", new.status.as_str().into()),
            ("tier", new.tier.as_str().into()),
        ]
    }

    fn read<T: ReadTxn>(id: ElementId, map: &MapRef, txn: &T) -> StepProjection {
        StepProjection {
            id,
            order: read::order(map, txn),
            title: read::text(map, txn, "title"),
            body: read::text(map, txn, "body"),
            status: read::word(map, txn, "status"),
            tier: read::word(map, txn, "tier"),
        }
    }

    fn rank<T: ReadTxn>(map: &MapRef, txn: &T) -> Rank {
        Rank::Order(read::order(map, txn))
    }
}

impl Ordered for Step {
    fn chosen_order(new: &NewStep) -> Option<&str> {
        new.order.as_deref()
    }
}
