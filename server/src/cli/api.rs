//! The HTTP API from the command line: of a running server, or of this process on a data directory
//! that no server has open. Both are the same routes, so no rule differs.

use std::{error::Error, sync::Arc};

use anyhow::{Context as _, anyhow, bail};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use clap::Args;
use serde_json::Value;
use tower::ServiceExt as _;

use super::serve::{local_admin, open_store};
use crate::{
    auth::{Authority, NewToken},
    clock::now_ms,
    config::Config,
    http::{App, router},
    store::Store,
};

/// How long the token that a command makes for itself lasts, in milliseconds: ten minutes.
const OWN_TOKEN_MS: u64 = 10 * 60 * 1000;

/// Where a command works.
#[derive(Debug, Clone, Args)]
pub(super) struct Server {
    /// Address of a running server [default: work on the data directory]
    #[arg(long, env = "PENHOLD_URL")]
    url: Option<String>,
    /// A token for it [default: one made with the data directory's key]
    #[arg(long, env = "PENHOLD_TOKEN", hide_env_values = true, requires = "url")]
    token: Option<String>,
}

/// As which member an agent's command works, and where.
#[derive(Debug, Clone, Args)]
pub(super) struct Visitor {
    /// Address of the server [default: the configured one]
    #[arg(long, env = "PENHOLD_URL")]
    pub(super) url: Option<String>,
    /// The agent's token
    #[arg(long, env = "PENHOLD_TOKEN", hide_env_values = true)]
    pub(super) token: Option<String>,
}

impl Visitor {
    /// The address of the server.
    pub(super) fn url(&self, config: &Config) -> String {
        let url = self.url.clone();
        url.unwrap_or_else(|| format!("http://{}", config.listen))
    }

    /// The token, which must be given.
    pub(super) fn token(&self) -> anyhow::Result<&str> {
        self.token.as_deref().context(
            "bring the agent's token: --token or PENHOLD_TOKEN; penhold token create makes one",
        )
    }
}

/// What to tell somebody whose server does not answer.
pub(super) fn unreachable(url: &str, error: &reqwest::Error) -> anyhow::Error {
    if !url.starts_with("https:") {
        return anyhow!("no server answers at {url}; start one with penhold serve");
    }
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    anyhow!("no server answers at {url}: {cause}")
}

/// What a command asks.
pub(super) struct Ask {
    pub(super) method: Method,
    /// Below `/api/v1`.
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

/// Something that answers.
pub(super) struct Api {
    place: Place,
    token: String,
}

enum Place {
    Remote {
        client: reqwest::Client,
        base: String,
    },
    Here {
        app: Box<App>,
        router: Router,
        store: Arc<dyn Store>,
    },
}

impl Ask {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: None,
        }
    }
}

impl Api {
    pub(super) fn open(server: Server, config: Config) -> anyhow::Result<Self> {
        let Some(url) = server.url else {
            return Self::here(config);
        };
        let token = match server.token {
            Some(token) => token,
            None => own_token(&Authority::open(&config.data)?)?,
        };
        let place = Place::Remote {
            client: reqwest::Client::new(),
            base: url.trim_end_matches('/').to_owned(),
        };
        Ok(Self { place, token })
    }

    fn here(config: Config) -> anyhow::Result<Self> {
        let store = open_store(&config).map_err(|error| {
            anyhow!(
                "{error}; if a server runs on this data directory, name it with --url http://ADDR"
            )
        })?;
        let authority = Authority::open(&config.data)?;
        let token = own_token(&authority)?;
        let app = App::new(config, Arc::clone(&store), authority)?;
        let router = router(&app);
        Ok(Self {
            place: Place::Here {
                app: Box::new(app),
                router,
                store,
            },
            token,
        })
    }

    /// The answer's body; a problem becomes an error.
    pub(super) async fn ask(&self, ask: Ask) -> anyhow::Result<Bytes> {
        let (status, body) = match &self.place {
            Place::Remote { client, base } => self.ask_remote(client, base, ask).await?,
            Place::Here { router, .. } => self.ask_here(router, ask).await?,
        };
        if status.is_success() {
            return Ok(body);
        }
        let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
        match problem["detail"].as_str() {
            Some(detail) => bail!("{detail}"),
            None => bail!("the server answered {status}"),
        }
    }

    /// Closes what was opened, so that everything is on disk.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        if let Place::Here { app, router, store } = self.place {
            drop(router);
            app.rooms.shutdown().await;
            store.close().await?;
        }
        Ok(())
    }

    async fn ask_remote(
        &self,
        client: &reqwest::Client,
        base: &str,
        ask: Ask,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let url = format!("{base}/api/v1{}", ask.path);
        let mut request = client.request(ask.method, &url).bearer_auth(&self.token);
        if let Some(body) = &ask.body {
            request = request.json(body);
        }
        let response = request
            .send()
            .await
            .map_err(|error| unreachable(base, &error))?;
        let status = response.status();
        Ok((status, response.bytes().await?))
    }

    async fn ask_here(&self, router: &Router, ask: Ask) -> anyhow::Result<(StatusCode, Bytes)> {
        let request = Request::builder()
            .method(ask.method)
            .uri(format!("/api/v1{}", ask.path))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json");
        let body = ask
            .body
            .map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = router.clone().oneshot(request.body(body)?).await?;
        let status = response.status();
        Ok((status, to_bytes(response.into_body(), usize::MAX).await?))
    }
}

fn own_token(authority: &Authority) -> anyhow::Result<String> {
    let expires_ms = Some(now_ms().saturating_add(OWN_TOKEN_MS));
    Ok(authority.unlisted(NewToken {
        expires_ms,
        ..local_admin()
    })?)
}
