//! `penhold demo`.

use std::time::Duration;

use anyhow::bail;
use clap::Args;
use crdt_schema::{
    ids::{MemberId, WorkspaceId},
    member::{Kind, Role},
    ownership::QueueName,
};
use penhold_agent::{
    To,
    demo::{self, Pace, Round},
};

use super::{
    api::{Visitor, unreachable},
    say,
    serve::local_admin,
    welcome,
};
use crate::{
    auth::{Authority, NewToken, Scope},
    clock::now_ms,
    config::Config,
    span::Span,
};

/// How long the tokens that the demo makes last, in milliseconds: one hour.
const TOKEN_MS: u64 = 60 * 60 * 1000;
/// The agent's name.
const NAME: &str = "Planner";

#[derive(Args)]
pub(super) struct Flags {
    /// With a token of its own, the demo makes none
    #[command(flatten)]
    visitor: Visitor,
    /// The workspace to work in
    #[arg(long, value_name = "ID", default_value = welcome::ID)]
    workspace: WorkspaceId,
    /// Write as fast as possible instead of as fast as a person types, and wait for nobody
    #[arg(long)]
    fast: bool,
    /// How long to wait for people each time, such as 90s or 5m [default: 60s]
    #[arg(long, value_name = "SPAN", conflicts_with = "stay")]
    linger: Option<Span>,
    /// Wait for people for as long as it takes
    #[arg(long)]
    stay: bool,
    /// Offer the draft to this member, instead of leaving it to whoever claims it
    #[arg(long, value_name = "MEMBER")]
    to: Option<MemberId>,
}

pub(super) async fn run(flags: Flags, config: Config) -> anyhow::Result<()> {
    let url = flags.visitor.url(&config);
    check_reachable(&url).await?;
    let workspace = flags.workspace.as_str();
    let keys = Keys::at(&config)?;
    let token = match (flags.visitor.token, &keys) {
        (Some(token), _) => token,
        (None, Some(keys)) => keys.agent(&flags.workspace)?,
        (None, None) => {
            let data = config.data.display();
            bail!("there is no key in {data}; name the server's --data, or bring a --token")
        }
    };
    let agent = penhold_agent::Config::new(&url, workspace, &token)?;
    let host = match keys {
        Some(keys) => Some(penhold_agent::Config::new(&url, workspace, &keys.host()?)?),
        None => None,
    };
    let round = Round {
        agent: agent.named(NAME),
        host,
        to: flags
            .to
            .map_or_else(|| To::Queue(QueueName::people()), To::Member),
        pace: pace(flags.fast, flags.stay, flags.linger),
    };
    let mut unsaid = Ok(());
    let progress = |progress: &demo::Progress| {
        if unsaid.is_ok() {
            unsaid = say(progress);
        }
    };
    let summary = demo::round(&round, progress).await?;
    unsaid?;
    Ok(say(summary)?)
}

fn pace(fast: bool, stay: bool, linger: Option<Span>) -> Pace {
    let pace = if fast { Pace::instant() } else { Pace::human() };
    let linger = match (stay, linger) {
        (true, _) => Duration::MAX,
        (false, Some(linger)) => Duration::from_millis(linger.ms),
        (false, None) => pace.linger,
    };
    Pace { linger, ..pace }
}

/// An agent waits for a server that is away; a person who mistyped should not.
async fn check_reachable(url: &str) -> anyhow::Result<()> {
    let health = format!("{}/healthz", url.trim_end_matches('/'));
    let reached = reqwest::get(health).await;
    reached
        .map(|_| ())
        .map_err(|error| unreachable(url, &error))
}

/// The keys of a data directory at hand.
struct Keys(Authority);

impl Keys {
    fn at(config: &Config) -> anyhow::Result<Option<Self>> {
        if !config.data.join("auth").is_dir() {
            return Ok(None);
        }
        Ok(Some(Self(Authority::open(&config.data)?)))
    }

    /// A token for the agent.
    fn agent(&self, workspace: &WorkspaceId) -> anyhow::Result<String> {
        let new = NewToken {
            name: NAME.to_owned(),
            kind: Kind::Agent,
            role: Role::Editor,
            workspaces: Scope::Only([workspace.clone()].into()),
            expires_ms: Some(now_ms().saturating_add(TOKEN_MS)),
        };
        Ok(self.0.issue(new)?.token)
    }

    /// A token for whoever runs the server, to hand the agent the pen.
    fn host(&self) -> anyhow::Result<String> {
        let expires_ms = Some(now_ms().saturating_add(TOKEN_MS));
        Ok(self.0.unlisted(NewToken {
            expires_ms,
            ..local_admin()
        })?)
    }
}
