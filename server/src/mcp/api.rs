//! The HTTP API's own routes, asked in this process.

use std::time::Duration;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;

use super::{entrance::Visitor, failure::Failure};

/// The routes, without what surrounds them on the network: that was passed at the entrance.
pub(super) struct Api {
    router: Router,
    request_ms_max: u64,
}

/// One request.
pub(super) struct Ask {
    pub(super) method: Method,
    /// Below `/api/v1`, not yet escaped; none is empty, `.` or `..`.
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) key: Option<String>,
    pub(super) body: Option<Value>,
    /// How long the caller wants to be kept waiting, beyond what every request may take.
    pub(super) hold: Duration,
}

/// What came back from a request that succeeded.
#[derive(Debug)]
pub(super) enum Answer {
    Json(Value),
    Text(String),
    Empty,
}

impl Ask {
    pub(super) fn get(path: &[&str]) -> Self {
        Self {
            method: Method::GET,
            path: path.iter().map(|&part| part.to_owned()).collect(),
            query: Vec::new(),
            key: None,
            body: None,
            hold: Duration::ZERO,
        }
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    fn into_request(self, visitor: &Visitor) -> Result<Request<Body>, Failure> {
        let mut url = Url::parse("http://penhold/api/v1").expect("an address");
        url.path_segments_mut()
            .expect("an address with a path")
            .extend(&self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = Request::builder()
            .method(self.method)
            .uri(&url[url::Position::BeforePath..])
            .extension(visitor.caller.clone());
        if let Some(key) = &self.key {
            request = request.header("Idempotency-Key", key);
        }
        let body = match self.body {
            None => Body::empty(),
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
        };
        request
            .body(body)
            .map_err(|_| Failure::told("an argument holds characters that cannot be sent"))
    }
}

impl Api {
    pub(super) fn new(router: Router, request_ms_max: u64) -> Self {
        Self {
            router,
            request_ms_max,
        }
    }

    /// Asks on behalf of `visitor`.
    pub(super) async fn ask(&self, visitor: &Visitor, ask: Ask) -> Result<Answer, Failure> {
        let patience = ask.hold + Duration::from_millis(self.request_ms_max);
        let request = ask.into_request(visitor)?;
        let asked = async {
            let response = match self.router.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let (head, body) = response.into_parts();
            let bytes = to_bytes(body, usize::MAX).await;
            (head.status, head.headers, bytes)
        };
        let Ok((status, headers, bytes)) = tokio::time::timeout(patience, asked).await else {
            let limit = self.request_ms_max;
            return Err(Failure::told(format!(
                "over the limit request_ms_max: {limit}; try again"
            )));
        };
        let bytes = bytes.map_err(|_| Failure::told("the server failed; its log says why"))?;
        answer(status, &headers, &bytes)
    }
}

fn answer(status: StatusCode, headers: &HeaderMap, bytes: &[u8]) -> Result<Answer, Failure> {
    if !status.is_success() {
        return Err(Failure::problem(status, bytes));
    }
    if bytes.is_empty() {
        return Ok(Answer::Empty);
    }
    let form = headers.get(header::CONTENT_TYPE);
    let form = form.and_then(|form| form.to_str().ok()).unwrap_or_default();
    if form.starts_with("text/") {
        return Ok(Answer::Text(String::from_utf8_lossy(bytes).into_owned()));
    }
    serde_json::from_slice(bytes)
        .map(Answer::Json)
        .map_err(|_| Failure::told("the server's answer is not JSON; its log may say why"))
}
