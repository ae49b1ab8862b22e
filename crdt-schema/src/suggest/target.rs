//! What a suggestion proposes, told by the shape at its target.

use super::Elements;
use crate::{
    ids::ElementId,
    path::DocPath,
    schema::TextField,
    shape::{Scalar, Shape},
};

/// A place that nobody can suggest anything for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "nothing can be suggested for {0:?}: name a text, a plain field, a collection or an element, such as plan/goal, tasks/ab12/status, plan/steps or tasks/ab12"
)]
pub struct BadTarget(pub String);

/// What is proposed.
pub(super) enum Target {
    /// That a passage read otherwise.
    Passage(TextField),
    /// That a field hold another value.
    Value(DocPath, Scalar),
    /// That a collection have another element.
    Addition(Elements),
    /// That an element go.
    Removal(Elements, ElementId),
}

impl Target {
    pub(super) fn of(target: &str) -> Result<Self, BadTarget> {
        let bad = || BadTarget(target.chars().take(200).collect());
        let path: DocPath = target.parse().map_err(|_| bad())?;
        if !is_content(&path) {
            return Err(bad());
        }
        match path.shape() {
            Shape::Text => TextField::at(path).map(Self::Passage),
            Shape::Scalar(scalar) => Some(Self::Value(path, *scalar)),
            Shape::MapOf(_) => Elements::at(path.keys()).map(Self::Addition),
            Shape::Map(_) => element(&path).map(|(kind, id)| Self::Removal(kind, id)),
            Shape::Dict(_) | Shape::Free => None,
        }
        .ok_or_else(bad)
    }
}

/// The element that `path` names, if it names one.
pub(crate) fn element(path: &DocPath) -> Option<(Elements, ElementId)> {
    let (id, parents) = path.keys().split_last()?;
    Some((Elements::at(parents)?, id.parse().ok()?))
}

/// Whether the place belongs to what members write together, apart from talk about it.
pub(crate) fn is_content(path: &DocPath) -> bool {
    match path.keys() {
        [root, key, ..] if &**root == "meta" => &**key == "title",
        [root, ..] => matches!(&**root, "meta" | "plan" | "briefing" | "tasks" | "notes"),
        [] => false,
    }
}
