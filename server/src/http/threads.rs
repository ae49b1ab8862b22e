//! Discussions of passages: begun, answered, settled.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{Json as JsonAnswer, http::StatusCode, response::IntoResponse};
use crdt_schema::{
    ids::{ElementId, MemberId},
    member::Role,
    path::DocPath,
    project::ThreadProjection,
    schema::{NewComment, NewThread, TextField, Workspace},
    suggest::{self, Whereabouts},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::{ReadTxn, Transact, TransactionMut};

use super::{
    App,
    desk::{Desk, Refusals},
    extract::{Json, Path, Query},
    idempotency::Key,
    listing::{Listing, Page},
    passage,
    problem::Problem,
};
use crate::clock::now_ms;

/// Longest comment, in characters.
const COMMENT_CHARS_MAX: usize = 20_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(begin, list))
        .routes(routes!(comment))
        .routes(routes!(resolve))
        .routes(routes!(reopen))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct ThreadPath {
    /// The thread's id.
    id: ElementId,
}

/// A discussion to be begun.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "target": "plan/steps/ab12/body", "quote": "in May", "text": "Is the lab open then?"
}))]
struct NewThreadBody {
    /// What is discussed.
    #[schema(value_type = String)]
    target: DocPath,
    /// In a text, the words that it is about: enough of them to stand in it once. All of it when
    /// empty.
    #[serde(default)]
    quote: String,
    /// What is said.
    text: String,
}

/// Something to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "From the tenth on." }))]
struct Saying {
    /// What is said, in Markdown.
    text: String,
}

/// A discussion and where it is now.
#[derive(Debug, Serialize, ToSchema)]
struct ThreadView {
    #[serde(flatten)]
    thread: ThreadProjection,
    /// Where its passage starts now, in UTF-16 code units.
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u32>,
    /// Whether the passage that it is about is gone.
    orphaned: bool,
}

/// Begins a discussion.
#[utoipa::path(
    post, path = "/workspaces/{ws}/threads", tag = "threads",
    params(Desk, Key), request_body = NewThreadBody,
    responses((status = 201, body = ThreadView), Refusals)
)]
async fn begin(
    desk: Desk,
    Json(new): Json<NewThreadBody>,
) -> Result<impl IntoResponse + use<>, Problem> {
    check(&desk, &new.text)?;
    let author = desk.me().id.clone();
    let id = desk
        .edit(move |txn, _| {
            let thread = thread(txn, new, &author)?;
            Workspace
                .threads()
                .insert(txn, &mut rand::rng(), thread)
                .map_err(|error| Problem::conflict(error.to_string()))
        })
        .await?;
    Ok((StatusCode::CREATED, JsonAnswer(shown(&desk, id).await?)))
}

/// Lists discussions, newest first.
#[utoipa::path(
    get, path = "/workspaces/{ws}/threads", tag = "threads", params(Desk, Listing),
    responses((status = 200, body = Page<ThreadView>), Refusals)
)]
async fn list(
    desk: Desk,
    Query(listing): Query<Listing>,
) -> Result<JsonAnswer<Page<ThreadView>>, Problem> {
    let page = desk.view(move |view| {
        let txn = view.doc.transact();
        let threads = Workspace.threads().read(&txn).into_iter();
        let wanted = threads.filter(|thread| {
            let about = thread.target.parse::<DocPath>().map(|path| path.item());
            listing.wants(!thread.resolved, |item| about.as_ref() == Ok(item))
        });
        let views = wanted.map(|thread| ThreadView::of(&txn, thread));
        listing.page(views, |view| {
            let at = u64::try_from(view.thread.at).unwrap_or(0);
            (at, view.thread.id.to_string())
        })
    });
    Ok(JsonAnswer(page.await?))
}

/// Says something in a discussion.
#[utoipa::path(
    post, path = "/workspaces/{ws}/threads/{id}/comments", tag = "threads",
    params(Desk, ThreadPath, Key), request_body = Saying,
    responses((status = 200, body = ThreadView), Refusals)
)]
async fn comment(
    desk: Desk,
    Path(ThreadPath { id }): Path<ThreadPath>,
    Json(saying): Json<Saying>,
) -> Result<JsonAnswer<ThreadView>, Problem> {
    check(&desk, &saying.text)?;
    let author = desk.me().id.clone();
    let thread = id.clone();
    desk.edit(move |txn, _| {
        let new = said(saying.text, &author);
        let comments = Workspace.threads().get(&thread).comments();
        comments
            .insert(txn, &mut rand::rng(), new)
            .map_err(|error| Problem::not_found(error.to_string()))
    })
    .await?;
    Ok(JsonAnswer(shown(&desk, id).await?))
}

