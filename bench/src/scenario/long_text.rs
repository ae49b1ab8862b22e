//! A long text, as a person typed it: taken in, loaded after a restart, joined by many at once,
//! and as much again typed by another, to be told what changed.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use futures_util::future::{try_join, try_join_all};
use serde_json::json;
use sync_protocol::{
    ext,
    yws::{self, Frame},
};
use yrs::{GetString as _, Transact as _, Update, updates::decoder::Decode as _};

use super::Scenario;
use crate::{
    api::Api,
    edit::client_id,
    peer::{self, Dialect, Door},
    report::{Measurement, Sheet, Target, latencies, median, ms, note_latency, quantile_ms},
    server::Stopwatch,
    stage::{Bench, End, Stage, names},
    trace::Trace,
    wire::{Reader, Socket, Writer},
};

const EDITS: usize = 260_000;
const EDITS_QUICK: usize = 20_000;
const NEWCOMERS: usize = 500;
const DIGESTS: usize = 15;
/// Bytes that are written at once while key strokes are sent.
const CHUNK_BYTES: usize = 64 << 10;

pub(super) async fn run(bench: &Bench, chosen: &[Scenario]) -> anyhow::Result<Vec<Measurement>> {
    let workspaces = names("text", 1);
    let workspace = workspaces[0].as_str();
    let mut stage = Stage::set(&bench.program, &workspaces).await?;
    let trace = Trace::typed_by(client_id(0), bench.pace.pick(EDITS, EDITS_QUICK));
    let mut rows = ingest(&stage, workspace, &trace).await?;
    if !chosen.contains(&Scenario::Ingest) {
        rows.clear();
    }
    if chosen.contains(&Scenario::ColdLoad) {
        let restarts = bench.pace.pick(9, 3);
        let (restarted, found) = cold_load(stage, workspace, (&trace, restarts)).await?;
        stage = restarted;
        rows.extend(found);
    }
    if chosen.contains(&Scenario::JoinStorm) {
        rows.extend(join_storm(&stage, workspace).await?);
    }
    if chosen.contains(&Scenario::Digest) {
        let more = Trace::typed_by(client_id(1), trace.edits);
        rows.extend(digest(&stage, workspace, &more).await?);
    }
    Ok(rows)
}

async fn ingest(stage: &Stage, workspace: &str, trace: &Trace) -> anyhow::Result<Vec<Measurement>> {
    let before = stage.server.resident()?;
    let mut socket =
        peer::join_showing(stage.door(), (workspace, Dialect::Extended), |_| {}).await?;
    // Joining took one step2, which is acknowledged like an update.
    let durable = trace.edits as u64 + 1;
    let watch = Stopwatch::start(&stage.server)?;
    let sending = send(&mut socket.writer, trace.frames.bytes());
    try_join(sending, receive_acks(&mut socket.reader, durable)).await?;
    let spent = watch.stop()?;
    let rate = trace.edits as f64 / spent.wall.as_secs_f64();
    let each = spent.server_cpu.as_secs_f64() * 1e6 / trace.edits as f64;
    let mib = |bytes: u64| (bytes as f64 / f64::from(1 << 20), "MiB");
    let mut sheet = Sheet::of("ingest");
    sheet.judge(
        "updates taken in durably",
        (rate, "/s"),
        Target::AtLeast(60_000.0),
    );
    sheet.note("updates", (trace.edits as f64, ""));
    sheet.note("server CPU of one update", (each, "µs"));
    sheet.note("generator CPU", (spent.own_load(), "s/s"));
    let grown = stage.server.resident()?.saturating_sub(before);
    sheet.note("resident memory grown by", mib(grown));
    sheet.note("on disk", mib(stage.site.stored_bytes()?));
    Ok(sheet.rows())
}

async fn send(writer: &mut Writer, frames: &[u8]) -> anyhow::Result<()> {
    for chunk in frames.chunks(CHUNK_BYTES) {
        writer.send_bytes(chunk).await?;
    }
    Ok(())
}

/// Receives until `durable` frames are acknowledged.
async fn receive_acks(reader: &mut Reader, durable: u64) -> anyhow::Result<()> {
    let mut acknowledged = 0;
    let mut refusal = None;
    while acknowledged < durable {
        reader
            .receive(|message| match yws::decode(message) {
                Ok(Frame::Ext(ext::Frame::Ack { updates })) => acknowledged = updates,
                Ok(Frame::Ext(ext::Frame::Denied { reason, .. })) => {
                    refusal = Some(reason.to_owned());
                }
                _ => {}
            })
            .await?;
        ensure!(refusal.is_none(), "an update was refused: {refusal:?}");
    }
    Ok(())
}

