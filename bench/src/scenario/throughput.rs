//! How many edits go through when many documents are typed in as fast as they are confirmed.
//!
//! Every client keeps a window of edits that the server has not echoed yet. A delivery is one edit
//! that arrives at a client other than its author; echoes are counted beside.

use std::cell::Cell;

use futures_util::future::{try_join, try_join_all};
use sync_protocol::yws::{self, Frame};
use tokio::time::sleep;

use crate::{
    edit::{Typist, client_id, for_each_end},
    report::{Measurement, Sheet, Target},
    server::{Spent, Stopwatch},
    stage::{Bench, Stage, names},
    wire::{Outgoing, Socket},
};

const DOCUMENTS: usize = 50;
const CLIENTS: usize = 4;
/// Edits that a client keeps unconfirmed, one measurement each.
const WINDOWS: [u32; 4] = [1, 8, 32, 128];
const WINDOWS_QUICK: [u32; 1] = [32];

/// What came through in the measured time.
pub(super) struct Outcome {
    pub(super) window: u32,
    deliveries: u64,
    echoes: u64,
    spent: Spent,
}

/// Counts of everything that came through so far, and whether it is time to stop.
#[derive(Default)]
struct Counts {
    deliveries: Cell<u64>,
    echoes: Cell<u64>,
    is_over: Cell<bool>,
}

struct Client<'a> {
    socket: Socket,
    typist: Typist,
    /// The room's first client's number.
    first: usize,
    /// This client's place in the room.
    place: usize,
    /// Up to where each client's edits have come.
    seen: [u32; CLIENTS],
    counts: &'a Counts,
}

pub(super) async fn run(bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
    let mut sheet = Sheet::of("throughput");
    let mut outcomes = Vec::new();
    for &window in windows(bench) {
        outcomes.push(measure(bench, window).await?);
    }
    let best = best(&outcomes);
    let metric = |what: &str| format!("{what} (window {}, the best)", best.window);
    sheet.judge(
        metric("deliveries"),
        best.rate(),
        Target::AtLeast(600_000.0),
    );
    sheet.judge(metric("server CPU"), best.cost(), Target::AtMost(1.5));
    for outcome in &outcomes {
        outcome.note(&mut sheet);
    }
    Ok(sheet.rows())
}

/// The windows that are tried.
pub(super) fn windows(bench: &Bench) -> &'static [u32] {
    bench.pace.pick(&WINDOWS, &WINDOWS_QUICK)
}

/// The outcome with the most deliveries.
pub(super) fn best(outcomes: &[Outcome]) -> &Outcome {
    outcomes
        .iter()
        .max_by(|a, b| a.rate().0.total_cmp(&b.rate().0))
        .expect("at least one window is tried")
}

pub(super) async fn measure(bench: &Bench, window: u32) -> anyhow::Result<Outcome> {
    let workspaces = names("throughput", DOCUMENTS);
    let stage = Stage::set(&bench.program, &workspaces).await?;
    let everybody = workspaces.iter().flat_map(|ws| [ws; CLIENTS]);
    let sockets = stage.join_all(everybody).await?;
    let counts = Counts::default();
    let mut clients: Vec<Client<'_>> = sockets
        .into_iter()
        .enumerate()
        .map(|(number, socket)| Client {
            socket,
            typist: Typist::new(client_id(number)),
            first: number - number % CLIENTS,
            place: number % CLIENTS,
            seen: [0; CLIENTS],
            counts: &counts,
        })
        .collect();
    let watching = async {
        sleep(bench.pace.seconds(2, 1)).await;
        let (deliveries, echoes) = (counts.deliveries.get(), counts.echoes.get());
        let watch = Stopwatch::start(&stage.server)?;
        sleep(bench.pace.seconds(8, 3)).await;
        let outcome = Outcome {
            window,
            deliveries: counts.deliveries.get() - deliveries,
            echoes: counts.echoes.get() - echoes,
            spent: watch.stop()?,
        };
        counts.is_over.set(true);
        Ok(outcome)
    };
    let typing = try_join_all(clients.iter_mut().map(|client| client.run(window)));
    let (outcome, _) = try_join(watching, typing).await?;
    Ok(outcome)
}

impl Client<'_> {
    async fn run(&mut self, window: u32) -> anyhow::Result<()> {
        let mut outgoing = Outgoing::default();
        loop {
            let confirmed = self.seen[self.place];
            if !self.counts.is_over.get() {
                while self.typist.clock() - confirmed < window {
                    outgoing.push(&self.typist.type_on());
                }
            } else if self.typist.clock() == confirmed {
                return Ok(());
            }
            if !outgoing.is_empty() {
                self.socket.writer.send(&outgoing).await?;
                outgoing.clear();
            }
            self.receive().await?;
        }
    }

    async fn receive(&mut self) -> anyhow::Result<()> {
        let (first, place) = (self.first, self.place);
        let (seen, counts) = (&mut self.seen, self.counts);
        let mut problem = Ok(());
        self.socket
            .receive(|message| {
                let Ok(Frame::Update(update)) = yws::decode(message) else {
                    return;
                };
                let counted = for_each_end(update, |client, end| {
                    let Some(author) = place_of(client, first) else {
                        return;
                    };
                    let count = u64::from(end.saturating_sub(seen[author]));
                    seen[author] = seen[author].max(end);
                    let counter = if author == place {
                        &counts.echoes
                    } else {
                        &counts.deliveries
                    };
                    counter.set(counter.get() + count);
                });
                if let Err(error) = counted {
                    problem = Err(error);
                }
            })
            .await?;
        problem
    }
}

/// The place of `client` in the room whose first client has the number `first`.
fn place_of(client: u64, first: usize) -> Option<usize> {
    let place = usize::try_from(client.checked_sub(client_id(first))?).ok()?;
    (place < CLIENTS).then_some(place)
}

impl Outcome {
    /// Deliveries a second.
    pub(super) fn rate(&self) -> (f64, &'static str) {
        let rate = self.deliveries as f64 / self.spent.wall.as_secs_f64();
        (rate, "/s")
    }

    /// CPU seconds of the server for a million deliveries.
    pub(super) fn cost(&self) -> (f64, &'static str) {
        let millions = self.deliveries as f64 / 1e6;
        (self.spent.server_cpu.as_secs_f64() / millions, "s/million")
    }

    /// Adds rows for this window.
    pub(super) fn note(&self, sheet: &mut Sheet) {
        let window = self.window;
        let echoes = self.echoes as f64 / self.spent.wall.as_secs_f64();
        sheet.note(format!("window {window}: deliveries"), self.rate());
        sheet.note(format!("window {window}: echoes"), (echoes, "/s"));
        sheet.note(format!("window {window}: server CPU"), self.cost());
        let loads = (self.spent.server_load(), self.spent.own_load());
        sheet.note(format!("window {window}: server load"), (loads.0, "s/s"));
        sheet.note(format!("window {window}: generator load"), (loads.1, "s/s"));
    }
}
