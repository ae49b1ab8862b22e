//! What handlers take from a request; every rejection is a [`Problem`].

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    body::Bytes,
    extract::{
        ConnectInfo, FromRequest, FromRequestParts, Request,
        rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection},
    },
    http::{Extensions, Method, StatusCode, request::Parts},
};
use crdt_schema::{ids::WorkspaceId, member::Role};
use serde::de::DeserializeOwned;

use super::{App, problem::Problem};
use crate::{
    auth::{Access, Scope, headers::Intent},
    clock::now_ms,
};

/// A member who gave a valid credential, within their rate.
#[derive(Debug, Clone)]
pub struct Caller(pub Access);

/// A JSON body.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

/// A body as it is.
#[derive(Debug, Clone)]
pub struct Body(pub Bytes);

/// The query of the address.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

/// The parameters in the address's path.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

/// The limit on bodies of a route, by the name it has in the configuration.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    /// Its name.
    pub name: &'static str,
    /// Its value, in bytes.
    pub bytes: usize,
}

impl Caller {
    /// Refuses who has less than `role`.
    pub fn at_least(&self, role: Role) -> Result<(), Problem> {
        if self.0.member.role >= role {
            return Ok(());
        }
        let (has, needs) = (word(self.0.member.role), word(role));
        Err(Problem::forbidden(format!(
            "this needs the role {needs}; your token's is {has}"
        )))
    }

    /// Refuses whose token does not open `workspace`, whether or not there is one.
    pub fn may_open(&self, workspace: &WorkspaceId) -> Result<(), Problem> {
        if self.0.may_open(workspace) {
            return Ok(());
        }
        Err(Problem::forbidden(format!(
            "your token does not open the workspace {workspace:?}"
        )))
    }

    /// Refuses whose token is limited to some workspaces.
    pub fn everywhere(&self) -> Result<(), Problem> {
        match &self.0.scope {
            Scope::All => Ok(()),
            Scope::Only(_) => Err(Problem::forbidden(
                "this needs a token for all workspaces; yours is limited to some",
            )),
        }
    }
}

/// Who sent the request, as far as the server knows.
pub fn address(extensions: &Extensions) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.0.ip())
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // Another face of this server has let them in and counted them.
        if let Some(caller) = parts.extensions.get::<Self>() {
            return Ok(caller.clone());
        }
        let intent = match parts.method {
            Method::GET | Method::HEAD => Intent::Read,
            _ => Intent::Command,
        };
        let verified = app
            .authority
            .verify_headers(&parts.headers, intent, &app.origins, now_ms());
        let access = verified.map_err(|denied| {
            let from = address(&parts.extensions);
            app.rates
                .refused(from)
                .map_or_else(Problem::from, |()| denied.into())
        })?;
        app.rates.member(&access.member.id)?;
        Ok(Self(access))
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let limit = request.extensions().get::<BodyLimit>().copied();
        axum::Json::from_request(request, app)
            .await
            .map(|json| Self(json.0))
            .map_err(|rejection| {
                let detail = rejection.body_text();
                match rejection {
                    JsonRejection::JsonDataError(_) => Problem::invalid(detail),
                    JsonRejection::MissingJsonContentType(_) => Problem::unsupported_media_type(
                        "send JSON with the header `Content-Type: application/json`",
                    ),
                    JsonRejection::BytesRejection(rejection) => unread(&rejection, limit),
                    _ => Problem::bad_request(detail),
                }
            })
    }
}

impl FromRequest<App> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let limit = request.extensions().get::<BodyLimit>().copied();
        Bytes::from_request(request, app)
            .await
            .map(Self)
            .map_err(|rejection| unread(&rejection, limit))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        axum::extract::Query::from_request_parts(parts, app)
            .await
            .map(|query| Self(query.0))
            .map_err(|rejection: QueryRejection| Problem::bad_request(rejection.body_text()))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        axum::extract::Path::from_request_parts(parts, app)
            .await
            .map(|path| Self(path.0))
            .map_err(|rejection: PathRejection| Problem::not_found(rejection.body_text()))
    }
}

fn unread(rejection: &BytesRejection, limit: Option<BodyLimit>) -> Problem {
    match limit {
        Some(limit) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::too_large(limit.name, limit.bytes)
        }
        _ => Problem::bad_request(rejection.body_text()),
    }
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Reviewer => "reviewer",
        Role::Editor => "editor",
        Role::Admin => "admin",
    }
}
