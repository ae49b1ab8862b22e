//! The scenarios, each with what it should reach.

mod burst;
mod commands;
mod crowd;
mod fanout;
mod floor;
mod idle;
mod inbox;
mod long_text;
mod presence;
mod release;
mod throughput;

use std::{fmt, future::Future, time::Duration};

use anyhow::Context as _;
use clap::ValueEnum as _;
use tokio::time::timeout;

use crate::{
    report::Measurement,
    stage::{Bench, Pace},
};

/// No scenario takes longer than this.
const LONGEST: Duration = Duration::from_secs(300);

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Scenario {
    /// One writer at 50 edits a second to 20 readers.
    Fanout,
    /// 50 documents with 4 clients each, typing as fast as they are confirmed.
    Throughput,
    /// 500 clients in one room, each showing its presence once a second.
    Presence,
    /// A long text typed by one client, key stroke by key stroke.
    Ingest,
    /// That text's first sync after a restart.
    ColdLoad,
    /// 500 newcomers to that text at once.
    JoinStorm,
    /// What has changed since a version from the middle of that text.
    Digest,
    /// Changes of owner while 100 workspaces are busy.
    Commands,
    /// An inbox over 10,000 workspaces.
    Inbox,
    /// Memory of 5,000 idle connections.
    Idle,
    /// Memory after 1,000 documents were opened, edited and left.
    Release,
    /// A person's latency while an agent writes thousands of updates at once.
    Burst,
    /// A person's latency while twenty agents rewrite the text every second.
    Crowd,
    /// `fanout` and `throughput` against a bare broadcaster, for comparison.
    Floor,
}

/// Scenarios that share one set-up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Group {
    One(Scenario),
    LongText(Vec<Scenario>),
}

impl Group {
    /// Those of `chosen`, in the order of the table; all if none is chosen.
    pub(crate) fn of(chosen: &[Scenario]) -> Vec<Self> {
        let all = Scenario::value_variants();
        let (mut groups, mut on_text) = (Vec::new(), Vec::new());
        for &scenario in all {
            if !chosen.is_empty() && !chosen.contains(&scenario) {
                continue;
            }
            match scenario {
                Scenario::Ingest | Scenario::ColdLoad | Scenario::JoinStorm | Scenario::Digest => {
                    on_text.push(scenario);
                }
                one => groups.push(Self::One(one)),
            }
        }
        if !on_text.is_empty() {
            groups.push(Self::LongText(on_text));
        }
        groups
    }

    /// Plays the scenarios.
    pub(crate) async fn run(&self, bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
        match self {
            Self::One(Scenario::Release) if bench.pace == Pace::Quick => Ok(Vec::new()),
            Self::One(scenario) => bounded(scenario.run(bench)).await,
            Self::LongText(chosen) => bounded(long_text::run(bench, chosen)).await,
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scenarios = match self {
            Self::One(scenario) => std::slice::from_ref(scenario),
            Self::LongText(scenarios) => scenarios,
        };
        let mut between = "";
        for scenario in scenarios {
            let value = scenario.to_possible_value().ok_or(fmt::Error)?;
            write!(f, "{between}{}", value.get_name())?;
            between = ", ";
        }
        Ok(())
    }
}

impl Scenario {
    async fn run(self, bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
        match self {
            Self::Fanout => fanout::run(bench).await,
            Self::Throughput => throughput::run(bench).await,
            Self::Presence => presence::run(bench).await,
            Self::Ingest | Self::ColdLoad | Self::JoinStorm | Self::Digest => {
                long_text::run(bench, &[self]).await
            }
            Self::Commands => commands::run(bench).await,
            Self::Inbox => inbox::run(bench).await,
            Self::Idle => idle::run(bench).await,
            Self::Release => release::run(bench).await,
            Self::Burst => burst::run(bench).await,
            Self::Crowd => crowd::run(bench).await,
            Self::Floor => floor::run(bench).await,
        }
    }
}

async fn bounded<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    timeout(LONGEST, work)
        .await
        .context("the scenario does not end")?
}
