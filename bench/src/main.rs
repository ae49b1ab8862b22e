//! Load on a real Penhold server, and what it takes to bear it.
//!
//! The generator starts `penhold serve` on a fresh data directory, with durability on, speaks
//! y-websocket to it over loopback and reports what it measured beside what it should be.

mod api;
mod bare;
mod edit;
mod peer;
mod process;
mod report;
mod scenario;
mod server;
mod stage;
mod trace;
mod wire;

use std::{io::Write as _, net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::Parser;

use crate::{
    report::{Head, Report},
    scenario::{Group, Scenario},
    server::Program,
    stage::{Bench, Pace},
};

/// Measures a Penhold server under load.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    /// The server's program.
    #[arg(long, default_value = "target/release/penhold")]
    server: PathBuf,
    /// Shorten everything, and leave out what cannot be shortened.
    #[arg(long)]
    quick: bool,
    /// Where to write the results as JSON.
    #[arg(long, default_value = "bench/results")]
    results: PathBuf,
    /// What to measure; everything if none is named.
    scenarios: Vec<Scenario>,
    /// Be the bare broadcaster that `floor` measures, and listen there.
    #[arg(long, hide = true)]
    bare: Option<SocketAddr>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.bare {
        Some(listen) => be_bare(listen),
        None => measure(&cli),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If even this cannot be written, the exit code still tells.
            writeln!(std::io::stderr(), "penhold-bench: {error:#}").ok();
            ExitCode::FAILURE
        }
    }
}

/// The generator has one thread, so that the server finds the other CPUs free.
fn measure(cli: &Cli) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let pace = if cli.quick { Pace::Quick } else { Pace::Full };
    let server = std::path::absolute(&cli.server)?;
    let mut report = Report::new(&server, cli.quick);
    let program = Program::Penhold(server);
    let bench = Bench { program, pace };
    let (mut head, mut failures) = (Head::Shown, 0);
    for group in Group::of(&cli.scenarios) {
        match runtime.block_on(group.run(&bench)) {
            Ok(rows) => {
                Report::print(&rows, head)?;
                report.add(rows);
                head = Head::Left;
            }
            Err(error) => {
                writeln!(std::io::stderr(), "{group} failed: {error:#}")?;
                failures += 1;
            }
        }
    }
    report.save(&cli.results)?;
    anyhow::ensure!(failures == 0, "{failures} scenarios failed");
    Ok(())
}

fn be_bare(listen: SocketAddr) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let mut out = std::io::stdout();
        writeln!(out, "bare listening on http://{}", listener.local_addr()?)?;
        out.flush()?;
        bare::serve(listener).await
    })
}
