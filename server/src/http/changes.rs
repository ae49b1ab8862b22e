//! What changes in one workspace, to be waited on: by long poll, or as server-sent events.
//!
//! The cursor is a position in the log, so it outlives the server and whoever waits.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

mod entries;
mod feed;

use std::{convert::Infallible, time::Duration};

use axum::{
    Json as JsonAnswer,
    http::HeaderMap,
    response::{
        IntoResponse,
        sse::{Event as Sent, KeepAlive, Sse},
    },
};
use crdt_schema::{
    ids::MemberId,
    item::Item,
    ownership::{Event, Pending},
    path::DocPath,
};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use self::feed::Feed;
use super::{
    App,
    desk::{Desk, Refusals},
    extract::Query,
    problem::Problem,
};
use crate::{clock::now_ms, store::Seq};

/// How the routes end that may hold an answer back.
pub(super) const HELD: &str = "/changes";
/// The longest that an answer is held back, in milliseconds.
pub(super) const HOLD_MS_MAX: u64 = 50_000;
/// How long events wait for news before looking whether the token still holds.
const LOOK_AROUND: Duration = Duration::from_secs(30);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(poll))
        .routes(routes!(events))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asking {
    /// What came after this position in the log: `cursor` of the answer before. Without it, the
    /// answer is where the log is now.
    cursor: Option<Seq>,
    /// How long to hold the answer back while there is nothing to tell, in milliseconds, at most
    /// 50000. Edits are gathered for a second; everything else is told at once.
    #[serde(default)]
    hold: u64,
    /// Everything, or records only.
    #[serde(default)]
    #[param(inline)]
    only: Only,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Only {
    /// Records and edits.
    #[default]
    Everything,
    /// Records: ownership, decisions, approvals and the like.
    Records,
}

/// What has changed, and what waits for the caller.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Changes {
    /// What has happened since the cursor, oldest first.
    items: Vec<Change>,
    /// Where to go on from: a position in the log.
    cursor: Seq,
    /// What waits for the caller now: what cannot be undone first, then what waits longest.
    pending: Vec<Pending>,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Change {
    /// A command was carried out, or time brought something about.
    Record {
        /// Its number in the record.
        no: u64,
        /// When, in milliseconds since the Unix epoch.
        at_ms: u64,
        /// Who commanded it; nobody when time brought it about.
        by: Option<MemberId>,
        /// What happened, in order.
        events: Vec<Event>,
        /// Where in the log.
        position: Seq,
    },
    /// Somebody edited a place: several edits of one place are told as one.
    Edited {
        /// The place, or one above it.
        #[schema(value_type = String)]
        path: DocPath,
        /// The item that it belongs to.
        item: Item,
        /// Who.
        by: MemberId,
        /// When last, in milliseconds since the Unix epoch.
        at_ms: u64,
        /// Where in the log, last.
        position: Seq,
    },
}

/// Tells what has changed since a cursor; holds the answer back while there is nothing to tell.
#[utoipa::path(
    get, path = "/workspaces/{ws}/changes", tag = "changes", params(Desk, Asking),
    responses(
        (status = 200, body = Changes, example = json!({
            "items": [{
                "kind": "edited", "path": "plan/goal", "item": "plan", "by": "mara",
                "at_ms": 1_767_225_660_000_u64, "position": 1533
            }],
            "cursor": 1533, "pending": []
        })),
        (status = 410, description = "The cursor is older than what is kept", body = Problem),
        Refusals,
    )
)]
async fn poll(desk: Desk, Query(asking): Query<Asking>) -> Result<JsonAnswer<Changes>, Problem> {
    let hold = Duration::from_millis(asking.hold.min(HOLD_MS_MAX));
    let deadline = Instant::now() + hold;
    let mut feed = Feed::new(desk, asking.cursor, asking.only);
    let changes = feed.next(deadline).await?;
    Ok(JsonAnswer(changes.unwrap_or_else(|| feed.nothing())))
}

/// The same as server-sent events: each `changes` event has the form of the long poll's answer
/// and its cursor as id, so that a client that reconnects misses nothing.
#[utoipa::path(
    get, path = "/workspaces/{ws}/changes/events", tag = "changes", params(
        Desk, Asking,
        ("Last-Event-ID" = Option<u64>, Header, description = "Goes before the query's cursor")
    ),
    responses(
        (status = 200, body = String, content_type = "text/event-stream"),
        (status = 410, description = "The cursor is older than what is kept", body = Problem),
        Refusals,
    )
)]
async fn events(desk: Desk, headers: HeaderMap, Query(asking): Query<Asking>) -> impl IntoResponse {
    let last = headers.get("last-event-id");
    let last = last.and_then(|id| id.to_str().ok()?.parse().ok());
    let feed = Feed::new(desk, last.or(asking.cursor), asking.only);
    Sse::new(sent(feed)).keep_alive(KeepAlive::default())
}

/// The feed as events, until the token ends, the server stops, or something fails.
fn sent(feed: Feed) -> impl Stream<Item = Result<Sent, Infallible>> {
    stream::unfold(Some(feed), |feed| async {
        let mut feed = feed?;
        loop {
            let (app, access) = (&feed.desk.app, &feed.desk.caller.0);
            let now = now_ms();
            if app.stopping.is_cancelled() || !app.authority.still_valid(access, now) {
                return None;
            }
            app.rooms.activity().note(&access.member.id, now);
            match feed.next(Instant::now() + LOOK_AROUND).await {
                Ok(None) => {}
                Ok(Some(changes)) => {
                    let sent = Sent::default()
                        .event("changes")
                        .id(changes.cursor.to_string());
                    return Some((Ok(with(sent, &changes)), Some(feed)));
                }
                Err(problem) => {
                    let sent = Sent::default().event("problem");
                    return Some((Ok(with(sent, &problem)), None));
                }
            }
        }
    })
}

fn with(sent: Sent, data: &impl Serialize) -> Sent {
    sent.json_data(data)
        .expect("plain data without line breaks")
}
