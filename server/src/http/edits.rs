//! Writing by intent: an agent says what a text should read, and the server merges that with what
//! others wrote meanwhile; what cannot be told apart safely becomes suggestions.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

mod people;

use axum::{Json as JsonAnswer, response::IntoResponse as _, response::Response};
use crdt_schema::{
    attribution::{Authors, Clocks},
    authors,
    ids::ElementId,
    item::Item,
    member::{Kind, Member, Role},
    merge::{self, BaseToken, ByPeople, Edit, MergedHunk, Why, merge},
    ownership::{Pen, State},
    path::DocPath,
    schema::{NewSuggestion, TextField, Workspace},
    suggest::Maker,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::{Transact, TransactionMut};

use super::{
    App,
    desk::{Desk, Refusals},
    extract::{Json, Query},
    idempotency::Key,
    problem::Problem,
};
use crate::{
    clock::now_ms,
    room::{RoomHandle, Scene},
    texts::Base,
};

/// Longest text that is taken, in bytes.
const TEXT_BYTES_MAX: usize = 1 << 20;
/// Edits of one request, at most.
const EDITS_MAX: usize = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read))
        .routes(routes!(write))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Reading {
    /// Which text, such as `plan/steps/ab12/body` or `notes`.
    #[param(value_type = String)]
    path: DocPath,
}

/// A text, to be rewritten.
#[derive(Debug, Serialize, ToSchema)]
struct ReadText {
    /// Which text.
    #[schema(value_type = String)]
    path: DocPath,
    /// What it reads, in Markdown.
    text: String,
    /// Send this back with the new text.
    base: BaseToken,
}

