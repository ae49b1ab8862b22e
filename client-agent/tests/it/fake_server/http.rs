//! Answers to an agent that holds the workspace, and to whom nobody comes.

use axum::{Router, http::Uri, response::IntoResponse, routing::any};
use serde_json::json;
use tokio::{net::TcpStream, sync::mpsc};

use crate::views::holding;

/// Serves one connection.
pub(super) async fn answer(stream: TcpStream) {
    let Ok(address) = stream.peer_addr() else {
        return;
    };
    let (sender, streams) = mpsc::channel(1);
    if sender.send((stream, address)).await.is_ok() {
        let router = Router::new().fallback(any(told));
        axum::serve(One(streams), router).await.unwrap();
    }
}

/// A listener for one connection.
struct One(mpsc::Receiver<(TcpStream, std::net::SocketAddr)>);

impl axum::serve::Listener for One {
    type Io = TcpStream;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (TcpStream, Self::Addr) {
        match self.0.recv().await {
            Some(accepted) => accepted,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(std::net::SocketAddr::from(([127, 0, 0, 1], 0)))
    }
}

async fn told(uri: Uri) -> impl IntoResponse {
    let path = uri.path();
    let answer = if path == "/api/v1/me" {
        json!({ "member": {
            "id": "planner", "name": "Planner", "kind": "agent", "role": "editor"
        } })
    } else if path.ends_with("/items/workspace") {
        let mut holding = holding("workspace", "planner", 1);
        holding["lease_until_ms"] = json!(null);
        holding
    } else if path.ends_with("/handoffs") {
        json!({
            "id": "h1", "item": "workspace", "from": { "member": "planner" }, "by": "planner",
            "to": { "queue": "people" }, "mode": "cold",
            "reason": { "trigger": "plan_review", "note": "" }, "emergency": false,
            "missing": [], "status": "accepted", "at_ms": 1, "until_ms": null, "summary": null,
            "declined_because": null, "ended_ms": 1,
        })
    } else {
        std::future::pending().await
    };
    answer.to_string()
}
