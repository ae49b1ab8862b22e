//! What a new workspace starts with, as JSON or as Markdown.
//!
//! The JSON form is a lenient subset of [`crate::project::WorkspaceProjection`]: every field may
//! be left out, elements may be given as plain text, ids and order keys are kept where given. So
//! what one workspace exports, another starts with. Positions in texts are not taken along: they
//! name characters of the other document.

mod draft;
mod lenient;
pub(crate) mod sections;

use std::{collections::HashSet, fmt};

use rand::RngCore;
use serde::{Deserialize, Deserializer, Serialize, de};
use yrs::{Any, Map, TransactionMut, WriteTxn};

pub use self::draft::{BriefingDraft, Draft, PlanDraft};
use crate::{
    document::SCHEMA_VERSION,
    ids::ElementId,
    order,
    schema::{
        Action, Comment, Constraint, Element, NewStep, NewSuggestion, NewThread, Ordered, Question,
        Source, Step, Suggestion, Task, Thread, Workspace, words::Word,
    },
};

/// Why content cannot start a workspace. Nothing has been written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("content field `{field}`: {problem}")]
pub struct ContentError {
    /// The field that is wrong, such as `steps[2].status`; `.` is the content itself.
    pub field: String,
    /// What is wrong with it and what is expected.
    pub problem: String,
}

/// What a new workspace starts with: a text is Markdown, an object is a [`Draft`].
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum InitialContent {
    /// Markdown: the title as the first heading, then sections Goal, Plan, Briefing, Tasks, Notes.
    Markdown(String),
    /// Fields of a workspace.
    Json(Box<Draft>),
}

impl InitialContent {
    /// Reads content given as JSON: an object with fields, or a string with Markdown.
    ///
    /// # Errors
    /// Names the field that is not as expected.
    pub fn from_json(value: serde_json::Value) -> Result<Self, ContentError> {
        serde_path_to_error::deserialize(value).map_err(|error| ContentError {
            field: error.path().to_string(),
            problem: error.inner().to_string(),
        })
    }
}

