//! `penhold mcp`: the Model Context Protocol on standard input and output, for clients that start
//! a command. Every message is passed on to a running server, so nothing differs from its `/mcp`.

use std::{future::Future, pin::Pin, time::Duration};

use anyhow::{Context as _, anyhow};
use clap::Args;
use crdt_schema::ids::WorkspaceId;
use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use rmcp::{
    RoleClient, RoleServer,
    model::{ClientJsonRpcMessage, ErrorData, RequestId, ServerJsonRpcMessage},
    transport::{
        StreamableHttpClientTransport, Transport, async_rw::AsyncRwTransport, stdio_pipes,
        streamable_http_client::StreamableHttpClientTransportConfig,
    },
};
use tokio::time::timeout;
use url::Url;

use super::api::unreachable;
use crate::config::Config;

/// How long ending the session may take once the client is gone.
const FAREWELL_MAX: Duration = Duration::from_secs(3);

#[derive(Args)]
pub(super) struct Flags {
    /// Address of the server [default: the configured one]
    #[arg(long, env = "PENHOLD_URL")]
    url: Option<String>,
    /// The agent's token
    #[arg(long, env = "PENHOLD_TOKEN", hide_env_values = true)]
    token: String,
    /// The workspace that is meant when a call names none
    #[arg(long, value_name = "ID")]
    workspace: Option<WorkspaceId>,
}

pub(super) async fn run(flags: Flags, config: &Config) -> anyhow::Result<()> {
    let base = flags
        .url
        .unwrap_or_else(|| format!("http://{}", config.listen));
    let base = base.trim_end_matches('/');
    check(base, &flags.token).await?;
    let mut address = Url::parse(&format!("{base}/mcp"))?;
    if let Some(workspace) = &flags.workspace {
        address
            .query_pairs_mut()
            .append_pair("workspace", workspace.as_str());
    }
    // The bridge's HTTP client asks for a process-wide choice; a second one changes nothing.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let settings = StreamableHttpClientTransportConfig::with_uri(String::from(address))
        .auth_header(flags.token);
    let server = StreamableHttpClientTransport::from_config(settings);
    let (input, output) = stdio_pipes();
    bridge(AsyncRwTransport::new(input, output), server).await
}

/// A client shows what is said at the start; later it only sees calls fail.
async fn check(base: &str, token: &str) -> anyhow::Result<()> {
    let request = reqwest::Client::new().get(format!("{base}/api/v1/me"));
    let answer = request.bearer_auth(token).send().await;
    let answer = answer.map_err(|error| unreachable(base, &error))?;
    if answer.status().is_success() {
        return Ok(());
    }
    let problem: serde_json::Value = answer.json().await.unwrap_or_default();
    let detail = problem["detail"].as_str();
    Err(anyhow!(
        "{}",
        detail
            .unwrap_or("the server did not accept the token")
            .to_owned()
    ))
}

/// A message under way to the server, and the request that waits for its answer.
type Sending = Pin<Box<dyn Future<Output = Option<(RequestId, anyhow::Error)>>>>;

/// Passes messages both ways until the client is gone.
async fn bridge(
    mut client: impl Transport<RoleServer>,
    mut server: impl Transport<RoleClient>,
) -> anyhow::Result<()> {
    let mut under_way = FuturesUnordered::<Sending>::new();
    loop {
        tokio::select! {
            said = client.receive() => {
                let Some(said) = said else { break };
                let mut sending = send(&mut server, said);
                // Looked at once, it is in the queue: what was said first is sent first.
                match (&mut sending).now_or_never() {
                    Some(failed) => tell(&mut client, failed).await?,
                    None => under_way.push(sending),
                }
            }
            Some(failed) = under_way.next() => tell(&mut client, failed).await?,
            answer = server.receive() => match answer {
                Some(answer) => client.send(answer).await.context("standard output is closed")?,
                None => {
                    while let Some(failed) = under_way.next().await {
                        tell(&mut client, failed).await?;
                    }
                    return Err(anyhow!("the connection to the server ended"));
                }
            },
        }
    }
    match timeout(FAREWELL_MAX, server.close()).await {
        Ok(closed) => closed.context("the session could not be ended"),
        // One whose client left before it had quite begun cannot be ended; the server forgets it.
        Err(_) => Ok(()),
    }
}

fn send(server: &mut impl Transport<RoleClient>, said: ClientJsonRpcMessage) -> Sending {
    let request = match &said {
        ClientJsonRpcMessage::Request(request) => Some(request.id.clone()),
        ClientJsonRpcMessage::Notification(_)
        | ClientJsonRpcMessage::Response(_)
        | ClientJsonRpcMessage::Error(_) => None,
    };
    let sent = server.send(said);
    Box::pin(async move {
        let error = sent.await.err()?;
        Some((request?, error.into()))
    })
}

/// Tells the client that its request did not arrive; what is no request has nobody waiting.
async fn tell(
    client: &mut impl Transport<RoleServer>,
    failed: Option<(RequestId, anyhow::Error)>,
) -> anyhow::Result<()> {
    let Some((request, error)) = failed else {
        return Ok(());
    };
    let told = ErrorData::internal_error(format!("the server could not be asked: {error:#}"), None);
    let answer = ServerJsonRpcMessage::error(told, Some(request));
    client
        .send(answer)
        .await
        .context("standard output is closed")
}
