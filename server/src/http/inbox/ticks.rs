//! Telling that an inbox has changed.

use std::{
    collections::HashMap,
    convert::Infallible,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::Duration,
};

use axum::response::sse::Event as Sent;
use crdt_schema::{ids::WorkspaceId, member::Member};
use futures_util::{Stream, stream};
use serde_json::json;
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::timeout,
};

use crate::{auth::Access, board::Notice, clock::now_ms, http::App};

/// How long to wait for news before looking whether the token still holds.
const LOOK_AROUND: Duration = Duration::from_secs(15);

/// Somebody who watches their inbox.
struct Watcher {
    app: App,
    access: Access,
    news: broadcast::Receiver<WorkspaceId>,
    /// What the inbox shows of each workspace, where it shows anything.
    shown: HashMap<WorkspaceId, u64>,
}

enum News {
    /// The inbox has changed there.
    At(WorkspaceId),
    /// It may have changed anywhere.
    Anywhere,
}

/// An event whenever the inbox of `access` changes, until the token ends or the server stops.
pub(super) fn of(app: App, access: Access) -> impl Stream<Item = Result<Sent, Infallible>> {
    let watcher = Watcher::new(app, access);
    stream::unfold(watcher, |mut watcher| async {
        let data = match watcher.next().await? {
            News::At(ws) => json!({ "workspace": ws }),
            News::Anywhere => json!({}),
        };
        let sent = Sent::default().event("inbox").data(data.to_string());
        Some((Ok(sent), watcher))
    })
}

impl Watcher {
    fn new(app: App, access: Access) -> Self {
        // Listens first, so that nothing falls in between.
        let news = app.rooms.board().news();
        let mut watcher = Self {
            app,
            access,
            news,
            shown: HashMap::new(),
        };
        watcher.look_everywhere();
        watcher
    }

    async fn next(&mut self) -> Option<News> {
        let stopping = self.app.stopping.clone();
        loop {
            let told = tokio::select! {
                told = timeout(LOOK_AROUND, self.news.recv()) => told,
                () = stopping.cancelled() => return None,
            };
            if !self.app.authority.still_valid(&self.access, now_ms()) {
                return None;
            }
            match told {
                Ok(Ok(ws)) if self.has_changed(&ws) => return Some(News::At(ws)),
                Ok(Ok(_)) | Err(_) => {}
                Ok(Err(RecvError::Lagged(_))) => {
                    self.look_everywhere();
                    return Some(News::Anywhere);
                }
                Ok(Err(RecvError::Closed)) => return None,
            }
        }
    }

    /// Looks at one workspace, and notes what it shows.
    fn has_changed(&mut self, ws: &WorkspaceId) -> bool {
        let notice = self.app.rooms.board().notice(ws);
        let notice = notice.filter(|_| self.access.may_open(ws));
        let shows = notice.and_then(|notice| shown(&notice, &self.access.member));
        let before = match shows {
            Some(shows) => self.shown.insert(ws.clone(), shows),
            None => self.shown.remove(ws),
        };
        before != shows
    }

    fn look_everywhere(&mut self) {
        for (ws, _) in self.app.rooms.board().notices() {
            self.has_changed(&ws);
        }
    }
}

/// A digest of what an inbox shows of a workspace; nothing if it shows nothing.
fn shown(notice: &Notice, member: &Member) -> Option<u64> {
    let pending = notice.open.pending_for(member);
    let at_work: Vec<_> = notice.open.at_work().collect();
    if pending.is_empty() && at_work.is_empty() {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    let text = json!([notice.title, pending, at_work]).to_string();
    text.hash(&mut hasher);
    Some(hasher.finish())
}
