//! What is pending in every workspace, also in those whose rooms are asleep.
//!
//! Rooms publish here what they have decided, once it is durable; at the start the store is read.
//! The board answers inboxes and knows when time has something to bring to a sleeping room. It
//! decides nothing.

use std::{collections::BTreeMap, sync::Arc};

use crdt_schema::{ids::WorkspaceId, ownership::State};
use parking_lot::RwLock;
use tokio::sync::{broadcast, watch};

use crate::{
    activity::Activity,
    room::loading::{all_records, fold_ledger},
    store::{Store, StoreError},
};

/// What is pending, by workspace. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Board {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    // Held to put up or take down one notice, or to read all of them for one answer.
    notices: RwLock<BTreeMap<WorkspaceId, Arc<Notice>>>,
    version: watch::Sender<u64>,
    news: broadcast::Sender<WorkspaceId>,
}

/// What is pending in one workspace.
#[derive(Debug, PartialEq)]
pub struct Notice {
    /// The workspace's title.
    pub title: String,
    /// Who holds what, and what is open; nothing that has ended.
    pub open: State,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            inner: Arc::new(Inner {
                notices: RwLock::default(),
                version: watch::Sender::new(0),
                news: broadcast::Sender::new(NEWS_MAX),
            }),
        }
    }
}

impl Board {
    /// Reads what is pending in every workspace of a store. What cannot be read is left to its
    /// room to complain about.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub async fn fill(&self, store: &dyn Store) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = store.list(after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some(last.id.clone());
            for directory in page.into_iter().filter(|directory| !directory.archived) {
                if self.inner.notices.read().contains_key(&directory.id) {
                    continue;
                }
                let Ok(records) = all_records(store, &directory).await else {
                    continue;
                };
                if let Ok(ledger) = fold_ledger(&directory, &records) {
                    self.publish(&directory.id, &directory.title, &ledger);
                }
            }
        }
    }

    /// Puts up what is pending in a workspace. A room that opens says what is there already:
    /// nobody is told, and the older notice stays where it is in memory.
    pub fn publish(&self, ws: &WorkspaceId, title: &str, ledger: &State) {
        let notice = Notice {
            title: title.to_owned(),
            open: ledger.open_part(),
        };
        let mut notices = self.inner.notices.write();
        if notices.get(ws).is_some_and(|known| **known == notice) {
            return;
        }
        notices.insert(ws.clone(), Arc::new(notice));
        drop(notices);
        self.announce(ws);
    }

    /// Takes a workspace down.
    pub fn remove(&self, ws: &WorkspaceId) {
        self.inner.notices.write().remove(ws);
        self.announce(ws);
    }

    /// The notices of all workspaces, in the order of their ids.
    #[must_use]
    pub fn notices(&self) -> Vec<(WorkspaceId, Arc<Notice>)> {
        let notices = self.inner.notices.read();
        notices
            .iter()
            .map(|(ws, notice)| (ws.clone(), Arc::clone(notice)))
            .collect()
    }

    /// The notice of one workspace.
    #[must_use]
    pub fn notice(&self, ws: &WorkspaceId) -> Option<Arc<Notice>> {
        self.inner.notices.read().get(ws).cloned()
    }

    /// The workspaces whose notices change from now on. Who reads too slowly misses some, and is
    /// told so.
    #[must_use]
    pub fn news(&self) -> broadcast::Receiver<WorkspaceId> {
        self.inner.news.subscribe()
    }

    /// Changes whenever a notice does.
    #[must_use]
    pub fn version(&self) -> watch::Receiver<u64> {
        self.inner.version.subscribe()
    }

    /// Which workspaces time has something to bring to by `now_ms`, and when the next ones are
    /// due, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn due(&self, now_ms: u64, activity: &Activity) -> (Vec<WorkspaceId>, Option<u64>) {
        let mut due = Vec::new();
        let mut next: Option<u64> = None;
        for (ws, notice) in self.inner.notices.read().iter() {
            let at = notice.open.next_due(&|member| Some(activity.last(member)));
            match at {
                Some(at) if at <= now_ms => due.push(ws.clone()),
                Some(at) => next = Some(next.map_or(at, |next| next.min(at))),
                None => {}
            }
        }
        (due, next)
    }

    fn announce(&self, ws: &WorkspaceId) {
        self.inner.version.send_modify(|version| *version += 1);
        // Nobody may be listening.
        self.inner.news.send(ws.clone()).ok();
    }
}

/// News that a listener may be behind.
const NEWS_MAX: usize = 1024;

/// Workspaces read from the directory at once.
const PAGE: usize = 500;
