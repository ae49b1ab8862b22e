//! Keeping what one holds while one runs, and letting it go when one ends.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crdt_schema::{
    item::Item,
    ownership::{HoldingView, Reason},
};
use tokio::{sync::watch, task::JoinHandle, time::sleep_until};

use crate::{Client, ClientError, HandOff, To};

/// Items that this program holds. A task renews their leases; an item that somebody else has
/// taken meanwhile is dropped. Close it to let go of everything; when it is dropped instead, the
/// leases run out by themselves.
///
/// ```no_run
/// use crdt_schema::item::Item;
/// use penhold_agent::{Client, Leases, Parting};
///
/// # async fn example(client: Client) -> anyhow::Result<()> {
/// let leases = Leases::new(client.clone());
/// let plan = client.item(&Item::Plan).await?;
/// leases.keep(client.claim(&Item::Plan, plan.epoch).await?);
///
/// tokio::signal::ctrl_c().await?;
/// leases.close(&Parting::Release).await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Leases {
    client: Client,
    held: watch::Sender<Held>,
    task: JoinHandle<()>,
}

/// What becomes of held items in the end.
#[derive(Debug, Clone, PartialEq)]
pub enum Parting {
    /// They go back to their queue, or open to all.
    Release,
    /// They are handed off, cold; as an emergency where the briefing is incomplete, since nobody
    /// will be there to complete it.
    HandOff {
        /// To whom.
        to: To,
        /// Why.
        reason: Reason,
    },
}

type Held = BTreeMap<Item, HoldingView>;

impl Leases {
    /// Holds nothing yet.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    #[must_use]
    pub fn new(client: Client) -> Self {
        let held = watch::Sender::new(Held::new());
        let renewals = Renewals {
            client: client.patient(RENEWAL_PATIENCE),
            held: held.clone(),
            due: BTreeMap::new(),
        };
        Self {
            client,
            held,
            task: tokio::spawn(renewals.run()),
        }
    }

    /// Keeps an item from now on, as the claim, the handoff or a look at it told.
    pub fn keep(&self, holding: HoldingView) {
        self.held
            .send_modify(|held| drop(held.insert(holding.item.clone(), holding)));
    }

    /// Keeps an item no longer, since it was handed off or released.
    pub fn forget(&self, item: &Item) {
        self.held.send_modify(|held| drop(held.remove(item)));
    }

    /// What is held, to look at or to wait on.
    #[must_use]
    pub fn held(&self) -> watch::Receiver<BTreeMap<Item, HoldingView>> {
        self.held.subscribe()
    }

    /// Ends the renewals and lets go of everything. Answers what could not be let go of, and
    /// why; such a lease runs out by itself.
    pub async fn close(self, parting: &Parting) -> Vec<(Item, ClientError)> {
        // A renewal that is under way does no harm.
        self.task.abort();
        let held = self.held.borrow().clone();
        let mut failed = Vec::new();
        for (item, holding) in held {
            if let Err(error) = part(&self.client, &holding, parting).await {
                failed.push((item, error));
            }
        }
        failed
    }
}

impl Drop for Leases {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The task that renews.
struct Renewals {
    client: Client,
    held: watch::Sender<Held>,
    /// When each lease is to be renewed.
    due: BTreeMap<Item, Instant>,
}

impl Renewals {
    async fn run(mut self) {
        let mut held = self.held.subscribe();
        loop {
            self.plan(&held.borrow_and_update());
            let next = self.due.values().min().copied();
            tokio::select! {
                // Its sender is here.
                _ = held.changed() => {}
                () = at(next) => self.renew().await,
            }
        }
    }

    fn plan(&mut self, held: &Held) {
        self.due.retain(|item, _| held.contains_key(item));
        for (item, holding) in held {
            // People's items have no lease.
            if let Some(until_ms) = holding.lease_until_ms {
                let due = || Instant::now() + renewal(until_ms, now_ms());
                self.due.entry(item.clone()).or_insert_with(due);
            }
        }
    }

    async fn renew(&mut self) {
        let now = Instant::now();
        let due = self.due.iter().filter(|(_, due)| **due <= now);
        for item in due.map(|(item, _)| item.clone()).collect::<Vec<_>>() {
            self.due.remove(&item);
            let epoch = self.held.borrow().get(&item).map(|holding| holding.epoch);
            let Some(epoch) = epoch else { continue };
            match self.client.renew(&item, epoch).await {
                Ok(renewed) => self.note(&item, |holding| *holding = renewed),
                Err(error @ ClientError::Refused(_)) => {
                    tracing::info!(%item, %error, "no longer held");
                    self.held.send_modify(|held| drop(held.remove(&item)));
                }
                Err(error) => {
                    tracing::debug!(%item, %error, "could not renew yet");
                    self.due.insert(item, Instant::now() + RENEWAL_MIN);
                }
            }
        }
    }

    /// It may have been let go of meanwhile.
    fn note(&self, item: &Item, change: impl FnOnce(&mut HoldingView)) {
        self.held
            .send_if_modified(|held| held.get_mut(item).map(change).is_some());
    }
}

async fn part(
    client: &Client,
    holding: &HoldingView,
    parting: &Parting,
) -> Result<(), ClientError> {
    let HoldingView { item, epoch, .. } = holding;
    match parting {
        Parting::Release => client.release(item, *epoch).await.map(drop),
        Parting::HandOff { to, reason } => {
            let handoff = HandOff::cold(item.clone(), *epoch, to.clone(), reason.clone());
            match client.hand_off(&handoff).await {
                Err(error) if error.is("incomplete") => {
                    client.hand_off(&handoff.in_emergency()).await.map(drop)
                }
                done => done.map(drop),
            }
        }
    }
}

/// How long until a lease is to be renewed: a third of what is left of it. The server's clock
/// may differ from this one, so neither too seldom nor all the time.
fn renewal(until_ms: u64, now_ms: u64) -> Duration {
    Duration::from_millis(until_ms.saturating_sub(now_ms) / 3).clamp(RENEWAL_MIN, RENEWAL_MAX)
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| u64::try_from(now.as_millis()).unwrap_or(u64::MAX))
}

async fn at(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

const RENEWAL_MIN: Duration = Duration::from_secs(1);
const RENEWAL_MAX: Duration = Duration::from_secs(60);
const RENEWAL_PATIENCE: Duration = Duration::from_secs(5);