/// What to write: the whole new text, words to replace, something to append, or edits of lists
/// and fields.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({
    "path": "plan/steps/ab12/body",
    "base": "1532.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.plan/steps/ab12/body",
    "text": "Meet the lab in June."
}))]
enum Writing {
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
struct Whole {
    /// Which text.
    #[schema(value_type = String)]
    path: DocPath,
    /// What came with the text when it was read.
    base: String,
    /// What it should read.
    text: String,
    /// Why, for whoever decides on what becomes a suggestion.
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Replace {
    /// Which text.
    #[schema(value_type = String)]
    path: DocPath,
    /// The words, as they can be seen: enough of them to stand in the text once.
    find: String,
    /// What should stand there.
    replace: String,
    /// Why.
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Append {
    /// Which text.
    #[schema(value_type = String)]
    path: DocPath,
    /// What to append, in Markdown.
    append: String,
    /// The heading of the section to append to; the end of the text if absent.
    #[serde(default)]
    heading: Option<String>,
    /// Why.
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Structured {
    /// The edits, such as `{"do": "patch", "at": "tasks/ab12", "set": {"status": "doing"}}`.
    #[schema(value_type = Vec<Edit>)]
    edits: Vec<Value>,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
struct Written {
    /// Of a text: what became of each change.
    hunks: Vec<MergedHunk>,
    /// Of edits: the places that changed.
    #[schema(value_type = Vec<String>)]
    changed: Vec<DocPath>,
    /// What people have to decide.
    suggestions: Vec<ElementId>,
    /// Of a text: what it reads now, to go on from.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<ReadText>,
}

/// What a text should read, and what it was made from.
enum Wanted {
    Whole {
        base: BaseToken,
        text: String,
    },
    Replace {
        find: String,
        replace: String,
    },
    Append {
        addition: String,
        heading: Option<String>,
    },
}

/// Reads a text, with what a rewrite has to send back.
#[utoipa::path(
    get, path = "/workspaces/{ws}/texts", tag = "edits", params(Desk, Reading),
    responses((status = 200, body = ReadText), Refusals)
)]
async fn read(desk: Desk, Query(reading): Query<Reading>) -> Result<JsonAnswer<ReadText>, Problem> {
    let field = text_at(reading.path)?;
    let (text, clocks, cursor) = desk
        .view(move |view| {
            let txn = view.doc.transact();
            let text = field.path().resolve(&txn).map(|_| field.read(&txn));
            (
                text.map(|text| (field, text)),
                Clocks::of(&txn),
                view.cursor,
            )
        })
        .await?;
    let (field, text) = text.ok_or_else(|| {
        Problem::not_found("there is no such text (any more); read the workspace again")
    })?;
    Ok(JsonAnswer(keep(&desk, &field, text, clocks, cursor)))
}

/// Writes by intent.
#[utoipa::path(
    post, path = "/workspaces/{ws}/edits", tag = "edits",
    params(Desk, Key), request_body = Writing,
    responses((status = 200, body = Written), Refusals)
)]
async fn write(desk: Desk, Json(body): Json<Value>) -> Result<Response, Problem> {
    desk.caller.at_least(Role::Reviewer)?;
    let command = body.clone();
    let answer = desk.once(&command, || async {
        let written = match writing(body) {
            Ok(writing) => write_once(&desk, writing).await,
            Err(problem) => Err(problem),
        };
        written.map(JsonAnswer).into_response()
    });
    Ok(answer.await)
}

async fn write_once(desk: &Desk, writing: Writing) -> Result<Written, Problem> {
    match writing {
        Writing::Structured(structured) => write_structured(desk, structured).await,
        Writing::Whole(Whole {
            path,
            base,
            text,
            reason,
        }) => {
            let base = base
                .parse()
                .map_err(|error: merge::BadToken| Problem::conflict(error.to_string()));
            let base = match base {
                Ok(base) => base,
                Err(problem) => return Err(fresh(desk, path, problem).await),
            };
            write_text(desk, path, reason, Wanted::Whole { base, text }).await
        }
        Writing::Replace(Replace {
            path,
            find,
            replace,
            reason,
        }) => write_text(desk, path, reason, Wanted::Replace { find, replace }).await,
        Writing::Append(Append {
            path,
            append,
            heading,
            reason,
        }) => {
            let wanted = Wanted::Append {
                addition: append,
                heading,
            };
            write_text(desk, path, reason, wanted).await
        }
    }
}

async fn write_text(
    desk: &Desk,
    path: DocPath,
    reason: String,
    wanted: Wanted,
) -> Result<Written, Problem> {
    let field = text_at(path.clone())?;
    let base = match &wanted {
        Wanted::Whole { base, text } => {
            within("text", text)?;
            Some((base.clone(), desk.app.bases.find(&desk.ws, base)))
        }
        Wanted::Replace { replace, .. } => within("replace", replace).map(|()| None)?,
        Wanted::Append { addition, .. } => within("append", addition).map(|()| None)?,
    };
    let by = desk.me().clone();
    let merged = desk
        .edit(move |txn, scene| merge_text(txn, scene, &field, base, &wanted, &reason, &by))
        .await;
    match merged? {
        Ok(merged) => {
            let now = keep(
                desk,
                &merged.field,
                merged.now,
                merged.clocks,
                merged.cursor,
            );
            Ok(Written {
                hunks: merged.hunks,
                changed: Vec::new(),
                suggestions: merged.suggestions,
                now: Some(now),
            })
        }
        Err(Unknown) => {
            let detail = "the base is not known any more; merge your change into the text as it \
                          is, and send it with the new base";
            Err(fresh(desk, path, Problem::conflict(detail)).await)
        }
    }
}

/// The base that a rewrite names is not kept any more.
struct Unknown;

struct Merged {
    field: TextField,
    hunks: Vec<MergedHunk>,
    suggestions: Vec<ElementId>,
    now: String,
    clocks: Clocks,
    cursor: u64,
}

fn merge_text(
    txn: &mut TransactionMut<'_>,
    scene: &Scene<'_>,
    field: &TextField,
    base: Option<(BaseToken, Option<std::sync::Arc<Base>>)>,
    wanted: &Wanted,
    reason: &str,
    by: &Member,
) -> Result<Result<Merged, Unknown>, Problem> {
    if field.path().resolve(txn).is_none() {
        return Err(Problem::not_found(
            "there is no such text (any more); read the workspace again",
        ));
    }
    let current = field.read(txn);
    let (base, wanted) = match (wanted, base) {
        (Wanted::Whole { text, .. }, Some((_, Some(base)))) => (Some(base), text.clone()),
        (Wanted::Whole { text, .. }, Some((token, None))) if token.names(&current) => {
            (None, text.clone())
        }
        (Wanted::Whole { .. }, _) => return Ok(Err(Unknown)),
        (Wanted::Replace { find, replace }, _) => (None, merge::replace(&current, find, replace)?),
        (Wanted::Append { addition, heading }, _) => {
            (None, merge::append(&current, heading.as_deref(), addition)?)
        }
    };
    let known = Authors::read(txn, &authors::on_behalf(txn));
    let clocks = base
        .as_ref()
        .map_or_else(|| Clocks::of(txn), |base| base.clocks.clone());
    let people = people::passages(txn, scene, field, &known, &clocks);
    let by_people = ByPeople {
        touched: &people.touched,
        wrote: &people.wrote,
    };
    let base = base.as_ref().map_or(current.as_str(), |base| &base.text);
    let mut merged = merge(base, &current, &wanted, &by_people);
    if may_only_suggest(scene.ledger, by, &field.path().item())? {
        merged = merged.suggest_all(Why::NotOwner);
    }
    let maker = Maker {
        author: &by.id,
        at_ms: now_ms(),
        reason,
    };
    let suggested = merged
        .write(txn, field, &maker)
        .map_err(|error| Problem::conflict(error.to_string()))?;
    Ok(Ok(Merged {
        suggestions: suggest(txn, suggested)?,
        field: field.clone(),
        hunks: merged.hunks,
        now: field.read(txn),
        clocks: Clocks::of(txn),
        cursor: scene.cursor,
    }))
}

async fn write_structured(desk: &Desk, structured: Structured) -> Result<Written, Problem> {
    if structured.edits.len() > EDITS_MAX {
        return Err(Problem::invalid(format!(
            "edits has more than {EDITS_MAX} entries; send them in several requests"
        )));
    }
    let edits: Result<Vec<Edit>, _> = structured.edits.into_iter().map(Edit::from_json).collect();
    let edits = edits?;
    let by = desk.me().clone();
    let reason = structured.reason;
    desk.edit(move |txn, scene| {
        let mut only_suggests = false;
        for item in edits.iter().map(item_of) {
            only_suggests |= may_only_suggest(scene.ledger, &by, &item)?;
        }
        let mut written = Written {
            hunks: Vec::new(),
            changed: Vec::new(),
            suggestions: Vec::new(),
            now: None,
        };
        if only_suggests {
            let maker = Maker {
                author: &by.id,
                at_ms: now_ms(),
                reason: &reason,
            };
            let suggested = merge::suggestions(txn, &mut rand::rng(), &edits, &maker)?;
            written.suggestions = suggest(txn, suggested)?;
        } else {
            written.changed = merge::apply_all(txn, &mut rand::rng(), &edits)?;
        }
        Ok(written)
    })
    .await
}

fn suggest(
    txn: &mut TransactionMut<'_>,
    suggested: Vec<NewSuggestion>,
) -> Result<Vec<ElementId>, Problem> {
    let suggestions = Workspace.suggestions();
    suggested
        .into_iter()
        .map(|new| {
            let made = suggestions.insert(txn, &mut rand::rng(), new);
            made.map_err(|error| Problem::conflict(error.to_string()))
        })
        .collect()
}

fn item_of(edit: &Edit) -> Item {
    match edit {
        Edit::Add(edit) => edit.to.item(),
        Edit::Patch(edit) => edit.at.item(),
        Edit::Move(edit) => edit.at.item(),
        Edit::Remove(edit) => edit.at.item(),
    }
}

/// Whether what `by` writes here becomes a suggestion.
fn may_only_suggest(ledger: &State, by: &Member, item: &Item) -> Result<bool, Problem> {
    if by.role < Role::Editor {
        return Ok(true);
    }
    if by.kind == Kind::Human {
        return Ok(false);
    }
    match ledger.pen(&by.id, by.kind, by.role, item) {
        Pen::Direct => Ok(false),
        Pen::Suggest { .. } => Ok(true),
        Pen::Refuse { why } => Err(Problem::forbidden(format!(
            "{why}; ask for the pen, or suggest"
        ))),
    }
}

fn text_at(path: DocPath) -> Result<TextField, Problem> {
    let name = path.to_string();
    TextField::at(path).ok_or_else(|| {
        Problem::invalid(format!(
            "path: {name:?} is no text; expected one such as plan/goal, plan/steps/<id>/body, \
             tasks/<id>/notes or notes"
        ))
    })
}

fn within(field: &str, text: &str) -> Result<(), Problem> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Problem::too_large("text_bytes_max", TEXT_BYTES_MAX));
    }
    if text.contains('\0') {
        return Err(Problem::invalid(format!("{field} holds a zero character")));
    }
    Ok(())
}

