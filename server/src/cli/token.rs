//! `penhold token`: needs the data directory's `auth` folder alone.

use clap::{Args, Subcommand, ValueEnum};
use crdt_schema::{
    ids::WorkspaceId,
    member::{Kind, Role},
};

use super::say;
use crate::{
    auth::{Authority, NewToken, Scope, TokenRecord},
    clock::now_ms,
    config::Config,
    span::Span,
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a token and print it
    Create(Grant),
    /// Make a link that signs a person in once, and print it
    Link(Link),
    /// List tokens, newest first: id, state, role, kind, member, name
    List,
    /// End a token for good; its live connections are closed
    Revoke {
        /// The token's id, from `penhold token list`
        id: String,
    },
}

#[derive(Args)]
pub(super) struct Grant {
    /// Name of the member; the same name and kind is the same member
    #[arg(long)]
    name: String,
    /// Person or agent
    #[arg(long, value_enum)]
    kind: KindName,
    /// What the member may do
    #[arg(long, value_enum)]
    role: RoleName,
    /// Only this workspace; can be repeated [default: all]
    #[arg(long, value_name = "ID")]
    workspace: Vec<WorkspaceId>,
    /// How long it lasts, such as 30d, 12h, 45m or 90s [default: for ever]
    #[arg(long, value_name = "SPAN")]
    expires: Option<Span>,
}

#[derive(Args)]
pub(super) struct Link {
    /// Name of the person
    #[arg(long)]
    name: String,
    /// What they may do
    #[arg(long, value_enum)]
    role: RoleName,
    /// Only this workspace; can be repeated [default: all]
    #[arg(long, value_name = "ID")]
    workspace: Vec<WorkspaceId>,
    /// How long the link can be used
    #[arg(long, value_name = "SPAN", default_value = "1d")]
    valid: Span,
    /// Address of the server [default: the configured one]
    #[arg(long, env = "PENHOLD_URL")]
    url: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindName {
    Human,
    Agent,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Admin,
    Editor,
    Reviewer,
    Viewer,
}

pub(super) fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let authority = Authority::open(&config.data)?;
    match command {
        Command::Create(grant) => say(authority.issue(grant.into())?.token)?,
        Command::Link(link) => {
            let configured = || format!("http://{}", config.listen);
            let url = link.url.clone().or_else(|| config.public_url.clone());
            let valid_ms = link.valid.ms;
            let made = authority.sign_in_link(link.into(), valid_ms)?;
            say(made.address(&url.unwrap_or_else(configured)))?;
        }
        Command::List => authority
            .tokens()
            .iter()
            .try_for_each(|token| say(line(token)))?,
        Command::Revoke { id } => authority.revoke(&id)?,
    }
    Ok(())
}

fn line(token: &TokenRecord) -> String {
    let state = match (token.revoked_ms, token.expires_ms) {
        (Some(_), _) => "revoked",
        (None, Some(end)) if end <= now_ms() => "expired",
        (None, _) => "valid",
    };
    let member = &token.member;
    let (role, kind) = (role_name(member.role), kind_name(member.kind));
    format!(
        "{}\t{state}\t{role}\t{kind}\t{}\t{}",
        token.id, member.id, member.name
    )
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Reviewer => "reviewer",
        Role::Editor => "editor",
        Role::Admin => "admin",
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Human => "human",
        Kind::Agent => "agent",
    }
}

fn scope(workspaces: Vec<WorkspaceId>) -> Scope {
    if workspaces.is_empty() {
        Scope::All
    } else {
        Scope::Only(workspaces.into_iter().collect())
    }
}

impl From<Grant> for NewToken {
    fn from(grant: Grant) -> Self {
        Self {
            name: grant.name,
            kind: grant.kind.into(),
            role: grant.role.into(),
            workspaces: scope(grant.workspace),
            expires_ms: grant.expires.map(|span| now_ms().saturating_add(span.ms)),
        }
    }
}

impl From<Link> for NewToken {
    fn from(link: Link) -> Self {
        Self {
            name: link.name,
            kind: Kind::Human,
            role: link.role.into(),
            workspaces: scope(link.workspace),
            expires_ms: None,
        }
    }
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Human => Self::Human,
            KindName::Agent => Self::Agent,
        }
    }
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Admin => Self::Admin,
            RoleName::Editor => Self::Editor,
            RoleName::Reviewer => Self::Reviewer,
            RoleName::Viewer => Self::Viewer,
        }
    }
}
