//! Suggestions: accepted, edited, rejected, overtaken.

use crdt_schema::member::Role;
use serde_json::{Value, json};

use crate::server::{Server, Who};

impl Server {
    async fn suggest(&self, who: &Who, quote: &str, replacement: &str) -> Value {
        let body = json!({
            "target": "plan/goal", "quote": quote, "replacement": replacement, "reason": "Shorter."
        });
        self.post(who, "suggestions", body).await.ok(201)
    }

    /// Who put which words into the goal since a version.
    async fn writers(&self, who: &Who, checkpoint: &str) -> Vec<(String, String)> {
        let digest = self
            .get(who, &format!("digest?since=checkpoint:{checkpoint}"))
            .await;
        let digest = digest.ok(200);
        let items = digest["items"].as_array().unwrap().iter();
        let mut changes = items.flat_map(|item| item["changes"].as_array().unwrap());
        let goal = changes
            .find(|change| change["path"] == "plan/goal")
            .unwrap();
        let hunks = goal["hunks"].as_array().unwrap().iter();
        let words = hunks.flat_map(|hunk| hunk["inserted"].as_array().unwrap());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        words
            .map(|words| (text(&words["text"]), text(&words["by"]["id"])))
            .collect()
    }
}

fn at(suggestion: &Value, verb: &str) -> String {
    format!("suggestions/{}/{verb}", suggestion["id"].as_str().unwrap())
}

#[tokio::test]
async fn sug3_what_is_accepted_is_written_and_credited_to_its_author_and_its_accepter() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let before = server.checkpoint(&mara, "Before").await;
    let made = server.suggest(&planner, "Reach", "Attain").await;
    assert_eq!(
        (&made["status"], &made["author"]),
        (&json!("open"), &json!(planner.id))
    );
    let accepted = server
        .post(&mara, &at(&made, "accept"), json!({}))
        .await
        .ok(200);
    assert_eq!(accepted["status"], "accepted");
    assert_eq!(accepted["decided_by"], mara.id.as_str());
    assert!(accepted["record"].as_u64().unwrap() > 0);
    assert_eq!(server.goal(&mara).await, "Attain it");
    let wrote = server.writers(&mara, &before).await;
    assert_eq!(wrote, [("Attain".to_owned(), planner.id.to_string())]);
    let late = server.post(&mara, &at(&made, "reject"), json!({})).await;
    late.problem(409, "decided");
}

#[tokio::test]
async fn sug3_what_is_edited_first_is_whoevers_words_accepted_it() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let before = server.checkpoint(&mara, "Before").await;
    let made = server.suggest(&planner, "Reach", "Attain").await;
    let edited = json!({ "edited": "Secure" });
    let accepted = server
        .post(&mara, &at(&made, "accept"), edited)
        .await
        .ok(200);
    assert_eq!(
        (&accepted["status"], &accepted["author"]),
        (&json!("accepted"), &json!(planner.id))
    );
    assert_eq!(server.goal(&mara).await, "Secure it");
    let wrote = server.writers(&mara, &before).await;
    assert_eq!(wrote, [("Secure".to_owned(), mara.id.to_string())]);
}

#[tokio::test]
async fn sug2_what_was_overtaken_shows_three_versions_and_changes_nothing() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let made = server.suggest(&planner, "Reach it", "Attain it").await;
    server.write(&mara, "plan/goal", "Reach all of it").await;
    let refused = server.post(&mara, &at(&made, "accept"), json!({})).await;
    let problem = refused.problem(409, "stale_suggestion");
    let three = ["quote", "replacement", "now"].map(|key| problem[key].as_str().unwrap());
    assert_eq!(three, ["Reach it", "Attain it", "Reach all of it"]);
    assert_eq!(server.goal(&mara).await, "Reach all of it");
    let listed = server.get(&mara, "suggestions").await.ok(200);
    let shown = &listed["items"][0];
    let three = ["quote", "replacement", "now"].map(|key| shown[key].as_str().unwrap());
    assert_eq!(three, ["Reach it", "Attain it", "Reach all of it"]);
    server.write(&mara, "plan/goal", "Reach it").await;
    server
        .post(&mara, &at(&made, "reject"), json!({}))
        .await
        .ok(200);
    assert_eq!(server.goal(&mara).await, "Reach it");
}

