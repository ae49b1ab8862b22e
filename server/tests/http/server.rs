//! A server's router, and what is asked of it.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use crdt_schema::member::{Kind, Role};
use penhold_server::{
    auth::{Authority, NewToken, Scope},
    config::Config,
    http::{App, router},
    store::memory::MemoryStore,
};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::described::assert_described;

pub(crate) struct Server {
    pub(crate) router: Router,
    pub(crate) authority: Authority,
    _dir: TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: String,
}

/// One request, with a token unless it is empty.
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) token: &'a str,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) body: Option<Value>,
}

pub(crate) fn get<'a>(path: &'a str, token: &'a str) -> Ask<'a> {
    Ask {
        method: "GET",
        path,
        token,
        headers: vec![],
        body: None,
    }
}

pub(crate) fn send<'a>(method: &'a str, path: &'a str, token: &'a str, body: Value) -> Ask<'a> {
    Ask {
        body: Some(body),
        ..Ask {
            method,
            ..get(path, token)
        }
    }
}

impl<'a> Ask<'a> {
    pub(crate) fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl Server {
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let dir = TempDir::new().unwrap();
        let authority = Authority::open(dir.path()).unwrap();
        let app = App::new(config, Arc::new(MemoryStore::new()), authority.clone()).unwrap();
        Self {
            router: router(&app),
            authority,
            _dir: dir,
        }
    }

    pub(crate) fn token(&self, role: Role) -> String {
        self.scoped(role, &[])
    }

    pub(crate) fn scoped(&self, role: Role, workspaces: &[&str]) -> String {
        let ids: BTreeSet<_> = workspaces.iter().map(|id| id.parse().unwrap()).collect();
        let workspaces = if ids.is_empty() {
            Scope::All
        } else {
            Scope::Only(ids)
        };
        let name = format!("{role:?}");
        let new = NewToken {
            name,
            kind: Kind::Human,
            role,
            workspaces,
            expires_ms: None,
        };
        self.authority.issue(new).unwrap().token
    }

    pub(crate) async fn ask(&self, ask: Ask<'_>) -> Answer {
        let mut request = Request::builder().method(ask.method).uri(ask.path);
        if !ask.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", ask.token));
        }
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        let body = match ask.body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        };
        if let Some(path) = ask.path.strip_prefix("/api/v1") {
            let (status, kind) = (answer.status.as_u16(), answer.header("content-type"));
            assert_described(ask.method, path, status, kind, &answer.body);
        }
        answer
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Checks that this is a problem with `status`, and gives its detail.
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(
            problem["type"]
                .as_str()
                .unwrap()
                .starts_with("urn:penhold:problem:")
        );
        problem["detail"].as_str().unwrap().to_owned()
    }
}
