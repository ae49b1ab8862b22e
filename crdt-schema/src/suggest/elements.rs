//! The kinds of elements that a workspace collects, under one door: as JSON and as Markdown.

use std::sync::Arc;

use rand::RngCore;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use yrs::{ReadTxn, TransactionMut};

use crate::{
    ids::ElementId,
    markdown,
    path::DocPath,
    schema::{Collection, EditError, Element, Ordered, Place, Workspace, find_map},
};

/// One kind of element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Elements {
    Steps,
    Tasks,
    Actions,
    Constraints,
    Questions,
    Sources,
}

/// Why an element was not added. The document is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadElement {
    /// Its JSON is not that of such an element.
    #[error("{field}: {problem}")]
    Field { field: String, problem: String },
    /// Its place or id is not free.
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// Does something with the typed collection of a kind.
macro_rules! typed {
    ($kind:expr, $collection:ident => $body:expr) => {
        match $kind {
            Elements::Steps => typed!(@ Workspace.plan().steps(), $collection, $body),
            Elements::Tasks => typed!(@ Workspace.tasks(), $collection, $body),
            Elements::Actions => typed!(@ Workspace.briefing().actions(), $collection, $body),
            Elements::Constraints => {
                typed!(@ Workspace.briefing().constraints(), $collection, $body)
            }
            Elements::Questions => typed!(@ Workspace.briefing().questions(), $collection, $body),
            Elements::Sources => typed!(@ Workspace.briefing().sources(), $collection, $body),
        }
    };
    (@ $typed:expr, $collection:ident, $body:expr) => {{
        let $collection = $typed;
        $body
    }};
}

impl Elements {
    /// The kind that is collected at a place.
    pub(crate) fn at(keys: &[Arc<str>]) -> Option<Self> {
        let keys: Vec<&str> = keys.iter().map(|key| &**key).collect();
        match keys.as_slice() {
            ["plan", "steps"] => Some(Self::Steps),
            ["tasks"] => Some(Self::Tasks),
            ["briefing", "actions"] => Some(Self::Actions),
            ["briefing", "constraints"] => Some(Self::Constraints),
            ["briefing", "questions"] => Some(Self::Questions),
            ["briefing", "sources"] => Some(Self::Sources),
            _ => None,
        }
    }

    /// Where they are collected.
    pub(crate) fn path(self) -> DocPath {
        typed!(self, all => all.path().clone())
    }

    /// Their ids, in order.
    pub(crate) fn ids<T: ReadTxn>(self, txn: &T) -> Vec<ElementId> {
        typed!(self, all => all.ids(txn))
    }

    /// Whether there is an element of this id.
    pub(crate) fn contains<T: ReadTxn>(self, txn: &T, id: &ElementId) -> bool {
        typed!(self, all => all.contains(txn, id))
    }

    /// An element as JSON that [`Self::add`] takes.
    pub(crate) fn json<T: ReadTxn>(self, txn: &T, id: &ElementId) -> Option<Value> {
        typed!(self, all => json(&all, txn, id))
    }

    /// An element as Markdown.
    pub(crate) fn markdown<T: ReadTxn>(self, txn: &T, id: &ElementId) -> Option<String> {
        let briefing = Workspace.briefing();
        Some(match self {
            Self::Steps => markdown::step(&Workspace.plan().steps().get(id).read(txn)?),
            Self::Tasks => markdown::task(&Workspace.tasks().get(id).read(txn)?),
            Self::Actions => markdown::action(&briefing.actions().get(id).read(txn)?),
            Self::Constraints => markdown::constraint(&briefing.constraints().get(id).read(txn)?),
            Self::Questions => markdown::question(&briefing.questions().get(id).read(txn)?),
            Self::Sources => markdown::source(&briefing.sources().get(id).read(txn)?),
        })
    }

    /// What an element is called, on one line.
    pub(crate) fn label<T: ReadTxn>(self, txn: &T, id: &ElementId) -> String {
        let json = self.json(txn, id).unwrap_or_default();
        let name = match self {
            Self::Steps | Self::Tasks | Self::Sources => &json["title"],
            Self::Actions | Self::Constraints | Self::Questions => &json["text"],
        };
        let first = name.as_str().unwrap_or_default().lines().next();
        match first.unwrap_or_default().trim() {
            "" => id.to_string(),
            name => name.to_owned(),
        }
    }

    /// Whether JSON is that of such an element.
    pub(crate) fn check(self, json: Value) -> Result<(), BadElement> {
        typed!(self, all => check(&all, json))
    }

    /// Adds an element given as JSON.
    pub(crate) fn add(
        self,
        txn: &mut TransactionMut<'_>,
        rng: &mut dyn RngCore,
        place: Place<'_>,
        json: Value,
    ) -> Result<ElementId, BadElement> {
        typed!(self, all => add(&all, txn, rng, place, json))
    }

    /// Moves an element among its siblings.
    pub(crate) fn move_to(
        self,
        txn: &mut TransactionMut<'_>,
        id: &ElementId,
        place: Place<'_>,
    ) -> Result<(), EditError> {
        typed!(self, all => all.move_to(txn, id, place))
    }

    /// Removes an element. Returns whether it was there.
    pub(crate) fn remove(self, txn: &mut TransactionMut<'_>, id: &ElementId) -> bool {
        typed!(self, all => all.remove(txn, id))
    }
}

fn json<E, T>(all: &Collection<E>, txn: &T, id: &ElementId) -> Option<Value>
where
    E: Element<Value: Serialize>,
    T: ReadTxn,
{
    let map = find_map(txn, &all.path().join(id.as_str()))?;
    let mut json = serde_json::to_value(E::read(id.clone(), &map, txn)).expect("plain data");
    if json["order"] == "" {
        json.as_object_mut()?.remove("order");
    }
    Some(json)
}

fn add<E>(
    all: &Collection<E>,
    txn: &mut TransactionMut<'_>,
    rng: &mut dyn RngCore,
    place: Place<'_>,
    json: Value,
) -> Result<ElementId, BadElement>
where
    E: Ordered + Element<New: DeserializeOwned>,
{
    Ok(all.add(txn, rng, place, parse(json)?)?)
}

fn check<E>(_: &Collection<E>, json: Value) -> Result<(), BadElement>
where
    E: Element<New: DeserializeOwned>,
{
    parse::<E::New>(json).map(drop)
}

fn parse<N: DeserializeOwned>(json: Value) -> Result<N, BadElement> {
    serde_path_to_error::deserialize(json).map_err(|error| BadElement::Field {
        field: error.path().to_string(),
        problem: error.inner().to_string(),
    })
}
