//! Waiting for changes: long poll and server-sent events.

use std::time::{Duration, Instant};

use crdt_schema::member::Role;
use penhold_server::config::Limits;
use serde_json::{Value, json};

use crate::server::{Server, Who, to};

async fn changes(server: &Server, who: &Who, query: &str) -> Value {
    server.get(who, &format!("changes?{query}")).await.ok(200)
}

async fn now(server: &Server, who: &Who) -> Value {
    changes(server, who, "").await["cursor"].clone()
}

#[tokio::test]
async fn own18_a_poll_is_held_until_something_happens_and_tells_what_waits() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let cursor = now(&server, &planner).await;
    let decision = json!({ "item": "plan", "title": "Take the train", "note": "So." });
    let began = Instant::now();
    let query = format!("cursor={cursor}&hold=20000");
    let (told, _) = tokio::join!(
        changes(&server, &planner, &query),
        server.post(&mara, "decisions", decision)
    );
    assert!(began.elapsed() < Duration::from_secs(5));
    let item = &told["items"][0];
    assert_eq!(
        (&item["kind"], &item["by"]),
        (&json!("record"), &json!(mara.id))
    );
    let events = item["events"].as_array().unwrap();
    assert!(
        events
            .iter()
            .any(|event| event["type"] == "decision_posted")
    );
    assert_eq!(told["pending"][0]["kind"], "decision");
    assert!(told["cursor"].as_u64() > cursor.as_u64());
}

#[tokio::test]
async fn own18_edits_of_one_place_are_told_as_one_and_a_cursor_outlives_the_server() {
    let (server, mara) = Server::new().await;
    let cursor = now(&server, &mara).await;
    let ravi = server.person("Ravi", Role::Editor);
    for goal in ["a", "ab", "abc"] {
        server.write(&ravi, "plan/goal", goal).await;
    }
    server.hand(&mara, "plan", to(&ravi)).await.ok(201);
    let server = server.restarted().await;
    let told = changes(&server, &mara, &format!("cursor={cursor}")).await;
    let items = told["items"].as_array().unwrap();
    let edits: Vec<_> = items
        .iter()
        .filter(|item| item["kind"] == "edited")
        .collect();
    assert_eq!(edits.len(), 1);
    assert_eq!(
        (&edits[0]["path"], &edits[0]["by"]),
        (&json!("plan/goal"), &json!(ravi.id))
    );
    assert_eq!(edits[0]["item"], "plan");
    assert_eq!(
        items.iter().filter(|item| item["kind"] == "record").count(),
        1
    );
    let positions: Vec<u64> = items
        .iter()
        .map(|item| item["position"].as_u64().unwrap())
        .collect();
    assert!(positions.is_sorted(), "oldest first");

    let only = changes(&server, &mara, &format!("cursor={cursor}&only=records")).await;
    assert_eq!(only["items"].as_array().unwrap().len(), 1);
    let rest = changes(&server, &mara, &format!("cursor={}", told["cursor"])).await;
    assert_eq!(
        (&rest["items"], &rest["cursor"]),
        (&json!([]), &told["cursor"])
    );
}

#[tokio::test]
async fn own18_who_waits_at_a_sleeping_workspace_is_told_when_it_wakes() {
    let limits = Limits {
        room_idle_ms: 1,
        ..Limits::default()
    };
    let (server, mara) = Server::with(limits).await;
    let ravi = server.person("Ravi", Role::Editor);
    let cursor = now(&server, &mara).await;
    let query = format!("cursor={cursor}&hold=20000");
    let handed = async {
        // The room has ended when its log is no longer told.
        let mut log = server.room().await.position();
        while log.changed().await.is_ok() {}
        server.hand(&mara, "plan", to(&ravi)).await.ok(201)
    };
    let (told, _) = tokio::join!(changes(&server, &mara, &query), handed);
    assert_eq!(told["items"][0]["kind"], "record", "{told}");
}

#[tokio::test]
async fn a_poll_that_nothing_happens_for_ends_with_its_cursor() {
    let (server, mara) = Server::new().await;
    let cursor = now(&server, &mara).await;
    let told = changes(&server, &mara, &format!("cursor={cursor}&hold=50")).await;
    assert_eq!((&told["items"], &told["cursor"]), (&json!([]), &cursor));
}

#[tokio::test]
async fn dur14_a_held_poll_ends_when_the_server_stops() {
    let (server, mara) = Server::new().await;
    let cursor = now(&server, &mara).await;
    let began = Instant::now();
    let stop = async { server.app.stopping.cancel() };
    let path = format!("cursor={cursor}&hold=50000");
    let (told, ()) = tokio::join!(changes(&server, &mara, &path), stop);
    assert_eq!(told["cursor"], cursor);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn own18_events_go_on_from_the_last_one_seen() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let cursor = now(&server, &mara).await;
    server.hand(&mara, "plan", to(&ravi)).await.ok(201);
    let path = format!("/workspaces/w/changes/events?cursor={cursor}");
    let response = server.response("GET", &path, &mara, None, None).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let (event, first) = Server::next_event(&mut stream).await.unwrap();
    assert_eq!(
        (event.as_str(), &first["items"][0]["kind"]),
        ("changes", &json!("record"))
    );
    server.hand(&ravi, "plan", to(&mara)).await.ok(201);
    let (_, second) = Server::next_event(&mut stream).await.unwrap();
    assert!(second["cursor"].as_u64() > first["cursor"].as_u64());
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    server.app.stopping.cancel();
    assert!(
        Server::next_event(&mut stream).await.is_none(),
        "a server that stops ends the stream"
    );
}

#[tokio::test]
async fn a_cursor_from_the_beginning_is_told_everything() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    server.hand(&mara, "plan", to(&ravi)).await.ok(201);
    // The room saves its log as a snapshot, and what it covers goes to the archive.
    let server = server.restarted().await;
    server.write(&ravi, "notes", "More.").await;
    let told = changes(&server, &mara, "cursor=0").await;
    let rest = changes(&server, &mara, &format!("cursor={}", told["cursor"])).await;
    let both = [&told["items"], &rest["items"]];
    let kinds: Vec<&str> = both
        .iter()
        .flat_map(|items| items.as_array().unwrap())
        .map(|item| item["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"record") && kinds.contains(&"edited"),
        "{kinds:?}"
    );
}
