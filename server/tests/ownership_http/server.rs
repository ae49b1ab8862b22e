//! A server with one workspace, `w`, and people and agents who command.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Router,
    body::{Body, BodyDataStream, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use crdt_schema::{
    ids::MemberId,
    member::{Kind, Role},
    schema::TextField,
};
use futures_util::StreamExt as _;
use penhold_server::{
    auth::{Authority, NewToken, Scope},
    config::{Config, Limits},
    http::{App, router},
    room::RoomHandle,
    store::{Store, memory::MemoryStore},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::described::assert_described;

pub(crate) struct Server {
    pub(crate) app: App,
    router: Router,
    authority: Authority,
    store: Arc<dyn Store>,
    dir: TempDir,
}

/// Somebody with a token.
#[derive(Clone)]
pub(crate) struct Who {
    pub(crate) id: MemberId,
    token: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) kind: String,
    pub(crate) body: String,
}

impl Server {
    /// With a workspace that Mara, an admin, has made.
    pub(crate) async fn new() -> (Self, Who) {
        Self::with(Limits::default()).await
    }

    /// The same, with other limits.
    pub(crate) async fn with(limits: Limits) -> (Self, Who) {
        let dir = TempDir::new().unwrap();
        let limits = Limits {
            seen_ms_max: 300,
            ..limits
        };
        let server = Self::start(dir, Arc::new(MemoryStore::new()), limits);
        let mara = server.person("Mara", Role::Admin);
        server.make("w", &mara).await;
        (server, mara)
    }

    fn start(dir: TempDir, store: Arc<dyn Store>, limits: Limits) -> Self {
        let config = Config {
            data: dir.path().to_owned(),
            limits,
            ..Config::default()
        };
        let authority = Authority::open(dir.path()).unwrap();
        let app = App::new(config, Arc::clone(&store), authority.clone()).unwrap();
        Self {
            router: router(&app),
            app,
            authority,
            store,
            dir,
        }
    }

    /// The same store under a new process, so to say.
    pub(crate) async fn restarted(self) -> Self {
        self.app.stopping.cancel();
        self.app.rooms.shutdown().await;
        let limits = self.app.config.limits.clone();
        let server = Self::start(self.dir, self.store, limits);
        server.app.rooms.board().fill(&*server.store).await.unwrap();
        server
    }

    pub(crate) fn person(&self, name: &str, role: Role) -> Who {
        self.member(name, Kind::Human, role, Scope::All)
    }

    pub(crate) fn agent(&self, name: &str) -> Who {
        self.member(name, Kind::Agent, Role::Editor, Scope::All)
    }

    pub(crate) fn scoped(&self, name: &str, workspaces: &[&str]) -> Who {
        let ids: BTreeSet<_> = workspaces.iter().map(|id| id.parse().unwrap()).collect();
        self.member(name, Kind::Human, Role::Admin, Scope::Only(ids))
    }

    fn member(&self, name: &str, kind: Kind, role: Role, workspaces: Scope) -> Who {
        let issued = self.authority.issue(NewToken {
            name: name.to_owned(),
            kind,
            role,
            workspaces,
            expires_ms: None,
        });
        let issued = issued.unwrap();
        Who {
            id: issued.member.id,
            token: issued.token,
        }
    }

    /// Makes a workspace with a complete briefing.
    pub(crate) async fn make(&self, id: &str, by: &Who) {
        let content = json!({
            "goal": "Reach it", "notes": "Free words.",
            "steps": [{ "id": "s1", "title": "First", "body": "Do the first thing." }],
            "tasks": [{ "id": "t1", "title": "Task" }],
            "briefing": {
                "intent": "They want it", "next_step": "Go on",
                "actions": [{ "text": "Looked it up", "outcome": "done" }],
                "constraints": [{ "text": "No weekends" }]
            }
        });
        let body = json!({ "id": id, "title": format!("About {id}"), "content": content });
        let made = self.ask("POST", "/workspaces", by, Some(body), None).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }

    /// Reads below the workspace.
    pub(crate) async fn get(&self, who: &Who, path: &str) -> Answer {
        self.ask("GET", &format!("/workspaces/w/{path}"), who, None, None)
            .await
    }

    /// Commands below the workspace.
    pub(crate) async fn post(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.send("POST", who, path, body).await
    }

    pub(crate) async fn send(&self, method: &str, who: &Who, path: &str, body: Value) -> Answer {
        let path = format!("/workspaces/w/{path}");
        self.ask(method, &path, who, Some(body), None).await
    }

    /// Sends bytes as they are.
    pub(crate) async fn bytes(&self, who: &Who, path: &str, bytes: &[u8]) -> Answer {
        let request = Request::builder()
            .method("POST")
            .uri(format!("/api/v1/workspaces/w/{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", who.token))
            .body(Body::from(bytes.to_vec()))
            .unwrap();
        let answer = Answer::of(self.router.clone().oneshot(request).await.unwrap()).await;
        answer.assert_described("POST", &format!("/workspaces/w/{path}"));
        answer
    }

    /// Commands with an idempotency key.
    pub(crate) async fn keyed(&self, who: &Who, path: &str, body: Value, key: &str) -> Answer {
        let path = format!("/workspaces/w/{path}");
        self.ask("POST", &path, who, Some(body), Some(key)).await
    }

    /// Asks below `/api/v1`.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        who: &Who,
        body: Option<Value>,
        key: Option<&str>,
    ) -> Answer {
        let answer = Answer::of(self.response(method, path, who, body, key).await).await;
        answer.assert_described(method, path);
        answer
    }

    /// The next event of a stream of server-sent events, with its name; comments are left out.
    pub(crate) async fn next_event(stream: &mut BodyDataStream) -> Option<(String, Value)> {
        loop {
            let text = stream.next().await?.unwrap();
            let text = std::str::from_utf8(&text).unwrap();
            let field = |name: &str| {
                let mut lines = text.lines();
                lines.find_map(|line| line.strip_prefix(name).map(str::trim))
            };
            if let (Some(event), Some(data)) = (field("event:"), field("data:")) {
                return Some((event.to_owned(), serde_json::from_str(data).unwrap()));
            }
        }
    }

    pub(crate) async fn response(
        &self,
        method: &str,
        path: &str,
        who: &Who,
        body: Option<Value>,
        key: Option<&str>,
    ) -> Response<Body> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", who.token));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let request = request.body(body).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn room(&self) -> RoomHandle {
        self.app.rooms.open(&"w".parse().unwrap()).await.unwrap()
    }

    /// Writes a text of the document, as somebody at a socket would.
    pub(crate) async fn write(&self, who: &Who, path: &str, text: &str) {
        let field = TextField::at(path.parse().unwrap()).unwrap();
        let text = text.to_owned();
        let room = self.room().await;
        let edit = room.edit(who.id.clone(), move |txn| {
            field.set(txn, &text).map_err(|error| error.to_string())
        });
        // Boxed: the future of an edit is large.
        Box::pin(edit).await.unwrap();
    }

    /// Who holds an item.
    pub(crate) async fn item(&self, who: &Who, item: &str) -> Value {
        let found = self.get(who, &format!("items/{item}")).await;
        found.ok(200)
    }

    /// Hands an item off, cold, at its epoch of now.
    pub(crate) async fn hand(&self, from: &Who, item: &str, to: Value) -> Answer {
        let epoch = self.item(from, item).await["epoch"].clone();
        self.post(from, "handoffs", handoff(item, to, "cold", &epoch))
            .await
    }
}

