//! Problem details (RFC 9457): one form for every error that leaves over HTTP.
//!
//! Invariant: the caller's fault is 4xx and says what to do; ours is 5xx, is logged in full and
//! sent without inner detail.

mod refused;

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use crdt_schema::{content::ContentError, ids::WorkspaceId, suggest};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub(super) use self::refused::SEEN_NOT_ARRIVED;

use crate::{
    auth::{AuthError, Denied, rate::Exceeded},
    room::{CreateError, OpenError, RoomError},
    store::StoreError,
    versions::VersionError,
};

/// An error as told to the caller.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "urn:penhold:problem:not-found",
    "title": "Not Found",
    "status": 404,
    "detail": "there is no workspace \"alpha\"; GET /api/v1/workspaces lists those you may open"
}))]
pub struct Problem {
    /// Which problem it is: stable, for programs.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status code, once more.
    status: u16,
    /// What happened and what to do, for people.
    detail: String,
    /// The limit that was reached, if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Limit>,
    /// Of a refused command: why, in a word, and what helps to go on.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = More)]
    more: Option<Box<More>>,
    #[serde(skip)]
    retry_after: Option<Duration>,
}

/// Why a command was refused.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct More {
    /// The refusal's stable name, such as `stale` or `changed_since_you_looked`.
    #[schema(required = false)]
    code: &'static str,
    /// What the refusal tells: `owner`, `owner_name` and `epoch` of an item, `missing` parts of a
    /// briefing, the `content` hash of an approval, and so on.
    #[serde(flatten)]
    fields: Map<String, Value>,
}

/// A named limit and its value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Limit {
    /// Its name, as in the configuration.
    name: &'static str,
    /// Its value, in the unit that the name says; rates are per second.
    value: u64,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind,
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            limit: None,
            more: None,
            retry_after: None,
        }
    }

    /// 400: the request does not make sense.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "urn:penhold:problem:bad-request",
            detail,
        )
    }

    /// 401: no valid credential.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:penhold:problem:unauthenticated",
            detail,
        )
    }

    /// 403: a valid credential that does not suffice.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "urn:penhold:problem:forbidden",
            detail,
        )
    }

    /// 404: no such thing, or none that the caller may know of.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "urn:penhold:problem:not-found",
            detail,
        )
    }

    /// 405: the address exists, but not for this method.
    pub fn method_not_allowed(detail: impl Into<String>) -> Self {
        let kind = "urn:penhold:problem:method-not-allowed";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, kind, detail)
    }

    /// 409: it conflicts with what is there.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "urn:penhold:problem:conflict", detail)
    }

    /// 410: it was there once.
    pub fn gone(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::GONE, "urn:penhold:problem:gone", detail)
    }

    /// 413: over a limit of size.
    pub fn too_large(name: &'static str, value: usize) -> Self {
        let detail = format!("over the limit {name}: {value}; send less, or split it");
        let kind = "urn:penhold:problem:too-large";
        let limit = Some(Limit {
            name,
            value: value as u64,
        });
        Self {
            limit,
            ..Self::new(StatusCode::PAYLOAD_TOO_LARGE, kind, detail)
        }
    }

    /// 415: the wrong kind of body.
    pub fn unsupported_media_type(detail: impl Into<String>) -> Self {
        let kind = "urn:penhold:problem:unsupported-media-type";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, kind, detail)
    }

    /// 422: well formed, but not acceptable.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "urn:penhold:problem:invalid",
            detail,
        )
    }

    /// 429: over a limit of rate or count.
    fn too_many(limit: Limit, retry_after: Duration, detail: String) -> Self {
        let kind = "urn:penhold:problem:too-many-requests";
        Self {
            limit: Some(limit),
            retry_after: Some(retry_after),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, kind, detail)
        }
    }

    /// 500: our fault; `cause` is logged, not sent.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        let detail = "the server failed; its log says why";
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "urn:penhold:problem:internal",
            detail,
        )
    }

    /// 503: not now; trying again later may work.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        let kind = "urn:penhold:problem:unavailable";
        Self {
            retry_after: Some(Duration::from_secs(1)),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, detail)
        }
    }

    /// 504: it took longer than the named limit.
    pub fn timed_out(request_ms_max: u64) -> Self {
        let detail = format!("over the limit request_ms_max: {request_ms_max}; try again");
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "urn:penhold:problem:timed-out",
            detail,
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("made from a status");
        let mut response = (status, Json(&self)).into_response();
        let headers = response.headers_mut();
        let form = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, form);
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(
                header::RETRY_AFTER,
                wait.as_secs_f64()
                    .ceil()
                    .to_string()
                    .parse()
                    .expect("a number is a header value"),
            );
        }
        response
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Missing
            | Denied::Unknown
            | Denied::Expired
            | Denied::Revoked
            | Denied::Used => Self::unauthenticated(denied.to_string()),
            Denied::Origin => Self::forbidden(denied.to_string()),
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Denied(denied) => denied.into(),
            AuthError::Name => Self::invalid(error.to_string()),
            AuthError::NoSuchToken(_) => Self::not_found(error.to_string()),
            AuthError::TooManyTickets { limit } => Self::too_many(
                Limit {
                    name: "tickets_waiting",
                    value: limit as u64,
                },
                Duration::from_secs(60),
                error.to_string(),
            ),
            AuthError::File { .. } | AuthError::Damaged { .. } => Self::internal(error),
        }
    }
}

