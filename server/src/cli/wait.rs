//! `penhold wait`.

use std::{collections::BTreeSet, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use crdt_schema::ids::WorkspaceId;
use penhold_agent::{Client, CursorFile, InboxEntry, Need, Needs, Wanted};
use serde::Serialize;
use tokio::time::sleep;

use super::{api::Visitor, say};
use crate::config::Config;

/// How often an inbox over all workspaces is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Where an agent that names no workspace is looked up; the token says who it is.
const ANYWHERE: &str = "welcome";

#[derive(Args)]
pub(super) struct Flags {
    /// End with the first thing, instead of waiting for more
    #[arg(long)]
    once: bool,
    /// What to wait for
    #[arg(long = "for", value_enum, value_name = "WHAT", default_value = "any")]
    kind: What,
    /// The workspace [default: all that the token opens]
    #[arg(long, value_name = "ID")]
    workspace: Option<WorkspaceId>,
    /// A file that remembers what was told, so that nothing is told twice and nothing that
    /// happens between two runs is missed
    #[arg(long, value_name = "FILE", requires = "workspace")]
    cursor_file: Option<PathBuf>,
    #[command(flatten)]
    visitor: Visitor,
}

/// What an agent can be waited for with.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum What {
    /// Decisions to act on
    Decision,
    /// Answers to what it asked
    Approval,
    /// Items that are handed to it, offered, or to be taken up again
    Handoff,
    /// All of these
    Any,
}

/// What is told: where, what, and in words.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    workspace: &'a WorkspaceId,
    #[serde(flatten)]
    need: &'a Need,
    sentence: String,
}

pub(super) async fn run(flags: Flags, config: Config) -> anyhow::Result<()> {
    let url = flags.visitor.url(&config);
    let workspace = flags.workspace.as_ref();
    let place = workspace.map_or(ANYWHERE, WorkspaceId::as_str);
    let agent = penhold_agent::Config::new(&url, place, flags.visitor.token()?)?;
    let client = Client::new(&agent);
    let wanted = flags.kind.into();
    match &flags.workspace {
        Some(workspace) => {
            let file = flags.cursor_file.map(CursorFile::new);
            let mut needs = Needs::new(client, wanted, file).await?;
            loop {
                let need = needs.next().await?;
                say(Told::new(workspace, &need).line())?;
                needs.seen_to(&need)?;
                if flags.once {
                    return Ok(());
                }
            }
        }
        None => anywhere(&client, wanted, flags.once).await,
    }
}

/// Tells what waits in any workspace, each thing once as long as it waits.
async fn anywhere(client: &Client, wanted: Wanted, once: bool) -> anyhow::Result<()> {
    let mut told = BTreeSet::new();
    loop {
        let inbox = client.inbox_at_last().await?;
        let mut waiting = BTreeSet::new();
        for InboxEntry {
            workspace, pending, ..
        } in inbox
        {
            if !wanted.includes(&pending.task) {
                continue;
            }
            let need = Need::Pending(pending);
            let line = Told::new(&workspace, &need).line();
            if !told.contains(&line) {
                say(&line)?;
                if once {
                    return Ok(());
                }
            }
            waiting.insert(line);
        }
        told = waiting;
        sleep(LOOK_EVERY).await;
    }
}

impl<'a> Told<'a> {
    pub(super) fn new(workspace: &'a WorkspaceId, need: &'a Need) -> Self {
        Self {
            workspace,
            need,
            sentence: need.sentence(),
        }
    }

    pub(super) fn line(&self) -> String {
        serde_json::to_string(self).expect("needs are plain data")
    }
}

impl From<What> for Wanted {
    fn from(what: What) -> Self {
        match what {
            What::Decision => Self::Decision,
            What::Approval => Self::Approval,
            What::Handoff => Self::Handoff,
            What::Any => Self::Any,
        }
    }
}