impl<'de> Deserialize<'de> for InitialContent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = InitialContent;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("Markdown as a string, or an object with fields of a workspace")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<InitialContent, E> {
                Ok(InitialContent::Markdown(text.to_owned()))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<InitialContent, A::Error> {
                Draft::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(|draft| InitialContent::Json(Box::new(draft)))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// Makes the frame of a new document and writes `content` into it. Only whoever makes the
/// document does this, once.
///
/// # Errors
/// Names the field that is not as expected; nothing has been written then.
pub fn write(
    content: InitialContent,
    txn: &mut TransactionMut<'_>,
    rng: &mut dyn RngCore,
) -> Result<(), ContentError> {
    let draft = match content {
        InitialContent::Markdown(text) => sections::read(&text),
        InitialContent::Json(draft) => *draft,
    };
    let (goal, steps) = plan_of(&draft)?;
    check(&draft, &steps)?;
    Workspace.frame(txn);
    let texts = [
        (Workspace.title(), draft.title),
        (Workspace.plan().goal(), goal),
        (Workspace.briefing().intent(), draft.briefing.intent.clone()),
        (
            Workspace.briefing().next_step(),
            draft.briefing.next_step.clone(),
        ),
        (Workspace.notes(), draft.notes),
    ];
    for (field, text) in texts {
        field.set(txn, &text).expect("the frame has been made");
    }
    Workspace.plan().steps().fill(txn, rng, steps);
    Workspace.tasks().fill(txn, rng, draft.tasks);
    write_briefing(txn, rng, draft.briefing);
    write_review(txn, rng, draft.suggestions, draft.threads);
    Ok(())
}

fn write_briefing(txn: &mut TransactionMut<'_>, rng: &mut dyn RngCore, draft: BriefingDraft) {
    let briefing = Workspace.briefing();
    let map = txn.get_or_insert_map("briefing");
    if let Some(confidence) = draft.confidence {
        map.insert(txn, "confidence", Any::from(confidence));
    }
    if let Some(sentiment) = draft.sentiment {
        map.insert(txn, "sentiment", sentiment.as_str());
    }
    for (name, value) in draft.entities {
        briefing
            .set_entity(txn, &name, Some(value))
            .expect("entities have been checked");
    }
    briefing.actions().fill(txn, rng, draft.actions);
    briefing.constraints().fill(txn, rng, draft.constraints);
    briefing.questions().fill(txn, rng, draft.questions);
    briefing.sources().fill(txn, rng, draft.sources);
}

fn write_review(
    txn: &mut TransactionMut<'_>,
    rng: &mut dyn RngCore,
    suggestions: Vec<NewSuggestion>,
    threads: Vec<NewThread>,
) {
    for new in suggestions {
        let new = NewSuggestion {
            start: None,
            end: None,
            ..new
        };
        Workspace
            .suggestions()
            .insert(txn, rng, new)
            .expect("ids have been checked");
    }
    for new in threads {
        let new = NewThread {
            start: None,
            end: None,
            ..new
        };
        Workspace
            .threads()
            .insert(txn, rng, new)
            .expect("ids have been checked");
    }
}

/// The plan, which may be given under `plan` or at the top.
fn plan_of(draft: &Draft) -> Result<(String, Vec<NewStep>), ContentError> {
    let plan = draft.plan.clone().unwrap_or_default();
    if !draft.goal.is_empty() && !plan.goal.is_empty() {
        return Err(twice("goal"));
    }
    if !draft.steps.is_empty() && !plan.steps.is_empty() {
        return Err(twice("steps"));
    }
    let goal = if plan.goal.is_empty() {
        draft.goal.clone()
    } else {
        plan.goal
    };
    let steps = if plan.steps.is_empty() {
        draft.steps.clone()
    } else {
        plan.steps
    };
    Ok((goal, steps))
}

fn twice(field: &str) -> ContentError {
    error(
        field,
        format!("is given twice: use either `{field}` or `plan.{field}`"),
    )
}

fn error(field: impl Into<String>, problem: impl Into<String>) -> ContentError {
    ContentError {
        field: field.into(),
        problem: problem.into(),
    }
}

/// Everything that could be refused, looked at before anything is written: a transaction cannot
/// be taken back.
fn check(draft: &Draft, steps: &[NewStep]) -> Result<(), ContentError> {
    if let Some(version) = draft.schema.filter(|version| *version != SCHEMA_VERSION) {
        return Err(error(
            "schema",
            format!("is {version}, expected {SCHEMA_VERSION}"),
        ));
    }
    let briefing = &draft.briefing;
    if let Some(confidence) = briefing.confidence
        && !(0.0..=1.0).contains(&confidence)
    {
        let problem = format!("is {confidence}, expected a number from 0 to 1");
        return Err(error("briefing.confidence", problem));
    }
    if briefing.entities.contains_key("") {
        return Err(error(
            "briefing.entities",
            "has an empty name, expected some text",
        ));
    }
    ordered::<Step>(
        if draft.steps.is_empty() {
            "plan.steps"
        } else {
            "steps"
        },
        steps,
    )?;
    ordered::<Task>("tasks", &draft.tasks)?;
    ordered::<Action>("briefing.actions", &briefing.actions)?;
    ordered::<Constraint>("briefing.constraints", &briefing.constraints)?;
    ordered::<Question>("briefing.questions", &briefing.questions)?;
    ordered::<Source>("briefing.sources", &briefing.sources)?;
    distinct::<Suggestion>("suggestions", &draft.suggestions)?;
    distinct::<Thread>("threads", &draft.threads)?;
    for (at, thread) in draft.threads.iter().enumerate() {
        distinct::<Comment>(&format!("threads[{at}].comments"), &thread.comments)?;
    }
    Ok(())
}

fn ordered<E: Ordered>(field: &str, elements: &[E::New]) -> Result<(), ContentError> {
    for (at, new) in elements.iter().enumerate() {
        if let Some(key) = E::chosen_order(new)
            && !key.is_empty()
            && !order::is_key(key)
        {
            let problem = format!("{key:?} is not a fractional order key: leave it out");
            return Err(error(format!("{field}[{at}].order"), problem));
        }
    }
    distinct::<E>(field, elements)
}

fn distinct<E: Element>(field: &str, elements: &[E::New]) -> Result<(), ContentError> {
    let mut seen: HashSet<&ElementId> = HashSet::new();
    for (at, new) in elements.iter().enumerate() {
        if let Some(id) = E::chosen_id(new)
            && !seen.insert(id)
        {
            let problem = format!("{id:?} is the id of an earlier one: each needs its own");
            return Err(error(format!("{field}[{at}].id"), problem));
        }
    }
    Ok(())
}
