//! Workspaces: make, list, read, rename, archive, delete.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{
    Json as JsonAnswer,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use crdt_schema::{
    content::{ContentError, InitialContent},
    ids::{MemberId, WorkspaceId},
    markdown,
    member::Role,
    project::{WorkspaceProjection, project},
    schema,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    extract::{Caller, Json, Path, Query},
    idempotency::Key,
    problem::{Problem, no_such_workspace},
};
use crate::{
    auth::Scope,
    room::{CreateError, NewWorkspace, RoomHandle},
    store::{StoreError, WorkspaceRecord},
};

/// Longest title, in characters.
const TITLE_CHARS_MAX: usize = 200;
/// Workspaces in one page, at most.
const PAGE_MAX: usize = 200;
/// Workspaces in one page, if not asked otherwise.
const PAGE: usize = 50;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(read, change, delete))
}

/// A workspace to be made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "title": "Grant proposal", "content": { "markdown": "# Goal\n" } }))]
struct NewWorkspaceBody {
    /// Its id; the server chooses one if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<WorkspaceId>,
    /// Its title.
    title: String,
    /// What it starts with: the fields of a workspace, or `{"markdown": …}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<InitialContent>)]
    content: Option<Value>,
}

/// A workspace, as in lists.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WorkspaceSummary {
    /// Its id.
    id: WorkspaceId,
    /// Its title.
    title: String,
    /// Random id of this document's history; a copy with another one does not belong to it.
    lineage: String,
    /// Milliseconds since the Unix epoch.
    created_ms: u64,
    /// Milliseconds since the Unix epoch of the last recorded change.
    updated_ms: u64,
    /// Who made it.
    created_by: MemberId,
    /// Hidden from lists and read-only.
    archived: bool,
}

/// A page of workspaces, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
struct WorkspacePage {
    /// The workspaces that the caller may open.
    items: Vec<WorkspaceSummary>,
    /// Ask again with this as `cursor` for more; `null` at the end.
    next_cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Listing {
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<WorkspaceId>,
    /// How many at most, 1 to 200; 50 if absent.
    limit: Option<usize>,
    /// Whether to list archived workspaces too.
    #[serde(default)]
    archived: bool,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Reading {
    /// In which form.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DocumentFormat)]
enum Format {
    /// For programs.
    #[default]
    Json,
    /// For people and language models.
    Markdown,
}

/// What to change about a workspace.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "title": "Grant proposal, second round" }))]
#[schema(as = WorkspaceChange)]
struct Change {
    /// A new title.
    title: Option<String>,
    /// Archive it, or take it out of the archive; needs the role admin.
    archived: Option<bool>,
}

/// Makes a workspace with its initial content.
#[utoipa::path(
    post, path = "/workspaces", tag = "workspaces", request_body = NewWorkspaceBody,
    params(("Idempotency-Key" = Option<String>, Header,
        description = "Repeating the request with the same key gives the first one's answer")),
    responses(
        (status = 201, body = WorkspaceSummary),
        (status = 403, body = Problem),
        (status = 409, description = "The id is taken", body = Problem),
        (status = 413, body = Problem),
        (status = 422, body = Problem),
    )
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    key: Key,
    Json(body): Json<NewWorkspaceBody>,
) -> Result<Response, Problem> {
    caller.at_least(Role::Editor)?;
    match &body.id {
        Some(id) => caller.may_open(id)?,
        None => caller.everywhere()?,
    }
    check_title(&body.title)?;
    let by = caller.0.member.clone();
    let command = serde_json::to_value(&body).map_err(Problem::internal)?;
    let derived = match body.id {
        Some(_) => None,
        None => key.digest(&by.id).map(|digest| derived_id(&digest)),
    };
    let id = body.id.or(derived.clone());
    let content = body.content.map(content).transpose()?;
    let new = NewWorkspace {
        id,
        title: body.title,
        content,
        by: by.clone(),
    };
    let run = || async { create_once(&app, new, derived).await.into_response() };
    Ok(app.answers.once(&by.id, &key, &command, run).await)
}

fn content(value: Value) -> Result<InitialContent, ContentError> {
    match value.get("markdown") {
        Some(Value::String(text)) => Ok(InitialContent::Markdown(text.clone())),
        _ => InitialContent::from_json(value),
    }
}

/// Makes the workspace. If it was to have the id `derived` from the command's key and has it
/// already, then an earlier run of the command made it, before the server restarted.
async fn create_once(
    app: &App,
    new: NewWorkspace,
    derived: Option<WorkspaceId>,
) -> Result<Response, Problem> {
    match app.rooms.create(new).await {
        Err(CreateError::Exists(id)) if Some(&id) == derived.as_ref() => {
            Ok(created(app.store.record(&id).await?))
        }
        record => Ok(created(record?)),
    }
}

/// Lists the workspaces that the caller may open.
#[utoipa::path(
    get, path = "/workspaces", tag = "workspaces", params(Listing),
    responses((status = 200, body = WorkspacePage), (status = 401, body = Problem))
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(listing): Query<Listing>,
) -> Result<JsonAnswer<WorkspacePage>, Problem> {
    let limit = listing.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let mut items: Vec<WorkspaceSummary> = Vec::new();
    let mut after = listing.cursor;
    loop {
        let records = records(&app, &caller.0.scope, after.as_ref(), PAGE_MAX).await?;
        let Some(last) = records.last() else {
            return Ok(JsonAnswer(WorkspacePage {
                items,
                next_cursor: None,
            }));
        };
        after = Some(last.id.clone());
        for record in records
            .into_iter()
            .filter(|record| listing.archived || !record.archived)
        {
            if items.len() == limit {
                let next_cursor = items.last().map(|item| item.id.to_string());
                return Ok(JsonAnswer(WorkspacePage { items, next_cursor }));
            }
            items.push(record.into());
        }
    }
}

/// Reads a workspace.
#[utoipa::path(
    get, path = "/workspaces/{ws}", tag = "workspaces",
    params(("ws" = String, Path, description = "The workspace's id"), Reading),
    responses(
        (status = 200, content(
            (WorkspaceProjection = "application/json"),
            (String = "text/markdown"),
        )),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
    )
)]
async fn read(
    State(app): State<App>,
    caller: Caller,
    Path(ws): Path<WorkspaceId>,
    Query(reading): Query<Reading>,
) -> Result<Response, Problem> {
    let room = open(&app, &caller, &ws).await?;
    let projection = room.read(|txn| project(txn)).await?;
    Ok(match reading.format {
        Format::Json => JsonAnswer(projection).into_response(),
        Format::Markdown => {
            let form = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
            (form, markdown::render(&projection)).into_response()
        }
    })
}

