//! What agents write directly, as any Yjs client does.

use std::sync::Arc;

use crdt_schema::{
    document,
    member::{Kind, Member, Role},
    schema::Workspace,
};
use penhold_server::room::{Denial, Incoming, Out, Outbox, Seat, Visitor};
use serde_json::{Value, json};
use yrs::{
    Map as _, ReadTxn as _, StateVector, Transact as _, TransactionMut, Update, WriteTxn as _,
    updates::decoder::Decode as _,
};

use crate::server::{Server, Who, to};

/// An agent at a socket of its own.
struct Peer {
    seat: Seat,
    outbox: Arc<Outbox>,
    doc: yrs::Doc,
}

impl Peer {
    async fn join(server: &Server, agent: &Who, client: u64) -> Self {
        let member = Member {
            id: agent.id.clone(),
            name: "Planner".into(),
            kind: Kind::Agent,
            role: Role::Editor,
        };
        let outbox = Outbox::new(1 << 20);
        let visitor = Visitor {
            member: Arc::new(member),
            outbox: Arc::clone(&outbox),
            page: None,
        };
        let room = server.room().await;
        let doc = document::new_doc(client);
        let state = Update::decode_v1(&room.state().await.unwrap()).unwrap();
        doc.transact_mut().apply_update(state).unwrap();
        let seat = room.join(visitor).await.unwrap();
        seat.say(vec![Incoming::Step1(StateVector::default())])
            .await
            .unwrap();
        Self { seat, outbox, doc }
    }

    async fn write(&self, change: impl FnOnce(&mut TransactionMut<'_>)) {
        let update = {
            let mut txn = self.doc.transact_mut();
            let before = txn.state_vector();
            change(&mut txn);
            txn.encode_diff_v1(&before)
        };
        self.seat
            .say(vec![Incoming::Update(update.into())])
            .await
            .unwrap();
    }

    /// What it is told when a write was not let in.
    async fn denied(&self) -> Denial {
        loop {
            self.outbox.ready().await;
            let mut told = Vec::new();
            self.outbox.take(&mut told);
            for out in told {
                if let Out::Denied(denial) = out {
                    return Arc::unwrap_or_clone(denial);
                }
            }
        }
    }

    /// Waits until something that it wrote is durable.
    async fn saved(&self) {
        loop {
            self.outbox.ready().await;
            let mut told = Vec::new();
            self.outbox.take(&mut told);
            for out in told {
                match out {
                    Out::Ack(_) => return,
                    Out::Denied(denial) => panic!("{}", denial.reason),
                    _ => {}
                }
            }
        }
    }
}

async fn open_suggestions(server: &Server, who: &Who) -> Vec<Value> {
    let listed = server.get(who, "suggestions?status=open").await.ok(200);
    listed["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn sug5_sug6_a_direct_write_becomes_suggestions_and_what_was_left_out_is_named() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let body = json!({ "target": "plan/goal", "quote": "it", "replacement": "them" });
    let hers = server.post(&mara, "suggestions", body).await.ok(201);
    let id = hers["id"].as_str().unwrap().parse().unwrap();
    let peer = Peer::join(&server, &planner, 77).await;
    peer.write(|txn| {
        Workspace.plan().goal().set(txn, "Reach it soon").unwrap();
        Workspace.suggestions().remove(txn, &id);
        txn.get_or_insert_map("x-app").insert(txn, "colour", "red");
    })
    .await;
    let denial = peer.denied().await;
    let reason = &denial.reason;
    for part in [
        "became 1 suggestion(s)",
        "nothing can be suggested for",
        "join again",
    ] {
        assert!(reason.contains(part), "{part}: {reason}");
    }
    let left_out = format!("suggestions/{id}");
    assert!(
        reason.contains(&left_out) && reason.contains("x-app"),
        "{reason}"
    );

    assert_eq!(server.goal(&mara).await, "Reach it");
    let open = open_suggestions(&server, &mara).await;
    assert_eq!(open.len(), 2, "hers is there still");
    let made = open
        .iter()
        .find(|shown| shown["author"] == planner.id.as_str())
        .unwrap();
    let accept = format!("suggestions/{}/accept", made["id"].as_str().unwrap());
    server.post(&mara, &accept, json!({})).await.ok(200);
    assert_eq!(server.goal(&mara).await, "Reach it soon");
    let record = server.get(&mara, "record?type=noted").await.ok(200);
    assert!(
        record["items"].to_string().contains("suggestions_made"),
        "{record}"
    );
}

#[tokio::test]
async fn own9_a_direct_write_lands_as_a_suggestion_before_the_agent_has_caught_up_and_directly_after()
 {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    server.hand(&planner, "plan", to(&mara)).await.ok(201);
    let decision = json!({ "item": "plan", "title": "Take the train", "note": "Because." });
    server.post(&mara, "decisions", decision).await.ok(201);
    server.write(&mara, "plan/goal", "Reach it soon").await;
    server.hand(&mara, "plan", to(&planner)).await.ok(201);

    let peer = Peer::join(&server, &planner, 78).await;
    let goal = Workspace.plan().goal();
    peer.write(|txn| goal.set(txn, "Reach it sooner").unwrap())
        .await;
    let denial = peer.denied().await;
    assert!(
        denial.reason.contains("became 1 suggestion(s); drop"),
        "{}",
        denial.reason
    );
    assert_eq!(server.goal(&mara).await, "Reach it soon");
    assert_eq!(open_suggestions(&server, &mara).await.len(), 1);

    let held = server.item(&planner, "plan").await;
    let gate = &held["gate"];
    let resume = json!({
        "epoch": held["epoch"], "decisions": gate["decisions"], "cursor": gate["cursor"]
    });
    server
        .post(&planner, "items/plan/resume", resume)
        .await
        .ok(200);
    let peer = Peer::join(&server, &planner, 79).await;
    peer.write(|txn| goal.set(txn, "Reach it today").unwrap())
        .await;
    peer.saved().await;
    assert_eq!(server.goal(&mara).await, "Reach it today");
    assert_eq!(
        open_suggestions(&server, &mara).await.len(),
        1,
        "no other was made"
    );
}