/// Which kind of writing a body is, told by its fields.
fn writing(body: Value) -> Result<Writing, Problem> {
    let has = |field: &str| body.get(field).is_some();
    fn read<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, Problem> {
        serde_path_to_error::deserialize(body)
            .map_err(|error| Problem::invalid(format!("{}: {}", error.path(), error.inner())))
    }
    if has("edits") {
        read(body).map(Writing::Structured)
    } else if has("find") {
        read(body).map(Writing::Replace)
    } else if has("append") {
        read(body).map(Writing::Append)
    } else if has("text") {
        read(body).map(Writing::Whole)
    } else {
        Err(Problem::invalid(
            "expected `text` with `base`, or `find` with `replace`, or `append`, or `edits`; for \
             example {\"path\": \"notes\", \"append\": \"One more line.\"}",
        ))
    }
}

/// The problem, with the text as it is and a base to go on from.
async fn fresh(desk: &Desk, path: DocPath, problem: Problem) -> Problem {
    let now = match text_at(path) {
        Ok(field) => now(&desk.room, field).await,
        Err(problem) => return problem,
    };
    match now {
        Ok((field, text, clocks, cursor)) => {
            let now = keep(desk, &field, text, clocks, cursor);
            let fields = Map::from_iter([
                ("text".to_owned(), json!(now.text)),
                ("base".to_owned(), json!(now.base)),
            ]);
            problem.coded("unknown_base", fields)
        }
        Err(problem) => problem,
    }
}

