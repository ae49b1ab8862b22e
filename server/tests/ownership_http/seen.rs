//! Commands that name what their author had seen.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use crdt_schema::{
    member::{Kind, Member, Role},
    schema::Workspace,
};
use penhold_server::room::{Incoming, Outbox, Seat, Visitor};
use serde_json::{Value, json};
use yrs::{
    ReadTxn as _, StateVector, Transact as _, Update,
    updates::{decoder::Decode as _, encoder::Encode as _},
};

use crate::server::{Server, Who, handoff, to};

/// Mara's own copy, one edit ahead of the server: the edit, and the state vector after it.
async fn ahead(server: &Server) -> (Vec<u8>, String) {
    let state = server.room().await.state().await.unwrap();
    let doc = crdt_schema::document::new_doc(77);
    let mut txn = doc.transact_mut();
    txn.apply_update(Update::decode_v1(&state).unwrap())
        .unwrap();
    let before = txn.state_vector();
    Workspace
        .plan()
        .goal()
        .set(&mut txn, "Reach it soon")
        .unwrap();
    let (edit, seen) = (txn.encode_diff_v1(&before), txn.state_vector().encode_v1());
    (edit, STANDARD.encode(seen))
}

/// Says the edit at a socket, which stays open.
async fn say(server: &Server, who: &Who, edit: Vec<u8>) -> Seat {
    let member = Member {
        id: who.id.clone(),
        name: "Mara".into(),
        kind: Kind::Human,
        role: Role::Admin,
    };
    let visitor = Visitor {
        member: Arc::new(member),
        outbox: Outbox::new(1 << 20),
        page: None,
    };
    let seat = server.room().await.join(visitor).await.unwrap();
    seat.say(vec![
        Incoming::Step1(StateVector::default()),
        Incoming::Update(edit.into()),
    ])
    .await
    .unwrap();
    seat
}

fn seeing(body: &Value, seen: &Value) -> Value {
    let mut body = body.clone();
    body["seen"] = seen.clone();
    body
}

#[tokio::test]
async fn hand1_a_handoff_waits_for_the_edits_that_its_giver_had_seen() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let (edit, seen) = ahead(&server).await;
    let body = seeing(&handoff("plan", to(&ravi), "cold", &json!(0)), &json!(seen));

    let never = server.post(&mara, "handoffs", body.clone()).await;
    let problem = never.problem(409, "seen_not_arrived");
    assert!(
        problem["detail"].as_str().unwrap().contains("300 ms"),
        "{problem}"
    );
    assert_eq!(
        server.item(&mara, "plan").await["epoch"],
        0,
        "nothing changed"
    );
    let record = server
        .get(&mara, "record?type=handoff_offered")
        .await
        .ok(200);
    assert_eq!(record["items"], json!([]));

    let waits = server.post(&mara, "handoffs", body);
    let (made, _seat) = tokio::join!(waits, say(&server, &mara, edit));
    made.ok(201);
    let read = server
        .ask("GET", "/workspaces/w", &mara, None, None)
        .await
        .ok(200);
    assert_eq!(read["plan"]["goal"], "Reach it soon");
}

#[tokio::test]
async fn hand1_a_position_of_the_log_may_be_named_as_number_or_text() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let cursor = server.get(&mara, "changes").await.ok(200)["cursor"]
        .as_u64()
        .unwrap();
    let body = handoff("plan", to(&ravi), "cold", &json!(0));
    let late = server
        .post(&mara, "handoffs", seeing(&body, &json!(cursor + 1)))
        .await;
    late.problem(409, "seen_not_arrived");
    for bad in [json!("nonsense!"), json!("/////w=="), json!(-1)] {
        server
            .post(&mara, "handoffs", seeing(&body, &bad))
            .await
            .problem_detail(422);
    }
    let ahead = server.post(
        &mara,
        "handoffs",
        seeing(&body, &json!((cursor + 1).to_string())),
    );
    let (made, ()) = tokio::join!(ahead, server.write(&mara, "notes", "More words."));
    made.ok(201);
}

#[tokio::test]
async fn apr1_what_is_asked_waits_for_the_asker_s_own_edits() {
    let (server, mara) = Server::new().await;
    let (edit, seen) = ahead(&server).await;
    let ask = json!({ "title": "Send it", "action": { "kind": "send" }, "why": "So.",
        "reversible": false, "risk": 0.5, "scope": ["plan/goal"], "seen": seen });
    let waits = server.post(&mara, "approvals", ask.clone());
    let (made, _seat) = tokio::join!(waits, say(&server, &mara, edit));
    assert_eq!(made.ok(201)["scope_content"][0]["content"], "Reach it soon");
    let mut misspelt = ask;
    misspelt["scopes"] = json!([]);
    assert!(
        server
            .post(&mara, "approvals", misspelt)
            .await
            .problem_detail(422)
            .contains("scopes")
    );

    let cursor = server.get(&mara, "changes").await.ok(200)["cursor"]
        .as_u64()
        .unwrap();
    let decision = json!({ "item": "plan", "title": "Go", "note": "So.", "seen": cursor + 9 });
    let never = server.post(&mara, "decisions", decision).await;
    never.problem(409, "seen_not_arrived");
}
