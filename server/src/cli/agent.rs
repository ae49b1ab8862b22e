//! `penhold agent run`: starts a command whenever something needs an agent.
//!
//! Invariant: one command at a time, and only for something to do; news alone wakes nobody. What
//! a command did not see to (it failed) is given to it again, later each time.

mod child;

use std::{ffi::OsString, path::PathBuf, time::Duration};

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use crdt_schema::ids::WorkspaceId;
use penhold_agent::{Client, CursorFile, Leases, Need, Needs, Parting};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use self::child::Child;
use super::{
    api::Visitor,
    say,
    serve::on_signal,
    wait::{Told, What},
};
use crate::config::Config;

/// The wait after the first failure; it doubles.
const RETRY_FIRST: Duration = Duration::from_secs(1);
/// The longest wait after failures.
const RETRY_MAX: Duration = Duration::from_secs(5 * 60);

#[derive(Subcommand)]
pub(super) enum Command {
    /// Start a command whenever something needs the agent; what it has to know comes on its
    /// standard input, and PENHOLD_NEED says what it is about
    Run(Box<Flags>),
}

#[derive(Args)]
pub(super) struct Flags {
    /// What to start it for
    #[arg(long = "on", value_enum, value_name = "WHAT", default_value = "any")]
    on: What,
    /// The workspace
    #[arg(long, value_name = "ID")]
    workspace: WorkspaceId,
    /// Form of the context on standard input
    #[arg(long, value_enum, default_value = "markdown")]
    format: Format,
    /// Longest context, in characters
    #[arg(long, value_name = "CHARS", default_value_t = 12_000)]
    budget: usize,
    /// A file that remembers what was seen to, so that nothing that happens while this does not
    /// run is missed
    #[arg(long, value_name = "FILE")]
    cursor_file: Option<PathBuf>,
    /// Let go of what the agent holds when this ends
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    visitor: Visitor,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Markdown,
    Json,
}

/// Everything that runs need.
struct Runner {
    flags: Flags,
    url: String,
    client: Client,
    leases: Leases,
    stop: CancellationToken,
}

pub(super) async fn run(command: Command, config: Config) -> anyhow::Result<()> {
    let Command::Run(flags) = command;
    let url = flags.visitor.url(&config);
    let (workspace, token) = (flags.workspace.as_str(), flags.visitor.token()?);
    let agent = penhold_agent::Config::new(&url, workspace, token)?;
    let client = Client::new(&agent);
    let runner = Runner {
        leases: Leases::new(client.clone()),
        flags: *flags,
        url,
        client,
        stop: on_signal()?,
    };
    let ended = runner.serve().await;
    if runner.flags.release {
        for (item, error) in runner.leases.close(&Parting::Release).await {
            say(format_args!("{item} was not released: {error}"))?;
        }
    }
    ended
}

impl Runner {
    /// Goes on until a signal.
    async fn serve(&self) -> anyhow::Result<()> {
        let file = self.flags.cursor_file.clone().map(CursorFile::new);
        let mut needs = Needs::new(self.client.clone(), self.flags.on.into(), file).await?;
        let mut retry = RETRY_FIRST;
        loop {
            let Some(need) = self.stop.run_until_cancelled(needs.next()).await else {
                return Ok(());
            };
            let need = need?;
            match self.once(&need).await {
                Ok(()) => {
                    needs.seen_to(&need)?;
                    retry = RETRY_FIRST;
                }
                Err(_) if self.stop.is_cancelled() => return Ok(()),
                Err(error) => {
                    let wait = retry.mul_f64(rand::random_range(0.5..=1.0));
                    say(format_args!(
                        "{error:#}; again in {} s",
                        wait.as_secs_f32().ceil()
                    ))?;
                    retry = (retry * 2).min(RETRY_MAX);
                    self.stop.run_until_cancelled(sleep(wait)).await;
                }
            }
        }
    }

    /// Runs the command for one need. Meanwhile what the agent holds is kept for it.
    async fn once(&self, need: &Need) -> anyhow::Result<()> {
        say(need.sentence())?;
        for holding in self.client.held().await? {
            if holding.inherited.is_none() {
                self.leases.keep(holding);
            }
        }
        let context = self.context().await?;
        let told = Told::new(&self.flags.workspace, need).line();
        let mut command = child::command(&self.flags.command)?;
        command
            .env("PENHOLD_URL", &self.url)
            .env("PENHOLD_TOKEN", self.flags.visitor.token()?)
            .env("PENHOLD_WORKSPACE", self.flags.workspace.as_str())
            .env("PENHOLD_NEED", told);
        let child = Child::start(command, context)?;
        child.ended(&self.stop).await
    }

    async fn context(&self) -> anyhow::Result<String> {
        let budget = self.flags.budget;
        let context = match self.flags.format {
            Format::Markdown => self.client.context_markdown(budget).await,
            Format::Json => self.client.context(budget).await.map(|context| {
                serde_json::to_string(&context.read).expect("packets are plain data")
            }),
        };
        context.context("cannot read what the agent has to know")
    }
}
