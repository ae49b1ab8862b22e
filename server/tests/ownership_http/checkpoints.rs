//! Versions that are kept, and brought back.

use crdt_schema::member::Role;
use serde_json::{Value, json};

use crate::server::{Server, Who, to};

impl Server {
    pub(crate) async fn goal(&self, who: &Who) -> String {
        let document = self.ask("GET", "/workspaces/w", who, None, None).await;
        let document = document.ok(200);
        let goal = document["plan"]["goal"].as_str();
        goal.unwrap_or_else(|| panic!("{document}")).to_owned()
    }

    /// Keeps a version, and answers its id.
    pub(crate) async fn checkpoint(&self, who: &Who, title: &str) -> String {
        let made = self
            .post(who, "checkpoints", json!({ "title": title }))
            .await;
        made.ok(201)["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn ver8_versions_are_listed_with_when_by_whom_and_why() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let made = server
        .post(&mara, "checkpoints", json!({ "title": "At first" }))
        .await
        .ok(201);
    assert_eq!(made["by"]["name"], "Mara");
    let decision = json!({ "item": "plan", "title": "Take the train", "note": "Because." });
    server.post(&mara, "decisions", decision).await.ok(201);
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let listed = server.kept(&mara, 3).await;
    let told: Vec<(String, &Value, &Value)> = listed
        .iter()
        .map(|kept| {
            let why = kept["kind"].as_str().unwrap().split('-').next().unwrap();
            (why.to_owned(), &kept["title"], &kept["by"]["name"])
        })
        .collect();
    let mara_name = json!("Mara");
    let expected = [
        ("handoff".to_owned(), &json!(""), &mara_name),
        ("decision".to_owned(), &json!("Take the train"), &mara_name),
        ("by".to_owned(), &json!("At first"), &mara_name),
    ];
    assert_eq!(told, expected);
    assert!(
        listed
            .iter()
            .all(|kept| kept["at_ms"].as_u64().unwrap() > 1_700_000_000_000)
    );
    assert_eq!(listed[2]["at_ms"], made["at_ms"]);
    let first = server.get(&mara, "checkpoints?limit=2").await.ok(200);
    let next = first["next_cursor"].as_str().unwrap();
    let rest = server
        .get(&mara, &format!("checkpoints?limit=2&cursor={next}"))
        .await;
    assert_eq!(rest.ok(200)["items"][0]["id"], made["id"]);
}

impl Server {
    /// The kept versions, newest first, once there are `count`: those of decisions are kept beside
    /// the room.
    pub(crate) async fn kept(&self, who: &Who, count: usize) -> Vec<Value> {
        let ws = "w".parse().unwrap();
        loop {
            let ids = self.app.store.checkpoints(&ws).await.unwrap();
            if ids.iter().filter(|id| id.starts_with("about-")).count() >= count {
                break;
            }
            tokio::task::yield_now().await;
        }
        let listed = self.get(who, "checkpoints").await.ok(200);
        let items = listed["items"].as_array().unwrap();
        assert_eq!(items.len(), count, "{listed}");
        items.clone()
    }
}

#[tokio::test]
async fn ver1_a_version_reads_back_as_it_was_kept() {
    let (server, mara) = Server::new().await;
    let id = server.checkpoint(&mara, "Before").await;
    server.write(&mara, "plan/goal", "Reach it soon").await;
    let version = server
        .get(&mara, &format!("checkpoints/{id}"))
        .await
        .ok(200);
    assert_eq!(version["projection"]["plan"]["goal"], "Reach it");
    let missing = server.get(&mara, "checkpoints/000000000001-nothing").await;
    assert!(missing.problem_detail(404).contains("checkpoints"));
}

#[tokio::test]
async fn ver2_ver8_all_of_it_or_a_part_is_brought_back_as_a_new_edit() {
    let (server, mara) = Server::new().await;
    let id = server.checkpoint(&mara, "Before").await;
    server.write(&mara, "plan/goal", "Reach it soon").await;
    server
        .write(&mara, "plan/steps/s1/body", "Do another thing.")
        .await;
    server.write(&mara, "notes", "Other words.").await;

    let restore = format!("checkpoints/{id}/restore");
    let part = json!({ "paths": ["plan/steps/s1"] });
    let done = server.post(&mara, &restore, part.clone()).await.ok(200);
    assert_eq!(done["changed"], json!(["plan/steps/s1/body"]));
    assert_eq!(server.goal(&mara).await, "Reach it soon");

    let done = server.post(&mara, &restore, json!({})).await.ok(200);
    assert_eq!(server.goal(&mara).await, "Reach it");
    assert!(done["record"].as_u64().unwrap() > 0);
    let again = server.post(&mara, &restore, json!({})).await.ok(200);
    assert_eq!(again["changed"], json!([]), "it reads so already");
    assert_eq!(again["before"], Value::Null);

    let listed = server.kept(&mara, 3).await;
    assert_eq!(listed[0]["id"], done["before"]);
    assert_eq!(listed[0]["kind"], "before-restore");
    let back = format!("checkpoints/{}/restore", done["before"].as_str().unwrap());
    server.post(&mara, &back, json!({})).await.ok(200);
    assert_eq!(server.goal(&mara).await, "Reach it soon");

    let record = server.get(&mara, "record?type=noted").await.ok(200);
    let told = record["items"].to_string();
    assert!(
        told.contains("restored") && told.contains("plan/steps/s1"),
        "{told}"
    );
}

#[tokio::test]
async fn ver4_what_is_no_content_and_who_may_not_is_refused() {
    let (server, mara) = Server::new().await;
    let (planner, ravi) = (
        server.agent("Planner"),
        server.person("Ravi", Role::Reviewer),
    );
    let id = server.checkpoint(&mara, "Before").await;
    let restore = format!("checkpoints/{id}/restore");
    for who in [&planner, &ravi] {
        server
            .post(who, &restore, json!({}))
            .await
            .problem_detail(403);
    }
    let threads = json!({ "paths": ["threads"] });
    server
        .post(&mara, &restore, threads)
        .await
        .problem_detail(422);
    let refused = server
        .post(&ravi, "checkpoints", json!({ "title": "Mine" }))
        .await;
    refused.problem_detail(403);
}
