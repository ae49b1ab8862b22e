//! Why an edit cannot be made: which field, what was expected, and an example.

use serde_json::{Value, json};

use crate::{path::DocPath, schema::EditError, suggest::Elements};

/// Why an edit was not made. The document is unchanged.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EditProblem {
    /// A field of the edit is not as expected.
    #[error("field `{field}`: {problem}; for example {example}")]
    Field {
        /// Which one; `.` is the edit itself.
        field: String,
        /// What is wrong with it, and what was expected.
        problem: String,
        /// What would be right.
        example: Value,
    },
    /// Somebody changed what the author of the edit had read.
    #[error("{path} has changed since you read it: you read {read}, it is {now}; look again")]
    Changed {
        /// What changed.
        path: DocPath,
        /// What the author had read.
        read: Value,
        /// What it holds now.
        now: Value,
    },
    /// What it is about does not exist, or exists already.
    #[error(transparent)]
    Edit(#[from] EditError),
}

pub(super) fn field(field: &str, problem: String, example: Value) -> EditProblem {
    EditProblem::Field {
        field: field.to_owned(),
        problem,
        example,
    }
}

pub(super) fn not_an_element(path: &DocPath) -> EditProblem {
    let problem = format!("{path} is no element: name a collection and an id");
    field("at", problem, json!("plan/steps/ab12"))
}

/// An edit as it should be.
pub(super) fn example(what: Option<&str>) -> Value {
    match what {
        Some("patch") => json!({
            "do": "patch", "at": "plan/steps/ab12",
            "set": {"status": "doing"}, "if_value": {"status": "ready"},
        }),
        Some("move") => json!({
            "do": "move", "at": "plan/steps/ab12", "place": {"after": "cd34"},
        }),
        Some("remove") => json!({
            "do": "remove", "at": "tasks/ab12", "if_value": {"title": "Book the hall"},
        }),
        Some(_) | None => json!({
            "do": "add", "to": "plan/steps", "place": "last", "value": Elements::Steps.example(),
        }),
    }
}

impl Elements {
    /// An element as it should be.
    pub(super) fn example(self) -> Value {
        match self {
            Self::Steps => json!({"title": "Book the hall", "body": "For *thirty*."}),
            Self::Tasks => json!({"title": "Call the owner", "due": "2030-01-31"}),
            Self::Actions => json!({"text": "Called the owner", "outcome": "done"}),
            Self::Constraints => json!({"text": "At most 500 EUR"}),
            Self::Questions => json!({"text": "Which day?"}),
            Self::Sources => {
                json!({"title": "Prices", "uri": "https://example.org", "kind": "page"})
            }
        }
    }
}
