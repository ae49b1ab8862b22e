//! What a caller wants written: four kinds of bodies, told apart by their fields.

use crdt_schema::{merge::Edit, path::DocPath};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

use crate::http::problem::Problem;

/// What to write: the whole new text, words to replace, something to append, or edits of lists
/// and fields.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({
    "path": "plan/steps/ab12/body",
    "base": "1532.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.plan/steps/ab12/body",
    "text": "Meet the lab in June."
}))]
pub(super) enum Writing {
    /// The whole text, made from what was read.
    Whole(Whole),
    /// Words that stand in the text once, and what should stand there.
    Replace(Replace),
    /// Something to append.
    Append(Append),
    /// Edits of lists and fields, all or none.
    Structured(Structured),
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Whole {
    /// Which text.
    #[schema(value_type = String)]
    pub(super) path: DocPath,
    /// What came with the text when it was read.
    pub(super) base: String,
    /// What it should read.
    pub(super) text: String,
    /// Why, for whoever decides on what becomes a suggestion.
    #[serde(default)]
    pub(super) reason: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Replace {
    /// Which text.
    #[schema(value_type = String)]
    pub(super) path: DocPath,
    /// The words, as they can be seen: enough of them to stand in the text once.
    pub(super) find: String,
    /// What should stand there.
    pub(super) replace: String,
    /// Why.
    #[serde(default)]
    pub(super) reason: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Append {
    /// Which text.
    #[schema(value_type = String)]
    pub(super) path: DocPath,
    /// What to append, in Markdown.
    pub(super) append: String,
    /// The heading of the section to append to; the end of the text if absent.
    #[serde(default)]
    pub(super) heading: Option<String>,
    /// Why.
    #[serde(default)]
    pub(super) reason: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Structured {
    /// The edits, such as `{"do": "patch", "at": "tasks/ab12", "set": {"status": "doing"}}`.
    #[schema(value_type = Vec<Edit>)]
    pub(super) edits: Vec<Value>,
    /// Why.
    #[serde(default)]
    pub(super) reason: String,
}

/// Which kind of writing a body is, told by its fields.
pub(super) fn writing(body: Value) -> Result<Writing, Problem> {
    let has = |field: &str| body.get(field).is_some();
    fn read<T: DeserializeOwned>(body: Value, example: &str) -> Result<T, Problem> {
        serde_path_to_error::deserialize(body).map_err(|error| {
            let (field, problem) = (error.path(), error.inner());
            Problem::invalid(format!("{field}: {problem}; for example {example}"))
        })
    }
    if has("edits") {
        read(body, EXAMPLES[3]).map(Writing::Structured)
    } else if has("find") {
        read(body, EXAMPLES[1]).map(Writing::Replace)
    } else if has("append") {
        read(body, EXAMPLES[2]).map(Writing::Append)
    } else if has("text") {
        read(body, EXAMPLES[0]).map(Writing::Whole)
    } else {
        Err(Problem::invalid(format!(
            "expected `text` with `base`, or `find` with `replace`, or `append`, or `edits`; for \
             example {}",
            EXAMPLES[2]
        )))
    }
}

/// A body of each kind, in the order of [`Writing`].
const EXAMPLES: [&str; 4] = [
    r#"{"path": "notes", "base": "<what came with the text>", "text": "The whole new text."}"#,
    r#"{"path": "notes", "find": "in May", "replace": "in June"}"#,
    r#"{"path": "notes", "append": "One more line."}"#,
    r#"{"edits": [{"do": "patch", "at": "tasks/ab12", "set": {"status": "doing"}}]}"#,
];
