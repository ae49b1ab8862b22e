//! The schema as data: which container or value may stand where in a document.
//!
//! The typed views in [`crate::schema`] write nothing that this table does not allow, and the
//! gate refuses whatever it does not allow. Roots that start with `x-` are free.

use yrs::{Any, any::Number};

use crate::{
    ids, order,
    schema::words::{
        Outcome, Priority, Sentiment, StepStatus, SuggestionStatus, TaskStatus, Tier, Word,
    },
};

/// What may stand at one place of the document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// A shared text without formatting.
    Text,
    /// A shared map with these keys and no others.
    Map(&'static [(&'static str, Shape)]),
    /// A shared map from element ids to elements of one shape.
    MapOf(&'static Shape),
    /// A shared map from any non-empty text to values of one shape.
    Dict(&'static Shape),
    /// A plain value.
    Scalar(Scalar),
    /// Anything that is structurally sound.
    Free,
}

impl Shape {
    /// The shape allowed under `key`, or `None` when nothing may stand there.
    #[must_use]
    pub fn child(&self, key: &str) -> Option<&'static Shape> {
        match self {
            Self::Map(fields) => fields
                .iter()
                .find_map(|(name, shape)| (*name == key).then_some(shape)),
            Self::MapOf(element) => ids::is_element_id(key).then_some(*element),
            Self::Dict(value) => (!key.is_empty()).then_some(*value),
            Self::Free => Some(&Self::Free),
            Self::Text | Self::Scalar(_) => None,
        }
    }
}

/// The plain values that a place may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// Text that is replaced as a whole.
    String,
    /// A finite number.
    Number,
    /// A number from 0 to 1.
    Fraction,
    /// `true` or `false`.
    Bool,
    /// `true` alone: the entry is a member of a set.
    True,
    /// One of these words.
    Enum(&'static [&'static str]),
    /// A fractional order key, see [`crate::order`].
    OrderKey,
    /// A relative position in a text: the Yjs binary encoding, as bytes or as base64.
    Position,
    /// Text, a finite number, `true` or `false`.
    Primitive,
}

impl Scalar {
    /// Whether `value` is of this kind. Numbers may be integers, floats or big integers.
    #[must_use]
    pub fn admits(self, value: &Any) -> bool {
        match (self, value) {
            (Self::String | Self::Primitive | Self::Position, Any::String(_))
            | (Self::Position, Any::Buffer(_))
            | (Self::Bool | Self::Primitive, Any::Bool(_))
            | (Self::True, Any::Bool(true)) => true,
            (Self::Number | Self::Primitive, Any::Number(number)) => as_f64(*number).is_finite(),
            (Self::Fraction, Any::Number(number)) => (0.0..=1.0).contains(&as_f64(*number)),
            (Self::Enum(words), Any::String(word)) => words.contains(&&**word),
            (Self::OrderKey, Any::String(key)) => order::is_key(key),
            _ => false,
        }
    }

    /// What the kind expects, to complete the sentence "this place holds …".
    #[must_use]
    pub fn expectation(self) -> String {
        match self {
            Self::String => "a string".to_owned(),
            Self::Number => "a finite number".to_owned(),
            Self::Fraction => "a number from 0 to 1".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::True => "true".to_owned(),
            Self::Enum(words) => format!("one of {}", words.join(", ")),
            Self::OrderKey => "a fractional order key".to_owned(),
            Self::Position => "a relative position as bytes or base64".to_owned(),
            Self::Primitive => "a string, a finite number, true or false".to_owned(),
        }
    }
}

/// The shape of the root called `name`, or `None` when there is no such root.
#[must_use]
pub fn root(name: &str) -> Option<&'static Shape> {
    if name.len() > FREE_PREFIX.len() && name.starts_with(FREE_PREFIX) {
        return Some(&Shape::Free);
    }
    ROOTS
        .iter()
        .find_map(|(root, shape)| (*root == name).then_some(shape))
}

/// Whether the container at `path` (root first) is part of the frame that the server makes once,
/// with the document. Nobody may replace or remove it: two peers that each made their own would
/// lose one of the two with all that is in it.
#[must_use]
pub fn is_frame(path: &[&str]) -> bool {
    let [root_name, key] = path else {
        return false;
    };
    let Some(Shape::Map(fields)) = root(root_name) else {
        return false;
    };
    fields.iter().any(|(name, shape)| {
        name == key && matches!(shape, Shape::Text | Shape::MapOf(_) | Shape::Dict(_))
    })
}

