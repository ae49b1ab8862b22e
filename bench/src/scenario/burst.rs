//! Whether an agent that writes thousands of updates at once makes a person wait.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

use futures_util::future::{Either, select, try_join3};
use sync_protocol::yws::{self, Frame};
use tokio::time::{interval, sleep};

use crate::{
    edit::{Typist, client_id, for_each_end},
    peer::{self, Door},
    report::{Latencies, Measurement, Sheet, latencies, note_latency, quantile_ms},
    server::Kind,
    stage::{Bench, Stage, names},
    wire::{Outgoing, Reader, Socket, Writer},
};

/// Time between two key strokes of the person: 5 a second.
pub(super) const PACE: Duration = Duration::from_millis(200);
/// Updates of the agent in one burst, and the pause after the burst has been confirmed.
const BURST: u32 = 5000;
const PAUSE: Duration = Duration::from_millis(100);

/// The person's and the agent's client number.
const PERSON: usize = 0;
const AGENT: usize = 1;

/// Who takes part.
struct Scene {
    person: Socket,
    browser: Socket,
    agent: Socket,
    person_types: Typist,
    agent_types: Typist,
    /// How far the browser has seen the person's text.
    seen: u32,
}

pub(super) async fn run(bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
    let workspaces = names("burst", 1);
    let workspace = workspaces[0].as_str();
    let stage = Stage::set(&bench.program, &workspaces).await?;
    let as_agent = stage.site.token("Drafter", Kind::Agent).await?;
    let agent_door = Door {
        token: &as_agent,
        ..stage.door()
    };
    let mut scene = Scene {
        person: peer::join(stage.door(), workspace).await?,
        browser: peer::join(stage.door(), workspace).await?,
        agent: peer::join(agent_door, workspace).await?,
        person_types: Typist::new(client_id(PERSON)),
        agent_types: Typist::new(client_id(AGENT)),
        seen: 0,
    };
    let strokes = bench.pace.pick(100, 20);
    let alone = scene.play(strokes, Agent::Silent).await?;
    let began = Instant::now();
    let first = scene.agent_types.clock();
    let during = scene.play(strokes, Agent::Bursting).await?;
    let updates = f64::from(scene.agent_types.clock() - first);
    let mut sheet = Sheet::of("burst");
    for (name, latencies) in [("alone", &alone), ("with bursts", &during)] {
        for (quantile, at) in [("p50", 0.5), ("p99", 0.99)] {
            let metric = format!("key stroke to browser, {name}, {quantile}");
            sheet.note(metric, quantile_ms(latencies, at));
        }
    }
    let rate = updates / began.elapsed().as_secs_f64();
    sheet.note("the agent's updates", (rate, "/s"));
    Ok(sheet.rows())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Agent {
    Silent,
    Bursting,
}

impl Scene {
    /// The person types `strokes` while the agent does what it does.
    async fn play(&mut self, strokes: u32, agent: Agent) -> anyhow::Result<Latencies> {
        let sent = RefCell::new(Vec::new());
        let mut latencies = latencies();
        let (first, end) = (self.seen, self.seen + strokes);
        let is_over = Cell::new(false);
        let typing = write(
            &mut self.person.writer,
            &mut self.person_types,
            (strokes, &sent),
        );
        let watching = async {
            let seen = &mut self.seen;
            follow(&mut self.browser.reader, PERSON, end, |reached| {
                let now = Instant::now();
                for edit in *seen..reached {
                    let sent = sent.borrow()[(edit - first) as usize];
                    note_latency(&mut latencies, now - sent);
                }
                *seen = reached;
            })
            .await?;
            is_over.set(true);
            Ok(())
        };
        let bursting = async {
            while agent == Agent::Bursting && !is_over.get() {
                burst(&mut self.agent, &mut self.agent_types).await?;
                sleep(PAUSE).await;
            }
            Ok(())
        };
        let echoes = async {
            loop {
                self.person.reader.receive(|_| {}).await?;
            }
        };
        let playing = Box::pin(try_join3(typing, watching, bursting));
        let hearing: std::pin::Pin<Box<dyn Future<Output = anyhow::Result<()>>>> = Box::pin(echoes);
        match select(playing, hearing).await {
            Either::Left((outcome, _)) => outcome.map(drop)?,
            Either::Right((outcome, _)) => outcome?,
        }
        Ok(latencies)
    }
}

pub(super) async fn write(
    writer: &mut Writer,
    typist: &mut Typist,
    (strokes, sent): (u32, &RefCell<Vec<Instant>>),
) -> anyhow::Result<()> {
    let mut ticks = interval(PACE);
    for _ in 0..strokes {
        ticks.tick().await;
        let frame = Outgoing::of(&typist.type_on());
        sent.borrow_mut().push(Instant::now());
        writer.send(&frame).await?;
    }
    Ok(())
}

/// Writes one burst and waits until it is confirmed.
async fn burst(agent: &mut Socket, typist: &mut Typist) -> anyhow::Result<()> {
    let mut outgoing = Outgoing::default();
    for _ in 0..BURST {
        outgoing.push(&typist.type_on());
    }
    let (writer, reader) = (&mut agent.writer, &mut agent.reader);
    let confirmed = follow(reader, AGENT, typist.clock(), |_| {});
    futures_util::future::try_join(writer.send(&outgoing), confirmed).await?;
    Ok(())
}

/// Receives until the text of client `number` has come up to `end`; tells of every advance.
pub(super) async fn follow(
    reader: &mut Reader,
    number: usize,
    end: u32,
    mut advance: impl FnMut(u32),
) -> anyhow::Result<()> {
    let mut reached = 0;
    while reached < end {
        let mut problem = Ok(());
        reader
            .receive(|message| match end_of(message, number) {
                Ok(Some(end)) if end > reached => {
                    reached = end;
                    advance(end);
                }
                Ok(_) => {}
                Err(error) => problem = Err(error),
            })
            .await?;
        problem?;
    }
    Ok(())
}

/// How far the text of client `number` has come, if a message tells.
pub(super) fn end_of(message: &[u8], number: usize) -> anyhow::Result<Option<u32>> {
    let mut reached = None;
    if let Ok(Frame::Update(update)) = yws::decode(message) {
        for_each_end(update, |client, end| {
            if client == client_id(number) {
                reached = reached.max(Some(end));
            }
        })?;
    }
    Ok(reached)
}
