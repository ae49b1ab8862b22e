//! `penhold serve`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context as _;
use clap::Args;
use crdt_schema::member::{Kind, Role};
use serde::Serialize;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use super::{say, welcome};
use crate::{
    auth::{Authority, NewToken, Scope},
    config::{Config, LogFormat},
    room::Rooms,
    store::{
        Store,
        sled::{SledConfig, SledStore},
    },
    telemetry,
};

/// How long the link that is printed at start can be used, in milliseconds: one hour.
const LINK_MS: u64 = 60 * 60 * 1000;

/// The name of whoever runs the server.
pub(super) const LOCAL_ADMIN: &str = "Admin";

/// Options that have a flag; every one is also in the file and the environment.
#[derive(Debug, Clone, Default, Args, Serialize)]
pub(super) struct Flags {
    /// Address to listen on; port 0 picks one [default: 127.0.0.1:8787]
    #[arg(long, value_name = "ADDR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,
    #[arg(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// A proxy that speaks TLS stands in front
    #[arg(long)]
    #[serde(skip_serializing_if = "is_absent")]
    behind_proxy: bool,
    /// The address under which browsers reach the server, if not the one it listens on
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    public_url: Option<String>,
    /// An origin whose pages may use the server; can be repeated
    #[arg(long = "allow-origin", value_name = "ORIGIN")]
    #[serde(rename = "allowed_origins", skip_serializing_if = "Vec::is_empty")]
    allow_origin: Vec<String>,
    /// Address of a separate listener for /metrics
    #[arg(long, value_name = "ADDR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics_listen: Option<SocketAddr>,
    /// How log lines are written
    #[arg(long, value_enum)]
    #[serde(skip_serializing_if = "Option::is_none")]
    log_format: Option<LogFormat>,
    /// What is logged: level or module=level,… [default: info]
    #[arg(long, value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<String>,
}

impl Flags {
    pub(super) fn with_data(self, data: Option<PathBuf>) -> Self {
        Self { data, ..self }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde calls"
)]
fn is_absent(flag: &bool) -> bool {
    !flag
}

/// Serves until a signal. The port is taken first and the store is locked second, so that a
/// server that cannot start changes nothing.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    telemetry::log(&config.log, config.log_format).context("configuration: log")?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let is_first_start = !store_dir(&config).exists();
    let store = open_store(&config)?;
    let outcome = serve(config, listener, Arc::clone(&store), is_first_start).await;
    let closed = store.close().await;
    outcome?;
    Ok(closed?)
}

/// Opens the store of the data directory, which no other process may have open.
pub(super) fn open_store(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    Ok(Arc::new(SledStore::open(&SledConfig::new(store_dir(
        config,
    )))?))
}

fn store_dir(config: &Config) -> PathBuf {
    config.data.join("store")
}

async fn serve(
    config: Config,
    listener: TcpListener,
    store: Arc<dyn Store>,
    is_first_start: bool,
) -> anyhow::Result<()> {
    let authority = Authority::open(&config.data)?;
    if is_first_start {
        welcome::create(&Rooms::new(Arc::clone(&store), config.rooms())).await?;
    }
    let address = format!("http://{}", listener.local_addr()?);
    tracing::info!(config = %serde_json::to_string(&config)?, "starting");
    let link = authority.sign_in_link(local_admin(), LINK_MS)?;
    let shutdown = on_signal()?;
    let sign_in = link.address(config.public_url.as_deref().unwrap_or(&address));
    let ready = || {
        say(format_args!("penhold listening on {address}"))?;
        say(format_args!("sign in once, within an hour: {sign_in}"))?;
        Ok(())
    };
    crate::serve(config, listener, store, authority, shutdown, ready).await
}

/// What the person at this machine may do.
pub(super) fn local_admin() -> NewToken {
    NewToken {
        name: LOCAL_ADMIN.to_owned(),
        kind: Kind::Human,
        role: Role::Admin,
        workspaces: Scope::All,
        expires_ms: None,
    }
}

/// Cancelled at the first SIGTERM or SIGINT.
pub(super) fn on_signal() -> anyhow::Result<CancellationToken> {
    let shutdown = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let cancel = shutdown.clone();
    // Ends with the process: it waits for the signal that ends it.
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        cancel.cancel();
    });
    Ok(shutdown)
}
