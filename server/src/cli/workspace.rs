//! `penhold workspace`.

use std::path::PathBuf;

use anyhow::Context as _;
use axum::http::Method;
use clap::{Args, Subcommand};
use crdt_schema::ids::WorkspaceId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    api::{Api, Ask, Server},
    say,
};
use crate::config::Config;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a workspace and print its id
    Create(Create),
    /// List workspaces: id, state, title
    List(List),
    /// Give a workspace another title
    Rename(Rename),
    /// Hide a workspace from lists and make it read-only
    Archive(One),
    /// Take a workspace out of the archive
    Unarchive(One),
    /// Delete a workspace for good
    Delete(One),
}

#[derive(Args)]
pub(super) struct Create {
    /// Its title
    #[arg(long)]
    title: String,
    /// Its id [default: a random one]
    #[arg(long)]
    id: Option<WorkspaceId>,
    /// A file with what it starts with: Markdown (.md) or JSON
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

#[derive(Args)]
pub(super) struct List {
    /// List archived ones too
    #[arg(long)]
    archived: bool,
    #[command(flatten)]
    server: Server,
}

#[derive(Args)]
pub(super) struct Rename {
    /// The workspace's id
    id: WorkspaceId,
    /// Its new title
    title: String,
    #[command(flatten)]
    server: Server,
}

#[derive(Args)]
pub(super) struct One {
    /// The workspace's id
    id: WorkspaceId,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Listed>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    id: String,
    title: String,
    archived: bool,
}

pub(super) async fn run(command: Command, config: Config) -> anyhow::Result<()> {
    match command {
        Command::Create(create) => create.run(config).await,
        Command::List(list) => list.run(config).await,
        Command::Rename(Rename { id, title, server }) => {
            let body = Some(json!({ "title": title }));
            once(
                server,
                config,
                Ask {
                    method: Method::PATCH,
                    path: path(&id),
                    body,
                },
            )
            .await
        }
        Command::Archive(one) => archive(one, config, true).await,
        Command::Unarchive(one) => archive(one, config, false).await,
        Command::Delete(One { id, server }) => {
            let ask = Ask {
                method: Method::DELETE,
                path: path(&id),
                body: None,
            };
            once(server, config, ask).await
        }
    }
}

impl Create {
    async fn run(self, config: Config) -> anyhow::Result<()> {
        let mut body = json!({ "title": self.title });
        if let Some(id) = self.id {
            body["id"] = json!(id);
        }
        if let Some(file) = self.content {
            body["content"] = content(&file)?;
        }
        let api = Api::open(self.server, config)?;
        let ask = Ask {
            method: Method::POST,
            path: "/workspaces".to_owned(),
            body: Some(body),
        };
        let answer = api.ask(ask).await;
        api.close().await?;
        let made: Listed = serde_json::from_slice(&answer?)?;
        Ok(say(made.id)?)
    }
}

impl List {
    async fn run(self, config: Config) -> anyhow::Result<()> {
        let api = Api::open(self.server, config)?;
        let listed = list(&api, self.archived).await;
        api.close().await?;
        for Listed {
            id,
            title,
            archived,
        } in listed?
        {
            let state = if archived { "archived" } else { "open" };
            say(format_args!("{id}\t{state}\t{title}"))?;
        }
        Ok(())
    }
}

async fn list(api: &Api, archived: bool) -> anyhow::Result<Vec<Listed>> {
    let mut listed = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/workspaces?limit=200&archived={archived}{cursor}");
        let page: Page = serde_json::from_slice(&api.ask(Ask::get(path)).await?)?;
        listed.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(listed),
        }
    }
}

async fn archive(one: One, config: Config, archived: bool) -> anyhow::Result<()> {
    let body = Some(json!({ "archived": archived }));
    once(
        one.server,
        config,
        Ask {
            method: Method::PATCH,
            path: path(&one.id),
            body,
        },
    )
    .await
}

async fn once(server: Server, config: Config, ask: Ask) -> anyhow::Result<()> {
    let api = Api::open(server, config)?;
    let answer = api.ask(ask).await;
    api.close().await?;
    answer.map(|_| ())
}

/// Where a workspace is, below `/api/v1`.
pub(super) fn path(id: &WorkspaceId) -> String {
    format!("/workspaces/{id}")
}

fn content(file: &PathBuf) -> anyhow::Result<Value> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    if file.extension().is_some_and(|extension| extension == "md") {
        return Ok(json!({ "markdown": text }));
    }
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))
}
