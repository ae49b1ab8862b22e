//! Handing off, cold and warm.

use crdt_schema::member::Role;
use serde_json::{Value, json};

use crate::server::{Server, handoff, to};

#[tokio::test]
async fn hand1_a_cold_handoff_changes_the_owner_and_its_reason_travels() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let mut body = handoff("plan", to(&ravi), "cold", &json!(0));
    body["reason"] = json!({ "trigger": "stakes", "note": "Much hangs on it.", "confidence": 0.4 });
    let made = server.post(&mara, "handoffs", body.clone()).await.ok(201);
    assert_eq!(made["status"], "accepted");
    assert_eq!(made["reason"], body["reason"]);
    let id = made["id"].as_str().unwrap();
    let read = server.get(&ravi, &format!("handoffs/{id}")).await.ok(200);
    assert_eq!(read["from"], json!({ "member": mara.id }));
    assert_eq!(server.item(&ravi, "plan").await["owner_name"], "Ravi");
    let list = server
        .get(&ravi, "handoffs?item=plan&status=ended")
        .await
        .ok(200);
    assert_eq!(list["items"][0]["id"], id);
    let other = server.get(&ravi, "handoffs?item=notes").await.ok(200);
    assert_eq!(other["items"], json!([]));
}

#[tokio::test]
async fn hand3_its_giver_withdraws_an_offer_and_keeps_the_pen() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let offer = handoff("plan", to(&ravi), "warm", &json!(0));
    let offered = server.post(&mara, "handoffs", offer).await.ok(201);
    let withdraw = format!("handoffs/{}/withdraw", offered["id"].as_str().unwrap());
    let other = server.post(&ravi, &withdraw, json!({})).await;
    other.problem(403, "not_yours");
    let withdrawn = server.post(&mara, &withdraw, json!({})).await.ok(200);
    assert_eq!(withdrawn["status"], "withdrawn");
    let plan = server.item(&ravi, "plan").await;
    assert_eq!(
        (&plan["owner_name"], &plan["handoff"]),
        (&json!("Mara"), &json!(null))
    );
}

#[tokio::test]
async fn hand3_a_declined_warm_handoff_changed_nothing_and_the_record_shows_it_all() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let offer = handoff("plan", to(&ravi), "warm", &json!(0));
    let offered = server.post(&mara, "handoffs", offer).await.ok(201);
    assert_eq!(offered["status"], "offered");
    server.write(&mara, "plan/goal", "Reach it soon").await;
    server
        .write(&ravi, "plan/steps/s1/body", "Do it well.")
        .await;

    let at = |verb: &str| format!("handoffs/{}/{verb}", offered["id"].as_str().unwrap());
    let early = server.post(&ravi, &at("accept"), json!({})).await;
    early.problem(409, "not_briefed");
    let other = server
        .post(&mara, &at("decline"), json!({ "reason": "No." }))
        .await;
    other.problem(403, "not_yours");
    let read_back = json!({ "summary": "Finish the plan." });
    let briefed = server.post(&ravi, &at("brief"), read_back).await.ok(200);
    assert_eq!(briefed["status"], "briefed");
    let decline = json!({ "reason": "I am away." });
    let declined = server.post(&ravi, &at("decline"), decline).await.ok(200);
    assert_eq!(declined["status"], "declined");
    assert_eq!(declined["declined_because"], "I am away.");

    let plan = server.item(&mara, "plan").await;
    assert_eq!(
        (&plan["owner_name"], &plan["epoch"]),
        (&json!("Mara"), &json!(0))
    );
    let record = server.get(&mara, "record?item=plan").await.ok(200);
    let events = record["items"].as_array().unwrap().iter();
    let told: Vec<&str> = events
        .flat_map(|record| record["events"].as_array().unwrap())
        .map(|event| event["type"].as_str().unwrap())
        .filter(|event| event.starts_with("handoff_") || *event == "owner_changed")
        .collect();
    assert_eq!(
        told,
        ["handoff_offered", "handoff_briefed", "handoff_ended"]
    );
    let late = server.post(&mara, &at("withdraw"), json!({})).await;
    assert_eq!(late.problem(409, "ended")["state"], "declined");
}

