//! A planner in few lines: reads the briefing, adds a step, and waits until that is on disk.
//!
//! `cargo run -p penhold-agent --example planner -- URL WORKSPACE TOKEN`

use anyhow::Context;
use crdt_schema::schema::{NewStep, Place, Workspace};
use penhold_agent::{Config, Peer};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what| arguments.next().with_context(|| format!("give {what}"));
    let config = Config::new(
        &next("the server's URL")?,
        &next("the workspace's id")?,
        &next("a token")?,
    )?;

    let peer = Peer::connect(config);
    peer.synced().await?;
    let intent = peer
        .read(|txn| Workspace.briefing().intent().read(txn))
        .await?;
    let step = NewStep {
        title: "Agree on what done means".to_owned(),
        body: format!("So that we can tell when we have it:\n\n> {intent}\n"),
        ..NewStep::default()
    };
    peer.edit(move |txn| {
        let steps = Workspace.plan().steps();
        steps.add(txn, &mut rand::rng(), Place::Last, step)
    })
    .await??;
    peer.flush().await?;
    peer.close().await;
    Ok(())
}