fn as_f64(number: Number) -> f64 {
    match number {
        Number::Int(value) => value as f64,
        Number::Float(value) => value,
    }
}

/// Prefix of the roots that belong to applications which embed Penhold.
pub const FREE_PREFIX: &str = "x-";

/// All roots of the schema. `control` is written by the server alone.
pub const ROOTS: &[(&str, Shape)] = &[
    ("meta", META),
    ("plan", PLAN),
    ("briefing", BRIEFING),
    ("tasks", Shape::MapOf(&TASK)),
    ("notes", Shape::Text),
    ("suggestions", Shape::MapOf(&SUGGESTION)),
    ("threads", Shape::MapOf(&THREAD)),
    ("control", Shape::Free),
];

const STRING: Shape = Shape::Scalar(Scalar::String);
const NUMBER: Shape = Shape::Scalar(Scalar::Number);
const BOOL: Shape = Shape::Scalar(Scalar::Bool);
const ORDER: Shape = Shape::Scalar(Scalar::OrderKey);
const POSITION: Shape = Shape::Scalar(Scalar::Position);
const PRIMITIVE: Shape = Shape::Scalar(Scalar::Primitive);
const TRUE: Shape = Shape::Scalar(Scalar::True);

const fn words<W: Word>() -> Shape {
    Shape::Scalar(Scalar::Enum(W::WORDS))
}

const META: Shape = Shape::Map(&[("title", Shape::Text), ("schema", NUMBER)]);

const PLAN: Shape = Shape::Map(&[("goal", Shape::Text), ("steps", Shape::MapOf(&STEP))]);

const STEP: Shape = Shape::Map(&[
    ("title", Shape::Text),
    ("body", Shape::Text),
    ("status", words::<StepStatus>()),
    ("order", ORDER),
    ("tier", words::<Tier>()),
]);

const BRIEFING: Shape = Shape::Map(&[
    ("intent", Shape::Text),
    ("next_step", Shape::Text),
    ("confidence", Shape::Scalar(Scalar::Fraction)),
    ("sentiment", words::<Sentiment>()),
    ("entities", Shape::Dict(&PRIMITIVE)),
    ("actions", Shape::MapOf(&ACTION)),
    ("constraints", Shape::MapOf(&CONSTRAINT)),
    ("questions", Shape::MapOf(&QUESTION)),
    ("sources", Shape::MapOf(&SOURCE)),
]);

const ACTION: Shape = Shape::Map(&[
    ("order", ORDER),
    ("text", Shape::Text),
    ("outcome", words::<Outcome>()),
]);

const CONSTRAINT: Shape = Shape::Map(&[("order", ORDER), ("text", Shape::Text)]);

const QUESTION: Shape = Shape::Map(&[
    ("order", ORDER),
    ("text", Shape::Text),
    ("answer", Shape::Text),
]);

const SOURCE: Shape = Shape::Map(&[
    ("order", ORDER),
    ("title", STRING),
    ("uri", STRING),
    ("kind", STRING),
]);

const TASK: Shape = Shape::Map(&[
    ("title", Shape::Text),
    ("notes", Shape::Text),
    ("status", words::<TaskStatus>()),
    ("order", ORDER),
    ("step", STRING),
    ("blocked_by", Shape::MapOf(&TRUE)),
    ("priority", words::<Priority>()),
    ("due", STRING),
]);

const SUGGESTION: Shape = Shape::Map(&[
    ("target", STRING),
    ("start", POSITION),
    ("end", POSITION),
    ("quote", STRING),
    ("replacement", Shape::Text),
    ("reason", Shape::Text),
    ("author", STRING),
    ("at", NUMBER),
    ("status", words::<SuggestionStatus>()),
    ("decided_by", STRING),
]);

const THREAD: Shape = Shape::Map(&[
    ("target", STRING),
    ("start", POSITION),
    ("end", POSITION),
    ("quote", STRING),
    ("at", NUMBER),
    ("resolved", BOOL),
    ("comments", Shape::MapOf(&COMMENT)),
]);

const COMMENT: Shape = Shape::Map(&[("author", STRING), ("at", NUMBER), ("text", Shape::Text)]);
