//! What operators and browsers look at: health, counts, headers.

use penhold_server::config::Config;

use crate::server::{Server, get};

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
