//! Who may write where.

use super::RootKind;
use crate::{
    member::Role,
    shape::{self, Shape},
};

/// A part of the document with one rule for writers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// For editors.
    Content,
    /// For reviewers and editors.
    Review,
    /// For the server alone.
    Server,
    /// The containers that the server makes once: their content is for editors, but nobody may
    /// replace or remove them.
    Frame,
}

impl Zone {
    pub(super) fn of_root(root: &str) -> Self {
        match root {
            "control" => Self::Server,
            "suggestions" | "threads" => Self::Review,
            _ => Self::Content,
        }
    }

    /// The zone of `key` directly in `root`, which is of this zone.
    pub(super) fn of_key(self, root: &str, key: &str) -> Self {
        if (root, key) == ("meta", "schema") {
            Self::Server
        } else if shape::is_frame(&[root, key]) {
            Self::Frame
        } else {
            self
        }
    }

    /// Why `role` may not write here, if it may not.
    pub(super) fn objection(self, role: Role) -> Option<&'static str> {
        match (self, role) {
            (_, Role::Viewer) => Some(VIEWER),
            (Self::Server, Role::Reviewer | Role::Editor | Role::Admin) => {
                Some("only the server writes it; use its commands")
            }
            (Self::Frame, Role::Reviewer | Role::Editor | Role::Admin) => {
                Some("it is made once, with the document; edit what is in it instead")
            }
            (Self::Content, Role::Reviewer) => {
                Some("a reviewer writes suggestions and threads only")
            }
            (Self::Content, Role::Editor | Role::Admin)
            | (Self::Review, Role::Reviewer | Role::Editor | Role::Admin) => None,
        }
    }
}

/// Why a viewer may write nothing at all.
pub(super) const VIEWER: &str = "a viewer reads only";

/// The kind of a root, or `None` when its first use will tell.
pub(super) fn root_kind(name: &str, shape: &Shape) -> Option<RootKind> {
    match shape {
        Shape::Text => Some(RootKind::Text),
        Shape::Map(_) | Shape::MapOf(_) | Shape::Dict(_) | Shape::Scalar(_) => Some(RootKind::Map),
        Shape::Free if name.starts_with(shape::FREE_PREFIX) => None,
        Shape::Free => Some(RootKind::Map),
    }
}
