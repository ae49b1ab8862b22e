//! Decisions: posted, taken, consumed.

use crdt_schema::member::Role;
use serde_json::json;

use crate::server::{Server, Who, to};

async fn decided(server: &Server, mara: &Who) -> String {
    let body = json!({ "item": "plan", "title": "Take the train", "note": "It is cheaper." });
    let made = server.post(mara, "decisions", body).await.ok(201);
    assert_eq!(made["status"], "decided");
    made["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn dec1_people_decide_with_a_note_and_agents_never() {
    let (server, mara) = Server::new().await;
    let (planner, reviewer) = (
        server.agent("Planner"),
        server.person("Rita", Role::Reviewer),
    );
    let body = json!({ "item": "plan", "title": "Take the train", "note": "It is cheaper." });
    server
        .post(&planner, "decisions", body.clone())
        .await
        .problem(403, "people_only");
    let viewer = server.person("Vera", Role::Viewer);
    server
        .post(&viewer, "decisions", body.clone())
        .await
        .problem(403, "role");
    server
        .post(&reviewer, "decisions", body.clone())
        .await
        .ok(201);
    let mut silent = body;
    silent["note"] = json!("");
    server
        .post(&mara, "decisions", silent)
        .await
        .problem(422, "invalid");
}

#[tokio::test]
async fn dec3_consumed_twice_answers_what_came_of_it_first() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let id = decided(&server, &mara).await;
    let at = |verb: &str| format!("decisions/{id}/{verb}");
    let taken = server
        .keyed(&planner, &at("take"), json!({}), "take-1")
        .await
        .ok(200);
    let lease = taken["lease"].clone();
    assert!(lease.is_string() && taken["taken_by"] == planner.id.as_str());
    let other = server.post(&planner, &at("take"), json!({})).await;
    assert_eq!(other.problem(409, "taken")["name"], "Planner");

    let server = server.restarted().await;
    let again = server
        .keyed(&planner, &at("take"), json!({}), "take-1")
        .await
        .ok(200);
    assert_eq!(
        again["lease"], lease,
        "a take that was not heard can be asked for again"
    );
    let wrong = json!({ "lease": "other", "outcome": "Nothing" });
    server
        .post(&planner, &at("consume"), wrong)
        .await
        .problem(409, "fenced");
    let first = json!({ "lease": lease, "outcome": "Tickets are booked." });
    let done = server.post(&planner, &at("consume"), first).await.ok(200);
    let second = json!({ "lease": lease, "outcome": "Booked twice." });
    let late = server.post(&planner, &at("consume"), second).await.ok(200);
    assert_eq!(done, late);
    assert_eq!(late["outcome"], "Tickets are booked.");
    assert_eq!(
        server.get(&mara, &format!("decisions/{id}")).await.ok(200)["status"],
        "consumed"
    );
}

#[tokio::test]
async fn dec4_failing_and_withdrawing_end_a_decision() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let id = decided(&server, &mara).await;
    let lease = server
        .post(&planner, &format!("decisions/{id}/take"), json!({}))
        .await
        .ok(200);
    let fail = json!({ "lease": lease["lease"], "reason": "No train runs." });
    let failed = server
        .post(&planner, &format!("decisions/{id}/fail"), fail)
        .await
        .ok(200);
    assert_eq!(
        (&failed["status"], &failed["outcome"]),
        (&json!("failed"), &json!("No train runs."))
    );

    let id = decided(&server, &mara).await;
    let withdrawn = server
        .post(&mara, &format!("decisions/{id}/withdraw"), json!({}))
        .await;
    assert_eq!(withdrawn.ok(200)["status"], "withdrawn");
    let late = server
        .post(&planner, &format!("decisions/{id}/take"), json!({}))
        .await;
    assert_eq!(late.problem(409, "ended")["state"], "withdrawn");
    server
        .get(&mara, "decisions/nothing")
        .await
        .problem_detail(404);
}
