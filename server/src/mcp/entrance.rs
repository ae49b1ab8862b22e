//! Who may come in: every request brings its credential, also within a session.
//!
//! Invariant: what passes carries a [`Visitor`]; no page of a foreign origin passes; a stream ends
//! when the access behind it does.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts as _, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::Response,
};
use crdt_schema::ids::WorkspaceId;
use futures_util::StreamExt as _;
use serde::Deserialize;

use super::sessions::Sessions;
use crate::{
    auth::{Access, Authority, origin::Sender},
    clock::now_ms,
    http::{
        App,
        extract::{Caller, Query},
        problem::Problem,
    },
};

/// Names the session in requests and in the answer that begins one.
const SESSION: &str = "mcp-session-id";

/// Who came in.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    /// The member, checked.
    pub(super) caller: Caller,
    /// The workspace that is meant when none is named.
    pub(super) workspace: Option<WorkspaceId>,
}

/// What the entrance works with. Cheap to clone.
#[derive(Clone)]
pub(super) struct Entrance {
    app: App,
    sessions: Arc<Sessions>,
}

/// What the address may say.
#[derive(Deserialize)]
struct Preference {
    workspace: Option<WorkspaceId>,
}

impl Entrance {
    pub(super) fn new(app: App, sessions: Sessions) -> Self {
        Self {
            app,
            sessions: Arc::new(sessions),
        }
    }

    async fn visitor(&self, parts: &mut Parts) -> Result<Visitor, Problem> {
        if self.app.origins.sender(&parts.headers) == Sender::Foreign {
            return Err(Problem::forbidden(
                "this request does not come from an allowed origin; configure `allowed_origins`",
            ));
        }
        let caller = Caller::from_request_parts(parts, &self.app).await?;
        let Query(Preference { workspace }) = Query::from_request_parts(parts, &self.app).await?;
        let session = session(&parts.headers);
        if session.is_some_and(|id| !self.sessions.is_of(id, &caller.0.member.id)) {
            return Err(Problem::not_found(
                "there is no such session; begin a new one with initialize",
            ));
        }
        Ok(Visitor { caller, workspace })
    }
}

/// Lets a request in, or says why not.
pub(super) async fn admit(
    State(entrance): State<Entrance>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let visitor = entrance.visitor(&mut parts).await?;
    let access = visitor.caller.0.clone();
    let begins = session(&parts.headers).is_none();
    // What is beyond may write down what it is given.
    parts.headers.remove(header::AUTHORIZATION);
    parts.headers.remove(header::COOKIE);
    parts.extensions.insert(visitor);
    let limit = entrance.app.config.limits.body_bytes_max;
    let body = to_bytes(body, limit)
        .await
        .map_err(|_| Problem::too_large("body_bytes_max", limit))?;
    let response = next.run(Request::from_parts(parts, body.into())).await;
    if begins && let Some(id) = session(response.headers()) {
        entrance.sessions.began(id, &access.member.id).await;
    }
    Ok(while_valid(response, access, &entrance.app.authority))
}

/// The answer to clients that look for a way to sign in.
pub(super) async fn no_sign_in() -> Problem {
    Problem::not_found(
        "access is by token: make one with `penhold token create` and send it as \
         `Authorization: Bearer TOKEN`",
    )
}

fn session(headers: &HeaderMap) -> Option<&str> {
    headers.get(SESSION)?.to_str().ok()
}

/// A stream that ends with the access it was opened with.
fn while_valid(response: Response, access: Access, authority: &Authority) -> Response {
    let form = response.headers().get(header::CONTENT_TYPE);
    if form.is_none_or(|form| form != "text/event-stream") {
        return response;
    }
    let over = access_over(authority.clone(), access);
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(over)))
}

/// Returns when `access` no longer holds.
pub(super) async fn access_over(authority: Authority, access: Access) {
    let mut changes = authority.changes();
    while authority.still_valid(&access, now_ms()) {
        let left = access.expires_ms.map(|end| end.saturating_sub(now_ms()));
        let expiry = async {
            match left {
                Some(ms) => tokio::time::sleep(std::time::Duration::from_millis(ms)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = expiry => {}
            changed = changes.changed() => if changed.is_err() { return },
        }
    }
}
