//! Taking a workspace out as one file, and putting it back in.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{
    Json as JsonAnswer,
    extract::{DefaultBodyLimit, Extension, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use crdt_schema::{ids::WorkspaceId, member::Role, project::project};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::{ReadTxn as _, StateVector, Transact as _};

use super::{
    App,
    extract::{BodyLimit, Caller, Json, Path, Query},
    problem::Problem,
    workspaces::{WorkspaceSummary, created, open},
};
use crate::{
    export::{Belongings, Export, Head},
    store::StoreError,
};

pub(super) fn routes(import_bytes_max: usize) -> OpenApiRouter<App> {
    let limit = BodyLimit {
        name: "import_bytes_max",
        bytes: import_bytes_max,
    };
    let import = OpenApiRouter::new()
        .routes(routes!(import))
        .layer(DefaultBodyLimit::max(import_bytes_max))
        .layer(Extension(limit));
    OpenApiRouter::new().routes(routes!(export)).merge(import)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Importing {
    /// The id to import under; the one in the file if absent.
    id: Option<WorkspaceId>,
}

/// Takes a workspace out as one self-contained file.
#[utoipa::path(
    get, path = "/workspaces/{ws}/export", tag = "workspaces",
    params(("ws" = String, Path, description = "The workspace's id")),
    responses(
        (status = 200, body = Export),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
    )
)]
async fn export(
    State(app): State<App>,
    caller: Caller,
    Path(ws): Path<WorkspaceId>,
) -> Result<Response, Problem> {
    let room = open(&app, &caller, &ws).await?;
    let (state, document, records) = room
        .view(|view| {
            let txn = view.doc.transact();
            let state = txn.encode_diff_v1(&StateVector::default()).into();
            (state, project(&txn), view.ledger.head().0)
        })
        .await?;
    let record = app.store.record(&ws).await?;
    let belongings = Belongings::read(&*app.store, &ws, records).await?;
    let name = format!("attachment; filename=\"{ws}.penhold.json\"");
    let name = HeaderValue::from_str(&name).expect("an id is visible ASCII");
    let file = JsonAnswer(Export::new(record, &state, belongings, document));
    Ok(([(header::CONTENT_DISPOSITION, name)], file).into_response())
}

/// Puts an exported workspace in; its id must be free.
#[utoipa::path(
    post, path = "/import", tag = "workspaces", params(Importing),
    request_body(content = Head, example = json!({
        "format": "penhold-export", "version": 2, "state": "AAA=",
        "workspace": {
            "id": "clinic", "title": "Clinic", "lineage": "0123456789abcdef0123456789abcdef",
            "created_ms": 1_767_225_600_000_u64, "updated_ms": 1_767_225_660_000_u64,
            "created_by": "mara", "archived": false
        },
        "records": [], "checkpoints": {}, "artifacts": {}
    })),
    responses(
        (status = 201, body = WorkspaceSummary),
        (status = 403, body = Problem),
        (status = 409, description = "The id is taken", body = Problem),
        (status = 413, body = Problem),
        (status = 422, body = Problem),
    )
)]
async fn import(
    State(app): State<App>,
    caller: Caller,
    Query(importing): Query<Importing>,
    Json(file): Json<Head>,
) -> Result<Response, Problem> {
    caller.at_least(Role::Admin)?;
    caller.everywhere()?;
    let admitted = tokio::task::spawn_blocking(move || file.admit(importing.id)).await;
    let (record, contents) = admitted
        .map_err(Problem::internal)?
        .map_err(|bad| Problem::invalid(bad.to_string()))?;
    match app.store.import(record.clone(), contents).await {
        Ok(()) => Ok(created(record)),
        Err(StoreError::Exists) => Err(Problem::conflict(format!(
            "there is a workspace {:?} already; import under another id with ?id=",
            record.id
        ))),
        Err(error) => Err(error.into()),
    }
}
