//! Clients that others wrote, unchanged, and Penhold's own SDK: in one document, against the
//! real server.

#![allow(missing_docs, reason = "a test's title says what it holds")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "interop/client.rs"]
mod client;
#[path = "interop/script.rs"]
mod script;
#[path = "interop/sdk.rs"]
mod sdk;
#[path = "interop/seen.rs"]
mod seen;

use penhold_tests::binary::{Grant, Server};
use serde_json::{Value, json};
use tokio::time::timeout;

use self::{
    client::{Client, Target},
    script::Edit,
    seen::{PATIENCE, Seen},
};

const WORKSPACE: &str = "interop";

#[tokio::test(flavor = "multi_thread")]
async fn syn1_syn2_real_clients_that_edit_at_once_agree_byte_for_byte() {
    let server = serve().await;
    let mut clients = [
        Client::y_websocket(&target(&server, "Ada", "editor").await),
        Client::hocuspocus(&target(&server, "Ben", "editor").await),
        Client::pycrdt(&target(&server, "Cleo", "editor").await),
        Client::sdk(&target(&server, "Dan", "admin").await),
    ];
    for client in &mut clients {
        client.synced().await;
    }
    for (n, edit) in script::random(20_251_122, 600).iter().enumerate() {
        clients[n * 7 % 4].edit(edit).await;
    }
    let agreed = agree(&mut clients).await;

    let document = server.document(WORKSPACE).await.unwrap();
    assert_eq!(document["notes"], agreed.notes, "the server's notes");
    assert_eq!(steps_by_id(&document), agreed.plan["steps"], "its steps");
    assert!(agreed.notes.contains('😀') && agreed.notes.contains('数'));
    let newcomer = Client::sdk(&target(&server, "Eve", "viewer").await)
        .synced()
        .await;
    assert_eq!(newcomer.notes, agreed.notes, "a newcomer's notes");
    assert_eq!(newcomer.plan, agreed.plan, "a newcomer's plan");

    let [_, hocuspocus, ..] = &mut clients;
    let all_confirmed = |seen: &Seen| seen.unsynced == Some(0);
    let seen = hocuspocus.until("all is confirmed", all_confirmed).await;
    assert_eq!(seen.frames.confirmed, seen.frames.sent, "one status each");
    assert!(seen.frames.sent > 100, "most edits change something");
}

#[tokio::test(flavor = "multi_thread")]
async fn syn14_dur1_clients_come_back_by_themselves_after_a_crash_and_nothing_is_lost_or_doubled() {
    let mut server = serve().await;
    let mut clients = [
        Client::y_websocket(&target(&server, "Ada", "editor").await),
        Client::hocuspocus(&target(&server, "Ben", "editor").await),
        Client::sdk(&target(&server, "Dan", "editor").await),
    ];
    for client in &mut clients {
        client.synced().await;
    }
    for round in 0..3 {
        for n in 0..30 {
            if n == 10 {
                server.kill().await.unwrap();
            }
            if n == 20 {
                server.restart().await.unwrap();
            }
            for (who, client) in clients.iter_mut().enumerate() {
                let text = format!("<{round}.{n}.{who}>");
                client.edit(&Edit::Insert { at: 1000, text }).await;
            }
        }
        let [y_websocket, ..] = &mut clients;
        let came_back = |seen: &Seen| seen.connections >= round + 2;
        y_websocket.until("it has come back", came_back).await;
    }
    let agreed = agree(&mut clients).await;
    for round in 0..3 {
        for n in 0..30 {
            for who in 0..3 {
                let mark = format!("<{round}.{n}.{who}>");
                assert_eq!(agreed.notes.matches(&mark).count(), 1, "{mark}");
            }
        }
    }
    let document = server.document(WORKSPACE).await.unwrap();
    assert_eq!(document["notes"], agreed.notes);
}

