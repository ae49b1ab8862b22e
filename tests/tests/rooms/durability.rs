//! Durable before anybody sees it, whatever the store does.

use crdt_schema::{document::new_doc, member::Role};
use penhold_server::store::{Edit, Entry, Store};
use penhold_tests::{
    client::Client,
    faulty_store::Outcome,
    harness::{House, fresh_client_id},
};
use yrs::{ReadTxn as _, Transact as _, Update, updates::decoder::Decode as _};

use super::append;

/// A server with one workspace, two editors in it, and every first edit made.
async fn two_editors() -> (House, Client, Client) {
    let house = House::open().await;
    house.create("plan", "start").await;
    let mut ada = house.join("plan", &house.token("Ada", Role::Editor)).await;
    let mut ben = house.join("plan", &house.token("Ben", Role::Editor)).await;
    for (client, mark) in [(&mut ada, " a"), (&mut ben, " b")] {
        client.edit(append(mark)).await;
        client.until_saved().await;
    }
    let both = |notes: &str| notes.contains(" a") && notes.contains(" b");
    ada.until_notes("told of both", both).await;
    ben.until_notes("told of both", both).await;
    (house, ada, ben)
}

#[tokio::test]
async fn dur1_nobody_is_shown_an_edit_before_it_is_durable() {
    let (house, mut ada, mut ben) = two_editors().await;
    let reader = house.token("Cem", Role::Viewer);
    house.store.hold_appends();
    ada.edit(append(" held")).await;
    house.store.until_held(1).await;

    let (echoes, acked) = (ada.heard.updates.len(), ada.heard.acked);
    ada.settle().await;
    ben.settle().await;
    let cem = house.connect("plan", &reader).await;
    let mut cem = synced(cem).await;
    assert_eq!(
        (ada.heard.updates.len(), ada.heard.acked),
        (echoes, acked),
        "no echo, no ack"
    );
    for notes in [ben.notes(), cem.notes(), house.notes("plan", &reader).await] {
        assert!(!notes.contains("held"), "{notes}");
    }

    house.store.release_appends();
    ada.until_saved().await;
    ada.until("echoed", |ada| ada.heard.updates.len() > echoes)
        .await;
    ben.until_notes("told", |notes| notes.contains("held"))
        .await;
    cem.until_notes("told", |notes| notes.contains("held"))
        .await;
    assert!(house.notes("plan", &reader).await.contains("held"));
}

#[tokio::test]
async fn dur1_an_edit_over_http_is_read_only_once_it_is_durable() {
    let (house, _ada, ben) = two_editors().await;
    let token = house.token("Ada", Role::Editor);
    house.store.hold_appends();
    let path = "/workspaces/plan";
    let renamed = async {
        let body = serde_json::json!({ "title": "Renamed" });
        let answer = house
            .ask(reqwest::Method::PATCH, path, &token, Some(body))
            .await;
        assert_eq!(answer.0, 200, "{}", answer.1);
    };
    let read = async {
        house.store.until_held(1).await;
        // It waits for the append, which is let go only after it was asked for.
        let reading = house.ask(reqwest::Method::GET, path, &token, None);
        let release = async { house.store.release_appends() };
        let ((_, body), ()) = tokio::join!(reading, release);
        assert_eq!(body["title"], "Renamed");
    };
    tokio::join!(renamed, read);
    drop(ben);
}

#[tokio::test]
async fn dur12_dur13_an_append_that_failed_is_made_again() {
    for outcome in [Outcome::Lost, Outcome::Written] {
        let (house, mut ada, mut ben) = two_editors().await;
        house.store.fail_next_append(outcome);
        ada.edit(append(" kept")).await;
        ada.until("told that the store failed", |ada| {
            ada.heard.suspensions > 0
        })
        .await;
        ada.until("told that it recovered", |ada| {
            ada.heard.read_only.is_none()
        })
        .await;
        ada.until_saved().await;
        ben.until_notes("told", |notes| notes.contains("kept"))
            .await;
        assert_eq!(
            ben.notes().matches("kept").count(),
            1,
            "{outcome:?}: {}",
            ben.notes()
        );
        assert!(ben.heard.suspensions > 0);
        house.stop().await;
    }
}