/// The body of a handoff.
#[expect(
    clippy::needless_pass_by_value,
    reason = "callers make the value in place"
)]
pub(crate) fn handoff(item: &str, to: Value, mode: &str, epoch: &Value) -> Value {
    let reason = json!({ "trigger": "other", "note": "Your turn." });
    json!({ "item": item, "to": to, "mode": mode, "reason": reason, "epoch": epoch })
}

/// A receiver.
pub(crate) fn to(who: &Who) -> Value {
    json!({ "member": who.id })
}

impl Answer {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let kind = parts.headers.get(header::CONTENT_TYPE);
        Self {
            status: parts.status,
            kind: kind.map_or(String::new(), |kind| kind.to_str().unwrap().to_owned()),
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Panics unless the API is described to answer so.
    fn assert_described(&self, method: &str, path: &str) {
        let (status, kind) = (self.status.as_u16(), &self.kind);
        assert_described(method, path, status, kind, &self.body);
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The answer's JSON, if it has the status.
    #[track_caller]
    pub(crate) fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.json()
    }

    /// The detail, if this is a problem with the status.
    #[track_caller]
    pub(crate) fn problem_detail(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.kind, "application/problem+json");
        self.json()["detail"].as_str().unwrap().to_owned()
    }

    /// The problem, if it is one with the status and code, and says what to do.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.kind, "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert!(problem["detail"].as_str().unwrap().len() > 10, "{problem}");
        problem
    }
}
