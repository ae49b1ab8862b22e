//! Artifacts: transcripts, logs and tables that a workspace refers to and never embeds.
//!
//! They are kept by the SHA-256 of their bytes; a source of the briefing names one as
//! `artifact:<sha256>`.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{
    Json as JsonAnswer,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use crdt_schema::{
    ids::WorkspaceId,
    member::Role,
    ownership::{Command, Noted},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    extract::{Body, BodyLimit, Caller, Path, Query},
    idempotency::Key,
    problem::Problem,
    workspaces::open,
};

/// Passages found in one search, at most.
const FOUND_MAX: usize = 100;
/// Passages found in one search, if not asked otherwise.
const FOUND: usize = 20;
/// Text around a passage that is shown with it, in characters on each side.
const CONTEXT_CHARS: usize = 120;
/// Longest title, in characters.
const TITLE_CHARS_MAX: usize = 200;

pub(super) fn routes(artifact_bytes_max: usize) -> OpenApiRouter<App> {
    let limit = BodyLimit {
        name: "artifact_bytes_max",
        bytes: artifact_bytes_max,
    };
    OpenApiRouter::new()
        .routes(routes!(put, search))
        .routes(routes!(get))
        .layer(DefaultBodyLimit::max(artifact_bytes_max))
        .layer(axum::Extension(limit))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Naming {
    /// What the bytes are called, for the record.
    #[serde(default)]
    title: String,
}

/// An artifact.
#[derive(Debug, Serialize, ToSchema)]
struct Artifact {
    /// The SHA-256 of the bytes, in hexadecimal.
    hash: String,
    /// How many bytes.
    bytes: u64,
    /// What a source of the briefing names it by.
    uri: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Searching {
    /// The words to find, in any case; lists all artifacts if absent.
    q: Option<String>,
    /// How many passages at most, 1 to 100; 20 if absent.
    limit: Option<usize>,
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
struct Found {
    /// The artifacts of the workspace.
    artifacts: Vec<Artifact>,
    /// The passages that hold the words.
    passages: Vec<Passage>,
}

/// A passage of an artifact.
#[derive(Debug, Serialize, ToSchema)]
struct Passage {
    /// The artifact.
    hash: String,
    /// The first byte of the words found.
    start: usize,
    /// The byte after the last.
    end: usize,
    /// The line on which they begin, from 1.
    line: usize,
    /// The words and what is around them.
    text: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// The first byte wanted; 0 if absent.
    #[serde(default)]
    start: usize,
    /// The byte after the last one wanted; all if absent.
    end: Option<usize>,
}

/// Keeps bytes, so that the briefing can refer to them.
#[utoipa::path(
    post, path = "/workspaces/{ws}/artifacts", tag = "artifacts",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("ws" = String, Path, description = "The workspace's id"), Naming),
    responses(
        (status = 201, body = Artifact),
        (status = 403, body = Problem),
        (status = 413, body = Problem),
    )
)]
async fn put(
    State(app): State<App>,
    caller: Caller,
    Path(ws): Path<WorkspaceId>,
    Query(naming): Query<Naming>,
    key: Key,
    Body(bytes): Body,
) -> Result<Response, Problem> {
    caller.at_least(Role::Reviewer)?;
    let room = open(&app, &caller, &ws).await?;
    if naming.title.chars().count() > TITLE_CHARS_MAX {
        return Err(Problem::invalid(format!(
            "title is longer than {TITLE_CHARS_MAX} characters"
        )));
    }
    let kept = app.store.artifacts(&ws).await?;
    let total: u64 = kept.iter().map(|(_, bytes)| *bytes).sum();
    let limit = app.config.limits.workspace_artifacts_bytes_max;
    if total + bytes.len() as u64 > limit as u64 {
        return Err(Problem::too_large("workspace_artifacts_bytes_max", limit));
    }
    let artifact = Artifact::of(&hash_of(&bytes), bytes.len());
    app.store.put_artifact(&ws, &artifact.hash, bytes).await?;
    let noted = Noted::ArtifactPut {
        artifact: artifact.hash.clone(),
        bytes: artifact.bytes,
        title: naming.title,
    };
    let by = caller.0.member.clone();
    room.command(by, key.text(), Command::Note(noted)).await?;
    Ok((StatusCode::CREATED, JsonAnswer(artifact)).into_response())
}

