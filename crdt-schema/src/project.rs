//! The document as plain data: what the JSON answer of a workspace holds.
//!
//! Reading is tolerant, see [`crate::schema`], and deterministic: equal documents project to
//! equal values, whatever the order in which their edits arrived.

pub(crate) mod read;

use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use yrs::ReadTxn;

pub use crate::schema::projections::*;
use crate::{document::SCHEMA_VERSION, schema::Workspace};

/// A workspace as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Workspace)]
pub struct WorkspaceProjection {
    /// Version of the schema that the document was made with.
    pub schema: i64,
    /// The title of the workspace.
    pub title: String,
    /// The goal and the steps.
    pub plan: PlanProjection,
    /// What a newcomer has to know.
    pub briefing: BriefingProjection,
    /// The tasks, in order.
    pub tasks: Vec<TaskProjection>,
    /// The text that everybody drafts in, in Markdown.
    pub notes: String,
    /// Proposed changes to texts, oldest first.
    pub suggestions: Vec<SuggestionProjection>,
    /// Discussions of passages, oldest first.
    pub threads: Vec<ThreadProjection>,
}

/// Reads the whole document.
pub fn project<T: ReadTxn>(txn: &T) -> WorkspaceProjection {
    WorkspaceProjection {
        schema: Workspace.schema(txn).unwrap_or(SCHEMA_VERSION),
        title: Workspace.title().read(txn),
        plan: Workspace.plan().read(txn),
        briefing: Workspace.briefing().read(txn),
        tasks: Workspace.tasks().read(txn),
        notes: Workspace.notes().read(txn),
        suggestions: Workspace.suggestions().read(txn),
        threads: Workspace.threads().read(txn),
    }
}

/// The JSON Schema (draft 2020-12) of [`WorkspaceProjection`].
#[must_use]
pub fn json_schema() -> serde_json::Value {
    #[derive(OpenApi)]
    #[openapi(components(schemas(WorkspaceProjection)))]
    struct Components;

    let api = serde_json::to_value(Components::openapi()).expect("schemas are plain data");
    let mut definitions = api["components"]["schemas"].clone();
    relocate(&mut definitions);
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "WorkspaceDocument",
        "$ref": "#/$defs/Workspace",
        "$defs": definitions,
    })
}

/// Points references at the definitions of a schema that stands alone.
fn relocate(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, field) in fields.iter_mut() {
                match field {
                    serde_json::Value::String(target) if key == "$ref" => {
                        *target = target.replace("#/components/schemas/", "#/$defs/");
                    }
                    other => relocate(other),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(relocate),
        _ => {}
    }
}
