//! Handoff health over all workspaces, measured from their records.
//!
//! Each workspace has a meter that takes in its records once, when somebody asks. The meters live
//! in memory; after a start they read the records anew.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crdt_schema::{
    escalation::Band,
    ids::WorkspaceId,
    ownership::{
        Record,
        health::{Figures, Health, Meter, Spread},
    },
};
use metrics::gauge;
use tokio::sync::Mutex;

use crate::{
    board::Board,
    clock::now_ms,
    http::App,
    store::{Store, StoreError},
};

/// The window that is measured if none is named: seven days.
pub const WINDOW: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Records read at once.
const READ_AT_ONCE: usize = 500;

/// The meters of all workspaces. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Meters(
    /// Held while the meters catch up, so that no record is counted twice.
    Arc<Mutex<BTreeMap<WorkspaceId, Metered>>>,
);

#[derive(Debug)]
struct Metered {
    meter: Meter,
    /// The last record that was taken in.
    upto: u64,
}

impl Meters {
    /// What happened in the last `window` in the workspaces that `includes` names.
    ///
    /// # Errors
    /// When records cannot be read.
    pub async fn figures(
        &self,
        board: &Board,
        store: &dyn Store,
        window: Duration,
        includes: impl Fn(&WorkspaceId) -> bool,
    ) -> Result<Figures, StoreError> {
        let window_ms = u64::try_from(window.as_millis()).unwrap_or(u64::MAX);
        let from_ms = now_ms().saturating_sub(window_ms);
        let notices: BTreeMap<_, _> = board.notices().into_iter().collect();
        let mut meters = self.0.lock().await;
        meters.retain(|ws, metered| {
            let notice = notices.get(ws);
            // A shorter record is that of another workspace with the same id.
            notice.is_some_and(|notice| metered.upto <= notice.open.head().0)
        });
        let mut figures = Figures::default();
        for (ws, notice) in notices.iter().filter(|(ws, _)| includes(ws)) {
            let metered = meters.entry(ws.clone()).or_insert_with(|| Metered {
                meter: Meter::new(ws.clone(), notice.open.created_by().clone()),
                upto: 0,
            });
            metered.catch_up(store, ws, notice.open.head().0).await?;
            figures.absorb(metered.meter.figures(&notice.open, from_ms));
        }
        Ok(figures)
    }
}

impl Metered {
    async fn catch_up(
        &mut self,
        store: &dyn Store,
        ws: &WorkspaceId,
        newest: u64,
    ) -> Result<(), StoreError> {
        while self.upto < newest {
            let records = store.records(ws, self.upto, READ_AT_ONCE).await?;
            if records.is_empty() {
                // What cannot be read is the room's to complain about.
                return Ok(());
            }
            for (no, bytes) in records {
                self.upto = no;
                if let Ok(record) = Record::from_json(&bytes) {
                    self.meter.take(&record);
                }
            }
        }
        Ok(())
    }
}

/// Measures all workspaces over the usual window, and puts that among the counts of this process.
///
/// # Errors
/// When records cannot be read.
pub async fn measure(app: &App) -> Result<(), StoreError> {
    let board = app.rooms.board();
    let figures = app.meters.figures(board, &*app.store, WINDOW, |_| true);
    let window_ms = u64::try_from(WINDOW.as_millis()).unwrap_or(u64::MAX);
    export(&figures.await?.health(window_ms, Band::default()));
    Ok(())
}

fn export(health: &Health) {
    let escalation = &health.escalation;
    gauge!("penhold_handoff_worked").set(escalation.worked as f64);
    gauge!("penhold_handoff_escalated").set(escalation.escalated as f64);
    gauge!("penhold_handoff_escalation_rate").set(escalation.rate.unwrap_or(f64::NAN));
    gauge!("penhold_handoffs").set(health.handoffs as f64);
    gauge!("penhold_handoff_repeats").set(health.repeats.len() as f64);
    gauge!("penhold_handoff_depth_max").set(f64::from(health.depth_max));
    gauge!("penhold_approvals_answered").set(health.answers.time.count as f64);
    gauge!("penhold_approvals_answered_quickly").set(health.answers.quick as f64);
    spread("penhold_handoff_claim_seconds", health.time_to_claim);
    spread("penhold_handoff_resolve_seconds", health.time_to_resolve);
    spread("penhold_approval_answer_seconds", health.answers.time);
    let longest = health.waits.first().map_or(0, |wait| wait.since_ms);
    let waited = match longest {
        0 => 0,
        since_ms => now_ms().saturating_sub(since_ms),
    };
    gauge!("penhold_handoff_longest_wait_seconds").set(waited as f64 / 1000.0);
}

fn spread(name: &'static str, spread: Spread) {
    let quantiles = [
        ("0.5", spread.median_ms),
        ("0.9", spread.p90_ms),
        ("1", spread.max_ms),
    ];
    for (quantile, ms) in quantiles {
        gauge!(name, "quantile" => quantile).set(ms as f64 / 1000.0);
    }
}
