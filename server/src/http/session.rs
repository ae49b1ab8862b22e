//! Who am I: signing in and out, and tickets for sockets.

use axum::{
    Json as JsonAnswer,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use crdt_schema::{ids::WorkspaceId, member::Member};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    extract::{Caller, Json, address},
    problem::Problem,
};
use crate::{
    auth::{
        SESSION_MS,
        headers::{COOKIE, COOKIE_SECURE},
        origin::Sender,
    },
    clock::now_ms,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(ticket))
}

/// The caller, as the server knows them.
#[derive(Serialize, ToSchema)]
struct Me {
    /// Who is speaking.
    member: Member,
    /// Which workspaces the token opens; `null` for all.
    workspaces: Option<Vec<WorkspaceId>>,
    /// Id of the token that was used.
    token_id: String,
    /// When it ends, in milliseconds since the Unix epoch; `null` for never.
    expires_ms: Option<u64>,
}

/// A code from a sign-in link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "5f0c…" }))]
struct Code {
    /// The text after `code=`.
    code: String,
}

/// Opens one socket, once, within a minute.
#[derive(Serialize, ToSchema)]
struct TicketAnswer {
    /// For `?token=` in a socket's address.
    ticket: String,
    /// When it ends, in milliseconds since the Unix epoch.
    expires_ms: u64,
}

/// Says who the caller is.
#[utoipa::path(
    get, path = "/me", tag = "access",
    responses((status = 200, body = Me), (status = 401, body = Problem))
)]
async fn me(Caller(access): Caller) -> JsonAnswer<Me> {
    let workspaces = Option::from(access.scope);
    JsonAnswer(Me {
        workspaces: workspaces.map(|ids: std::collections::BTreeSet<_>| ids.into_iter().collect()),
        member: access.member,
        token_id: access.token_id,
        expires_ms: access.expires_ms,
    })
}

/// Swaps a sign-in code for a session cookie, once.
#[utoipa::path(
    post, path = "/sign-in", tag = "access", security(()), request_body = Code,
    responses((status = 204, description = "Signed in"), (status = 401, body = Problem))
)]
async fn sign_in(State(app): State<App>, request: SignIn) -> Result<Response, Problem> {
    let SignIn {
        headers,
        from,
        code,
    } = request;
    if app.origins.sender(&headers) == Sender::Foreign {
        return Err(Problem::forbidden("sign in from this server's own page"));
    }
    let authority = app.authority.clone();
    let exchanged = tokio::task::spawn_blocking(move || authority.exchange(&code, now_ms()))
        .await
        .map_err(Problem::internal)?;
    match exchanged {
        Ok(issued) => {
            tracing::info!(member = %issued.member.id, token = %issued.id, "signed in");
            let cookie = cookie(&issued.token, SESSION_MS / 1000, app.config.behind_proxy);
            Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
        }
        Err(error) => {
            app.rates.refused(from)?;
            Err(error.into())
        }
    }
}

/// What signing in needs of a request.
struct SignIn {
    headers: HeaderMap,
    from: std::net::IpAddr,
    code: String,
}

impl axum::extract::FromRequest<App> for SignIn {
    type Rejection = Problem;

    async fn from_request(request: axum::extract::Request, app: &App) -> Result<Self, Problem> {
        let headers = request.headers().clone();
        let from = address(request.extensions());
        let Json(Code { code }) = Json::from_request(request, app).await?;
        Ok(Self {
            headers,
            from,
            code,
        })
    }
}

/// Ends the token or session that was used.
#[utoipa::path(
    post, path = "/sign-out", tag = "access",
    responses((status = 204, description = "Signed out"), (status = 401, body = Problem))
)]
async fn sign_out(State(app): State<App>, Caller(access): Caller) -> Result<Response, Problem> {
    let authority = app.authority.clone();
    tokio::task::spawn_blocking(move || authority.revoke(&access.token_id))
        .await
        .map_err(Problem::internal)??;
    let cookie = cookie("", 0, app.config.behind_proxy);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Makes a single-use ticket for a socket's address, where a token might be written down.
#[utoipa::path(
    post, path = "/tickets", tag = "access",
    responses(
        (status = 201, body = TicketAnswer,
            example = json!({ "ticket": "ticket-9b2e…", "expires_ms": 1_767_225_660_000_u64 })),
        (status = 401, body = Problem),
        (status = 429, body = Problem),
    )
)]
async fn ticket(
    State(app): State<App>,
    Caller(access): Caller,
) -> Result<impl IntoResponse, Problem> {
    let ticket = app.authority.ticket(&access, now_ms())?;
    let answer = TicketAnswer {
        ticket: ticket.text,
        expires_ms: ticket.expires_ms,
    };
    Ok((StatusCode::CREATED, JsonAnswer(answer)))
}

fn cookie(token: &str, seconds: u64, behind_proxy: bool) -> HeaderValue {
    let (name, secure) = if behind_proxy {
        (COOKIE_SECURE, "; Secure")
    } else {
        (COOKIE, "")
    };
    let text =
        format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let mut value = HeaderValue::from_str(&text).expect("tokens are visible ASCII");
    value.set_sensitive(true);
    value
}
