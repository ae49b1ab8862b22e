//! Who may write where.

use super::{RootKind, Writer};
use crate::{
    member::{Kind, Role},
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

    /// Whether what stands here belongs to an item, which may have an owner.
    pub(super) fn has_owner(self) -> bool {
        match self {
            Self::Content => true,
            Self::Review | Self::Server | Self::Frame => false,
        }
    }

    /// Whether `writer`, who may not write here, is heard by suggestions instead. Pages offer
    /// people to suggest; a program that writes plainly is helped.
    pub(super) fn takes_suggestions(self, writer: &Writer) -> bool {
        self == Self::Content && writer.role == Role::Reviewer && writer.kind == Kind::Agent
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
