//! The same load on a bare broadcaster: what sockets alone cost on this machine.

use super::{fanout, throughput};
use crate::{
    report::{Measurement, Sheet, quantile_ms},
    server::Program,
    stage::Bench,
};

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
    Ok(sheet.rows())
}
