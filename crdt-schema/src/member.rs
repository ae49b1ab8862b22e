//! Who takes part in a workspace.

use serde::{Deserialize, Serialize};

use crate::ids::MemberId;

/// What a member may do, from least to most.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads, comments and suggests.
    Reviewer,
    /// Writes.
    Editor,
    /// Writes, and administers workspaces and access.
    Admin,
}

impl Role {
    /// The role's name, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Reviewer => "reviewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

/// Whether a member is a person or a program.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A person.
    Human,
    /// A program that acts on somebody's behalf.
    Agent,
}

impl Kind {
    /// The kind's name, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Agent => "agent",
        }
    }
}

/// One person or agent, as vouched for by the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Member {
    /// Stable identifier.
    pub id: MemberId,
    /// Name shown to others.
    pub name: String,
    /// Person or agent.
    pub kind: Kind,
    /// What the member may do.
    pub role: Role,
}