async fn now(
    room: &RoomHandle,
    field: TextField,
) -> Result<(TextField, String, Clocks, u64), Problem> {
    let now = room.view(move |view| {
        let txn = view.doc.transact();
        let text = field.read(&txn);
        (field, text, Clocks::of(&txn), view.cursor)
    });
    Ok(now.await?)
}

fn keep(desk: &Desk, field: &TextField, text: String, clocks: Clocks, cursor: u64) -> ReadText {
    let base = BaseToken::new(field.path().clone(), &text, cursor);
    let kept = Base {
        text: text.clone(),
        clocks,
    };
    desk.app.bases.keep(&desk.ws, &base, kept);
    ReadText {
        path: field.path().clone(),
        text,
        base,
    }
}

impl From<merge::EditProblem> for Problem {
    fn from(problem: merge::EditProblem) -> Self {
        Self::invalid(problem.to_string())
    }
}

impl From<merge::FindError> for Problem {
    fn from(error: merge::FindError) -> Self {
        let detail = error.to_string();
        match error {
            merge::FindError::Empty => Self::invalid(detail),
            merge::FindError::Missing { .. } => {
                Self::conflict(detail).coded("not_found_in_text", Map::new())
            }
            merge::FindError::Ambiguous { spots, .. } => {
                let fields = Map::from_iter([("places".to_owned(), json!(spots))]);
                Self::conflict(detail).coded("ambiguous", fields)
            }
        }
    }
}

impl From<merge::SectionError> for Problem {
    fn from(error: merge::SectionError) -> Self {
        let detail = error.to_string();
        match error {
            merge::SectionError::Empty => Self::invalid(detail),
            merge::SectionError::Missing { .. } => {
                Self::conflict(detail).coded("no_such_heading", Map::new())
            }
            merge::SectionError::Ambiguous { spots, .. } => {
                let fields = Map::from_iter([("places".to_owned(), json!(spots))]);
                Self::conflict(detail).coded("ambiguous", fields)
            }
        }
    }
}
