//! A server of the HTTP interface that answers what the test tells it to.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use penhold_agent::{Client, Config};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// The server. Requests for who is asking are answered by itself and not noted.
pub(crate) struct FakeApi {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What it answers.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Json(Value),
    Problem(StatusCode, Value),
    /// Not now; come back after so many seconds.
    Later(StatusCode, u64),
    /// It does what it is asked to and dies before it has said so.
    Cut,
}

/// What it was asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    /// Method, path below the workspace, and query.
    pub(crate) what: String,
    pub(crate) key: Option<String>,
    pub(crate) body: Value,
}

struct Shared {
    /// Held for moments, never across an await.
    script: Mutex<VecDeque<Answer>>,
    asked: Mutex<Vec<Asked>>,
    count: watch::Sender<usize>,
    /// How often it was started; connections of earlier starts are cut.
    starts: watch::Sender<u64>,
}

impl FakeApi {
    pub(crate) async fn start(script: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            script: Mutex::new(script.into_iter().collect()),
            asked: Mutex::default(),
            count: watch::Sender::new(0),
            starts: watch::Sender::new(0),
        });
        let task = serve(listener, &shared);
        Self {
            address,
            shared,
            task,
        }
    }

    /// It goes away; nothing answers at its address.
    pub(crate) async fn stop(&mut self) {
        self.task.abort();
        assert!((&mut self.task).await.unwrap_err().is_cancelled());
        self.shared.starts.send_modify(|starts| *starts += 1);
    }

    /// It comes back, with more to say.
    pub(crate) async fn restart(&mut self, script: impl IntoIterator<Item = Answer>) {
        self.say(script);
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.task = serve(listener, &self.shared);
    }

    pub(crate) fn say(&self, script: impl IntoIterator<Item = Answer>) {
        self.shared.script.lock().unwrap().extend(script);
    }

    pub(crate) fn client(&self) -> Client {
        let url = format!("http://{}", self.address);
        Client::new(&Config::new(&url, "launch", "secret-token").unwrap())
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// How often it was asked, to wait on.
    pub(crate) fn count(&self) -> watch::Receiver<usize> {
        self.shared.count.subscribe()
    }
}

impl Drop for FakeApi {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::Json(value) => value.to_string().into_response(),
            Self::Problem(status, value) => (status, value.to_string()).into_response(),
            Self::Later(status, seconds) => {
                (status, [("retry-after", seconds.to_string())]).into_response()
            }
            Self::Cut => {
                let cut = std::io::Error::other("cut");
                Body::from_stream(stream::iter([Ok(Bytes::from("{")), Err(cut)])).into_response()
            }
        }
    }
}

fn serve(listener: TcpListener, shared: &Arc<Shared>) -> JoinHandle<()> {
    let start = *shared.starts.borrow();
    let router = Router::new()
        .fallback(answer)
        .with_state((Arc::clone(shared), start));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() })
}

async fn answer(State((shared, start)): State<(Arc<Shared>, u64)>, request: Request) -> Response {
    let mut starts = shared.starts.subscribe();
    tokio::select! {
        biased;
        _ = starts.wait_for(|starts| *starts != start) => Answer::Cut.into_response(),
        answer = asked(&shared, request) => answer,
    }
}

async fn asked(shared: &Shared, request: Request) -> Response {
    assert_eq!(request.headers()["authorization"], "Bearer secret-token");
    let path = request.uri().path_and_query().unwrap().as_str();
    if path == "/api/v1/me" {
        let me = json!({ "id": "planner", "name": "Planner", "kind": "agent", "role": "editor" });
        return Answer::Json(json!({ "member": me })).into_response();
    }
    let below = path.strip_prefix("/api/v1/workspaces/launch/").unwrap();
    let what = format!("{} {below}", request.method());
    let key = request.headers().get("idempotency-key");
    let key = key.map(|key| key.to_str().unwrap().to_owned());
    let body = axum::body::to_bytes(request.into_body(), usize::MAX)
        .await
        .unwrap();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    shared.asked.lock().unwrap().push(Asked { what, key, body });
    shared.count.send_modify(|count| *count += 1);
    let next = shared.script.lock().unwrap().pop_front();
    match next {
        Some(answer) => answer.into_response(),
        // Whoever waits is kept waiting.
        None => std::future::pending().await,
    }
}
