//! Earlier versions of a workspace: kept, read, brought back; and undoing one member's work.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{Json as JsonAnswer, http::StatusCode, response::IntoResponse};
use crdt_schema::{
    attribution::Authors,
    authors,
    ids::MemberId,
    member::{Member, Role},
    ownership::Noted,
    path::DocPath,
    versions::{RestoreError, Undone, Version, Whose, restore, undo_member},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::Transact;

use super::{
    App,
    desk::{Desk, Done, Refusals},
    extract::{Json, Path, Query},
    idempotency::Key,
    listing::{Listing, Page},
    problem::Problem,
};
use crate::{
    clock::now_ms,
    room::Acted,
    versions::{self, About, Kept, Since},
};

/// Longest title, in characters.
const TITLE_CHARS_MAX: usize = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(make, list))
        .routes(routes!(read))
        .routes(routes!(bring_back))
        .routes(routes!(undo))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct CheckpointPath {
    /// The checkpoint's id.
    id: String,
}

/// A version to be kept.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "title": "Before the budget call" }))]
struct NewCheckpoint {
    /// What it is called.
    title: String,
}

/// A kept version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "000000004711-by-hand", "cursor": 4711, "kind": "by-hand",
    "title": "Before the budget call", "at_ms": 1_767_225_600_000_u64,
    "by": { "id": "mara", "name": "Mara", "kind": "human", "role": "admin" }
}))]
struct Checkpoint {
    /// Its id.
    id: String,
    /// The position in the log of the last entry that it holds.
    cursor: u64,
    /// Why it is kept: `by-hand`, `before-restore`, or at what was decided: `handoff-<id>`,
    /// `decision-<id>` or `approval-<id>`.
    kind: String,
    /// What it is called; empty when nobody gave it a name.
    title: String,
    /// When it was kept, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_ms: Option<u64>,
    /// Who made it, or did what it was kept at.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Member>,
}

/// What to bring back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "paths": ["plan/steps/ab12"] }))]
struct Restoring {
    /// The parts; everything when empty.
    #[schema(value_type = Vec<String>)]
    paths: Vec<DocPath>,
}

/// What was brought back.
#[derive(Debug, Serialize, ToSchema)]
struct Restored {
    /// The places that changed; none when everything read so already.
    #[schema(value_type = Vec<String>)]
    changed: Vec<DocPath>,
    /// The version that was kept before, when anything changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
}

/// Whose work to undo.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "member": "planner", "since": "handoff:h1" }))]
struct Undoing {
    /// Whose edits.
    member: MemberId,
    /// Since when: `visit`, `handoff:<id>`, `decision:<id>`, `approval:<id>`,
    /// `checkpoint:<id>` or a cursor.
    since: String,
}

/// Keeps a version of the workspace as it is.
#[utoipa::path(
    post, path = "/workspaces/{ws}/checkpoints", tag = "checkpoints",
    params(Desk, Key), request_body = NewCheckpoint,
    responses((status = 201, body = Done<Checkpoint>), Refusals)
)]
async fn make(
    desk: Desk,
    Json(new): Json<NewCheckpoint>,
) -> Result<impl IntoResponse + use<>, Problem> {
    desk.caller.at_least(Role::Editor)?;
    if new.title.chars().count() > TITLE_CHARS_MAX {
        return Err(Problem::invalid(format!(
            "title is longer than {TITLE_CHARS_MAX} characters"
        )));
    }
    let version = desk
        .view(|view| Version::take(&view.doc.transact(), view.cursor, now_ms()))
        .await?;
    let id = versions::id(version.cursor, versions::BY_HAND);
    let (at_ms, title) = (version.at_ms, new.title);
    desk.keep(id.clone(), version, title.clone()).await?;
    let noted = Noted::CheckpointMade {
        checkpoint: id.clone(),
        title: title.clone(),
    };
    let outcome = desk.note(noted).await?;
    let about = About {
        at_ms,
        by: Some(desk.me().id.clone()),
        title,
    };
    let by = Some(desk.me().clone());
    let done = Done::new(Checkpoint::of(id).told(about, by), &outcome);
    Ok((StatusCode::CREATED, JsonAnswer(done)))
}

/// Lists the kept versions, newest first.
#[utoipa::path(
    get, path = "/workspaces/{ws}/checkpoints", tag = "checkpoints", params(Desk, Listing),
    responses((status = 200, body = Page<Checkpoint>), Refusals)
)]
async fn list(
    desk: Desk,
    Query(listing): Query<Listing>,
) -> Result<JsonAnswer<Page<Checkpoint>>, Problem> {
    let ids = desk.app.store.checkpoints(&desk.ws).await?.into_iter();
    let kept = ids.filter(|id| versions::position_of(id).is_some());
    let Page { items, next_cursor } = listing.page(kept.map(Checkpoint::of), |checkpoint| {
        (checkpoint.cursor, checkpoint.id.clone())
    });
    let mut known = Vec::new();
    for checkpoint in items {
        let about = versions::about(&*desk.app.store, &desk.ws, &checkpoint.id).await?;
        known.push((checkpoint, about));
    }
    let told = desk.view(move |view| {
        let told = known.into_iter().map(|(checkpoint, about)| match about {
            None => checkpoint,
            Some(about) => {
                let by = about.by.as_ref().and_then(|by| view.ledger.member(by));
                let by = by.cloned();
                checkpoint.told(about, by)
            }
        });
        told.collect()
    });
    Ok(JsonAnswer(Page {
        items: told.await?,
        next_cursor,
    }))
}

