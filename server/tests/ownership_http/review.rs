//! Who may be handed work, how far a person has come in looking at it, and which versions are kept.

use crdt_schema::member::Role;
use serde_json::{Value, json};

use crate::server::{Server, to};

#[tokio::test]
async fn hand6_whoever_may_receive_is_listed_also_who_was_never_here() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.person("Vera", Role::Viewer);
    server.scoped("Away", &["elsewhere"]);
    let list = server.get(&mara, "members").await.ok(200);
    let members = list["items"].as_array().unwrap();
    let told: Vec<[&str; 3]> = members
        .iter()
        .map(|member| ["name", "kind", "role"].map(|key| member[key].as_str().unwrap()))
        .collect();
    let expected = [
        ["Mara", "human", "admin"],
        ["Planner", "agent", "editor"],
        ["Vera", "human", "viewer"],
    ];
    assert_eq!(told, expected);
    assert_eq!(members[1]["id"], planner.id.as_str());
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
}

#[tokio::test]
async fn api2_a_review_is_kept_for_each_person_also_across_a_restart() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Reviewer);
    let untouched = json!({ "since": "visit", "cursor": 0, "seen": [] });
    assert_eq!(server.get(&mara, "review").await.ok(200), untouched);
    let review = json!({
        "since": "handoff:h1", "cursor": 12, "seen": ["plan/goal#1-2", "+s2"]
    });
    let kept = server.send("PUT", &mara, "review", review.clone()).await;
    assert_eq!(kept.ok(200), review);
    assert_eq!(server.get(&ravi, "review").await.ok(200), untouched);
    let server = server.restarted().await;
    assert_eq!(server.get(&mara, "review").await.ok(200), review);
    let next = json!({ "since": "visit", "cursor": 40, "seen": [] });
    server
        .send("PUT", &mara, "review", next.clone())
        .await
        .ok(200);
    assert_eq!(server.get(&mara, "review").await.ok(200), next);
    let listed = server.get(&mara, "checkpoints").await.ok(200);
    assert_eq!(listed["items"], json!([]), "a review is no version");
    server
        .get(&mara, "checkpoints/review-mara")
        .await
        .problem_detail(404);
}

#[tokio::test]
async fn api2_a_review_is_bounded_and_the_limit_named() {
    let (server, mara) = Server::new().await;
    let put = |seen: Value| {
        let review = json!({ "since": "visit", "cursor": 1, "seen": seen });
        server.send("PUT", &mara, "review", review)
    };
    let many: Vec<String> = (0..5_001).map(|n| format!("+{n}")).collect();
    let refused = put(json!(many)).await;
    refused.problem_detail(413);
    assert_eq!(
        refused.json()["limit"],
        json!({ "name": "review_seen_max", "value": 5_000 })
    );
    let refused = put(json!(["x".repeat(513)])).await;
    refused.problem_detail(413);
    assert_eq!(refused.json()["limit"]["name"], "review_key_bytes_max");
    let review = json!({ "since": "yesterday", "cursor": 1, "seen": [] });
    let refused = server.send("PUT", &mara, "review", review).await;
    let detail = refused.problem_detail(422);
    assert!(
        detail.contains("since") && detail.contains("visit"),
        "{detail}"
    );
}
