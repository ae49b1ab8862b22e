//! AUT rules: who may do what, and how often.

use crdt_schema::member::{Kind, Role};
use penhold_server::{
    auth::{NewToken, Scope},
    config::Config,
};
use serde_json::json;

use crate::server::{Ask, Server, get, send};

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
