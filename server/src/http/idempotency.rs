//! `Idempotency-Key`: a repeated command gets the first one's answer and does nothing.
//!
//! Invariant: of two commands of one member with the same key, at most one runs to a kept answer.
//! Answers that blame the server are not kept, so that a retry is a real one. The newest
//! [`ANSWERS_MAX`] answers are kept, in memory; commands that must also be safe across a restart
//! derive what they make from the key (see [`Key::digest`]).

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, StatusCode, request::Parts},
    response::{IntoResponse as _, Response},
};
use crdt_schema::ids::MemberId;
use parking_lot::Mutex;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::{App, problem::Problem};

/// The header's name.
pub(super) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key, in bytes.
const KEY_BYTES_MAX: usize = 128;
/// Answers that are kept.
const ANSWERS_MAX: usize = 4096;
/// Longest answer that is kept, in bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// The key of a command, if it has one.
#[derive(Debug, Clone)]
pub(super) struct Key(Option<String>);

/// The answers that are kept.
#[derive(Default)]
pub(super) struct Answers {
    /// Held to find or add an entry; commands run outside.
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: HashMap<Id, Arc<Entry>>,
    oldest_first: VecDeque<Id>,
}

type Id = (MemberId, String);

struct Entry {
    /// Digest of the command, to tell a repetition from a mistake.
    command: [u8; 32],
    answer: OnceCell<Answer>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Key {
    /// The key itself, for commands that a room remembers.
    pub(super) fn text(&self) -> Option<String> {
        self.0.clone()
    }

    /// What a command can derive ids from; the same for the same member and key.
    pub(super) fn digest(&self, member: &MemberId) -> Option<[u8; 32]> {
        let key = self.0.as_deref()?;
        Some(
            Sha256::new()
                .chain_update(member.as_str())
                .chain_update([0])
                .chain_update(key)
                .finalize()
                .into(),
        )
    }
}

impl utoipa::IntoParams for Key {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = Parameter::builder()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(utoipa::openapi::Required::False)
            .description(Some(
                "Repeating the command with the same key gives the first answer and does nothing",
            ))
            .schema(Some(<String as utoipa::PartialSchema>::schema()));
        vec![parameter.build()]
    }
}

impl FromRequestParts<App> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(HEADER) else {
            return Ok(Self(None));
        };
        match value.to_str() {
            Ok(key) if !key.is_empty() && key.len() <= KEY_BYTES_MAX => {
                Ok(Self(Some(key.to_owned())))
            }
            _ => Err(Problem::bad_request(format!(
                "Idempotency-Key must be 1 to {KEY_BYTES_MAX} visible ASCII characters"
            ))),
        }
    }
}

impl Answers {
    /// The kept answer to this command, or else that of running `run`.
    pub(super) async fn once<R: Future<Output = Response>>(
        &self,
        member: &MemberId,
        key: &Key,
        command: &impl Serialize,
        run: impl FnOnce() -> R,
    ) -> Response {
        let Some(key) = key.0.clone() else {
            return run().await;
        };
        let text = serde_json::to_vec(command).expect("commands are plain JSON");
        let command: [u8; 32] = Sha256::digest(text).into();
        let entry = self.entry((member.clone(), key), command);
        if entry.command != command {
            let detail = "this Idempotency-Key was used with another command; use a new key";
            return Problem::invalid(detail).into_response();
        }
        let answer = entry
            .answer
            .get_or_try_init(|| async { keep(run().await).await })
            .await;
        answer.map_or_else(|response| response, Answer::repeat)
    }

    fn entry(&self, id: Id, command: [u8; 32]) -> Arc<Entry> {
        let Kept {
            entries,
            oldest_first,
        } = &mut *self.kept.lock();
        if let Some(entry) = entries.get(&id) {
            return Arc::clone(entry);
        }
        if oldest_first.len() >= ANSWERS_MAX
            && let Some(oldest) = oldest_first.pop_front()
        {
            entries.remove(&oldest);
        }
        let entry = Arc::new(Entry {
            command,
            answer: OnceCell::new(),
        });
        oldest_first.push_back(id.clone());
        entries.insert(id, Arc::clone(&entry));
        entry
    }
}

impl Answer {
    fn repeat(&self) -> Response {
        (self.status, self.headers.clone(), self.body.clone()).into_response()
    }
}

/// Splits a response into what is kept; gives back what must not be.
async fn keep(response: Response) -> Result<Answer, Response> {
    if response.status().is_server_error() || response.status() == StatusCode::TOO_MANY_REQUESTS {
        return Err(response);
    }
    let (parts, body) = response.into_parts();
    let body: Bytes = to_bytes(Body::new(body), ANSWER_BYTES_MAX)
        .await
        .map_err(|error| Problem::internal(error).into_response())?;
    Ok(Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    })
}
