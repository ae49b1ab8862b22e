//! Handoff health, over HTTP and for Prometheus.

use crdt_schema::member::Role;
use serde_json::json;

use crate::server::{Server, to};

#[tokio::test]
async fn own19_health_is_measured_over_all_workspaces_and_for_one() {
    let (server, mara) = Server::new().await;
    let (planner, ravi) = (server.agent("Planner"), server.person("Ravi", Role::Editor));
    server.make("other", &mara).await;
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    server
        .hand(&planner, "plan", json!({ "queue": "people" }))
        .await
        .ok(201);
    server
        .post(&ravi, "items/plan/claim", json!({ "epoch": 2 }))
        .await
        .ok(200);
    let health = |query: &str| {
        let path = format!("/health/handoffs{query}");
        let (server, mara) = (&server, &mara);
        async move { server.ask("GET", &path, mara, None, None).await }
    };
    let all = health("").await.ok(200);
    assert_eq!(
        (&all["handoffs"], &all["time_to_claim"]["count"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(all["escalation"]["rate"], 1.0);
    assert_eq!(all["escalation"]["reading"], "warn");
    assert_eq!(all["repeats"][0]["item"], "plan");
    assert_eq!(all, health("").await.ok(200), "no record is counted twice");

    let policy = json!({ "band": { "low": 0.5, "high": 1.0, "warn": 1.0 } });
    server.send("PUT", &mara, "policy", policy).await.ok(200);
    let one = health("?workspace=w&window=12h").await.ok(200);
    assert_eq!(
        (&one["escalation"]["reading"], &one["window_ms"]),
        (&json!("within"), &json!(43_200_000))
    );
    assert_eq!(health("?workspace=other").await.ok(200)["handoffs"], 0);
    health("?window=soon").await.problem_detail(400);

    let server = server.restarted().await;
    let again = server
        .ask("GET", "/health/handoffs", &mara, None, None)
        .await
        .ok(200);
    assert_eq!(again["handoffs"], 2);
    penhold_server::telemetry::metrics();
    penhold_server::health::measure(&server.app).await.unwrap();
    let text = penhold_server::telemetry::metrics().render();
    assert!(text.contains("penhold_handoff_escalation_rate 1"), "{text}");
    assert!(text.contains("penhold_handoffs 2") && text.contains("quantile=\"0.9\""));
}
