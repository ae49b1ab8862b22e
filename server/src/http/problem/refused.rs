//! Refusals of commands as problems: a status, a stable `code`, and the fields that help.

use crdt_schema::ownership::Refusal;
use serde_json::{Map, Value};

use super::{Limit, More, Problem};
use crate::room::{CommandError, Refused};

/// The `code` of a command whose author had seen edits that did not arrive.
pub(in crate::http) const SEEN_NOT_ARRIVED: &str = "seen_not_arrived";

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        let detail = error.to_string();
        match error {
            CommandError::Room(error) => error.into(),
            CommandError::Refused(Refused::Rule(refusal)) => (*refusal).into(),
            CommandError::Refused(Refused::ReadOnly(_)) => Self::unavailable(detail),
            CommandError::Repeated(outcome) => {
                let fields = Map::from_iter([("record".to_owned(), outcome.record.into())]);
                Self::conflict(detail).coded("repeated", fields)
            }
            CommandError::Behind(_) => Self::conflict(detail).coded(SEEN_NOT_ARRIVED, Map::new()),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        let mut problem = match &refusal {
            Refusal::NotOwner { .. }
            | Refusal::NotInQueue { .. }
            | Refusal::Role { .. }
            | Refusal::PeopleOnly { .. }
            | Refusal::NotNamed { .. }
            | Refusal::NotYours { .. } => Self::forbidden(detail),
            Refusal::NoSuchItem { .. } | Refusal::NotFound { .. } | Refusal::NoSuchQueue { .. } => {
                Self::not_found(detail)
            }
            Refusal::KeyReused
            | Refusal::Receiver { .. }
            | Refusal::Incomplete { .. }
            | Refusal::Invalid { .. } => Self::invalid(detail),
            Refusal::Stale { .. }
            | Refusal::AlreadyHeld { .. }
            | Refusal::NotClaimable { .. }
            | Refusal::Attended { .. }
            | Refusal::Offered { .. }
            | Refusal::NotBriefed
            | Refusal::TooDeep { .. }
            | Refusal::Ended { .. }
            | Refusal::NotYet { .. }
            | Refusal::Taken { .. }
            | Refusal::Fenced { .. }
            | Refusal::ChangedSinceYouLooked { .. }
            | Refusal::Unacknowledged { .. }
            | Refusal::QueueInUse { .. }
            | Refusal::Limit { .. } => Self::conflict(detail),
        };
        if let Refusal::Limit { limit: name, max } = refusal {
            problem.limit = Some(Limit {
                name,
                value: max as u64,
            });
        }
        problem.coded(refusal.code(), fields(&refusal))
    }
}

impl Problem {
    /// The same with a stable name for programs, and what may help them.
    pub(in crate::http) fn coded(self, code: &'static str, fields: Map<String, Value>) -> Self {
        Self {
            more: Some(Box::new(More { code, fields })),
            ..self
        }
    }

    /// Whether that is its stable name.
    pub(in crate::http) fn is_coded(&self, code: &str) -> bool {
        self.more.as_ref().is_some_and(|more| more.code == code)
    }
}

/// What a refusal tells besides its sentence. A problem has a `status` and a `limit` of its own.
fn fields(refusal: &Refusal) -> Map<String, Value> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(refusal) else {
        return Map::new();
    };
    for key in ["code", "limit", "max"] {
        fields.remove(key);
    }
    if let Some(status) = fields.remove("status") {
        fields.insert("state".to_owned(), status);
    }
    fields
}
