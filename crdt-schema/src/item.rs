//! The parts of a workspace that can have an owner.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::ids::ElementId;

/// Why a string does not name an item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{got:?} is not an item: use workspace, plan, briefing, notes, step:<id> or task:<id>")]
pub struct BadItem {
    /// The rejected text, shortened.
    pub got: String,
}

/// A part of a workspace that can have an owner of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Item {
    /// Everything that has no owner of its own.
    Workspace,
    /// The goal and the steps.
    Plan,
    /// The briefing.
    Briefing,
    /// The notes.
    Notes,
    /// One step of the plan.
    Step(ElementId),
    /// One task.
    Task(ElementId),
}

impl Item {
    /// The item whose owner this one inherits while it has none; `None` for the workspace.
    #[must_use]
    pub fn parent(&self) -> Option<Item> {
        match self {
            Self::Workspace => None,
            Self::Step(_) => Some(Self::Plan),
            Self::Plan | Self::Briefing | Self::Notes | Self::Task(_) => Some(Self::Workspace),
        }
    }
}

impl Item {
    /// The item whose owner has a say over the place under these keys, root first and unescaped.
    pub fn of_keys<K: AsRef<str>>(keys: impl IntoIterator<Item = K>) -> Self {
        let mut keys = keys.into_iter();
        let root = keys.next();
        match root.as_ref().map_or("", K::as_ref) {
            "plan" => match (keys.next(), keys.next()) {
                (Some(steps), Some(id)) if steps.as_ref() == "steps" => {
                    id.as_ref().parse().map_or(Self::Plan, Self::Step)
                }
                _ => Self::Plan,
            },
            "tasks" => keys
                .next()
                .and_then(|id| id.as_ref().parse().ok())
                .map_or(Self::Workspace, Self::Task),
            "briefing" => Self::Briefing,
            "notes" => Self::Notes,
            _ => Self::Workspace,
        }
    }
}

impl FromStr for Item {
    type Err = BadItem;

    fn from_str(text: &str) -> Result<Self, BadItem> {
        let bad = || BadItem {
            got: text.chars().take(100).collect(),
        };
        match text.split_once(':') {
            Some(("step", id)) => id.parse().map(Self::Step).map_err(|_| bad()),
            Some(("task", id)) => id.parse().map(Self::Task).map_err(|_| bad()),
            Some(_) => Err(bad()),
            None => match text {
                "workspace" => Ok(Self::Workspace),
                "plan" => Ok(Self::Plan),
                "briefing" => Ok(Self::Briefing),
                "notes" => Ok(Self::Notes),
                _ => Err(bad()),
            },
        }
    }
}

impl TryFrom<String> for Item {
    type Error = BadItem;

    fn try_from(text: String) -> Result<Self, BadItem> {
        text.parse()
    }
}

impl From<Item> for String {
    fn from(item: Item) -> String {
        item.to_string()
    }
}

impl utoipa::PartialSchema for Item {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        String::schema()
    }
}

impl utoipa::ToSchema for Item {}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workspace => f.write_str("workspace"),
            Self::Plan => f.write_str("plan"),
            Self::Briefing => f.write_str("briefing"),
            Self::Notes => f.write_str("notes"),
            Self::Step(id) => write!(f, "step:{id}"),
            Self::Task(id) => write!(f, "task:{id}"),
        }
    }
}
