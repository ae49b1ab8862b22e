//! AUT rules and the HTTP face, through its router.
#![allow(clippy::unwrap_used, reason = "tests")]

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
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

mod described;

use described::assert_described;

struct Server {
    router: Router,
    authority: Authority,
    _dir: TempDir,
}

struct Answer {
    status: StatusCode,
    headers: header::HeaderMap,
    body: String,
}

/// One request, with a token unless it is empty.
struct Ask<'a> {
    method: &'a str,
    path: &'a str,
    token: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    body: Option<Value>,
}

fn get<'a>(path: &'a str, token: &'a str) -> Ask<'a> {
    Ask {
        method: "GET",
        path,
        token,
        headers: vec![],
        body: None,
    }
}

fn send<'a>(method: &'a str, path: &'a str, token: &'a str, body: Value) -> Ask<'a> {
    Ask {
        body: Some(body),
        ..Ask {
            method,
            ..get(path, token)
        }
    }
}

impl<'a> Ask<'a> {
    fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl Server {
    fn new() -> Self {
        Self::with(Config::default())
    }

    fn with(config: Config) -> Self {
        let dir = TempDir::new().unwrap();
        let authority = Authority::open(dir.path()).unwrap();
        let app = App::new(config, Arc::new(MemoryStore::new()), authority.clone()).unwrap();
        Self {
            router: router(&app),
            authority,
            _dir: dir,
        }
    }

    fn token(&self, role: Role) -> String {
        self.scoped(role, &[])
    }

    fn scoped(&self, role: Role, workspaces: &[&str]) -> String {
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

    async fn ask(&self, ask: Ask<'_>) -> Answer {
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
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Checks that this is a problem with `status`, and gives its detail.
    fn problem(&self, status: u16) -> String {
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

#[tokio::test]
async fn aut1_requests_need_a_valid_token() {
    let server = Server::new();
    for path in [
        "/api/v1/me",
        "/api/v1/workspaces",
        "/api/v1/workspaces/a",
        "/api/v1/tokens",
    ] {
        server.ask(get(path, "")).await.problem(401);
        let bad = server.ask(get(path, "nonsense")).await;
        bad.problem(401);
        assert_eq!(bad.header("www-authenticate"), "Bearer");
    }
}

#[tokio::test]
async fn aut10_roles_allow_no_more_than_they_should() {
    let server = Server::new();
    let tokens = [Role::Viewer, Role::Reviewer, Role::Editor, Role::Admin].map(|r| server.token(r));
    let [viewer, reviewer, editor, admin] = &tokens;
    let body = json!({ "id": "alpha", "title": "Alpha" });
    for low in [viewer, reviewer] {
        server
            .ask(send("POST", "/api/v1/workspaces", low, body.clone()))
            .await
            .problem(403);
    }
    let made = server
        .ask(send("POST", "/api/v1/workspaces", editor, body))
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.header("location"), "/api/v1/workspaces/alpha");

    let alpha = "/api/v1/workspaces/alpha";
    for token in &tokens {
        assert_eq!(server.ask(get(alpha, token)).await.status, 200);
    }
    let rename = json!({ "title": "Beta" });
    server
        .ask(send("PATCH", alpha, reviewer, rename.clone()))
        .await
        .problem(403);
    assert_eq!(
        server
            .ask(send("PATCH", alpha, editor, rename))
            .await
            .status,
        200
    );
    let archive = json!({ "archived": true });
    server
        .ask(send("PATCH", alpha, editor, archive.clone()))
        .await
        .problem(403);
    assert_eq!(
        server
            .ask(send("PATCH", alpha, admin, archive))
            .await
            .status,
        200
    );
    let delete = |token| Ask {
        method: "DELETE",
        ..get(alpha, token)
    };
    server.ask(delete(editor)).await.problem(403);
    server.ask(get("/api/v1/tokens", editor)).await.problem(403);
    assert_eq!(server.ask(delete(admin)).await.status, 204);
    server.ask(get(alpha, admin)).await.problem(404);
    server.ask(delete(admin)).await.problem(404);
}

#[tokio::test]
async fn aut11_a_scoped_token_opens_and_lists_only_its_workspaces() {
    let server = Server::new();
    let admin = server.token(Role::Admin);
    for id in ["alpha", "beta"] {
        let body = json!({ "id": id, "title": id });
        server
            .ask(send("POST", "/api/v1/workspaces", &admin, body))
            .await;
    }
    let scoped = server.scoped(Role::Admin, &["beta", "gamma"]);
    assert_eq!(
        server
            .ask(get("/api/v1/workspaces/beta", &scoped))
            .await
            .status,
        200
    );
    server
        .ask(get("/api/v1/workspaces/alpha", &scoped))
        .await
        .problem(403);
    server
        .ask(get("/api/v1/workspaces/nothing", &scoped))
        .await
        .problem(403);
    let list = server.ask(get("/api/v1/workspaces", &scoped)).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["id"], "beta");

    let make = |body| send("POST", "/api/v1/workspaces", &scoped, body);
    server
        .ask(make(json!({ "title": "Anywhere" })))
        .await
        .problem(403);
    assert_eq!(
        server
            .ask(make(json!({ "id": "gamma", "title": "G" })))
            .await
            .status,
        201
    );
    let grant = json!({ "name": "Eve", "kind": "human", "role": "admin" });
    server
        .ask(send("POST", "/api/v1/tokens", &scoped, grant))
        .await
        .problem(403);
}

#[tokio::test]
async fn aut4_an_admin_makes_lists_and_revokes_tokens() {
    let server = Server::new();
    let admin = server.token(Role::Admin);
    let grant = json!({ "name": "Planner", "kind": "agent", "role": "editor" });
    let made = server
        .ask(send("POST", "/api/v1/tokens", &admin, grant))
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    let made = made.json();
    let token = made["token"].as_str().unwrap();
    let me = server.ask(get("/api/v1/me", token)).await.json();
    assert_eq!(me["member"], made["member"]);

    let list = server.ask(get("/api/v1/tokens?limit=1", &admin)).await;
    assert!(!list.body.contains(token), "no token's text in lists");
    assert!(list.json()["next_cursor"].is_string());

    let path = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap());
    let revoked = server
        .ask(Ask {
            method: "DELETE",
            ..get(&path, &admin)
        })
        .await;
    assert_eq!(revoked.status, 204);
    let detail = server.ask(get("/api/v1/me", token)).await.problem(401);
    assert!(detail.contains("revoked"), "{detail}");
    let unknown = Ask {
        method: "DELETE",
        ..get("/api/v1/tokens/0000000000000000", &admin)
    };
    server.ask(unknown).await.problem(404);
}

#[tokio::test]
async fn aut5_a_link_becomes_a_strict_cookie_once_and_signs_out() {
    let server = Server::new();
    let admin = server.token(Role::Admin);
    let grant = json!({ "name": "Mara", "kind": "human", "role": "reviewer" });
    let link = server
        .ask(send("POST", "/api/v1/sign-in-links", &admin, grant))
        .await
        .json();
    let code = link["path"]
        .as_str()
        .unwrap()
        .strip_prefix("/sign-in?code=")
        .unwrap()
        .to_owned();
    let sign_in = || send("POST", "/api/v1/sign-in", "", json!({ "code": code }));
    server
        .ask(sign_in().with("host", "a").with("origin", "http://b"))
        .await
        .problem(403);
    let signed_in = server.ask(sign_in()).await;
    assert_eq!(signed_in.status, 204);
    let cookie = signed_in.header("set-cookie").to_owned();
    assert!(cookie.contains("; HttpOnly; SameSite=Strict") && !cookie.contains("Secure"));
    server.ask(sign_in()).await.problem(401);

    let cookie = cookie.split(';').next().unwrap();
    let me = server
        .ask(get("/api/v1/me", "").with("cookie", cookie))
        .await;
    assert_eq!(me.json()["member"]["name"], "Mara");
    let leave = || {
        Ask {
            method: "POST",
            ..get("/api/v1/sign-out", "")
        }
        .with("cookie", cookie)
    };
    server.ask(leave()).await.problem(403);
    let left = server
        .ask(leave().with("host", "here").with("origin", "http://here"))
        .await;
    assert_eq!(left.status, 204);
    server
        .ask(get("/api/v1/me", "").with("cookie", cookie))
        .await
        .problem(401);
}

#[tokio::test]
async fn aut5_behind_a_proxy_the_cookie_is_secure() {
    let server = Server::with(Config {
        behind_proxy: true,
        ..Config::default()
    });
    let grant = NewToken {
        name: "Mara".to_owned(),
        kind: Kind::Human,
        role: Role::Admin,
        workspaces: Scope::All,
        expires_ms: None,
    };
    let code = server.authority.sign_in_link(grant, 60_000).unwrap().code;
    let ask = send("POST", "/api/v1/sign-in", "", json!({ "code": code }));
    let cookie = server.ask(ask).await.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-penhold_session=") && cookie.ends_with("; Secure"));
}

#[tokio::test]
async fn aut6_tickets_are_not_for_requests() {
    let server = Server::new();
    let editor = server.token(Role::Editor);
    let made = server
        .ask(Ask {
            method: "POST",
            ..get("/api/v1/tickets", &editor)
        })
        .await;
    assert_eq!(made.status, 201);
    let ticket = made.json()["ticket"].as_str().unwrap().to_owned();
    server.ask(get("/api/v1/me", &ticket)).await.problem(401);
    let query = format!("/api/v1/me?token={editor}");
    server.ask(get(&query, "")).await.problem(401);
}

fn limited(limits: &[&str]) -> Server {
    let mut config = serde_json::to_value(Config::default()).unwrap();
    let one = json!({ "per_second": 1, "burst": 1 });
    for name in limits {
        config["rates"][name] = one.clone();
    }
    Server::with(serde_json::from_value(config).unwrap())
}

#[tokio::test]
async fn aut8_over_a_rate_the_limit_is_named() {
    for name in ["requests_per_member", "requests_per_address"] {
        let server = limited(&[name]);
        let editor = server.token(Role::Editor);
        assert_eq!(server.ask(get("/api/v1/me", &editor)).await.status, 200);
        let over = server.ask(get("/api/v1/me", &editor)).await;
        over.problem(429);
        assert_eq!(over.header("retry-after"), "1");
        assert_eq!(over.json()["limit"], json!({ "name": name, "value": 1 }));
    }
    let server = limited(&["refused_credentials_per_address"]);
    server.ask(get("/api/v1/me", "guess")).await.problem(401);
    server.ask(get("/api/v1/me", "guess")).await.problem(429);
    let editor = server.token(Role::Editor);
    assert_eq!(
        server.ask(get("/api/v1/me", &editor)).await.status,
        200,
        "guessers lock nobody out"
    );
}

#[tokio::test]
async fn aut8_behind_a_proxy_addresses_are_those_that_it_noted() {
    let mut config = serde_json::to_value(Config::default()).unwrap();
    config["rates"]["requests_per_address"] = json!({ "per_second": 1, "burst": 1 });
    config["behind_proxy"] = json!(true);
    let server = Server::with(serde_json::from_value(config).unwrap());
    let from = |noted| get("/healthz", "").with("x-forwarded-for", noted);
    assert_eq!(server.ask(from("9.9.9.9, 192.0.2.1")).await.status, 200);
    server.ask(from("8.8.8.8, 192.0.2.1")).await.problem(429);
    assert_eq!(server.ask(from("192.0.2.2")).await.status, 200);
}

#[tokio::test]
async fn a_workspace_starts_with_its_content_and_reads_back() {
    let server = Server::new();
    let editor = server.token(Role::Editor);
    let content = json!({ "goal": "Ship it", "steps": ["Write", "Check"] });
    let body = json!({ "id": "alpha", "title": "Alpha", "content": content });
    let made = server
        .ask(send("POST", "/api/v1/workspaces", &editor, body.clone()))
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    server
        .ask(send("POST", "/api/v1/workspaces", &editor, body))
        .await
        .problem(409);

    let read = server
        .ask(get("/api/v1/workspaces/alpha", &editor))
        .await
        .json();
    assert_eq!(read["title"], "Alpha");
    assert_eq!(read["plan"]["goal"], "Ship it");
    assert_eq!(read["plan"]["steps"][1]["title"], "Check");
    let text = server
        .ask(get("/api/v1/workspaces/alpha?format=markdown", &editor))
        .await;
    assert!(text.header("content-type").starts_with("text/markdown"));
    assert!(text.body.contains("Ship it"), "{}", text.body);

    let body =
        json!({ "title": "B", "content": { "markdown": "# Title\n\n## Goal\n\nReach it\n" } });
    let made = server
        .ask(send("POST", "/api/v1/workspaces", &editor, body))
        .await;
    let path = made.header("location").to_owned();
    let read = server.ask(get(&path, &editor)).await.json();
    assert_eq!(read["plan"]["goal"], "Reach it");
}

#[tokio::test]
async fn a_command_with_a_key_is_done_once() {
    let server = Server::new();
    let editor = server.token(Role::Editor);
    let make = |title| {
        send(
            "POST",
            "/api/v1/workspaces",
            &editor,
            json!({ "title": title }),
        )
        .with("idempotency-key", "k-1")
    };
    let first = server.ask(make("Alpha")).await;
    let again = server.ask(make("Alpha")).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(first.header("location"), again.header("location"));
    let list = server.ask(get("/api/v1/workspaces", &editor)).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    server.ask(make("Another")).await.problem(422);
}

#[tokio::test]
async fn lists_are_paged_and_hide_the_archive() {
    let server = Server::new();
    let admin = server.token(Role::Admin);
    for id in ["a", "b", "c", "d", "e"] {
        let body = json!({ "id": id, "title": id });
        server
            .ask(send("POST", "/api/v1/workspaces", &admin, body))
            .await;
    }
    server
        .ask(send(
            "PATCH",
            "/api/v1/workspaces/b",
            &admin,
            json!({ "archived": true }),
        ))
        .await;
    let mut seen = vec![];
    let mut path = "/api/v1/workspaces?limit=2".to_owned();
    loop {
        let page = server.ask(get(&path, &admin)).await.json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/api/v1/workspaces?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, ["a", "c", "d", "e"]);
    let all = server
        .ask(get("/api/v1/workspaces?archived=true", &admin))
        .await
        .json();
    assert_eq!(all["items"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn an_export_imports_as_the_same_document() {
    let server = Server::new();
    let admin = server.token(Role::Admin);
    let body =
        json!({ "id": "a", "title": "A", "content": { "goal": "Ship it", "notes": "- [ ] x" } });
    server
        .ask(send("POST", "/api/v1/workspaces", &admin, body))
        .await;
    let file = server
        .ask(get("/api/v1/workspaces/a/export", &admin))
        .await
        .json();
    let import = |path, file: &Value| send("POST", path, &admin, file.clone());
    server
        .ask(import("/api/v1/import", &file))
        .await
        .problem(409);
    let made = server.ask(import("/api/v1/import?id=b", &file)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let read = |path| server.ask(get(path, &admin));
    let (a, b) = (
        read("/api/v1/workspaces/a").await,
        read("/api/v1/workspaces/b").await,
    );
    assert_eq!(a.json(), b.json());

    let small = serde_json::json!({ "import_bytes_max": 64 });
    let limits = serde_json::from_value(small).unwrap();
    let tiny = Server::with(Config {
        limits,
        ..Config::default()
    });
    let token = tiny.token(Role::Admin);
    let over = tiny
        .ask(send("POST", "/api/v1/import", &token, file.clone()))
        .await;
    over.problem(413);
    assert_eq!(over.json()["limit"]["name"], "import_bytes_max");

    let mut broken = file;
    broken["state"] = json!("AAEC/////w==");
    server
        .ask(import("/api/v1/import?id=c", &broken))
        .await
        .problem(422);
    broken["version"] = json!(2);
    server
        .ask(import("/api/v1/import?id=c", &broken))
        .await
        .problem(422);
    read("/api/v1/workspaces/c").await.problem(404);
}

#[tokio::test]
async fn bad_requests_are_problems_that_say_what_to_do() {
    let config = Config::default();
    let body_bytes_max = config.limits.body_bytes_max;
    let server = Server::with(config);
    let editor = server.token(Role::Editor);
    let make = |body| send("POST", "/api/v1/workspaces", &editor, body);
    server
        .ask(get("/api/v1/nothing", &editor))
        .await
        .problem(404);
    server
        .ask(get("/api/v1/workspaces/-bad-", &editor))
        .await
        .problem(404);
    server
        .ask(Ask {
            method: "PUT",
            ..get("/api/v1/workspaces", &editor)
        })
        .await
        .problem(405);
    server
        .ask(Ask {
            method: "POST",
            ..get("/", &editor)
        })
        .await
        .problem(405);
    server
        .ask(Ask {
            method: "POST",
            ..get("/api/v1/workspaces", &editor)
        })
        .await
        .problem(415);
    server
        .ask(get("/api/v1/workspaces?limit=many", &editor))
        .await
        .problem(400);
    server.ask(make(json!({ "titel": "x" }))).await.problem(422);
    server.ask(make(json!({ "title": "" }))).await.problem(422);
    server
        .ask(make(json!({ "title": "x", "content": { "goal": 7 } })))
        .await
        .problem(422);
    server
        .ask(make(json!({ "id": "../x", "title": "x" })))
        .await
        .problem(422);
    let large = server
        .ask(make(json!({ "title": "x".repeat(body_bytes_max) })))
        .await;
    large.problem(413);
    assert_eq!(
        large.json()["limit"],
        json!({ "name": "body_bytes_max", "value": body_bytes_max })
    );
}

/// Set `UPDATE_SCHEMA=1` to write the file anew.
#[tokio::test]
async fn the_published_description_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let api = Server::new()
        .ask(get("/api/v1/openapi.json", ""))
        .await
        .json();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let fresh = serde_json::to_string_pretty(&api).unwrap() + "\n";
        std::fs::write(path, fresh).unwrap();
    }
    let published: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert!(
        published == api,
        "server/openapi.json is stale: run the test with UPDATE_SCHEMA=1, then `npm run types`"
    );
}

#[tokio::test]
async fn the_description_covers_every_route_and_is_open() {
    let server = Server::new();
    let api = server.ask(get("/api/v1/openapi.json", "")).await.json();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in [
        "workspaces",
        "workspaces/{ws}",
        "workspaces/{ws}/export",
        "import",
        "tokens",
        "tokens/{id}",
        "tickets",
        "me",
        "sign-in",
        "sign-out",
        "sign-in-links",
    ] {
        assert!(
            api["paths"][format!("/api/v1/{path}")].is_object(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn health_and_counts_are_served_where_no_stranger_asks() {
    let server = Server::new();
    assert_eq!(server.ask(get("/healthz", "")).await.status, 200);
    assert_eq!(server.ask(get("/readyz", "")).await.status, 200);
    assert!(
        server
            .ask(get("/metrics", ""))
            .await
            .header("content-type")
            .starts_with("text/plain")
    );
    let proxied = Server::with(Config {
        behind_proxy: true,
        ..Config::default()
    });
    let body = proxied.ask(get("/metrics", "")).await.body;
    assert!(!body.contains("# TYPE"), "{body}");
}

#[tokio::test]
async fn every_answer_keeps_browsers_strict() {
    let server = Server::new();
    for path in [
        "/",
        "/w/alpha/plan",
        "/sign-in?code=1",
        "/api/v1/me",
        "/assets/none.js",
    ] {
        let answer = server.ask(get(path, "")).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'self'") || policy.starts_with("default-src 'none'")
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
}