/// Reads a kept version.
#[utoipa::path(
    get, path = "/workspaces/{ws}/checkpoints/{id}", tag = "checkpoints",
    params(Desk, CheckpointPath),
    responses((status = 200, body = Version), Refusals)
)]
async fn read(
    desk: Desk,
    Path(CheckpointPath { id }): Path<CheckpointPath>,
) -> Result<JsonAnswer<Version>, Problem> {
    Ok(JsonAnswer(
        versions::read(&*desk.app.store, &desk.ws, &id).await?,
    ))
}

/// Makes the workspace, or parts of it, read as in a kept version. That is a new edit: nothing is
/// erased, and what it read as before is kept as a version too.
#[utoipa::path(
    post, path = "/workspaces/{ws}/checkpoints/{id}/restore", tag = "checkpoints",
    params(Desk, CheckpointPath, Key), request_body = Restoring,
    responses((status = 200, body = Done<Restored>), Refusals)
)]
async fn bring_back(
    desk: Desk,
    Path(CheckpointPath { id }): Path<CheckpointPath>,
    Json(restoring): Json<Restoring>,
) -> Result<JsonAnswer<Done<Restored>>, Problem> {
    desk.person_at_least(Role::Editor)?;
    let version = versions::read(&*desk.app.store, &desk.ws, &id).await?;
    let paths = restoring.paths;
    let title = format!("Before bringing back {id}");
    let acted = desk.act(move |txn, scene| {
        let before = Version::take(txn, scene.cursor, now_ms());
        let mut changed = Vec::new();
        if paths.is_empty() {
            changed = restore(txn, &version.projection, None)?;
        }
        for path in &paths {
            changed.extend(restore(txn, &version.projection, Some(path))?);
        }
        Ok(Acted {
            answer: (changed, before),
            noted: Noted::Restored {
                checkpoint: id,
                paths,
            },
            credit: None,
        })
    });
    let ((changed, version), outcome) = acted.await?;
    let mut before = None;
    if !changed.is_empty() {
        let id = versions::id(version.cursor, versions::BEFORE_RESTORE);
        desk.keep(id.clone(), version, title).await?;
        before = Some(id);
    }
    Ok(JsonAnswer(Done::new(
        Restored { changed, before },
        &outcome,
    )))
}

/// Takes back what one member did since some moment, and keeps what others wrote.
#[utoipa::path(
    post, path = "/workspaces/{ws}/actions/undo", tag = "actions",
    params(Desk, Key), request_body = Undoing,
    responses((status = 200, body = Done<Undone>), Refusals)
)]
async fn undo(
    desk: Desk,
    Json(undoing): Json<Undoing>,
) -> Result<JsonAnswer<Done<Undone>>, Problem> {
    desk.person_at_least(Role::Editor)?;
    let since: Since = undoing
        .since
        .parse()
        .map_err(|error: versions::BadSince| Problem::invalid(error.to_string()))?;
    let base = versions::base(&*desk.app.store, &desk.ws, &since, &desk.me().id).await?;
    let member = undoing.member;
    let acted = desk.act(move |txn, scene| {
        let known = Authors::read(txn, &authors::on_behalf(txn));
        let whose = Whose {
            member: &member,
            authors: &known,
            touches: scene.touches,
        };
        let undone =
            undo_member(txn, &base, whose).map_err(|error| Problem::conflict(error.to_string()))?;
        Ok(Acted {
            answer: undone,
            noted: Noted::Undone {
                member,
                since: base.cursor,
            },
            credit: None,
        })
    });
    let (undone, outcome) = acted.await?;
    Ok(JsonAnswer(Done::new(undone, &outcome)))
}

impl Checkpoint {
    fn of(id: String) -> Self {
        Self {
            cursor: versions::position_of(&id).unwrap_or(0),
            kind: versions::what_of(&id).to_owned(),
            id,
            title: String::new(),
            at_ms: None,
            by: None,
        }
    }

    fn told(self, about: About, by: Option<Member>) -> Self {
        Self {
            title: about.title,
            at_ms: Some(about.at_ms),
            by,
            ..self
        }
    }
}

impl Desk {
    async fn keep(&self, id: String, version: Version, title: String) -> Result<(), Problem> {
        let kept = Kept {
            id,
            version,
            by: Some(self.me().id.clone()),
            title,
        };
        Ok(versions::keep(&*self.app.store, &self.ws, kept).await?)
    }
}

impl From<RestoreError> for Problem {
    fn from(error: RestoreError) -> Self {
        match error {
            RestoreError::NotContent(_) => Self::invalid(error.to_string()),
            RestoreError::OnlyInOne(_) | RestoreError::Edit(_) => Self::conflict(error.to_string()),
        }
    }
}
