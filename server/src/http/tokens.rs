//! Access for others: admins make, list and revoke tokens and sign-in links.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use std::collections::BTreeSet;

use axum::{Json as JsonAnswer, extract::State, http::StatusCode, response::IntoResponse};
use crdt_schema::{
    ids::WorkspaceId,
    member::{Kind, Member, Role},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    extract::{Caller, Json, Path, Query},
    problem::Problem,
};
use crate::{
    auth::{AuthError, Authority, NewToken, Scope, TokenRecord},
    clock::now_ms,
};

/// How long a sign-in link made over HTTP can be used, in milliseconds: one day.
const LINK_MS: u64 = 24 * 60 * 60 * 1000;
/// Tokens in one page, at most and by default.
const PAGE_MAX: usize = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(revoke))
        .routes(routes!(create_link))
}

/// Whom access is made for, and what it allows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Planner", "kind": "agent", "role": "editor" }))]
struct Grant {
    /// Name of the member; the same name and kind is the same member.
    name: String,
    /// Person or agent.
    kind: Kind,
    /// What they may do.
    role: Role,
    /// Only these workspaces; all if absent.
    #[serde(default)]
    workspaces: Option<BTreeSet<WorkspaceId>>,
    /// When it ends, in milliseconds since the Unix epoch; never if absent.
    #[serde(default)]
    expires_ms: Option<u64>,
}

/// A token, shown this once.
#[derive(Serialize, ToSchema)]
struct NewTokenAnswer {
    /// The token.
    token: String,
    /// Its id, for revoking.
    id: String,
    /// Whom it speaks for.
    member: Member,
}

/// A sign-in link, shown this once.
#[derive(Serialize, ToSchema)]
struct LinkAnswer {
    /// What to open, relative to the server's address.
    path: String,
    /// When it can no longer be used, in milliseconds since the Unix epoch.
    expires_ms: u64,
}

/// What is known about a token; never its text.
#[derive(Serialize, ToSchema)]
struct TokenSummary {
    /// Its id.
    id: String,
    /// Whom it speaks for.
    member: Member,
    /// Which workspaces it opens; `null` for all.
    workspaces: Option<Vec<WorkspaceId>>,
    /// Milliseconds since the Unix epoch.
    issued_ms: u64,
    /// Milliseconds since the Unix epoch; `null` for never.
    expires_ms: Option<u64>,
    /// Milliseconds since the Unix epoch; `null` if it was not revoked.
    revoked_ms: Option<u64>,
}

/// A page of tokens, newest first.
#[derive(Serialize, ToSchema)]
struct TokenPage {
    /// The tokens.
    items: Vec<TokenSummary>,
    /// Ask again with this as `cursor` for more; `null` at the end.
    next_cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200.
    limit: Option<usize>,
}

/// Makes a token.
#[utoipa::path(
    post, path = "/tokens", tag = "access", request_body = Grant,
    responses(
        (status = 201, body = NewTokenAnswer),
        (status = 403, body = Problem),
        (status = 422, body = Problem),
    )
)]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Json(grant): Json<Grant>,
) -> Result<impl IntoResponse, Problem> {
    administrator(&caller)?;
    let new = grant.check()?;
    let issued = blocking(&app, move |authority| authority.issue(new)).await?;
    tracing::info!(by = %caller.0.member.id, member = %issued.member.id, token = %issued.id, "token made");
    let answer = NewTokenAnswer {
        token: issued.token,
        id: issued.id,
        member: issued.member,
    };
    Ok((StatusCode::CREATED, JsonAnswer(answer)))
}

/// Makes a sign-in link for a person's browser; it works once, within a day.
#[utoipa::path(
    post, path = "/sign-in-links", tag = "access", request_body = Grant,
    responses(
        (status = 201, body = LinkAnswer),
        (status = 403, body = Problem),
        (status = 422, body = Problem),
    )
)]
async fn create_link(
    State(app): State<App>,
    caller: Caller,
    Json(grant): Json<Grant>,
) -> Result<impl IntoResponse, Problem> {
    administrator(&caller)?;
    let new = grant.check()?;
    let link = blocking(&app, move |authority| authority.sign_in_link(new, LINK_MS)).await?;
    let answer = LinkAnswer {
        path: link.address(""),
        expires_ms: link.expires_ms,
    };
    Ok((StatusCode::CREATED, JsonAnswer(answer)))
}

/// Lists the tokens that were made, newest first.
#[utoipa::path(
    get, path = "/tokens", tag = "access", params(Page),
    responses((status = 200, body = TokenPage), (status = 403, body = Problem))
)]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<JsonAnswer<TokenPage>, Problem> {
    administrator(&caller)?;
    let limit = page.limit.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX);
    let tokens = app.authority.tokens();
    let start = match page.cursor {
        None => 0,
        Some(cursor) => {
            let at = tokens.iter().position(|token| token.id == cursor);
            at.ok_or_else(|| Problem::bad_request("this cursor is not from a page of tokens"))? + 1
        }
    };
    let next_cursor = tokens
        .get(start + limit)
        .map(|_| tokens[start + limit - 1].id.clone());
    let items = tokens
        .into_iter()
        .skip(start)
        .take(limit)
        .map(TokenSummary::from)
        .collect();
    Ok(JsonAnswer(TokenPage { items, next_cursor }))
}

/// Revokes a token; its live sockets are closed.
#[utoipa::path(
    delete, path = "/tokens/{id}", tag = "access",
    params(("id" = String, Path, description = "The token's id")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
    )
)]
async fn revoke(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    administrator(&caller)?;
    tracing::info!(by = %caller.0.member.id, token = %id, "token revoked");
    blocking(&app, move |authority| authority.revoke(&id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Only who administers everything may hand out access.
fn administrator(caller: &Caller) -> Result<(), Problem> {
    caller.at_least(Role::Admin)?;
    caller.everywhere()
}

/// Runs what waits for the disk where waiting harms nobody.
async fn blocking<R: Send + 'static>(
    app: &App,
    work: impl FnOnce(Authority) -> Result<R, AuthError> + Send + 'static,
) -> Result<R, Problem> {
    let authority = app.authority.clone();
    let done = tokio::task::spawn_blocking(move || work(authority)).await;
    Ok(done.map_err(Problem::internal)??)
}

impl Grant {
    fn check(self) -> Result<NewToken, Problem> {
        if self.expires_ms.is_some_and(|end| end <= now_ms()) {
            return Err(Problem::invalid(
                "expires_ms is over already; choose a later time",
            ));
        }
        let Self {
            name,
            kind,
            role,
            workspaces,
            expires_ms,
        } = self;
        Ok(NewToken {
            name,
            kind,
            role,
            workspaces: Scope::from(workspaces),
            expires_ms,
        })
    }
}

impl From<TokenRecord> for TokenSummary {
    fn from(record: TokenRecord) -> Self {
        let TokenRecord {
            id,
            member,
            scope,
            issued_ms,
            expires_ms,
            revoked_ms,
        } = record;
        let workspaces = match scope {
            Scope::All => None,
            Scope::Only(ids) => Some(ids.into_iter().collect()),
        };
        Self {
            id,
            member,
            workspaces,
            issued_ms,
            expires_ms,
            revoked_ms,
        }
    }
}
