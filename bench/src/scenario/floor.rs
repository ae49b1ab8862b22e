//! The same load on a bare broadcaster, and a bare file: what sockets and the disk alone cost on
//! this machine, at this time.

use std::{io::Write as _, time::Instant};

use super::{fanout, throughput};
use crate::{
    report::{Latencies, Measurement, Sheet, latencies, note_latency, quantile_ms},
    server::Program,
    stage::Bench,
};

/// Appends that are made durable, one after the other, and bytes in each.
const APPENDS: usize = 200;
const APPEND_BYTES: usize = 200;

pub(super) async fn run(bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
    let bare = Bench {
        program: Program::Bare,
        pace: bench.pace,
    };
    let mut sheet = Sheet::of("floor");
    let outcome = fanout::measure(&bare).await?;
    let readers = &outcome.to_readers;
    sheet.note("edit to reader, p50", quantile_ms(readers, 0.5));
    sheet.note("edit to reader, p99", quantile_ms(readers, 0.99));
    let mut outcomes = Vec::new();
    for &window in throughput::windows(bench) {
        outcomes.push(throughput::measure(&bare, window).await?);
    }
    throughput::best(&outcomes).note(&mut sheet);
    let appends = append()?;
    sheet.note("append and sync of a file, p50", quantile_ms(&appends, 0.5));
    sheet.note(
        "append and sync of a file, p99",
        quantile_ms(&appends, 0.99),
    );
    Ok(sheet.rows())
}

/// Appends to a file where data directories are made, too.
fn append() -> std::io::Result<Latencies> {
    let mut file = tempfile::tempfile()?;
    let mut latencies = latencies();
    for _ in 0..APPENDS {
        let began = Instant::now();
        file.write_all(&[0; APPEND_BYTES])?;
        file.sync_data()?;
        note_latency(&mut latencies, began.elapsed());
    }
    Ok(latencies)
}
