//! The HTTP API, as far as the scenarios command and read over it.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use reqwest::Method;
use serde_json::Value;

use crate::peer::Door;

/// A client of the API that keeps its connections.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    client: reqwest::Client,
    address: SocketAddr,
    token: String,
}

impl Api {
    pub(crate) fn behind(door: Door<'_>) -> Self {
        Self {
            client: reqwest::Client::new(),
            address: door.address,
            token: door.token.to_owned(),
        }
    }

    /// Reads `path` below `/api/v1/`.
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.call((Method::GET, path), None).await
    }

    /// Sends `body` to `path` below `/api/v1/`.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.call((Method::POST, path), Some(body)).await
    }

    async fn call(
        &self,
        (method, path): (Method, &str),
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        let url = format!("http://{}/api/v1/{path}", self.address);
        let mut request = self.client.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            bail!("{path} was refused: {status} {text}");
        }
        serde_json::from_str(&text).with_context(|| format!("{path} answers with no JSON"))
    }
}
