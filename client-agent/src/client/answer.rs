//! What a server answers when it does not do what it was asked to.

use std::time::Duration;

use crdt_schema::ownership::Owner;
use reqwest::{StatusCode, header::HeaderMap};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server says no, and what to do instead. Nothing has changed.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// The server did not answer for as long as this client is patient. A command may have been
    /// carried out all the same: ask again with the same key, or look.
    #[error("the server does not answer: {0}")]
    Unreachable(String),
    /// The server answered what this client does not understand; the two may be of different
    /// versions.
    #[error("the server's answer cannot be read: {0}")]
    Unreadable(String),
}

/// A refusal, as the server tells it (RFC 9457).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// Which problem it is, stable, such as `stale` or `not_owner`.
    pub code: String,
    /// What happened and what to do, for people.
    pub detail: String,
    /// Who holds the item, when that is what stands in the way.
    pub owner: Option<Owner>,
    /// That owner's name.
    pub owner_name: Option<String>,
    /// The item's epoch now.
    pub epoch: Option<u64>,
    /// Everything else that the server told, such as what a briefing lacks.
    pub more: Map<String, Value>,
}

impl ClientError {
    /// The refusal, if it is one.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            Self::Unreachable(_) | Self::Unreadable(_) => None,
        }
    }

    /// Whether it is the refusal with this code.
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        self.problem().is_some_and(|problem| problem.code == code)
    }
}

/// What one attempt came to.
pub(super) enum Attempt<T> {
    Done(T),
    /// It may be otherwise soon.
    Later {
        error: ClientError,
        wait: Option<Duration>,
    },
    Never(ClientError),
}

/// What an answer without success means.
pub(super) fn refusal<T>(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Attempt<T> {
    let error = ClientError::Refused(Box::new(problem(status, body)));
    match status {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Attempt::Later {
            error,
            wait: retry_after(headers),
        },
        _ => Attempt::Never(error),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    code: Option<String>,
    detail: Option<String>,
    owner: Option<Owner>,
    owner_name: Option<String>,
    epoch: Option<u64>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

fn problem(status: StatusCode, body: &[u8]) -> Problem {
    let told: Told = serde_json::from_slice(body).unwrap_or_default();
    let kind = told.kind.rsplit(':').next().unwrap_or_default();
    Problem {
        status: status.as_u16(),
        code: told.code.unwrap_or_else(|| kind.replace('-', "_")),
        detail: told
            .detail
            .unwrap_or_else(|| format!("the server answered {status}")),
        owner: told.owner,
        owner_name: told.owner_name,
        epoch: told.epoch,
        more: told.more,
    }
}

/// Seconds alone: a date would need the server's clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(reqwest::header::RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}
