//! What may be asked of a workspace's reader.

use rmcp::model::JsonObject;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::mcp::{failure::Failure, schema::object};

/// Characters that are shown, if not asked otherwise.
const BUDGET: usize = 20_000;
/// Fewer are of no use.
const BUDGET_MIN: usize = 200;
/// More fit into no model's attention.
const BUDGET_MAX: usize = 400_000;

/// A part of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::mcp) enum Section {
    #[default]
    All,
    Plan,
    Briefing,
    Tasks,
    Notes,
    Suggestions,
    Threads,
    Owners,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    #[default]
    Markdown,
    Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    pub(super) workspace: String,
    #[serde(default)]
    pub(super) section: Section,
    #[serde(default)]
    pub(super) path: Option<String>,
    #[serde(default)]
    pub(super) format: Format,
    #[serde(default = "usual_budget")]
    pub(super) budget: usize,
}

impl Section {
    /// As it is asked for.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Plan => "plan",
            Self::Briefing => "briefing",
            Self::Tasks => "tasks",
            Self::Notes => "notes",
            Self::Suggestions => "suggestions",
            Self::Threads => "threads",
            Self::Owners => "owners",
        }
    }
}

impl Wish {
    pub(super) fn of(mut given: JsonObject) -> Result<Self, Failure> {
        given.retain(|_, value| !value.is_null());
        let wish: Self = serde_path_to_error::deserialize(Value::Object(given))
            .map_err(|error| Failure::arguments(format!("the arguments do not fit: {error}")))?;
        if matches!(wish.workspace.as_str(), "" | "." | "..") {
            return Err(Failure::arguments("workspace: this names nothing"));
        }
        if !(BUDGET_MIN..=BUDGET_MAX).contains(&wish.budget) {
            return Err(Failure::arguments(format!(
                "budget: expected {BUDGET_MIN} to {BUDGET_MAX} characters"
            )));
        }
        Ok(wish)
    }
}

fn usual_budget() -> usize {
    BUDGET
}

/// What the tool takes.
pub(in crate::mcp) fn input() -> JsonObject {
    object(json!({
        "type": "object",
        "properties": {
            "workspace": {
                "type": "string",
                "description": "The workspace's id, as workspace_list gives it",
            },
            "section": {
                "type": "string",
                "enum": ["all", "plan", "briefing", "tasks", "notes", "suggestions", "threads", "owners"],
                "default": "all",
                "description": "Which part: all is the document; the plan has the goal and the \
                    steps; owners says who holds what, with the epochs that commands carry",
            },
            "path": {
                "type": "string",
                "description": "Instead of a section, one text with its base, such as notes, \
                    plan/goal, plan/steps/ID/body, briefing/intent or tasks/ID/notes",
            },
            "format": {
                "type": "string",
                "enum": ["markdown", "json"],
                "default": "markdown",
                "description": "Markdown for reading, JSON for ids and fields",
            },
            "budget": {
                "type": "integer",
                "minimum": BUDGET_MIN,
                "maximum": BUDGET_MAX,
                "default": BUDGET,
                "description": "Most characters of text to be shown; the rest is cut and counted",
            },
        },
        "required": ["workspace"],
        "additionalProperties": false,
    }))
}

/// What it gives.
pub(in crate::mcp) fn output() -> JsonObject {
    object(json!({
        "type": "object",
        "properties": {
            "workspace": { "type": "string", "description": "The workspace's id" },
            "title": { "type": "string", "description": "Its title" },
            "section": { "type": "string", "description": "The part that is shown" },
            "markdown": { "type": "string", "description": "The part, as Markdown" },
            "path": { "type": "string", "description": "The text that is shown" },
            "base": {
                "type": "string",
                "description": "What workspace_edit needs to rewrite this text as a whole; only \
                    if nothing was cut",
            },
            "document": {
                "description": "The part, as JSON; in the form of GET /api/v1/workspaces/{ws}",
            },
            "characters_cut": {
                "type": "integer",
                "minimum": 0,
                "description": "Characters that did not fit into the budget",
            },
        },
        "required": ["workspace", "characters_cut"],
    }))
}
