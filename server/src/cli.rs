//! The `penhold` command.
//!
//! Invariant: standard output holds answers alone; what goes wrong is one line on standard error
//! and an exit code other than 0, with nothing changed.

mod agent;
mod api;
mod demo;
mod mcp;
mod serve;
mod token;
mod transfer;
mod verify;
mod wait;
mod welcome;
mod workspace;

use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::config::Config;

/// Threads for work that blocks: loads, snapshots, reads of the store.
const BLOCKING_THREADS_MAX: usize = 16;

/// One live document for people and agents.
#[derive(Parser)]
#[command(name = "penhold", version, disable_help_subcommand = true)]
struct Cli {
    /// A TOML file with options [default: ./penhold.toml, if there is one]
    #[arg(long, value_name = "FILE", env = "PENHOLD_CONFIG", global = true)]
    config: Option<PathBuf>,
    /// The data directory [default: ./penhold-data]
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve(serve::Flags),
    /// Make, list and revoke tokens; works while the server runs
    #[command(subcommand)]
    Token(token::Command),
    /// Make, list and change workspaces
    #[command(subcommand)]
    Workspace(workspace::Command),
    /// Write a workspace to a file
    Export(transfer::Export),
    /// Read a workspace from a file
    Import(transfer::Import),
    /// Check every stored record and name the damaged ones
    Verify,
    /// Serve the Model Context Protocol on standard input and output, for a running server
    Mcp(mcp::Flags),
    /// Wait until something needs an agent, and print it as a line of JSON
    Wait(wait::Flags),
    /// Run agents
    #[command(subcommand)]
    Agent(agent::Command),
    /// Let a scripted planning agent work in a workspace of a running server
    Demo(demo::Flags),
}

/// Does what the command line asks.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => return complain(&usage(&error), 2),
        Err(help) => return exit(help.print().map_err(Into::into)),
    };
    exit(obey(cli))
}

fn obey(cli: Cli) -> anyhow::Result<()> {
    let Cli {
        config,
        data,
        command,
    } = cli;
    let load = |flags: serve::Flags| Config::load(config.as_deref(), flags.with_data(data));
    match command {
        Command::Serve(flags) => block_on(serve::run(load(flags)?)),
        Command::Token(command) => token::run(command, &load(serve::Flags::default())?),
        Command::Workspace(command) => {
            block_on(workspace::run(command, load(serve::Flags::default())?))
        }
        Command::Export(export) => block_on(export.run(load(serve::Flags::default())?)),
        Command::Import(import) => block_on(import.run(load(serve::Flags::default())?)),
        Command::Verify => block_on(verify::run(load(serve::Flags::default())?)),
        Command::Mcp(flags) => block_on(mcp::run(flags, &load(serve::Flags::default())?)),
        Command::Wait(flags) => block_on(wait::run(flags, load(serve::Flags::default())?)),
        Command::Agent(command) => block_on(agent::run(command, load(serve::Flags::default())?)),
        Command::Demo(flags) => block_on(demo::run(flags, load(serve::Flags::default())?)),
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        // Every thread keeps memory of its own.
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .enable_all()
        .build()?
        .block_on(work)
}

fn exit(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&format!("{error:#}"), 1),
    }
}

fn complain(problem: &str, code: u8) -> ExitCode {
    let line = problem.split_whitespace().collect::<Vec<_>>().join(" ");
    // If standard error is closed too, the code is all that is left to say it with.
    writeln!(io::stderr(), "penhold: {line}").ok();
    ExitCode::from(code)
}

/// The first paragraph of what clap says, which names the problem.
fn usage(error: &clap::Error) -> String {
    let text = error.to_string();
    let problem = text.split("\n\n").next().unwrap_or_default();
    let problem = problem.strip_prefix("error: ").unwrap_or(problem);
    format!("{problem}; see penhold --help")
}

/// Writes a line of the answer.
fn say(line: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}
