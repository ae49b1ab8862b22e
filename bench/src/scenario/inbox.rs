//! How long an inbox over many workspaces takes to read.

use std::time::Instant;

use anyhow::ensure;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;

use crate::{
    api::Api,
    report::{Measurement, Sheet, Target, latencies, note_latency, quantile_ms},
    stage::{Bench, Stage, names},
};

const WORKSPACES: usize = 10_000;
const WORKSPACES_QUICK: usize = 500;
/// One of so many workspaces has something that waits for the reader.
const WAITING_EVERY: usize = 50;
/// Requests at the same time while the workspaces are made.
const AT_ONCE: usize = 32;

pub(super) async fn run(bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
    let stage = Stage::set(&bench.program, &[]).await?;
    let api = Api::behind(stage.door());
    let workspaces = names("inbox", bench.pace.pick(WORKSPACES, WORKSPACES_QUICK));
    stream::iter(workspaces.iter().enumerate())
        .map(|(number, workspace)| fill(&api, (number, workspace)))
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    let waiting = workspaces.len() / WAITING_EVERY;
    let mut each = latencies();
    for _ in 0..bench.pace.pick(300, 50) {
        let began = Instant::now();
        let inbox = api.get("inbox").await?;
        note_latency(&mut each, began.elapsed());
        let found = &inbox["totals"]["needs_you"];
        ensure!(*found == waiting, "{found} of {waiting} wait in the inbox");
    }
    let mut sheet = Sheet::of("inbox");
    sheet.note("workspaces", (workspaces.len() as f64, ""));
    sheet.note("what waits for the reader", (waiting as f64, ""));
    sheet.note("inbox read, p50", quantile_ms(&each, 0.5));
    let p99 = quantile_ms(&each, 0.99);
    sheet.judge("inbox read, p99", p99, Target::Under(20.0));
    Ok(sheet.rows())
}

/// Makes a workspace; in some of them the plan waits in a queue.
async fn fill(api: &Api, (number, workspace): (usize, &String)) -> anyhow::Result<()> {
    let new = json!({ "id": workspace, "title": workspace });
    api.post("workspaces", &new).await?;
    if number % WAITING_EVERY == 0 {
        let item = format!("workspaces/{workspace}/items/plan");
        let epoch = &api.get(&item).await?["epoch"];
        let handoff = json!({
            "item": "plan", "to": { "queue": "people" }, "mode": "cold", "epoch": epoch,
            "emergency": true, "reason": { "trigger": "other", "note": "measured" },
        });
        api.post(&format!("workspaces/{workspace}/handoffs"), &handoff)
            .await?;
    }
    Ok(())
}
