//! The briefing: what a newcomer to the work has to know.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yrs::{Any, Map, Out, ReadTxn, TransactionMut};

pub use self::{
    action::{Action, ActionProjection, NewAction},
    constraint::{Constraint, ConstraintProjection, NewConstraint},
    question::{NewQuestion, Question, QuestionProjection},
    source::{NewSource, Source, SourceProjection},
};
use super::{
    collection::Collection,
    field::{EditError, container, find_map, root_map, set, set_or_clear},
    place,
    text::TextField,
    words::{Sentiment, Word},
};
use crate::{path::DocPath, project::read};

mod action;
mod constraint;
mod question;
mod source;

/// The briefing as read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Briefing)]
pub struct BriefingProjection {
    /// What the people want, in Markdown.
    pub intent: String,
    /// What comes next, in Markdown.
    pub next_step: String,
    /// How sure the writer is of all this, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub confidence: Option<f64>,
    /// The tone of the people involved.
    pub sentiment: Sentiment,
    /// Named facts.
    pub entities: BTreeMap<String, Primitive>,
    /// What was tried, in order.
    pub actions: Vec<ActionProjection>,
    /// What has to be respected, in order.
    pub constraints: Vec<ConstraintProjection>,
    /// What is open, in order.
    pub questions: Vec<QuestionProjection>,
    /// Where things come from, in order.
    pub sources: Vec<SourceProjection>,
}

/// A plain value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged, expecting = "expected a string, a number, true or false")]
pub enum Primitive {
    /// True or false.
    Bool(bool),
    /// A finite number.
    Number(f64),
    /// Text.
    Text(String),
}

impl Primitive {
    pub(crate) fn from_any(value: &Any) -> Option<Self> {
        match value {
            Any::Bool(value) => Some(Self::Bool(*value)),
            Any::String(value) => Some(Self::Text(value.to_string())),
            Any::Number(_) => read::finite(value).map(Self::Number),
            Any::Null | Any::Undefined | Any::Buffer(_) | Any::Array(_) | Any::Map(_) => None,
        }
    }
}

impl From<Primitive> for Any {
    fn from(value: Primitive) -> Any {
        match value {
            Primitive::Bool(value) => value.into(),
            Primitive::Number(value) => value.into(),
            Primitive::Text(value) => value.into(),
        }
    }
}

/// The briefing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Briefing;

impl Briefing {
    /// What the people want.
    #[must_use]
    pub fn intent(self) -> TextField {
        TextField::new(place(&["briefing", "intent"]))
    }

    /// What comes next.
    #[must_use]
    pub fn next_step(self) -> TextField {
        TextField::new(place(&["briefing", "next_step"]))
    }

    /// What was tried.
    #[must_use]
    pub fn actions(self) -> Collection<Action> {
        Collection::new(place(&["briefing", "actions"]))
    }

    /// What has to be respected.
    #[must_use]
    pub fn constraints(self) -> Collection<Constraint> {
        Collection::new(place(&["briefing", "constraints"]))
    }

    /// What is open.
    #[must_use]
    pub fn questions(self) -> Collection<Question> {
        Collection::new(place(&["briefing", "questions"]))
    }

    /// Where things come from.
    #[must_use]
    pub fn sources(self) -> Collection<Source> {
        Collection::new(place(&["briefing", "sources"]))
    }

    /// The whole briefing as it stands.
    pub fn read<T: ReadTxn>(self, txn: &T) -> BriefingProjection {
        let map = txn.get_map("briefing");
        let confidence = map
            .as_ref()
            .and_then(|map| read::number(map, txn, "confidence"));
        BriefingProjection {
            intent: self.intent().read(txn),
            next_step: self.next_step().read(txn),
            confidence: confidence.filter(|value| (0.0..=1.0).contains(value)),
            sentiment: map
                .map_or_else(Sentiment::default, |map| read::word(&map, txn, "sentiment")),
            entities: self.entities(txn),
            actions: self.actions().read(txn),
            constraints: self.constraints().read(txn),
            questions: self.questions().read(txn),
            sources: self.sources().read(txn),
        }
    }

    /// The named facts.
    pub fn entities<T: ReadTxn>(self, txn: &T) -> BTreeMap<String, Primitive> {
        let Some(map) = find_map(txn, &entities()) else {
            return BTreeMap::new();
        };
        map.iter(txn)
            .filter_map(|(name, out)| match out {
                Out::Any(value) => Some((name.to_owned(), Primitive::from_any(&value)?)),
                _ => None,
            })
            .collect()
    }

    /// States a named fact, or takes it back with `None`.
    ///
    /// # Errors
    /// When the name is empty or the value is not finite.
    pub fn set_entity(
        self,
        txn: &mut TransactionMut<'_>,
        name: &str,
        value: Option<Primitive>,
    ) -> Result<(), EditError> {
        let place = DocPath::new(["briefing", "entities", name])?;
        if matches!(value, Some(Primitive::Number(number)) if !number.is_finite()) {
            return Err(EditError::Value {
                path: place,
                expected: "a string, a finite number, true or false".to_owned(),
            });
        }
        let map = container(txn, entities().keys())?;
        match value {
            Some(value) => drop(map.try_update(txn, name, value)),
            None => drop(map.remove(txn, name)),
        }
        Ok(())
    }

    /// Says how sure the writer is of all this, from 0 to 1.
    ///
    /// # Errors
    /// When the value lies outside of that.
    pub fn set_confidence(
        self,
        txn: &mut TransactionMut<'_>,
        confidence: Option<f64>,
    ) -> Result<(), EditError> {
        root_map(txn, "briefing");
        set_or_clear(
            &place(&["briefing"]),
            txn,
            "confidence",
            confidence.map(Any::from),
        )
    }

    /// Says what the tone of the people involved is.
    ///
    /// # Errors
    /// Never for a document with declared roots.
    pub fn set_sentiment(
        self,
        txn: &mut TransactionMut<'_>,
        sentiment: Sentiment,
    ) -> Result<(), EditError> {
        root_map(txn, "briefing");
        set(
            &place(&["briefing"]),
            txn,
            "sentiment",
            sentiment.as_str().into(),
        )
    }

    pub(super) fn frame(self, txn: &mut TransactionMut<'_>) {
        self.intent().touch(txn);
        self.next_step().touch(txn);
        self.actions().touch(txn);
        self.constraints().touch(txn);
        self.questions().touch(txn);
        self.sources().touch(txn);
        Collection::<Action>::new(entities()).touch(txn);
    }
}

fn entities() -> DocPath {
    place(&["briefing", "entities"])
}
