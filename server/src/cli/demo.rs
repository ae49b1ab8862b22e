//! `penhold demo`.

use anyhow::{anyhow, bail};
use clap::Args;
use crdt_schema::{
    ids::WorkspaceId,
    member::{Kind, Role},
};
use penhold_agent::demo::{self, Pace};

use super::{say, welcome};
use crate::{
    auth::{Authority, NewToken, Scope},
    clock::now_ms,
    config::Config,
    span::Span,
};

/// How long the token that the agent gets lasts, in milliseconds: one hour.
const TOKEN_MS: u64 = 60 * 60 * 1000;
/// The agent's name.
const NAME: &str = "Planner";

#[derive(Args)]
pub(super) struct Flags {
    /// Address of the server [default: the configured one]
    #[arg(long, env = "PENHOLD_URL")]
    url: Option<String>,
    /// An agent's token [default: one made with the data directory's key]
    #[arg(long, env = "PENHOLD_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The workspace to work in
    #[arg(long, value_name = "ID", default_value = welcome::ID)]
    workspace: WorkspaceId,
    /// Write as fast as possible instead of as fast as a person types
    #[arg(long)]
    fast: bool,
    /// How long to stay and answer people at the end, such as 90s or 5m [default: 60s]
    #[arg(long, value_name = "SPAN", conflicts_with = "fast")]
    linger: Option<Span>,
}

pub(super) async fn run(flags: Flags, config: Config) -> anyhow::Result<()> {
    let url = flags
        .url
        .unwrap_or_else(|| format!("http://{}", config.listen));
    check_reachable(&url).await?;
    let token = match flags.token {
        Some(token) => token,
        None => own_token(&config, &flags.workspace)?,
    };
    let agent = penhold_agent::Config::new(&url, flags.workspace.as_str(), &token)?;
    let mut pace = if flags.fast {
        Pace::instant()
    } else {
        Pace::human()
    };
    if let Some(linger) = flags.linger {
        pace.linger = std::time::Duration::from_millis(linger.ms);
    }
    let mut unsaid = Ok(());
    let progress = |progress: &demo::Progress| {
        if unsaid.is_ok() {
            unsaid = say(progress);
        }
    };
    let summary = demo::run(agent.named(NAME), pace, progress).await?;
    unsaid?;
    Ok(say(summary)?)
}

/// An agent waits for a server that is away; a person who mistyped should not.
async fn check_reachable(url: &str) -> anyhow::Result<()> {
    let health = format!("{}/healthz", url.trim_end_matches('/'));
    let reached = reqwest::get(health).await;
    reached
        .map(|_| ())
        .map_err(|_| anyhow!("no server answers at {url}; start one with penhold serve"))
}

fn own_token(config: &Config, workspace: &WorkspaceId) -> anyhow::Result<String> {
    if !config.data.join("auth").is_dir() {
        let data = config.data.display();
        bail!("there is no key in {data}; name the server's --data, or bring a --token");
    }
    let new = NewToken {
        name: NAME.to_owned(),
        kind: Kind::Agent,
        role: Role::Editor,
        workspaces: Scope::Only([workspace.clone()].into()),
        expires_ms: Some(now_ms().saturating_add(TOKEN_MS)),
    };
    Ok(Authority::open(&config.data)?.issue(new)?.token)
}