/// Restarts the server again and again and syncs first thing.
async fn cold_load(
    mut stage: Stage,
    workspace: &str,
    (trace, restarts): (&Trace, usize),
) -> anyhow::Result<(Stage, Vec<Measurement>)> {
    stage = stage.restart(End::Killed).await?;
    let after_kill = first_sync(stage.door(), (workspace, trace)).await?;
    let mut times = Vec::with_capacity(restarts);
    for _ in 0..restarts {
        stage = stage.restart(End::Stopped).await?;
        times.push(ms(first_sync(stage.door(), (workspace, trace)).await?));
    }
    let mut sheet = Sheet::of("cold_load");
    let worst = times.iter().copied().fold(0.0, f64::max);
    let metric = format!("first sync after a restart, median of {restarts}");
    sheet.judge(metric, (median(times), "ms"), Target::Under(15.0));
    sheet.note("first sync after a restart, worst", (worst, "ms"));
    sheet.note("first sync after kill -9", (ms(after_kill), "ms"));
    Ok((stage, sheet.rows()))
}

/// How long it takes from opening the socket until the whole text is there.
async fn first_sync(
    door: Door<'_>,
    (workspace, trace): (&str, &Trace),
) -> anyhow::Result<Duration> {
    let mut updates = Vec::new();
    let began = Instant::now();
    peer::join_showing(door, (workspace, Dialect::Plain), |frame| {
        if let Frame::Step2(update) | Frame::Update(update) = frame {
            updates.push(update.to_vec());
        }
    })
    .await?;
    let time = began.elapsed();
    let doc = yrs::Doc::new();
    let text = doc.get_or_insert_text("notes");
    let mut txn = doc.transact_mut();
    for update in updates {
        txn.apply_update(Update::decode_v1(&update)?)?;
    }
    let found = text.get_string(&txn).len();
    ensure!(
        found == trace.characters,
        "{found} characters came of {}",
        trace.characters
    );
    Ok(time)
}

async fn join_storm(stage: &Stage, workspace: &str) -> anyhow::Result<Vec<Measurement>> {
    let door = stage.door();
    let resident = peer::join(door, workspace).await?;
    let watch = Stopwatch::start(&stage.server)?;
    let began = Instant::now();
    let joining = (0..NEWCOMERS).map(|_| async {
        let socket = peer::join(door, workspace).await?;
        anyhow::Ok((socket, began.elapsed()))
    });
    let joined: Vec<(Socket, Duration)> = try_join_all(joining).await?;
    let spent = watch.stop()?;
    let mut each = latencies();
    for (_, time) in &joined {
        note_latency(&mut each, *time);
    }
    drop(resident);
    let mut sheet = Sheet::of("join_storm");
    let all = format!("{NEWCOMERS} newcomers in sync after");
    sheet.note(all, (ms(spent.wall), "ms"));
    sheet.note("one of them, p50", quantile_ms(&each, 0.5));
    sheet.note("server CPU", (spent.server_cpu.as_secs_f64(), "s"));
    sheet.note("generator CPU", (spent.own_cpu.as_secs_f64(), "s"));
    Ok(sheet.rows())
}

/// Keeps a version, types `more`, and asks what changed since.
async fn digest(stage: &Stage, workspace: &str, more: &Trace) -> anyhow::Result<Vec<Measurement>> {
    let api = Api::behind(stage.door());
    let checkpoints = format!("workspaces/{workspace}/checkpoints");
    let kept = api
        .post(&checkpoints, &json!({ "title": "Before" }))
        .await?;
    let id = kept["id"].as_str().context("a checkpoint has an id")?;
    ingest(stage, workspace, more).await?;
    let asked = format!("workspaces/{workspace}/digest?since=checkpoint:{id}");
    let mut times = Vec::with_capacity(DIGESTS);
    for _ in 0..DIGESTS {
        let began = Instant::now();
        let digest = api.get(&asked).await?;
        times.push(ms(began.elapsed()));
        let changes = digest["items"].as_array().map_or(0, Vec::len);
        ensure!(changes > 0, "nothing changed: {digest}");
    }
    let mut sheet = Sheet::of("digest");
    let worst = times.iter().copied().fold(0.0, f64::max);
    let metric = format!("digest of {} edits, median of {DIGESTS}", more.edits);
    sheet.judge(metric, (median(times), "ms"), Target::Under(50.0));
    sheet.note("worst", (worst, "ms"));
    Ok(sheet.rows())
}