#[tokio::test(flavor = "multi_thread")]
async fn syn7_presence_reaches_other_libraries_with_the_servers_word_on_who_it_is() {
    let server = serve().await;
    let mut ada = Client::y_websocket(&target(&server, "Ada", "editor").await);
    let mut ben = Client::hocuspocus(&target(&server, "Ben", "reviewer").await);
    let claims = json!({ "name": "Somebody else", "kind": "agent", "color": "#123456" });
    ada.synced().await;
    ben.synced().await;
    ada.claim(claims.clone()).await;
    ben.claim(claims).await;
    for (client, name, role) in [(&mut ben, "Ada", "editor"), (&mut ada, "Ben", "reviewer")] {
        let is_there = |seen: &Seen| seen.people.iter().any(|user| user["name"] == name);
        let seen = client.until("the other is there", is_there).await;
        let user = &seen.people[0];
        assert_eq!(
            (&user["kind"], &user["role"]),
            (&json!("human"), &json!(role))
        );
        assert!(user["id"].is_string());
        assert_eq!(user["color"], "#123456", "what is theirs to say stays");
    }
    drop(ada);
    ben.until("the other is gone", |seen| seen.people.is_empty())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn aut10_a_viewers_hocuspocus_provider_is_told_so_and_follows() {
    let server = serve().await;
    let mut viewer = Client::hocuspocus(&target(&server, "Vera", "viewer").await);
    let seen = viewer.synced().await;
    assert_eq!(seen.scope.as_deref(), Some("readonly"));
    assert_eq!(seen.notes, "Start.");

    let mut ada = Client::y_websocket(&target(&server, "Ada", "editor").await);
    ada.synced().await;
    let text = " More.".to_owned();
    ada.edit(&Edit::Insert { at: 1000, text }).await;
    let follows = |seen: &Seen| seen.notes == "Start. More." && seen.unsynced == Some(0);
    viewer.until("it follows", follows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn aut1_syn13_who_may_not_enter_is_told_why_and_does_not_try_again() {
    let server = serve().await;
    let wrong = Target {
        token: "wrong".to_owned(),
        ..target(&server, "Ada", "editor").await
    };
    let nowhere = Target {
        workspace: "nowhere".to_owned(),
        ..target(&server, "Ada", "editor").await
    };
    let elsewhere = Grant {
        workspace: Some("welcome"),
        ..Grant::person("Guest", "editor")
    };
    let elsewhere = Target {
        token: server.token(elsewhere).await.unwrap(),
        ..target(&server, "Ada", "editor").await
    };
    for (target, code) in [(&wrong, 4401), (&nowhere, 4404), (&elsewhere, 4403)] {
        turned_away(&mut Client::y_websocket(target), code).await;
    }
    let mut refused = Client::hocuspocus(&wrong);
    let is_refused = |seen: &Seen| seen.refused.is_some() && !seen.synced;
    refused.until("it is refused", is_refused).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gate8_aut4_who_may_no_longer_write_or_stay_is_turned_away_for_good() {
    let server = serve().await;
    let mut viewer = Client::y_websocket(&target(&server, "Vera", "viewer").await);
    viewer.synced().await;
    let text = "Mine".to_owned();
    viewer.edit(&Edit::Insert { at: 0, text }).await;
    turned_away(&mut viewer, 4403).await;

    let mut ada = Client::y_websocket(&target(&server, "Ada", "editor").await);
    ada.synced().await;
    server.revoke("Ada").await.unwrap();
    turned_away(&mut ada, 4401).await;
    assert_eq!(server.document(WORKSPACE).await.unwrap()["notes"], "Start.");
}

async fn turned_away(client: &mut Client, code: u16) {
    let seen = client
        .until("it is turned away", |seen| seen.closed.is_some())
        .await;
    let closed = seen.closed.unwrap();
    assert_eq!((closed.code, closed.retries), (code, false), "{closed:?}");
    assert!(!closed.reason.is_empty());
}

/// Waits until all have made their edits and hold the same document, byte for byte.
async fn agree(clients: &mut [Client]) -> Seen {
    for client in &mut *clients {
        client.obeyed().await;
    }
    let agreement = async {
        loop {
            let seen: Vec<_> = clients
                .iter_mut()
                .map(|client| client.seen.borrow_and_update().clone())
                .collect();
            let first = seen[0].document();
            if seen.iter().all(|other| other.document() == first) {
                return seen;
            }
            let changes = clients
                .iter_mut()
                .map(|client| Box::pin(client.seen.changed()));
            futures_util::future::select_all(changes).await.0.unwrap();
        }
    };
    let Ok(seen) = timeout(PATIENCE, agreement).await else {
        let seen: Vec<_> = clients
            .iter()
            .map(|client| (client.name, client.seen.borrow().clone()))
            .collect();
        panic!("they do not agree: {seen:#?}");
    };
    for (client, other) in clients.iter().zip(&seen) {
        assert_eq!(other.notes, seen[0].notes, "notes of {}", client.name);
        assert_eq!(other.plan, seen[0].plan, "plan of {}", client.name);
    }
    seen.into_iter().next().unwrap()
}

async fn serve() -> Server {
    let server = Server::start().await.unwrap();
    let content = json!({ "goal": "Agree", "notes": "Start." });
    server.create(WORKSPACE, &content).await.unwrap();
    server
}

async fn target(server: &Server, name: &str, role: &str) -> Target {
    Target {
        address: server.address().to_owned(),
        workspace: WORKSPACE.to_owned(),
        token: server.token(Grant::person(name, role)).await.unwrap(),
    }
}

/// The steps of a projection in the form in which they stand in the document.
fn steps_by_id(document: &Value) -> Value {
    let steps = document["plan"]["steps"].as_array().unwrap();
    let by_id = steps.iter().map(|step| {
        let mut fields = step.as_object().unwrap().clone();
        let id = fields.remove("id").unwrap();
        (id.as_str().unwrap().to_owned(), Value::Object(fields))
    });
    Value::Object(by_id.collect())
}