#[tokio::test]
async fn dur3_a_room_whose_log_another_writer_went_on_with_starts_again_from_it() {
    let (house, mut ada, mut ben) = two_editors().await;
    beside(&house.store, " beside").await;
    ada.edit(append(" kept")).await;
    for client in [&mut ada, &mut ben] {
        let both = |notes: &str| notes.contains(" beside") && notes.contains(" kept");
        client.until_notes("told of both", both).await;
    }
    ada.until_saved().await;
    assert_eq!(ada.notes().matches(" kept").count(), 1, "{}", ada.notes());
}

/// Appends words to the notes of the workspace `plan` behind its room's back.
async fn beside(store: &dyn Store, words: &str) {
    let ws = "plan".parse().unwrap();
    let doc = new_doc(fresh_client_id());
    let loaded = store.load(&ws).await.unwrap();
    let snapshot = loaded.snapshot.map(|snapshot| snapshot.state);
    let edits = loaded.tail.into_iter().flat_map(|(_, entry)| entry.edits);
    let updates = snapshot.into_iter().chain(edits.map(|edit| edit.update));
    let mut txn = doc.transact_mut();
    for update in updates {
        let update = Update::decode_v1(&update).unwrap();
        txn.apply_update(update).unwrap();
    }
    let before = txn.state_vector();
    append(words)(&mut txn);
    let edit = Edit {
        by: None,
        update: txn.encode_diff_v1(&before).into(),
    };
    let entry = Entry {
        at_ms: 0,
        edits: vec![edit],
        records: Vec::new(),
    };
    store.append(&ws, vec![entry], None).await.unwrap();
}

#[tokio::test]
async fn dur12_a_full_disk_turns_the_workspace_read_only_until_there_is_room() {
    let (house, mut ada, mut ben) = two_editors().await;
    house.store.fill_disk();
    ada.edit(append(" first")).await;
    ada.until("told", |ada| ada.heard.read_only.is_some()).await;
    ben.until("told", |ben| ben.heard.read_only.is_some()).await;
    ada.edit(append(" second")).await;

    // Reads go on, for those who are here, newcomers and the API; nothing unsaved is shown.
    ben.settle().await;
    let token = house.token("Cem", Role::Editor);
    let mut cem = synced(house.connect("plan", &token).await).await;
    cem.until("told", |cem| cem.heard.read_only.is_some()).await;
    for notes in [ben.notes(), cem.notes(), house.notes("plan", &token).await] {
        assert!(notes.contains(" a") && !notes.contains("first"), "{notes}");
    }
    assert!(ada.heard.acked < ada.sent);

    house.store.free_disk();
    ada.until("told that there is room", |ada| {
        ada.heard.read_only.is_none()
    })
    .await;
    ada.until_saved().await;
    for client in [&mut ben, &mut cem] {
        client
            .until_notes("told of both", |notes| notes.contains(" first second"))
            .await;
    }
    ben.until("told that there is room", |ben| {
        ben.heard.read_only.is_none()
    })
    .await;
    ben.edit(append(" third")).await;
    ben.until_saved().await;
}

#[tokio::test]
async fn dur12_an_edit_over_http_is_refused_while_the_store_fails() {
    let (house, mut ada, _ben) = two_editors().await;
    let token = house.token("Ada", Role::Editor);
    house.store.fill_disk();
    let rename = || {
        let body = serde_json::json!({ "title": "Renamed" });
        house.ask(
            reqwest::Method::PATCH,
            "/workspaces/plan",
            &token,
            Some(body),
        )
    };
    let (status, problem) = rename().await;
    assert!(status >= 400, "{status} {problem}");
    house.store.free_disk();
    ada.until("suspended", |ada| ada.heard.suspensions > 0)
        .await;
    ada.until("recovered", |ada| ada.heard.read_only.is_none())
        .await;
    let (status, problem) = rename().await;
    assert_eq!(status, 200, "{problem}");
}

#[tokio::test]
async fn dur5_a_store_that_cannot_be_read_opens_nothing_instead_of_something_empty() {
    let house = House::open().await;
    house.create("plan", "start").await;
    let token = house.token("Ada", Role::Editor);
    house.store.crash();
    let mut ada = house.connect("plan", &token).await;
    let (code, _) = ada.until_closed().await;
    assert_eq!(code, sync_protocol::close::TRY_LATER);
    assert_eq!(ada.heard.answers, 0);
}

/// Waits for the document only: a workspace that is read-only acknowledges nothing.
async fn synced(mut client: Client) -> Client {
    client.sync().await;
    client
}
