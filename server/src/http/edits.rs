//! Writing by intent: an agent says what a text should read, and the server merges that with what
//! others wrote meanwhile; what cannot be told apart safely becomes suggestions.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

mod lists;
mod people;
mod refused;
mod text;
mod writing;

use axum::{Json as JsonAnswer, response::IntoResponse as _, response::Response};
use crdt_schema::{
    ids::ElementId,
    item::Item,
    member::{Kind, Member, Role},
    merge::MergedHunk,
    ownership::{Pen, State},
    path::DocPath,
    schema::{EditError, NewSuggestion},
    suggest::{Put, put_all},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::TransactionMut;

use self::{
    text::{ReadText, Wanted},
    writing::{Append, Replace, Whole, Writing, writing},
};
use super::{
    App,
    desk::{Desk, Refusals},
    extract::{Json, Query},
    idempotency::Key,
    problem::Problem,
};

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

/// Reads a text, with what a rewrite has to send back.
#[utoipa::path(
    get, path = "/workspaces/{ws}/texts", tag = "edits", params(Desk, Reading),
    responses((status = 200, body = ReadText), Refusals)
)]
async fn read(desk: Desk, Query(reading): Query<Reading>) -> Result<JsonAnswer<ReadText>, Problem> {
    text::read(&desk, reading.path).await.map(JsonAnswer)
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
    let (path, reason, wanted) = match writing {
        Writing::Structured(structured) => return lists::write(desk, structured).await,
        Writing::Whole(Whole {
            path,
            base,
            text,
            reason,
        }) => (path, reason, Wanted::Whole { base, text }),
        Writing::Replace(Replace {
            path,
            find,
            replace,
            reason,
        }) => (path, reason, Wanted::Replace { find, replace }),
        Writing::Append(Append {
            path,
            append,
            heading,
            reason,
        }) => (path, reason, Wanted::Append { append, heading }),
    };
    text::write(desk, path, reason, wanted).await
}

/// Makes suggestions; an older one of the same author for the same passage gives way. Answers what
/// people have to decide.
fn suggest(
    txn: &mut TransactionMut<'_>,
    suggested: Vec<NewSuggestion>,
) -> Result<Vec<ElementId>, Problem> {
    heard(put_all(txn, &mut rand::rng(), suggested))
}

/// The suggestions that say what was suggested.
fn heard(put: Result<Put, EditError>) -> Result<Vec<ElementId>, Problem> {
    let put = put.map_err(|error| Problem::conflict(error.to_string()))?;
    Ok(put.made.into_iter().chain(put.said).collect())
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
