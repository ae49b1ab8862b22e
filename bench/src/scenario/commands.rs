//! How long a change of owner takes while many workspaces are busy: until it is decided, durable
//! and answered, and until another peer of the workspace sees it.

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use futures_util::future::{Either, select, try_join_all};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use sync_protocol::yws::{self, Frame};
use tokio::{
    sync::mpsc,
    time::{interval, sleep},
};

use crate::{
    api::Api,
    edit::{Typist, client_id, for_each_end},
    report::{Latencies, Measurement, Sheet, Target, latencies, note_latency, quantile_ms},
    server::{Spent, Stopwatch},
    stage::{Bench, Stage, names},
    wire::{Outgoing, Reader, Writer},
};

const WORKSPACES: usize = 100;
/// Time between two key strokes in each workspace: 5 a second.
const PACE: Duration = Duration::from_millis(200);
/// Time between two commands: 20 a second, each in another workspace.
const BETWEEN_COMMANDS: Duration = Duration::from_millis(50);

pub(super) async fn run(bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
    let workspaces = names("commands", WORKSPACES);
    let stage = Stage::set(&bench.program, &workspaces).await?;
    let commands = bench.pace.pick(1000, 100);
    let play = Play::default();
    let spent = play.run(&stage, (&workspaces, commands)).await?;
    let (answered, seen) = (play.answered.into_inner(), play.seen.into_inner());
    let mut sheet = Sheet::of("commands");
    sheet.note("command to its answer, p50", quantile_ms(&answered, 0.5));
    sheet.judge(
        "command to its answer, p99",
        quantile_ms(&answered, 0.99),
        Target::Under(10.0),
    );
    sheet.note("command to another peer, p50", quantile_ms(&seen, 0.5));
    sheet.judge(
        "command to another peer, p99",
        quantile_ms(&seen, 0.99),
        Target::Under(10.0),
    );
    sheet.note("server CPU", (spent.server_load(), "s/s"));
    sheet.note("generator CPU", (spent.own_load(), "s/s"));
    Ok(sheet.rows())
}

/// What is measured on the way.
struct Play {
    answered: RefCell<Latencies>,
    seen: RefCell<Latencies>,
}

impl Default for Play {
    fn default() -> Self {
        Self {
            answered: RefCell::new(latencies()),
            seen: RefCell::new(latencies()),
        }
    }
}

impl Play {
    async fn run(
        &self,
        stage: &Stage,
        (workspaces, commands): (&[String], usize),
    ) -> anyhow::Result<Spent> {
        let (mut typing, mut reading, mut heard) = (Vec::new(), Vec::new(), Vec::new());
        for (number, socket) in stage
            .join_all(workspaces.iter())
            .await?
            .into_iter()
            .enumerate()
        {
            let (tell, news) = mpsc::unbounded_channel();
            typing.push(type_on(socket.writer, number));
            reading.push(watch(socket.reader, tell));
            heard.push(news);
        }
        let busy = Box::pin(async {
            let typing = try_join_all(typing);
            let reading = try_join_all(reading);
            futures_util::future::try_join(typing, reading)
                .await
                .map(drop)
        });
        let watch = Stopwatch::start(&stage.server)?;
        let commanding = Box::pin(self.command(stage, (workspaces, commands), &mut heard));
        match select(commanding, busy).await {
            Either::Left((outcome, _)) => outcome?,
            Either::Right((outcome, _)) => outcome?,
        }
        watch.stop()
    }

    /// Claims and releases the notes of one workspace after another.
    async fn command(
        &self,
        stage: &Stage,
        (workspaces, commands): (&[String], usize),
        heard: &mut [mpsc::UnboundedReceiver<Instant>],
    ) -> anyhow::Result<()> {
        let api = Api::behind(stage.door());
        let mut ticks = interval(BETWEEN_COMMANDS);
        for number in 0..commands {
            let at = number % workspaces.len();
            let item = format!("workspaces/{}/items/notes", workspaces[at]);
            let epoch = api.get(&item).await?["epoch"].clone();
            let verb = ["claim", "release"][number / workspaces.len() % 2];
            ticks.tick().await;
            while heard[at].try_recv().is_ok() {}
            let began = Instant::now();
            api.post(&format!("{item}/{verb}"), &json!({ "epoch": epoch }))
                .await?;
            note_latency(&mut self.answered.borrow_mut(), began.elapsed());
            let seen = heard[at].recv().await.expect("its reader reads on");
            let until = seen.saturating_duration_since(began);
            note_latency(&mut self.seen.borrow_mut(), until);
        }
        Ok(())
    }
}

/// Types as client number `number`, for ever; not all clients in the same moment.
async fn type_on(mut writer: Writer, number: usize) -> anyhow::Result<()> {
    let mut typist = Typist::new(client_id(number));
    let mut rng = StdRng::seed_from_u64(number as u64);
    sleep(PACE.mul_f64(rng.random_range(0.0..1.0))).await;
    let mut ticks = interval(PACE);
    loop {
        ticks.tick().await;
        writer.send(&Outgoing::of(&typist.type_on())).await?;
    }
}

/// Tells when something arrives that is not the typing of one of the generator's clients: what
/// the server wrote, and so the ownership that it shows.
async fn watch(mut reader: Reader, tell: mpsc::UnboundedSender<Instant>) -> anyhow::Result<()> {
    let typists = client_id(0)..client_id(WORKSPACES);
    loop {
        let mut problem = Ok(());
        reader
            .receive(|message| {
                let Ok(Frame::Update(update)) = yws::decode(message) else {
                    return;
                };
                let read = for_each_end(update, |client, _| {
                    if !typists.contains(&client) {
                        tell.send(Instant::now()).ok();
                    }
                });
                if let Err(error) = read {
                    problem = Err(error);
                }
            })
            .await?;
        problem?;
    }
}
