//! How long an edit takes from the writer to its readers, at an unhurried pace.

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use futures_util::future::{try_join_all, try_join3};
use sync_protocol::yws::{self, Frame};
use tokio::time::interval;

use crate::{
    edit::{Typist, client_id, for_each_end},
    report::{Latencies, Measurement, Sheet, Target, latencies, note_latency, quantile_ms},
    server::{Spent, Stopwatch},
    stage::{Bench, Stage, names},
    wire::{Outgoing, Reader, Writer},
};

const READERS: usize = 20;
/// Time between two edits: 50 a second.
const PACE: Duration = Duration::from_millis(20);

/// What was seen.
pub(super) struct Outcome {
    /// From the writer to each reader.
    pub(super) to_readers: Latencies,
    /// From the writer back to itself, which says that the edit is durable.
    pub(super) to_writer: Latencies,
    pub(super) spent: Spent,
}

pub(super) async fn run(bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
    let outcome = measure(bench).await?;
    let mut sheet = Sheet::of("fanout");
    let readers = &outcome.to_readers;
    sheet.judge(
        "edit to reader, p50",
        quantile_ms(readers, 0.5),
        Target::Under(1.5),
    );
    sheet.judge(
        "edit to reader, p99",
        quantile_ms(readers, 0.99),
        Target::Under(5.0),
    );
    sheet.note(
        "edit to its own echo, p50",
        quantile_ms(&outcome.to_writer, 0.5),
    );
    sheet.note(
        "edit to its own echo, p99",
        quantile_ms(&outcome.to_writer, 0.99),
    );
    sheet.note("server CPU", (outcome.spent.server_load(), "s/s"));
    sheet.note("generator CPU", (outcome.spent.own_load(), "s/s"));
    Ok(sheet.rows())
}

pub(super) async fn measure(bench: &Bench) -> anyhow::Result<Outcome> {
    let workspaces = names("fanout", 1);
    let stage = Stage::set(&bench.program, &workspaces).await?;
    let everybody = std::iter::repeat_n(&workspaces[0], READERS + 1);
    let mut sockets = stage.join_all(everybody).await?;
    let mut writer = sockets.pop().expect("there is one more than readers");
    let edits = bench.pace.pick(1000, 200);
    let sent = RefCell::new(Vec::with_capacity(edits));
    let (to_readers, to_writer) = (RefCell::new(latencies()), RefCell::new(latencies()));
    let watch = Stopwatch::start(&stage.server)?;
    try_join3(
        write(&mut writer.writer, edits, &sent),
        read(&mut writer.reader, edits, (&sent, &to_writer)),
        try_join_all(
            sockets
                .iter_mut()
                .map(|socket| read(&mut socket.reader, edits, (&sent, &to_readers))),
        ),
    )
    .await?;
    Ok(Outcome {
        spent: watch.stop()?,
        to_readers: to_readers.into_inner(),
        to_writer: to_writer.into_inner(),
    })
}

async fn write(
    writer: &mut Writer,
    edits: usize,
    sent: &RefCell<Vec<Instant>>,
) -> anyhow::Result<()> {
    let mut typist = Typist::new(client_id(0));
    let mut ticks = interval(PACE);
    for _ in 0..edits {
        ticks.tick().await;
        let frame = Outgoing::of(&typist.type_on());
        sent.borrow_mut().push(Instant::now());
        writer.send(&frame).await?;
    }
    Ok(())
}

/// Notes how long each edit took, until all have come.
async fn read(
    reader: &mut Reader,
    edits: usize,
    (sent, latencies): (&RefCell<Vec<Instant>>, &RefCell<Latencies>),
) -> anyhow::Result<()> {
    let mut seen = 0;
    while seen < edits {
        let mut problem = Ok(());
        reader
            .receive(|message| {
                let Ok(Frame::Update(update)) = yws::decode(message) else {
                    return;
                };
                let now = Instant::now();
                let noted = for_each_end(update, |client, end| {
                    if client == client_id(0) {
                        let (sent, mut latencies) = (sent.borrow(), latencies.borrow_mut());
                        for edit in &sent[seen..end as usize] {
                            note_latency(&mut latencies, now - *edit);
                        }
                        seen = end as usize;
                    }
                });
                if let Err(error) = noted {
                    problem = Err(error);
                }
            })
            .await?;
        problem?;
    }
    Ok(())
}
