//! Which workspaces a token opens.

use std::collections::BTreeSet;

use crdt_schema::ids::WorkspaceId;
use serde::{Deserialize, Serialize};

/// Which workspaces a token opens. As JSON: `null` for all, else a list of ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    from = "Option<BTreeSet<WorkspaceId>>",
    into = "Option<BTreeSet<WorkspaceId>>"
)]
pub enum Scope {
    /// Every workspace, also those made later.
    #[default]
    All,
    /// Only these.
    Only(BTreeSet<WorkspaceId>),
}

impl Scope {
    /// Whether `workspace` is among them.
    #[must_use]
    pub fn contains(&self, workspace: &WorkspaceId) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(workspace),
        }
    }
}

impl From<Option<BTreeSet<WorkspaceId>>> for Scope {
    fn from(ids: Option<BTreeSet<WorkspaceId>>) -> Self {
        ids.map_or(Self::All, Self::Only)
    }
}

impl From<Scope> for Option<BTreeSet<WorkspaceId>> {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::All => None,
            Scope::Only(ids) => Some(ids),
        }
    }
}
