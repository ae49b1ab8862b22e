//! Which content may live where.
//!
//! Content of the wrong kind for its container makes yrs' readers panic or loop, so this is
//! judged for every struct, also where the schema leaves the shape free.

use std::ops::Range;

use super::{Account, Admission, ContainerId, Content, Item, Place, Refusal};
use crate::{
    gate::{RootKind, value::Value},
    shape::{Scalar, Shape},
};

impl Admission<'_, '_, '_> {
    /// The place of `key` in `container`, if the schema has such a place.
    pub(super) fn place_in(
        &mut self,
        container: ContainerId,
        key: Option<&str>,
    ) -> Result<Place, Refusal> {
        let is_stored = matches!(self.account, Account::Stored);
        let place = self.draft.place_in(container, key, |index| {
            let shape = index.container(container).shape;
            match key {
                None => Ok(shape),
                Some(key) => match shape.child(key) {
                    Some(shape) => Ok(shape),
                    None if is_stored => Ok(&Shape::Free),
                    None => Err(format!("the schema has no place called {key:?} here")),
                },
            }
        });
        place.map_err(|reason| Refusal::Shape {
            path: self.draft.container_path(container),
            reason,
        })
    }

    /// Fixes the kind of a free root at its first use that tells.
    pub(super) fn settle_root(&mut self, place: Place, content: &Content<'_>) {
        let record = self.draft.place(place);
        let root = record.container;
        if self.draft.container(root).kind.is_some() {
            return;
        }
        let kind = match (record.is_keyed(), content) {
            (true, _) if self.draft.has_sequence(root) => return,
            (true, _) => RootKind::Map,
            (false, Content::Text(_) | Content::Embed | Content::Format) => RootKind::Text,
            (false, Content::Binary | Content::Container(_) | Content::Values(_)) => {
                RootKind::Array
            }
            (false, Content::Deleted) => return,
        };
        self.draft.settle(root, kind);
    }

    /// Checks what is put at `place`; for a container, tells its kind and shape.
    pub(super) fn check_content(
        &self,
        place: Place,
        item: &Item<'_>,
    ) -> Result<Option<(RootKind, &'static Shape)>, Refusal> {
        let record = self.draft.place(place);
        let container = self.draft.container(record.container);
        let refused = |reason: &str| Refusal::Shape {
            path: self.draft.path(place),
            reason: reason.to_owned(),
        };
        match (container.kind, record.is_keyed()) {
            (Some(RootKind::Map), false) => return Err(refused("it is a map: give a key")),
            (Some(RootKind::Text | RootKind::Array) | None, true) => {
                return Err(refused("it is a sequence: it has no keys"));
            }
            (Some(RootKind::Map), true)
            | (Some(RootKind::Text | RootKind::Array) | None, false) => {}
        }
        if matches!(item.content, Content::Deleted) {
            return Ok(None);
        }
        match container.kind {
            None => Err(refused("the kind of this root is not known")),
            Some(RootKind::Map | RootKind::Array) => {
                self.check_value(record.shape, &item.content)
                    .map_err(|why| refused(&why))?;
                self.check_child(place, &item.content)
                    .map_err(|why| refused(&why))
            }
            Some(RootKind::Text) => {
                check_text(record.shape, &item.content).map_err(refused)?;
                Ok(None)
            }
        }
    }

    /// An entry of a map is one value. Only deleted values, which a peer that collects nothing
    /// keeps, may be several at once.
    pub(super) fn check_entry(
        &self,
        place: Place,
        content: &Content<'_>,
        client: u64,
        clocks: Range<u32>,
    ) -> Result<(), Refusal> {
        let is_entry = self.draft.place(place).is_keyed() && !matches!(content, Content::Deleted);
        if !is_entry || clocks.len() == 1 || self.walk.deletes_all(client, &clocks) {
            return Ok(());
        }
        Err(Refusal::Shape {
            path: self.draft.path(place),
            reason: "an entry of a map is one value".to_owned(),
        })
    }

    fn check_value(&self, shape: &Shape, content: &Content<'_>) -> Result<(), String> {
        let value = match content {
            Content::Deleted | Content::Container(_) => return Ok(()),
            Content::Values(value) => *value,
            Content::Binary => Value::Buffer,
            Content::Text(_) | Content::Embed | Content::Format => {
                return Err("only a text holds characters".to_owned());
            }
        };
        if matches!(self.account, Account::Stored) {
            return Ok(());
        }
        match shape {
            Shape::Free => Ok(()),
            Shape::Scalar(scalar) if scalar.admits(&value.outline()) => Ok(()),
            Shape::Scalar(scalar) => Err(expectation(*scalar)),
            Shape::Text => Err("it holds a shared text".to_owned()),
            Shape::Map(_) | Shape::MapOf(_) | Shape::Dict(_) => {
                Err("it holds a shared map".to_owned())
            }
        }
    }

    fn check_child(
        &self,
        place: Place,
        content: &Content<'_>,
    ) -> Result<Option<(RootKind, &'static Shape)>, String> {
        let Content::Container(kind) = *content else {
            return Ok(None);
        };
        let record = self.draft.place(place);
        let depth = self.draft.container(record.container).depth + 1;
        if depth > self.limits.container_depth_max {
            let max = self.limits.container_depth_max;
            return Err(format!("containers nest at most {max} deep"));
        }
        let shape = match (record.shape, kind) {
            (Shape::Free, _)
            | (Shape::Text, RootKind::Text)
            | (Shape::Map(_) | Shape::MapOf(_) | Shape::Dict(_), RootKind::Map) => record.shape,
            _ if matches!(self.account, Account::Stored) => &Shape::Free,
            (Shape::Text, RootKind::Map | RootKind::Array) => {
                return Err("it holds a shared text".to_owned());
            }
            (
                Shape::Map(_) | Shape::MapOf(_) | Shape::Dict(_),
                RootKind::Text | RootKind::Array,
            ) => {
                return Err("it holds a shared map".to_owned());
            }
            (Shape::Scalar(scalar), _) => return Err(expectation(*scalar)),
        };
        Ok(Some((kind, shape)))
    }
}

fn check_text(shape: &Shape, content: &Content<'_>) -> Result<(), &'static str> {
    match content {
        Content::Text(_) | Content::Deleted => Ok(()),
        Content::Embed | Content::Format if matches!(shape, Shape::Free) => Ok(()),
        Content::Embed | Content::Format => {
            Err("it holds Markdown characters, without formatting or embedded objects")
        }
        Content::Binary | Content::Container(_) | Content::Values(_) => Err("it holds characters"),
    }
}

fn expectation(scalar: Scalar) -> String {
    format!("it holds {}", scalar.expectation())
}
