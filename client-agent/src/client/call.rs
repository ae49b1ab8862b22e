//! One request, over as many attempts as it takes.

use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::{Method, RequestBuilder, Url, header};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::sleep;

use super::{
    Client, ClientError,
    answer::{Attempt, refusal},
    retry::backoff,
};

/// A request that can be sent again.
pub(super) struct Call {
    method: Method,
    url: Url,
    body: Option<Body>,
    key: Option<String>,
    timeout: Duration,
}

struct Body {
    kind: &'static str,
    bytes: Bytes,
}

impl Client {
    /// Reads from below `/api/v1`.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        at: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, ClientError> {
        self.json(&Call::get(self.url(at, query))).await
    }

    /// Reads from below the workspace.
    pub(super) async fn look<T: DeserializeOwned>(
        &self,
        at: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, ClientError> {
        self.json(&Call::get(self.here(at, query))).await
    }

    /// The same, as the bytes that come.
    pub(super) async fn look_raw(
        &self,
        at: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Bytes, ClientError> {
        let call = Call::get(self.here(at, query));
        self.send(&call).await
    }

    /// Reads what the server may hold back for up to `hold`.
    pub(super) async fn hold<T: DeserializeOwned>(
        &self,
        at: &[&str],
        query: &[(&str, &str)],
        hold: Duration,
    ) -> Result<T, ClientError> {
        let call = Call {
            timeout: hold + TIMEOUT,
            ..Call::get(self.here(at, query))
        };
        self.json(&call).await
    }

    /// Sends a command below the workspace: once, however often it is sent.
    pub(super) async fn command<T: DeserializeOwned>(
        &self,
        at: &[&str],
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let body = Body {
            kind: "application/json",
            bytes: serde_json::to_vec(body)
                .expect("commands are plain data")
                .into(),
        };
        self.json(&self.post(self.here(at, &[]), body)).await
    }

    /// The same for bytes of any kind.
    pub(super) async fn upload<T: DeserializeOwned>(
        &self,
        at: &[&str],
        query: &[(&str, &str)],
        bytes: Bytes,
    ) -> Result<T, ClientError> {
        let body = Body {
            kind: "application/octet-stream",
            bytes,
        };
        self.json(&self.post(self.here(at, query), body)).await
    }

    /// The key is made here, once for all attempts.
    fn post(&self, url: Url, body: Body) -> Call {
        let key = match &self.key {
            Some(key) => key.as_ref().to_owned(),
            None => format!("{:032x}", rand::random::<u128>()),
        };
        Call {
            method: Method::POST,
            body: Some(body),
            key: Some(key),
            ..Call::get(url)
        }
    }

    async fn json<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ClientError> {
        let bytes = self.send(call).await?;
        serde_json::from_slice(&bytes)
            .map_err(|error| ClientError::Unreadable(format!("{}: {error}", call.url.path())))
    }

    async fn send(&self, call: &Call) -> Result<Bytes, ClientError> {
        let began = Instant::now();
        let mut attempt = 0;
        loop {
            let (error, told) = match self.attempt(call).await {
                Attempt::Done(answer) => return Ok(answer),
                Attempt::Never(error) => return Err(error),
                Attempt::Later { error, wait } => (error, wait),
            };
            attempt += 1;
            let wait = told
                .unwrap_or_default()
                .max(backoff(attempt, rand::random()));
            if began.elapsed() + wait > self.shared.patience {
                return Err(error);
            }
            tracing::debug!(%error, ?wait, path = call.url.path(), "asking again");
            sleep(wait).await;
        }
    }

    async fn attempt(&self, call: &Call) -> Attempt<Bytes> {
        let sent = call.request(&self.shared.http).send().await;
        let answered = match sent {
            Ok(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                let body = response.bytes().await;
                body.map(|body| (status, headers, body))
            }
            Err(error) => Err(error),
        };
        match answered {
            Ok((status, _, body)) if status.is_success() => Attempt::Done(body),
            Ok((status, headers, body)) => refusal(status, &headers, &body),
            Err(error) => Attempt::Later {
                error: ClientError::Unreachable(cause(&error.without_url())),
                wait: None,
            },
        }
    }

    fn here(&self, at: &[&str], query: &[(&str, &str)]) -> Url {
        let place = ["workspaces", self.shared.workspace.as_str()];
        let whole: Vec<&str> = place.into_iter().chain(at.iter().copied()).collect();
        self.url(&whole, query)
    }

    fn url(&self, at: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.shared.server.clone();
        url.path_segments_mut()
            .expect("the server's address is a base")
            .pop_if_empty()
            .extend(["api", "v1"])
            .extend(at);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

impl Call {
    fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            body: None,
            key: None,
            timeout: TIMEOUT,
        }
    }

    fn request(&self, http: &reqwest::Client) -> RequestBuilder {
        let mut request = http
            .request(self.method.clone(), self.url.clone())
            .timeout(self.timeout);
        if let Some(key) = &self.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(Body { kind, bytes }) = &self.body {
            request = request
                .header(header::CONTENT_TYPE, *kind)
                .body(bytes.clone());
        }
        request
    }
}

/// What is behind an error, which by itself only says that sending failed.
fn cause(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// How long one attempt may take, besides what the server was asked to hold back.
const TIMEOUT: Duration = Duration::from_secs(30);