#[tokio::test]
async fn hand2_a_warm_handoff_passes_the_pen_once_it_is_accepted() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let offer = handoff("plan", to(&ravi), "warm", &json!(0));
    let offered = server.post(&mara, "handoffs", offer.clone()).await.ok(201);
    server
        .post(&mara, "handoffs", offer)
        .await
        .problem(409, "offered");
    let at = |verb: &str| format!("handoffs/{}/{verb}", offered["id"].as_str().unwrap());
    server.post(&ravi, &at("brief"), json!({})).await.ok(200);
    let accepted = server.post(&ravi, &at("accept"), json!({})).await.ok(200);
    assert_eq!(accepted["status"], "accepted");
    assert_eq!(server.item(&mara, "plan").await["owner_name"], "Ravi");
}

#[tokio::test]
async fn hand5_an_incomplete_briefing_is_refused_with_what_is_missing() {
    let (server, mara) = Server::new().await;
    server.write(&mara, "briefing/intent", "").await;
    let queue = json!({ "queue": "people" });
    let refused = server.hand(&mara, "plan", queue.clone()).await;
    let problem = refused.problem(422, "incomplete");
    assert_eq!(problem["missing"][0]["part"], "intent");
    let mut urgent = handoff("plan", queue, "cold", &json!(0));
    urgent["emergency"] = json!(true);
    let made = server.post(&mara, "handoffs", urgent).await.ok(201);
    assert_eq!(made["emergency"], true);
    assert_eq!(made["missing"][0]["part"], "intent");
}

#[tokio::test]
async fn hand6_a_receiver_is_looked_up_and_who_there_is_is_named() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let (viewer, away) = (
        server.person("Vera", Role::Viewer),
        server.scoped("Away", &["elsewhere"]),
    );
    let nobody = server
        .hand(&mara, "plan", json!({ "member": "nobody" }))
        .await;
    let detail = nobody.problem_detail(422);
    assert!(
        detail.contains(ravi.id.as_str()) && detail.contains("Ravi"),
        "{detail}"
    );
    assert!(!detail.contains("Away"), "{detail}");
    let away = server
        .hand(&mara, "plan", to(&away))
        .await
        .problem_detail(422);
    assert!(away.contains("may open this workspace"), "{away}");
    server
        .hand(&mara, "plan", to(&viewer))
        .await
        .problem(422, "receiver");
    let queue = server
        .hand(&mara, "plan", json!({ "queue": "nowhere" }))
        .await;
    queue.problem(404, "no_such_queue");
    assert_eq!(server.item(&mara, "plan").await["epoch"], 0);
}

#[tokio::test]
async fn own8_the_fifth_handoff_from_agent_to_agent_is_refused_and_names_a_queue() {
    let (server, mara) = Server::new().await;
    let agents: Vec<_> = (0..6)
        .map(|n| server.agent(&format!("Agent {n}")))
        .collect();
    server.hand(&mara, "plan", to(&agents[0])).await.ok(201);
    for pair in agents[..5].windows(2) {
        server.hand(&pair[0], "plan", to(&pair[1])).await.ok(201);
    }
    let fifth = server.hand(&agents[4], "plan", to(&agents[5])).await;
    let problem = fifth.problem(409, "too_deep");
    assert_eq!(
        (&problem["depth"], &problem["queue"]),
        (&json!(4), &json!("people"))
    );
    let mut policy = server.get(&mara, "policy").await.ok(200);
    policy["depth_max"] = json!(5);
    server.send("PUT", &mara, "policy", policy).await.ok(200);
    server
        .hand(&agents[4], "plan", to(&agents[5]))
        .await
        .ok(201);
}

#[tokio::test]
async fn own11_a_repeated_handoff_is_done_once_also_after_a_restart() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let body = handoff("plan", to(&ravi), "cold", &json!(0));
    let first = server
        .keyed(&mara, "handoffs", body.clone(), "k-1")
        .await
        .ok(201);
    let again = server
        .keyed(&mara, "handoffs", body.clone(), "k-1")
        .await
        .ok(201);
    assert_eq!(first, again);
    let server = server.restarted().await;
    let late = server
        .keyed(&mara, "handoffs", body.clone(), "k-1")
        .await
        .ok(201);
    assert_eq!(first, late);
    assert_eq!(server.item(&mara, "plan").await["epoch"], 1);
    let mut other = body.clone();
    other["mode"] = json!("warm");
    server
        .keyed(&mara, "handoffs", other, "k-1")
        .await
        .problem(422, "key_reused");
    let unkeyed = server.post(&mara, "handoffs", body).await;
    assert_ne!(unkeyed.problem(409, "stale")["owner"], Value::Null);
}
