//! Policy and queues.

use crdt_schema::member::Role;
use serde_json::{Value, json};

use crate::server::{Server, to};

#[tokio::test]
async fn own16_admins_set_the_policy_and_what_is_left_out_takes_its_default() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let change = json!({ "depth_max": 2, "plan_approval": true });
    server
        .send("PUT", &ravi, "policy", change.clone())
        .await
        .problem(403, "role");
    let set = server.send("PUT", &mara, "policy", change).await.ok(200);
    assert_eq!(
        (&set["depth_max"], &set["fallback_queue"]),
        (&json!(2), &json!("people"))
    );
    let read = server.get(&ravi, "policy").await.ok(200);
    assert_eq!(
        (&read["depth_max"], &read["record"]),
        (&json!(2), &Value::Null)
    );
    let bad = json!({ "fallback_queue": "nowhere" });
    server
        .send("PUT", &mara, "policy", bad)
        .await
        .problem(404, "no_such_queue");
    let unknown = json!({ "depth": 2 });
    server
        .send("PUT", &mara, "policy", unknown)
        .await
        .problem_detail(422);
}

#[tokio::test]
async fn own16_a_queue_admits_whom_it_names_and_goes_when_nothing_waits_in_it() {
    let (server, mara) = Server::new().await;
    let (ravi, planner) = (server.person("Ravi", Role::Editor), server.agent("Planner"));
    let claimers = json!({ "members": [ravi.id] });
    let made = server
        .send("PUT", &mara, "queues/legal", claimers)
        .await
        .ok(200);
    assert_eq!(
        (&made["name"], &made["waiting"]),
        (&json!("legal"), &json!([]))
    );
    server
        .hand(&mara, "plan", json!({ "queue": "legal" }))
        .await
        .ok(201);
    let queues = server.get(&mara, "queues").await.ok(200);
    assert_eq!(queues["items"][0]["waiting"][0]["item"], "plan");
    let remove = |who| server.send("DELETE", who, "queues/legal", json!({}));
    remove(&mara).await.problem(409, "queue_in_use");
    for outsider in [&mara, &planner] {
        let claim = server
            .post(outsider, "items/plan/claim", json!({ "epoch": 1 }))
            .await;
        claim.problem(403, "not_in_queue");
    }
    server
        .post(&ravi, "items/plan/claim", json!({ "epoch": 1 }))
        .await
        .ok(200);
    assert!(remove(&mara).await.ok(200)["record"].is_u64());
    remove(&mara).await.problem(404, "no_such_queue");
}

#[tokio::test]
async fn own4_what_is_released_goes_where_the_policy_says() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let policy = json!({ "release_queue": "people" });
    server.send("PUT", &mara, "policy", policy).await.ok(200);
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let released = server
        .post(&planner, "items/plan/release", json!({ "epoch": 1 }))
        .await;
    assert_eq!(released.ok(200)["owner"], json!({ "queue": "people" }));
}