/// Renames a workspace, or moves it into or out of the archive.
#[utoipa::path(
    patch, path = "/workspaces/{ws}", tag = "workspaces", request_body = Change,
    params(("ws" = String, Path, description = "The workspace's id")),
    responses(
        (status = 200, body = WorkspaceSummary),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 422, body = Problem),
    )
)]
async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(ws): Path<WorkspaceId>,
    Json(change): Json<Change>,
) -> Result<JsonAnswer<WorkspaceSummary>, Problem> {
    caller.at_least(if change.archived.is_some() {
        Role::Admin
    } else {
        Role::Editor
    })?;
    let room = open(&app, &caller, &ws).await?;
    if change.archived == Some(false) {
        room.set_archived(false).await?;
    }
    let renamed = change.title.is_some();
    if let Some(title) = &change.title {
        check_title(title)?;
        rename(&room, &caller.0.member.id, title.clone()).await?;
    }
    if change.archived == Some(true) {
        room.set_archived(true).await?;
    }
    let mut summary = WorkspaceSummary::from(app.store.record(&ws).await?);
    if renamed && let Some(title) = change.title {
        summary.title = title;
    }
    Ok(JsonAnswer(summary))
}

/// Deletes a workspace for good.
#[utoipa::path(
    delete, path = "/workspaces/{ws}", tag = "workspaces",
    params(("ws" = String, Path, description = "The workspace's id")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
    )
)]
async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path(ws): Path<WorkspaceId>,
) -> Result<StatusCode, Problem> {
    caller.at_least(Role::Admin)?;
    caller.may_open(&ws)?;
    match app.rooms.delete(&ws).await {
        Err(StoreError::NotFound) => Err(no_such_workspace(&ws)),
        deleted => Ok(deleted.map(|()| StatusCode::NO_CONTENT)?),
    }
}

/// The room of a workspace that the caller may open.
pub(super) async fn open(
    app: &App,
    caller: &Caller,
    ws: &WorkspaceId,
) -> Result<RoomHandle, Problem> {
    caller.may_open(ws)?;
    match app.store.record(ws).await {
        // Its room may still be closing.
        Err(StoreError::NotFound) => Err(no_such_workspace(ws)),
        Ok(_) | Err(_) => Ok(app.rooms.open(ws).await?),
    }
}

/// 201 with the workspace and where it is.
pub(super) fn created(record: WorkspaceRecord) -> Response {
    let place = HeaderValue::from_str(&format!("/api/v1/workspaces/{}", record.id))
        .expect("an id is visible ASCII");
    let summary = JsonAnswer(WorkspaceSummary::from(record));
    (StatusCode::CREATED, [(header::LOCATION, place)], summary).into_response()
}

/// Directory entries that `scope` covers, after `after`.
async fn records(
    app: &App,
    scope: &Scope,
    after: Option<&WorkspaceId>,
    limit: usize,
) -> Result<Vec<WorkspaceRecord>, StoreError> {
    let Scope::Only(ids) = scope else {
        return app.store.list(after, limit).await;
    };
    let mut records = Vec::new();
    for id in ids
        .iter()
        .filter(|id| after.is_none_or(|after| *id > after))
        .take(limit)
    {
        match app.store.record(id).await {
            Ok(record) => records.push(record),
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(records)
}

async fn rename(room: &RoomHandle, by: &MemberId, title: String) -> Result<(), Problem> {
    let set = move |txn: &mut yrs::TransactionMut<'_>| {
        schema::Workspace
            .title()
            .set(txn, &title)
            .map_err(|error| error.to_string())
    };
    Ok(room.edit(by.clone(), set).await?)
}

fn check_title(title: &str) -> Result<(), Problem> {
    let fits = !title.trim().is_empty()
        && title.chars().count() <= TITLE_CHARS_MAX
        && !title.chars().any(char::is_control);
    fits.then_some(()).ok_or_else(|| {
        Problem::invalid(format!(
            "title must be 1 to {TITLE_CHARS_MAX} characters without control characters"
        ))
    })
}

/// The id that a repeated command finds again.
fn derived_id(digest: &[u8; 32]) -> WorkspaceId {
    let letters = digest
        .iter()
        .take(12)
        .map(|byte| char::from(b'a' + byte % 26));
    letters
        .collect::<String>()
        .parse()
        .expect("letters are an id")
}

impl From<WorkspaceRecord> for WorkspaceSummary {
    fn from(record: WorkspaceRecord) -> Self {
        let WorkspaceRecord {
            id,
            title,
            lineage,
            created_ms,
            updated_ms,
            created_by,
            archived,
        } = record;
        Self {
            id,
            title,
            lineage,
            created_ms,
            updated_ms,
            created_by,
            archived,
        }
    }
}
