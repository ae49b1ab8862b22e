//! A crowd in one room, in which everybody shows a moving cursor to everybody.

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures_util::future::{try_join, try_join_all};
use sync_protocol::{
    awareness::{self, Entry},
    yws::{self, Frame},
};
use tokio::time::{interval_at, timeout};

use crate::{
    edit::client_id,
    report::{Latencies, Measurement, Sheet, Target, latencies, note_latency, quantile_ms},
    server::Stopwatch,
    stage::{Bench, Stage, names},
    wire::{Outgoing, Reader, Writer},
};

const CLIENTS: usize = 500;
/// Time between two states of one client.
const PACE: Duration = Duration::from_secs(1);
/// How long the last states may take to arrive.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was shown and seen.
struct Crowd {
    /// When each client showed each of its states.
    sent: RefCell<Vec<Vec<Instant>>>,
    latencies: RefCell<Latencies>,
    /// States that each client shows.
    rounds: usize,
}

pub(super) async fn run(bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
    let workspaces = names("presence", 1);
    let stage = Stage::set(&bench.program, &workspaces).await?;
    let everybody = std::iter::repeat_n(&workspaces[0], CLIENTS);
    let mut sockets = stage.join_all(everybody).await?;
    let crowd = Crowd {
        sent: RefCell::new(vec![Vec::new(); CLIENTS]),
        latencies: RefCell::new(latencies()),
        rounds: bench.pace.pick(10, 3),
    };
    let begin = tokio::time::Instant::now() + Duration::from_millis(100);
    let watch = Stopwatch::start(&stage.server)?;
    let playing = sockets.iter_mut().enumerate().map(|(number, socket)| {
        let phase = PACE * u32::try_from(number).expect("a small number") / CLIENTS as u32;
        let showing = crowd.show(number, &mut socket.writer, begin + phase);
        try_join(showing, crowd.watch(number, &mut socket.reader))
    });
    let learned: Vec<((), usize)> = try_join_all(playing).await?;
    let spent = watch.stop()?;
    let all = CLIENTS * (CLIENTS - 1);
    let known: usize = learned.iter().map(|(_, known)| known).sum();
    let mut sheet = Sheet::of("presence");
    let share = 100.0 * known as f64 / all as f64;
    sheet.judge(
        "newest states that arrived",
        (share, "%"),
        Target::AtLeast(100.0),
    );
    let latencies = crowd.latencies.borrow();
    sheet.judge(
        "state to everybody, p99",
        quantile_ms(&latencies, 0.99),
        Target::Under(150.0),
    );
    sheet.note("state to everybody, p50", quantile_ms(&latencies, 0.5));
    sheet.judge(
        "server CPU",
        (spent.server_load(), "s/s"),
        Target::AtMost(0.2),
    );
    sheet.note("generator CPU", (spent.own_load(), "s/s"));
    let deliveries = latencies.len() as f64 / spent.wall.as_secs_f64();
    sheet.note("states that arrived", (deliveries, "/s"));
    Ok(sheet.rows())
}

impl Crowd {
    async fn show(
        &self,
        number: usize,
        writer: &mut Writer,
        begin: tokio::time::Instant,
    ) -> anyhow::Result<()> {
        let mut ticks = interval_at(begin, PACE);
        for round in 0..self.rounds {
            ticks.tick().await;
            let state = state(number, round);
            let entry = Entry {
                client: client_id(number),
                clock: round as u64 + 1,
                state: &state,
            };
            let frame = yws::awareness(&awareness::encode([entry].into_iter()));
            self.sent.borrow_mut()[number].push(Instant::now());
            writer.send(&Outgoing::of(&frame)).await?;
        }
        Ok(())
    }

    /// Watches until the last state of every other client has come, but not for ever; returns how
    /// many have.
    async fn watch(&self, number: usize, reader: &mut Reader) -> anyhow::Result<usize> {
        let mut known = vec![0; CLIENTS];
        known[number] = self.rounds;
        let mut complete = 1;
        let longest = PACE * u32::try_from(self.rounds)? + PATIENCE;
        let watching = async {
            while complete < CLIENTS {
                let mut problem = Ok(());
                reader
                    .receive(|message| match yws::decode(message) {
                        Ok(Frame::Awareness(payload)) => match awareness::decode(payload) {
                            Ok(entries) => complete += self.learn(&mut known, &entries),
                            Err(error) => problem = Err(error),
                        },
                        Ok(_) => {}
                        Err(error) => problem = Err(error),
                    })
                    .await?;
                problem?;
            }
            anyhow::Ok(())
        };
        match timeout(longest, watching).await {
            Ok(outcome) => outcome.with_context(|| format!("client {number}"))?,
            Err(_) => return Ok(complete - 1),
        }
        Ok(complete - 1)
    }

    /// Takes in `entries`; returns how many clients' last states were among them.
    fn learn(&self, known: &mut [usize], entries: &[Entry<'_>]) -> usize {
        let now = Instant::now();
        let (sent, mut latencies) = (self.sent.borrow(), self.latencies.borrow_mut());
        let mut complete = 0;
        for entry in entries {
            let number = usize::try_from(entry.client.wrapping_sub(client_id(0)));
            let (Ok(number), Ok(clock)) = (number, usize::try_from(entry.clock)) else {
                continue;
            };
            if known.get(number).is_none_or(|newest| *newest >= clock) {
                continue;
            }
            known[number] = clock;
            note_latency(&mut latencies, now - sent[number][clock - 1]);
            complete += usize::from(clock == self.rounds);
        }
        complete
    }
}

/// What a browser shows of its user: a name, a colour, a cursor.
fn state(number: usize, round: usize) -> String {
    let at = format!(
        r#"{{"type":null,"tname":"notes","item":{{"client":{},"clock":{round}}},"assoc":0}}"#,
        client_id(number)
    );
    format!(
        r##"{{"user":{{"name":"Person {number}","color":"#3366aa"}},"cursor":{{"anchor":{at},"head":{at}}}}}"##
    )
}