/// Settles a discussion.
#[utoipa::path(
    post, path = "/workspaces/{ws}/threads/{id}/resolve", tag = "threads",
    params(Desk, ThreadPath, Key),
    responses((status = 200, body = ThreadView), Refusals)
)]
async fn resolve(
    desk: Desk,
    Path(ThreadPath { id }): Path<ThreadPath>,
) -> Result<JsonAnswer<ThreadView>, Problem> {
    desk.caller.at_least(Role::Reviewer)?;
    let thread = Workspace.threads().get(&id);
    desk.edit(move |txn, _| {
        thread
            .resolve(txn)
            .map_err(|error| Problem::not_found(error.to_string()))
    })
    .await?;
    Ok(JsonAnswer(shown(&desk, id).await?))
}

/// Opens a settled discussion again.
#[utoipa::path(
    post, path = "/workspaces/{ws}/threads/{id}/reopen", tag = "threads",
    params(Desk, ThreadPath, Key),
    responses((status = 200, body = ThreadView), Refusals)
)]
async fn reopen(
    desk: Desk,
    Path(ThreadPath { id }): Path<ThreadPath>,
) -> Result<JsonAnswer<ThreadView>, Problem> {
    desk.caller.at_least(Role::Reviewer)?;
    let thread = Workspace.threads().get(&id);
    desk.edit(move |txn, _| {
        thread
            .reopen(txn)
            .map_err(|error| Problem::not_found(error.to_string()))
    })
    .await?;
    Ok(JsonAnswer(shown(&desk, id).await?))
}

fn check(desk: &Desk, text: &str) -> Result<(), Problem> {
    desk.caller.at_least(Role::Reviewer)?;
    match text.chars().count() {
        0 => Err(Problem::invalid("text is empty: say something")),
        count if count > COMMENT_CHARS_MAX => Err(Problem::invalid(format!(
            "text is longer than {COMMENT_CHARS_MAX} characters"
        ))),
        _ => Ok(()),
    }
}

fn thread(
    txn: &TransactionMut<'_>,
    new: NewThreadBody,
    author: &MemberId,
) -> Result<NewThread, Problem> {
    if new.target.resolve(txn).is_none() {
        return Err(Problem::conflict(format!(
            "{} is not there (any more); read the workspace again",
            new.target
        )));
    }
    let comments = vec![said(new.text, author)];
    let at = comments[0].at;
    let mut thread = NewThread {
        target: new.target.to_string(),
        at,
        comments,
        ..NewThread::default()
    };
    if let Some(text) = TextField::at(new.target).filter(|_| !new.quote.is_empty()) {
        let range = passage::find(txn, &text, &new.quote)?;
        if let Some(anchor) = suggest::anchor(txn, &text, range) {
            (thread.start, thread.end, thread.quote) = (anchor.start, anchor.end, anchor.quote);
        }
    }
    Ok(thread)
}

fn said(text: String, author: &MemberId) -> NewComment {
    NewComment {
        id: None,
        author: author.to_string(),
        at: i64::try_from(now_ms()).unwrap_or(i64::MAX),
        text,
    }
}

async fn shown(desk: &Desk, id: ElementId) -> Result<ThreadView, Problem> {
    desk.find("thread", move |view| {
        let txn = view.doc.transact();
        let thread = Workspace.threads().get(&id).read(&txn)?;
        Some(ThreadView::of(&txn, thread))
    })
    .await
}

impl ThreadView {
    fn of<T: ReadTxn>(txn: &T, thread: ThreadProjection) -> Self {
        let whereabouts = suggest::whereabouts(txn, &thread);
        let offset = match &whereabouts {
            Whereabouts::At(range) => Some(range.start),
            Whereabouts::Whole | Whereabouts::Orphaned { .. } => None,
        };
        Self {
            thread,
            offset,
            orphaned: matches!(whereabouts, Whereabouts::Orphaned { .. }),
        }
    }
}
