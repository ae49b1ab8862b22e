//! The tasks that carry the plan out.

use rand::RngCore;
use serde::{Deserialize, Serialize};
use yrs::{In, Map, MapPrelim, MapRef, ReadTxn, TransactionMut};

use super::{
    collection::{Element, Ordered, Rank},
    element::element_view,
    field::{EditError, container, find_map, set, set_or_clear},
    text::TextField,
    words::{Priority, TaskStatus, Word},
};
use crate::{ids::ElementId, path::DocPath, project::read};

/// One task as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Task)]
pub struct TaskProjection {
    /// Its id within the workspace.
    pub id: ElementId,
    /// Its fractional order key; empty when it has none.
    pub order: String,
    /// What it is called.
    pub title: String,
    /// What there is to know about it, in Markdown.
    pub notes: String,
    /// How far it is.
    pub status: TaskStatus,
    /// How pressing it is.
    pub priority: Priority,
    /// The step of the plan that it carries out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The tasks that have to be done before it, sorted.
    pub blocked_by: Vec<ElementId>,
    /// The day or moment it is due, as in ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

/// What it takes to make a task.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewTask {
    /// Its id; made at random when absent.
    pub id: Option<ElementId>,
    /// Its fractional order key; made for the chosen place when absent.
    pub order: Option<String>,
    /// What it is called.
    pub title: String,
    /// What there is to know about it, in Markdown.
    pub notes: String,
    /// How far it is.
    pub status: TaskStatus,
    /// How pressing it is.
    pub priority: Priority,
    /// The step of the plan that it carries out.
    pub step: Option<String>,
    /// The tasks that have to be done before it.
    pub blocked_by: Vec<ElementId>,
    /// The day or moment it is due, as in ISO 8601.
    pub due: Option<String>,
}

element_view!(
    /// One task.
    Task reads TaskProjection {
        /// What it is called.
        title,
        /// What there is to know about it.
        notes,
    }
);

impl Task {
    /// Says how far the task is.
    ///
    /// # Errors
    /// When the task does not exist.
    pub fn set_status(
        &self,
        txn: &mut TransactionMut<'_>,
        status: TaskStatus,
    ) -> Result<(), EditError> {
        set(&self.path, txn, "status", status.as_str().into())
    }

    /// Says how pressing the task is.
    ///
    /// # Errors
    /// When the task does not exist.
    pub fn set_priority(
        &self,
        txn: &mut TransactionMut<'_>,
        priority: Priority,
    ) -> Result<(), EditError> {
        set(&self.path, txn, "priority", priority.as_str().into())
    }

    /// Says which step the task carries out, or none.
    ///
    /// # Errors
    /// When the task does not exist.
    pub fn set_step(
        &self,
        txn: &mut TransactionMut<'_>,
        step: Option<&ElementId>,
    ) -> Result<(), EditError> {
        set_or_clear(&self.path, txn, "step", step.map(|id| id.as_str().into()))
    }

    /// Says when the task is due, or never.
    ///
    /// # Errors
    /// When the task does not exist.
    pub fn set_due(
        &self,
        txn: &mut TransactionMut<'_>,
        due: Option<&str>,
    ) -> Result<(), EditError> {
        set_or_clear(&self.path, txn, "due", due.map(Into::into))
    }

    /// Says that `other` has to be done before this task.
    ///
    /// # Errors
    /// When this task does not exist.
    pub fn block_by(
        &self,
        txn: &mut TransactionMut<'_>,
        other: &ElementId,
    ) -> Result<(), EditError> {
        let blockers = container(txn, self.path.join("blocked_by").keys())?;
        blockers.try_update(txn, other.as_str(), true);
        Ok(())
    }

    /// Says that this task need not wait for `other`.
    ///
    /// # Errors
    /// When this task does not exist.
    pub fn unblock(
        &self,
        txn: &mut TransactionMut<'_>,
        other: &ElementId,
    ) -> Result<(), EditError> {
        let blockers = container(txn, self.path.join("blocked_by").keys())?;
        blockers.remove(txn, other.as_str());
        Ok(())
    }
}

impl Element for Task {
    type Value = TaskProjection;
    type New = NewTask;

    fn view(id: ElementId, path: DocPath) -> Self {
        Self { id, path }
    }

    fn chosen_id(new: &NewTask) -> Option<&ElementId> {
        new.id.as_ref()
    }

    fn fields(new: NewTask, _rng: &mut dyn RngCore) -> Vec<(&'static str, In)> {
        let blockers: MapPrelim = new
            .blocked_by
            .iter()
            .map(|id| (id.as_str(), In::from(true)))
            .collect();
        let mut fields = vec![
            ("title", read::new_text(&new.title)),
            ("notes", read::new_text(&new.notes)),
            ("status", new.status.as_str().into()),
            ("priority", new.priority.as_str().into()),
            ("blocked_by", blockers.into()),
        ];
        fields.extend(new.step.map(|step| ("step", step.into())));
        fields.extend(new.due.map(|due| ("due", due.into())));
        fields
    }

    fn read<T: ReadTxn>(id: ElementId, map: &MapRef, txn: &T) -> TaskProjection {
        TaskProjection {
            id,
            order: read::order(map, txn),
            title: read::text(map, txn, "title"),
            notes: read::text(map, txn, "notes"),
            status: read::word(map, txn, "status"),
            priority: read::word(map, txn, "priority"),
            step: read::string(map, txn, "step"),
            blocked_by: read::id_set(map, txn, "blocked_by"),
            due: read::string(map, txn, "due"),
        }
    }

    fn rank<T: ReadTxn>(map: &MapRef, txn: &T) -> Rank {
        Rank::Order(read::order(map, txn))
    }
}

impl Ordered for Task {
    fn chosen_order(new: &NewTask) -> Option<&str> {
        new.order.as_deref()
    }
}
