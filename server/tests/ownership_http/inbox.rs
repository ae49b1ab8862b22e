//! What waits for somebody over all workspaces.

use std::time::{Duration, Instant};

use crdt_schema::{
    ids::{MemberId, WorkspaceId},
    member::Role,
    ownership::{Event, Owner, QueueName, State},
};
use serde_json::{Value, json};

use crate::server::{Server, Who, to};

async fn inbox(server: &Server, who: &Who) -> Value {
    server.ask("GET", "/inbox", who, None, None).await.ok(200)
}

fn approval(title: &str, reversible: bool) -> Value {
    json!({ "title": title, "action": { "kind": "send" }, "why": "So.", "reversible": reversible,
        "risk": 0.5 })
}

#[tokio::test]
async fn own18_what_cannot_be_undone_comes_first_then_what_waits_longest() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server
        .hand(&mara, "plan", json!({ "queue": "people" }))
        .await
        .ok(201);
    server.hand(&mara, "task:t1", to(&planner)).await.ok(201);
    server
        .post(&planner, "approvals", approval("Draft a letter", true))
        .await
        .ok(201);
    server
        .post(&planner, "approvals", approval("Send a letter", false))
        .await
        .ok(201);
    let found = inbox(&server, &mara).await;
    let waiting = found["needs_you"].as_array().unwrap();
    assert_eq!(waiting[0]["title"], "Send a letter");
    let since: Vec<u64> = waiting[1..]
        .iter()
        .map(|waiting| waiting["since_ms"].as_u64().unwrap())
        .collect();
    assert!(since.len() == 2 && since.is_sorted(), "{found:#}");
    let first = &found["needs_you"][0];
    assert_eq!(
        (&first["kind"], &first["by"]["name"]),
        (&json!("answer"), &json!("Planner"))
    );
    assert_eq!(
        (&first["workspace"], &first["workspace_title"]),
        (&json!("w"), &json!("About w"))
    );
    assert_eq!(
        found["working_without_you"],
        json!([]),
        "something waits here"
    );

    let vera = server.person("Vera", Role::Viewer);
    let hers = inbox(&server, &vera).await;
    assert_eq!(
        hers["totals"],
        json!({ "needs_you": 0, "working_without_you": 1, "snoozed": 0 })
    );
    let work = &hers["working_without_you"][0];
    assert_eq!(
        (&work["item"], &work["agent"]["name"]),
        (&json!("task:t1"), &json!("Planner"))
    );
}

#[tokio::test]
async fn own18_a_snooze_puts_off_for_one_member_and_outlives_the_server() {
    let (server, mara) = Server::new().await;
    let (planner, ravi) = (server.agent("Planner"), server.person("Ravi", Role::Editor));
    server
        .post(&planner, "approvals", approval("Send a letter", false))
        .await
        .ok(201);
    let id = inbox(&server, &mara).await["needs_you"][0]["id"].clone();
    let until = penhold_server::clock::now_ms() + 3_600_000;
    let snooze = |until: u64| json!({ "workspace": "w", "id": id, "until_ms": until });
    let snoozed = server
        .ask("POST", "/inbox/snooze", &mara, Some(snooze(until)), None)
        .await;
    assert_eq!(snoozed.status, 204, "{}", snoozed.body);
    let server = server.restarted().await;
    let found = inbox(&server, &mara).await;
    assert_eq!(found["needs_you"], json!([]));
    assert_eq!(
        (
            &found["snoozed"][0]["id"],
            &found["snoozed"][0]["snoozed_until_ms"]
        ),
        (&id, &json!(until))
    );
    assert_eq!(
        inbox(&server, &ravi).await["totals"]["needs_you"],
        1,
        "his own business"
    );
    server
        .ask("POST", "/inbox/snooze", &mara, Some(snooze(0)), None)
        .await;
    assert_eq!(inbox(&server, &mara).await["totals"]["needs_you"], 1);
    let away = server.scoped("Away", &["elsewhere"]);
    let foreign = server
        .ask("POST", "/inbox/snooze", &away, Some(snooze(until)), None)
        .await;
    foreign.problem_detail(403);
}

#[tokio::test]
async fn own18_a_tick_tells_whose_inbox_has_changed() {
    let (server, mara) = Server::new().await;
    let (planner, vera) = (server.agent("Planner"), server.person("Vera", Role::Viewer));
    server.make("other", &mara).await;
    let ticks = |who| server.response("GET", "/inbox/events", who, None, None);
    let mut hers = ticks(&mara).await.into_body().into_data_stream();
    let mut viewers = ticks(&vera).await.into_body().into_data_stream();
    server
        .post(&planner, "approvals", approval("Send a letter", false))
        .await
        .ok(201);
    let tick = Server::next_event(&mut hers).await.unwrap();
    assert_eq!(tick, ("inbox".to_owned(), json!({ "workspace": "w" })));
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let first = Server::next_event(&mut viewers).await.unwrap();
    assert_eq!(
        first.1,
        json!({ "workspace": "w" }),
        "the approval was none of hers"
    );
    server.app.stopping.cancel();
    assert!(Server::next_event(&mut viewers).await.is_none());
}

/// A workspace whose plan waits in the queue for people.
fn waiting(n: usize, mara: &MemberId) -> (WorkspaceId, State) {
    let mut state = State::new(&format!("lineage{n}"), mara);
    let queued = Event::OwnerChanged {
        item: "plan".parse().unwrap(),
        owner: Owner::Queue(QueueName::people()),
        epoch: 1,
        depth: 0,
        cause: crdt_schema::ownership::Cause::HandedOff,
        trigger: None,
        handoff: None,
        lease_until_ms: None,
        note: String::new(),
    };
    let record = state.record(n as u64 + 1, Some(mara), None, vec![queued]);
    state.apply(&record).unwrap();
    (format!("w{n}").parse().unwrap(), state)
}

#[tokio::test]
async fn own18_ten_thousand_workspaces_are_looked_through_at_once() {
    let (server, mara) = Server::new().await;
    for n in 0..10_000 {
        let (ws, state) = waiting(n, &mara.id);
        server.app.rooms.board().publish(&ws, "A title", &state);
    }
    inbox(&server, &mara).await;
    let began = Instant::now();
    let found = inbox(&server, &mara).await;
    let took = began.elapsed();
    assert_eq!(found["totals"]["needs_you"], 10_000);
    assert_eq!(
        found["needs_you"][0]["workspace"], "w0",
        "what waits longest"
    );
    // 20 ms are the goal of an optimised build on an idle machine.
    assert!(took < Duration::from_millis(500), "{took:?}");
    eprintln!("{took:?}");
}
