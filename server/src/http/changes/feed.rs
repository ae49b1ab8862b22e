//! Waiting for changes of one workspace, whether its room is open or asleep.

use std::time::Duration;

use crdt_schema::{
    ids::WorkspaceId,
    ownership::{Pending, Record},
};
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        watch,
    },
    time::{Instant, sleep, sleep_until},
};

use super::{Change, Changes, Only, entries};
use crate::{
    http::{desk::Desk, problem::Problem},
    room::View,
    store::Seq,
};

/// How long edits are gathered before they are told.
const GATHERED: Duration = Duration::from_secs(1);
/// How long it takes to look again after news: much may come at once.
const PACE: Duration = Duration::from_millis(20);

/// Somebody who waits for what changes after a position of the log.
pub(super) struct Feed {
    pub(super) desk: Desk,
    only: Only,
    /// What came up to here has been told; nothing yet, and nothing is asked for, without it.
    told: Option<Seq>,
    /// The log has been looked at up to here.
    seen: Option<Seq>,
    log: watch::Receiver<Seq>,
    /// The first commit of a room that was opened is told here.
    news: broadcast::Receiver<WorkspaceId>,
    pending: Vec<Pending>,
}

/// How soon changes should be told.
enum Urgency {
    /// There is nothing to tell.
    None,
    /// Others may come along.
    Gather,
    Now,
}

impl Feed {
    pub(super) fn new(desk: Desk, cursor: Option<Seq>, only: Only) -> Self {
        Self {
            log: desk.room.position(),
            news: desk.app.rooms.board().news(),
            desk,
            only,
            told: cursor,
            seen: None,
            pending: Vec::new(),
        }
    }

    /// What is next to be told; `None` when nothing was until `deadline`, or the server stops.
    pub(super) async fn next(&mut self, deadline: Instant) -> Result<Option<Changes>, Problem> {
        let mut gathered_until: Option<Instant> = None;
        while !self.desk.app.stopping.is_cancelled() {
            let is_over = gathered_until.is_some_and(|until| until <= Instant::now());
            if self.has_news() || is_over {
                let changes = self.look().await?;
                match self.urgency(&changes) {
                    Urgency::Now => return Ok(Some(self.tell(changes))),
                    Urgency::Gather => {
                        let now = Instant::now();
                        let until = gathered_until.get_or_insert((now + GATHERED).min(deadline));
                        if *until <= now {
                            return Ok(Some(self.tell(changes)));
                        }
                    }
                    Urgency::None => drop(self.tell(changes)),
                }
            } else if deadline <= Instant::now() {
                return Ok(None);
            } else {
                self.await_news(gathered_until.unwrap_or(deadline)).await;
            }
        }
        Ok(None)
    }

    /// The answer when there is nothing to tell.
    pub(super) fn nothing(&self) -> Changes {
        Changes {
            items: Vec::new(),
            cursor: self.told.unwrap_or_default(),
            pending: self.pending.clone(),
        }
    }

    fn has_news(&self) -> bool {
        self.seen.is_none_or(|seen| *self.log.borrow() > seen)
    }

    fn tell(&mut self, changes: Changes) -> Changes {
        self.told = Some(changes.cursor);
        // There may be more of the log than one answer takes.
        self.seen = Some(changes.cursor);
        changes
    }

    fn urgency(&self, changes: &Changes) -> Urgency {
        let has_records = changes.items.iter().any(|item| match item {
            Change::Record { .. } => true,
            Change::Edited { .. } => false,
        });
        let is_behind = self.seen.is_some_and(|seen| changes.cursor < seen);
        if self.told.is_none() || has_records {
            Urgency::Now
        } else if changes.items.is_empty() {
            Urgency::None
        } else if is_behind {
            Urgency::Now
        } else {
            Urgency::Gather
        }
    }

    /// What has changed since what was told.
    async fn look(&mut self) -> Result<Changes, Problem> {
        self.news = self.news.resubscribe();
        let (member, only, told) = (self.desk.me().clone(), self.only, self.told);
        let look = move |view: &View<'_>| {
            let edits = match (only, told) {
                (Only::Everything, Some(told)) => edits(view, told),
                (Only::Records, _) | (_, None) => Vec::new(),
            };
            (view.cursor, edits, view.ledger.pending_for(&member))
        };
        let (head, mut items, pending) = self.desk.view(look).await?;
        self.seen = Some(head);
        self.pending.clone_from(&pending);
        let cursor = match told {
            Some(told) if told < head => {
                let store = &*self.desk.app.store;
                let part = entries::after(store, &self.desk.ws, told, head).await?;
                items.retain(|edit| edit.position() <= part.upto);
                for (position, bytes) in part.records {
                    let record = Record::from_json(&bytes).map_err(Problem::internal)?;
                    items.push(Change::of(record, position));
                }
                part.upto
            }
            // A cursor of another history would wait for ever.
            Some(_) | None => head,
        };
        items.sort_by_key(Change::position);
        Ok(Changes {
            items,
            cursor,
            pending,
        })
    }

    /// Returns when the log has moved on, at `until`, or when the server stops.
    async fn await_news(&mut self, until: Instant) {
        let stopping = self.desk.app.stopping.clone();
        let news = async {
            if self.log.changed().await.is_ok() {
                sleep(PACE).await;
            } else {
                self.await_opening().await;
            }
        };
        tokio::select! {
            () = news => {}
            () = sleep_until(until) => {}
            () = stopping.cancelled() => {}
        }
    }

    /// Returns when the room, which has gone to sleep, is open again, or has been.
    async fn await_opening(&mut self) {
        loop {
            if let Some(log) = self.desk.app.rooms.position(&self.desk.ws) {
                self.log = log;
                return;
            }
            match self.news.recv().await {
                Ok(ws) if ws != self.desk.ws => {}
                Ok(_) | Err(RecvError::Lagged(_)) => {
                    self.seen = None;
                    return;
                }
                Err(RecvError::Closed) => return std::future::pending().await,
            }
        }
    }
}

fn edits(view: &View<'_>, since: Seq) -> Vec<Change> {
    let touches = view.touches.since(since);
    // What only the server writes is told as records.
    let touches = touches.filter(|touch| {
        touch
            .path
            .keys()
            .first()
            .is_none_or(|root| &**root != "control")
    });
    let edits = touches.map(|touch| Change::Edited {
        path: touch.path.clone(),
        item: touch.path.item(),
        by: touch.member.clone(),
        at_ms: touch.at_ms,
        position: touch.seq,
    });
    edits.collect()
}

impl Change {
    fn of(record: Record, position: Seq) -> Self {
        Self::Record {
            no: record.no,
            at_ms: record.at_ms,
            by: record.by,
            events: record.events,
            position,
        }
    }

    fn position(&self) -> Seq {
        match self {
            Self::Record { position, .. } | Self::Edited { position, .. } => *position,
        }
    }
}
