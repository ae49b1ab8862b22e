//! The published description of the HTTP face.

use serde_json::Value;

use crate::server::{Server, get};

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
