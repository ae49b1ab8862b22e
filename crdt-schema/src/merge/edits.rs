//! Edits of lists and fields as data, with preconditions on what their author has read.
//!
//! Invariant: an edit is checked as a whole before anything is written, since a transaction cannot
//! be taken back.

mod patch;
mod problem;

use std::collections::BTreeSet;

use rand::RngCore;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use yrs::{ReadTxn, Transact, TransactionMut};

pub use self::problem::EditProblem;
use self::problem::{example, not_an_element};
use crate::{
    ids::ElementId,
    path::DocPath,
    schema::{EditError, NewSuggestion, Place},
    suggest::{self, BadElement, Elements, Maker, element},
};

/// One edit of a list or of fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
#[schema(as = StructuredEdit)]
pub enum Edit {
    /// Adds an element to a collection.
    Add(Add),
    /// Sets fields of an element, the plan or the briefing.
    Patch(Patch),
    /// Moves an element among its siblings.
    Move(Move),
    /// Removes an element with everything in it.
    Remove(Remove),
}

/// Adds an element to a collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Add {
    /// The collection, such as `plan/steps`.
    #[schema(value_type = String)]
    pub to: DocPath,
    /// Where among its siblings.
    #[serde(default)]
    pub place: Where,
    /// Its fields; an id is made when it has none.
    pub value: Value,
}

/// Sets fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// The element, or `plan`, `briefing` or `meta`.
    #[schema(value_type = String)]
    pub at: DocPath,
    /// The fields and what they should hold; `null` clears one that may be absent.
    #[schema(value_type = Object)]
    pub set: Map<String, Value>,
    /// What fields have to hold now, as they were read.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub if_value: Map<String, Value>,
}

/// Moves an element.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The element.
    #[schema(value_type = String)]
    pub at: DocPath,
    /// Where to.
    pub place: Where,
    /// What its fields have to hold now, as they were read.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub if_value: Map<String, Value>,
}

/// Removes an element.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remove {
    /// The element.
    #[schema(value_type = String)]
    pub at: DocPath,
    /// What its fields have to hold now, as they were read.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub if_value: Map<String, Value>,
}

/// A place among siblings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// Before all others.
    First,
    /// After all others.
    #[default]
    Last,
    /// Right before this one.
    Before(ElementId),
    /// Right after this one.
    After(ElementId),
}

/// Makes several edits, all or none. Returns the places that they changed.
///
/// # Errors
/// Why the first edit that cannot be made cannot. Nothing is changed then.
pub fn apply_all(
    txn: &mut TransactionMut<'_>,
    rng: &mut dyn RngCore,
    edits: &[Edit],
) -> Result<Vec<DocPath>, EditProblem> {
    if edits.len() > 1 {
        let rehearsal = suggest::fork(txn);
        let mut rehearsal = rehearsal.transact_mut();
        for edit in edits {
            edit.apply(&mut rehearsal, rng)?;
        }
    }
    edits.iter().map(|edit| edit.apply(txn, rng)).collect()
}

/// What several edits would change, as suggestions.
///
/// # Errors
/// Why the first edit that cannot be made cannot.
pub fn suggestions<T: ReadTxn>(
    txn: &T,
    rng: &mut dyn RngCore,
    edits: &[Edit],
    maker: &Maker<'_>,
) -> Result<Vec<NewSuggestion>, EditProblem> {
    let fork = suggest::fork(txn);
    let mut wanted = fork.transact_mut();
    let mut places = BTreeSet::new();
    for edit in edits {
        let changed = edit.apply(&mut wanted, rng)?;
        places.extend(edit.places(&changed));
    }
    let outermost = suggest::outermost(txn, &wanted, &places);
    Ok(suggest::between(txn, &wanted, outermost, maker))
}