/// Lists the artifacts, and finds words in them.
#[utoipa::path(
    get, path = "/workspaces/{ws}/artifacts", tag = "artifacts",
    params(("ws" = String, Path, description = "The workspace's id"), Searching),
    responses((status = 200, body = Found), (status = 404, body = Problem))
)]
async fn search(
    State(app): State<App>,
    caller: Caller,
    Path(ws): Path<WorkspaceId>,
    Query(searching): Query<Searching>,
) -> Result<JsonAnswer<Found>, Problem> {
    open(&app, &caller, &ws).await?;
    let limit = searching.limit.unwrap_or(FOUND).clamp(1, FOUND_MAX);
    let words = searching.q.filter(|words| !words.trim().is_empty());
    let mut found = Found {
        artifacts: Vec::new(),
        passages: Vec::new(),
    };
    for (hash, bytes) in app.store.artifacts(&ws).await? {
        if let Some(words) = words.as_deref().filter(|_| found.passages.len() < limit) {
            let content = app.store.artifact(&ws, &hash).await?.unwrap_or_default();
            let (words, name) = (words.to_owned(), hash.clone());
            let left = limit - found.passages.len();
            let passages =
                tokio::task::spawn_blocking(move || passages(&name, &content, &words, left))
                    .await
                    .map_err(Problem::internal)?;
            found.passages.extend(passages);
        }
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        found.artifacts.push(Artifact::of(&hash, bytes));
    }
    Ok(JsonAnswer(found))
}

/// Reads an artifact, or a part of it.
#[utoipa::path(
    get, path = "/workspaces/{ws}/artifacts/{hash}", tag = "artifacts",
    params(
        ("ws" = String, Path, description = "The workspace's id"),
        ("hash" = String, Path, description = "The SHA-256 of the bytes, in hexadecimal"),
        Part,
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 404, body = Problem),
    )
)]
async fn get(
    State(app): State<App>,
    caller: Caller,
    Path((ws, hash)): Path<(WorkspaceId, String)>,
    Query(part): Query<Part>,
) -> Result<Response, Problem> {
    open(&app, &caller, &ws).await?;
    let content = app.store.artifact(&ws, &hash).await?.ok_or_else(|| {
        Problem::not_found(format!(
            "there is no artifact {hash}; GET …/artifacts lists those there are"
        ))
    })?;
    let end = part.end.unwrap_or(content.len()).min(content.len());
    let start = part.start.min(end);
    // Never as something that a browser would show as a page of this origin.
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    Ok((headers, content.slice(start..end)).into_response())
}

impl Artifact {
    fn of(hash: &str, bytes: usize) -> Self {
        Self {
            uri: format!("artifact:{hash}"),
            hash: hash.to_owned(),
            bytes: bytes as u64,
        }
    }
}

fn hash_of(bytes: &Bytes) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut hash, byte| {
            write!(hash, "{byte:02x}").expect("a string takes everything");
            hash
        })
}

/// Up to `limit` passages that hold `words`, whatever their case. Bytes that are no text hold none.
fn passages(hash: &str, content: &[u8], words: &str, limit: usize) -> Vec<Passage> {
    let Ok(text) = std::str::from_utf8(content) else {
        return Vec::new();
    };
    let pattern = regex::RegexBuilder::new(&regex::escape(words))
        .case_insensitive(true)
        .build();
    let Ok(pattern) = pattern else {
        return Vec::new();
    };
    let mut line = 1;
    let mut counted = 0;
    pattern
        .find_iter(text)
        .take(limit)
        .map(|found| {
            line += text[counted..found.start()].matches('\n').count();
            counted = found.start();
            Passage {
                hash: hash.to_owned(),
                start: found.start(),
                end: found.end(),
                line,
                text: around(text, found.start(), found.end()).to_owned(),
            }
        })
        .collect()
}

/// The passage and `CONTEXT_CHARS` characters on each side.
fn around(text: &str, start: usize, end: usize) -> &str {
    let before = text[..start]
        .char_indices()
        .rev()
        .take(CONTEXT_CHARS)
        .last();
    let after = text[end..].char_indices().nth(CONTEXT_CHARS);
    let first = before.map_or(start, |(at, _)| at);
    let last = after.map_or(text.len(), |(at, _)| end + at);
    &text[first..last]
}