impl From<Exceeded> for Problem {
    fn from(exceeded: Exceeded) -> Self {
        let limit = Limit {
            name: exceeded.name,
            value: exceeded.rate.per_second.get().into(),
        };
        Self::too_many(limit, exceeded.retry_after, exceeded.to_string())
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NotFound(workspace) => no_such_workspace(&workspace),
            OpenError::Busy(detail) => Self::unavailable(detail),
            OpenError::Unavailable(cause) => {
                tracing::error!(%cause, "a workspace cannot be opened");
                Self::unavailable("the workspace cannot be opened; the server's log says why")
            }
        }
    }
}

impl From<RoomError> for Problem {
    fn from(error: RoomError) -> Self {
        match error {
            RoomError::Open(error) => error.into(),
            RoomError::Refused(reason) => Self::conflict(reason),
            RoomError::Ended => Self::unavailable(error.to_string()),
        }
    }
}

impl From<CreateError> for Problem {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::Exists(_) => Self::conflict(error.to_string()),
            CreateError::Content(error) => error.into(),
            CreateError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found("there is no such workspace"),
            StoreError::Exists | StoreError::Conflict { .. } => Self::conflict(error.to_string()),
            StoreError::TooLarge { limit, .. } => Self::too_large("entry_bytes_max", limit),
            StoreError::Full(cause) => {
                tracing::error!(%cause, "the disk is full");
                Self::unavailable("the server's disk is full; nothing was changed")
            }
            StoreError::Unfit(cause) => Self::invalid(cause),
            StoreError::Failed(cause) => Self::internal(cause),
        }
    }
}

/// The answer for a workspace that is not there.
pub(super) fn no_such_workspace(workspace: &WorkspaceId) -> Problem {
    Problem::not_found(format!(
        "there is no workspace {workspace:?}; GET /api/v1/workspaces lists those you may open"
    ))
}

impl From<VersionError> for Problem {
    fn from(error: VersionError) -> Self {
        match error {
            VersionError::Missing(_) => Self::not_found(error.to_string()),
            VersionError::Unreadable { .. } => Self::internal(error),
            VersionError::Store(error) => error.into(),
        }
    }
}

impl From<suggest::Refused> for Problem {
    fn from(refused: suggest::Refused) -> Self {
        use suggest::Refused;
        let detail = refused.to_string();
        match refused {
            Refused::Missing(_) => Self::not_found(detail),
            Refused::Decided { .. } => Self::conflict(detail).coded("decided", Map::new()),
            Refused::Stale {
                quote,
                replacement,
                now,
            } => {
                let three = [("quote", quote), ("replacement", replacement), ("now", now)];
                let fields = three.map(|(name, text)| (name.to_owned(), text.into()));
                Self::conflict(detail).coded("stale_suggestion", fields.into_iter().collect())
            }
            Refused::Target(_) | Refused::Element { .. } | Refused::Edit(_) => {
                Self::invalid(detail)
            }
        }
    }
}

impl From<ContentError> for Problem {
    fn from(error: ContentError) -> Self {
        Self::invalid(error.to_string())
    }
}