impl Edit {
    /// Reads an edit.
    ///
    /// # Errors
    /// Names the field that is wrong, what was expected, and gives an example.
    pub fn from_json(value: Value) -> Result<Self, EditProblem> {
        let Value::Object(mut fields) = value else {
            let problem = "an edit is an object with `do`".to_owned();
            return Err(problem::field(".", problem, example(None)));
        };
        let what = fields.remove("do").unwrap_or_default();
        let rest = Value::Object(fields);
        match what.as_str() {
            Some("add") => read(rest, "add").map(Self::Add),
            Some("patch") => read(rest, "patch").map(Self::Patch),
            Some("move") => read(rest, "move").map(Self::Move),
            Some("remove") => read(rest, "remove").map(Self::Remove),
            _ => {
                let problem = format!("is {what}, expected one of add, patch, move, remove");
                Err(problem::field("do", problem, example(None)))
            }
        }
    }

    /// Makes the edit. Returns the place that it changed.
    ///
    /// # Errors
    /// Names the field that is wrong or has changed since it was read. Nothing is changed then.
    pub fn apply(
        &self,
        txn: &mut TransactionMut<'_>,
        rng: &mut dyn RngCore,
    ) -> Result<DocPath, EditProblem> {
        match self {
            Self::Add(edit) => edit.apply(txn, rng),
            Self::Patch(edit) => edit.apply(txn),
            Self::Move(edit) => edit.apply(txn),
            Self::Remove(edit) => edit.apply(txn),
        }
    }

    /// The places where the edit, which changed `changed`, may have left traces.
    fn places(&self, changed: &DocPath) -> Vec<DocPath> {
        match self {
            Self::Add(_) | Self::Remove(_) => vec![changed.clone()],
            Self::Patch(edit) => edit.set.keys().map(|key| changed.join(key)).collect(),
            Self::Move(_) => {
                let kind = element(changed).map(|(kind, _)| kind.path());
                kind.into_iter().collect()
            }
        }
    }
}

impl Add {
    fn apply(
        &self,
        txn: &mut TransactionMut<'_>,
        rng: &mut dyn RngCore,
    ) -> Result<DocPath, EditProblem> {
        let Some(kind) = Elements::at(self.to.keys()) else {
            let problem = format!("{} is no collection: {COLLECTIONS}", self.to);
            return Err(problem::field("to", problem, json!("plan/steps")));
        };
        let id = kind
            .add(txn, rng, self.place.as_place(), self.value.clone())
            .map_err(|error| match error {
                BadElement::Field { field, problem } => {
                    let field = format!("value.{field}");
                    problem::field(field.trim_end_matches('.'), problem, kind.example())
                }
                BadElement::Edit(error) => error.into(),
            })?;
        Ok(kind.path().join(id.as_str()))
    }
}

impl Move {
    fn apply(&self, txn: &mut TransactionMut<'_>) -> Result<DocPath, EditProblem> {
        let (kind, id) = element(&self.at).ok_or_else(|| not_an_element(&self.at))?;
        patch::check(txn, &self.at, &self.if_value)?;
        kind.move_to(txn, &id, self.place.as_place())?;
        Ok(self.at.clone())
    }
}

impl Remove {
    fn apply(&self, txn: &mut TransactionMut<'_>) -> Result<DocPath, EditProblem> {
        let (kind, id) = element(&self.at).ok_or_else(|| not_an_element(&self.at))?;
        patch::check(txn, &self.at, &self.if_value)?;
        if kind.remove(txn, &id) {
            Ok(self.at.clone())
        } else {
            Err(EditError::Missing(self.at.clone()).into())
        }
    }
}

impl Where {
    fn as_place(&self) -> Place<'_> {
        match self {
            Self::First => Place::First,
            Self::Last => Place::Last,
            Self::Before(id) => Place::Before(id),
            Self::After(id) => Place::After(id),
        }
    }
}

fn read<E: DeserializeOwned>(fields: Value, what: &str) -> Result<E, EditProblem> {
    serde_path_to_error::deserialize(fields).map_err(|error| {
        let field = error.path().to_string();
        problem::field(&field, error.inner().to_string(), example(Some(what)))
    })
}

const COLLECTIONS: &str =
    "use plan/steps, tasks, or briefing/ with actions, constraints, questions or sources";