#[tokio::test]
async fn sug3_who_may_not_write_there_does_not_decide_but_takes_back_the_own() {
    let (server, mara) = Server::new().await;
    let (planner, rita) = (
        server.agent("Planner"),
        server.person("Rita", Role::Reviewer),
    );
    let made = server.suggest(&rita, "Reach", "Attain").await;
    for who in [&rita, &planner] {
        server
            .post(who, &at(&made, "accept"), json!({}))
            .await
            .problem_detail(403);
    }
    server
        .post(&planner, &at(&made, "reject"), json!({}))
        .await
        .problem_detail(403);
    let own = server
        .post(&rita, &at(&made, "reject"), json!({}))
        .await
        .ok(200);
    assert_eq!(own["status"], "rejected");
    assert_eq!(server.goal(&mara).await, "Reach it");
    let open = server.get(&mara, "suggestions?status=open").await.ok(200);
    assert_eq!(open["items"], json!([]));
    let vera = server.person("Vera", Role::Viewer);
    let body = json!({ "target": "plan/goal", "quote": "Reach", "replacement": "Get" });
    server
        .post(&vera, "suggestions", body)
        .await
        .problem_detail(403);
    let missing = server
        .post(&mara, "suggestions/none/accept", json!({}))
        .await;
    assert!(missing.problem_detail(404).contains("suggestions"));
}

#[tokio::test]
async fn sug4_fields_and_new_elements_are_suggested_and_what_cannot_stand_there_is_named() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let status = json!({ "target": "plan/steps/s1/status", "replacement": "doing" });
    let made = server.post(&planner, "suggestions", status).await.ok(201);
    server
        .post(&mara, &at(&made, "accept"), json!({}))
        .await
        .ok(200);
    let step = json!({ "target": "plan/steps", "replacement": "{\"title\": \"Second\"}" });
    let made = server.post(&planner, "suggestions", step).await.ok(201);
    server
        .post(&mara, &at(&made, "accept"), json!({}))
        .await
        .ok(200);
    let document = server
        .ask("GET", "/workspaces/w", &mara, None, None)
        .await
        .ok(200);
    let steps = &document["plan"]["steps"];
    assert_eq!(
        (&steps[0]["status"], &steps[1]["title"]),
        (&json!("doing"), &json!("Second"))
    );
    for (target, replacement, says) in [
        ("plan/steps/s1/status", "someday", "one of draft, ready"),
        ("plan/steps", r#"{"titel": "x"}"#, "titel"),
    ] {
        let wrong = json!({ "target": target, "replacement": replacement });
        let refused = server.post(&planner, "suggestions", wrong).await;
        let detail = refused.problem_detail(422);
        assert!(detail.contains(says), "{detail}");
    }
}

#[tokio::test]
async fn sug8_the_same_again_is_heard_once_and_something_else_there_replaces_it() {
    let (server, mara) = Server::new().await;
    let (planner, rita) = (
        server.agent("Planner"),
        server.person("Rita", Role::Reviewer),
    );
    let first = server.suggest(&planner, "Reach", "Attain").await;
    let again = server.suggest(&planner, "Reach", "Attain").await;
    assert_eq!(first["id"], again["id"]);
    server.suggest(&rita, "Reach", "Get").await;
    let other = server.suggest(&planner, "Reach it", "Have it").await;
    let listed = server.get(&mara, "suggestions").await.ok(200);
    let mut authors: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|shown| {
            (
                shown["author"].as_str().unwrap(),
                shown["replacement"].as_str().unwrap(),
            )
        })
        .collect();
    authors.sort_unstable();
    assert_eq!(authors, [("planner", "Have it"), ("rita", "Get")]);
    assert_ne!(other["id"], first["id"]);
}
