//! `penhold export` and `penhold import`.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use axum::http::Method;
use clap::Args;
use crdt_schema::ids::WorkspaceId;
use serde::Deserialize;

use super::{
    api::{Api, Ask, Server},
    say, workspace,
};
use crate::config::Config;

#[derive(Args)]
pub(super) struct Export {
    /// The workspace's id
    id: WorkspaceId,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

#[derive(Args)]
pub(super) struct Import {
    /// The file; - is standard input
    file: PathBuf,
    /// Import under this id [default: the one in the file]
    #[arg(long)]
    id: Option<WorkspaceId>,
    #[command(flatten)]
    server: Server,
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

impl Export {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let api = Api::open(self.server, config)?;
        let path = format!("{}/export", workspace::path(&self.id));
        let answer = api.ask(Ask::get(path)).await;
        api.close().await?;
        let file = answer?;
        match self.out {
            Some(out) => {
                fs::write(&out, file).with_context(|| format!("cannot write {}", out.display()))
            }
            None => Ok(io::stdout().write_all(&file)?),
        }
    }
}

impl Import {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let text =
            read(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let body = serde_json::from_str(&text)
            .with_context(|| format!("{} is not an export", self.file.display()))?;
        let query = self.id.map(|id| format!("?id={id}")).unwrap_or_default();
        let api = Api::open(self.server, config)?;
        let path = format!("/import{query}");
        let answer = api
            .ask(Ask {
                method: Method::POST,
                path,
                body: Some(body),
            })
            .await;
        api.close().await?;
        let made: Made = serde_json::from_slice(&answer?)?;
        Ok(say(made.id)?)
    }
}

fn read(file: &Path) -> io::Result<String> {
    if file != Path::new("-") {
        return fs::read_to_string(file);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    Ok(text)
}
