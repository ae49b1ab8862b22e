//! Workspaces: made, listed, exported and imported.

use crdt_schema::member::Role;
use penhold_server::config::Config;
use serde_json::{Value, json};

use crate::server::{Ask, Server, get, send};

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
