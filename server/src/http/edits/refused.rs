//! Edits that cannot be made, as problems.

use crdt_schema::merge::{EditProblem, FindError, SectionError};
use serde_json::{Map, json};

use crate::http::problem::Problem;

impl From<EditProblem> for Problem {
    fn from(problem: EditProblem) -> Self {
        let detail = problem.to_string();
        match problem {
            EditProblem::Field { .. } | EditProblem::Edit(_) => Self::invalid(detail),
            EditProblem::Changed { path, read, now } => {
                let fields = Map::from_iter([
                    ("path".to_owned(), json!(path)),
                    ("read".to_owned(), read),
                    ("now".to_owned(), now),
                ]);
                Self::conflict(detail).coded("value_changed", fields)
            }
        }
    }
}

impl From<FindError> for Problem {
    fn from(error: FindError) -> Self {
        let detail = error.to_string();
        match error {
            FindError::Empty => Self::invalid(detail),
            FindError::Missing { .. } => {
                Self::conflict(detail).coded("not_found_in_text", Map::new())
            }
            FindError::Ambiguous { spots, .. } => {
                let fields = Map::from_iter([("places".to_owned(), json!(spots))]);
                Self::conflict(detail).coded("ambiguous", fields)
            }
        }
    }
}

impl From<SectionError> for Problem {
    fn from(error: SectionError) -> Self {
        let detail = error.to_string();
        match error {
            SectionError::Empty => Self::invalid(detail),
            SectionError::Missing { .. } => {
                Self::conflict(detail).coded("no_such_heading", Map::new())
            }
            SectionError::Ambiguous { spots, .. } => {
                let fields = Map::from_iter([("places".to_owned(), json!(spots))]);
                Self::conflict(detail).coded("ambiguous", fields)
            }
        }
    }
}
