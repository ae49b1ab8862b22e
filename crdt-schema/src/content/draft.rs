//! The fields that initial content may have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::lenient;
use crate::{
    project::Primitive,
    schema::{
        NewAction, NewConstraint, NewQuestion, NewSource, NewStep, NewSuggestion, NewTask,
        NewThread, words::Sentiment,
    },
};

/// A workspace to start with. Every field may be left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ContentDraft)]
pub struct Draft {
    /// Version of the schema that the content is written for.
    pub schema: Option<i64>,
    /// The title of the workspace.
    pub title: String,
    /// The goal and the steps, as in an exported workspace.
    pub plan: Option<PlanDraft>,
    /// What the plan is for, in Markdown: short for `plan.goal`.
    pub goal: String,
    /// The steps, in order: short for `plan.steps`. A step given as text is its title.
    #[serde(deserialize_with = "lenient::list")]
    pub steps: Vec<NewStep>,
    /// What a newcomer has to know.
    pub briefing: BriefingDraft,
    /// The tasks, in order. A task given as text is its title.
    #[serde(deserialize_with = "lenient::list")]
    pub tasks: Vec<NewTask>,
    /// The text that everybody drafts in, in Markdown.
    pub notes: String,
    /// Proposed changes to texts.
    pub suggestions: Vec<NewSuggestion>,
    /// Discussions of passages.
    pub threads: Vec<NewThread>,
}

/// A plan to start with.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlanDraft {
    /// What the plan is for, in Markdown.
    pub goal: String,
    /// The steps, in order. A step given as text is its title.
    #[serde(deserialize_with = "lenient::list")]
    pub steps: Vec<NewStep>,
}

/// A briefing to start with.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BriefingDraft {
    /// What the people want, in Markdown.
    pub intent: String,
    /// What comes next, in Markdown.
    pub next_step: String,
    /// How sure the writer is of all this, from 0 to 1.
    pub confidence: Option<f64>,
    /// The tone of the people involved.
    pub sentiment: Option<Sentiment>,
    /// Named facts.
    pub entities: BTreeMap<String, Primitive>,
    /// What was tried, in order. An action given as text is pending.
    #[serde(deserialize_with = "lenient::list")]
    pub actions: Vec<NewAction>,
    /// What has to be respected, in order.
    #[serde(deserialize_with = "lenient::list")]
    pub constraints: Vec<NewConstraint>,
    /// What is open, in order.
    #[serde(deserialize_with = "lenient::list")]
    pub questions: Vec<NewQuestion>,
    /// Where things come from, in order. A source given as text is its address.
    #[serde(deserialize_with = "lenient::list")]
    pub sources: Vec<NewSource>,
}
