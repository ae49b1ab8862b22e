//! Writing by intent: an agent says what a text should read, and the server merges that with what
//! others wrote meanwhile; what cannot be told apart safely becomes suggestions.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

mod people;
mod refused;
mod writing;

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
    schema::{NewSuggestion, TextField},
    suggest::{Maker, put_all},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::{Transact, TransactionMut};

use self::writing::{Append, Replace, Structured, Whole, Writing, writing};
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

/// Makes suggestions; an older one of the same author for the same passage gives way. Answers what
/// people have to decide.
fn suggest(
    txn: &mut TransactionMut<'_>,
    suggested: Vec<NewSuggestion>,
) -> Result<Vec<ElementId>, Problem> {
    let put = put_all(txn, &mut rand::rng(), suggested)
        .map_err(|error| Problem::conflict(error.to_string()))?;
    Ok(put.made.into_iter().chain(put.said).collect())
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
