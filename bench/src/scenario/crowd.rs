//! Whether twenty agents that rewrite a text every second make a person who types in it wait.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures_util::future::{Either, select, try_join, try_join_all};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use tokio::time::interval;

use super::burst::{PACE, end_of, follow, write};
use crate::{
    api::Api,
    edit::{Gap, Typist, client_id},
    peer::{self, Door},
    report::{Latencies, Measurement, Sheet, Target, latencies, note_latency, quantile_ms},
    server::{Kind, Stopwatch},
    stage::{Bench, Stage, names},
    wire::{Outgoing, Socket},
};

const AGENTS: usize = 20;
/// Time between two rewrites of one agent.
const BETWEEN_REWRITES: Duration = Duration::from_secs(1);
const WORDS: usize = 400;
/// Of a hundred words, so many are replaced by a rewrite.
const REPLACED_PERCENT: u32 = 5;
const PERSON: usize = 0;

pub(super) async fn run(bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
    let workspaces = names("crowd", 1);
    let workspace = workspaces[0].as_str();
    let stage = Stage::set(&bench.program, &workspaces).await?;
    let mut agents = Vec::new();
    for number in 0..AGENTS {
        let token = stage
            .site
            .token(&format!("Agent {number}"), Kind::Agent)
            .await?;
        let door = Door {
            token: &token,
            ..stage.door()
        };
        agents.push(Api::behind(door));
    }
    let mut scene = Scene {
        person: peer::join(stage.door(), workspace).await?,
        browser: peer::join(stage.door(), workspace).await?,
        typist: Typist::new(client_id(PERSON)),
    };
    scene.begin().await?;
    let seconds = bench.pace.pick(60, 5);
    let strokes = seconds * 1000 / u32::try_from(PACE.as_millis())?;
    let watch = Stopwatch::start(&stage.server)?;
    let (rewrites, is_over) = (Cell::new(0_u32), Cell::new(false));
    let rewriting = agents
        .iter()
        .enumerate()
        .map(|(number, api)| rewrite_on(api, (workspace, number), (&rewrites, &is_over)));
    let person = async {
        let typed = scene.type_on(strokes).await;
        is_over.set(true);
        typed
    };
    let (each, _) = try_join(person, try_join_all(rewriting)).await?;
    let spent = watch.stop()?;
    let mut sheet = Sheet::of("crowd");
    let (p50, p95) = (quantile_ms(&each, 0.5), quantile_ms(&each, 0.95));
    sheet.note("key stroke to browser among rewriters, p50", p50);
    let metric = "key stroke to browser among rewriters, p95";
    sheet.judge(metric, p95, Target::Under(50.0));
    let rate = f64::from(rewrites.get()) / spent.wall.as_secs_f64();
    sheet.note("rewrites", (rate, "/s"));
    sheet.note("server CPU", (spent.server_load(), "s/s"));
    Ok(sheet.rows())
}

struct Scene {
    person: Socket,
    browser: Socket,
    typist: Typist,
}

impl Scene {
    /// Writes the text that is there when the crowd comes.
    async fn begin(&mut self) -> anyhow::Result<()> {
        let text = "clinic ".repeat(WORDS);
        let frame = Outgoing::of(&self.typist.insert(Gap::default(), text.as_bytes()));
        self.person.writer.send(&frame).await?;
        follow(
            &mut self.browser.reader,
            PERSON,
            self.typist.clock(),
            |_| {},
        )
        .await
    }

    /// Types, and tells how long each key took to the browser.
    async fn type_on(&mut self, strokes: u32) -> anyhow::Result<Latencies> {
        let (sent, mut each) = (RefCell::new(Vec::new()), latencies());
        let first = self.typist.clock();
        let (mut seen, end) = (first, first + strokes);
        let typing = write(&mut self.person.writer, &mut self.typist, (strokes, &sent));
        let watching = async {
            while seen < end {
                let (mut reached, mut problem) = (seen, Ok(()));
                self.browser
                    .receive(|message| match end_of(message, PERSON) {
                        Ok(end) => reached = reached.max(end.unwrap_or(0)),
                        Err(error) => problem = Err(error),
                    })
                    .await?;
                problem?;
                let now = Instant::now();
                for edit in seen..reached {
                    note_latency(&mut each, now - sent.borrow()[(edit - first) as usize]);
                }
                seen = reached;
            }
            anyhow::Ok(())
        };
        let echoes = async {
            loop {
                self.person.reader.receive(|_| {}).await?;
            }
        };
        let playing = Box::pin(try_join(typing, watching));
        let hearing: std::pin::Pin<Box<dyn Future<Output = anyhow::Result<()>>>> = Box::pin(echoes);
        match select(playing, hearing).await {
            Either::Left((outcome, _)) => outcome.map(drop)?,
            Either::Right((outcome, _)) => outcome?,
        }
        Ok(each)
    }
}

/// Reads the text, replaces words in it, and sends it back, every second until it is over.
async fn rewrite_on(
    api: &Api,
    (workspace, number): (&str, usize),
    (rewrites, is_over): (&Cell<u32>, &Cell<bool>),
) -> anyhow::Result<()> {
    let mut rng = StdRng::seed_from_u64(number as u64);
    let mut ticks = interval(BETWEEN_REWRITES);
    while !is_over.get() {
        ticks.tick().await;
        let read = api
            .get(&format!("workspaces/{workspace}/texts?path=notes"))
            .await?;
        let text = read["text"].as_str().context("a text")?;
        let words = text
            .split(' ')
            .map(|word| match rng.random_ratio(REPLACED_PERCENT, 100) {
                true => format!("agent{number}"),
                false => word.to_owned(),
            });
        let text = words.collect::<Vec<_>>().join(" ");
        let edit = json!({ "path": "notes", "base": read["base"], "text": text });
        api.post(&format!("workspaces/{workspace}/edits"), &edit)
            .await?;
        rewrites.set(rewrites.get() + 1);
    }
    Ok(())
}
