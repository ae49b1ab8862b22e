//! The peer, through its handle.

use std::sync::Arc;

use crdt_schema::schema::{NewStep, Place, Workspace};
use futures_util::FutureExt;
use penhold_agent::{Change, ChangeStream, Edit, Link, PeerError, Typist, Writer};
use serde_json::{Value, json};
use sync_protocol::{close, ext};
use tokio_tungstenite::tungstenite::http::StatusCode;

use crate::{
    fake_server::{FakeServer, Mood},
    text::{config, connected, is_offline, soon, until},
};

#[tokio::test]
async fn syn_edits_travel_both_ways() {
    let server = FakeServer::start().await;
    server.edit(|txn| Workspace.notes().push(txn, "before").unwrap());
    let ada = connected(&server, "Ada").await;
    let ben = connected(&server, "Ben").await;
    let mut changes = ben.changes();
    assert_eq!(notes(&ada).await, "before");
    ada.edit(|txn| Workspace.notes().push(txn, ", after"))
        .await
        .unwrap()
        .unwrap();
    soon(ada.flush()).await.unwrap();
    let edit = next_edit(&mut changes).await;
    assert_eq!(edit.by, Writer::Others);
    assert_eq!(
        edit.paths
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["notes"]
    );
    assert_eq!(notes(&ben).await, "before, after");
    assert_eq!(
        server.read(|txn| Workspace.notes().read(txn)),
        "before, after"
    );
}

#[tokio::test]
async fn dur_flush_returns_once_the_server_has_everything_durably() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    soon(ada.flush()).await.unwrap();
    server.set_mood(Mood::Withhold);
    let mut received = server.received();
    let before = *received.borrow_and_update();
    ada.edit(|txn| Workspace.notes().push(txn, "kept"))
        .await
        .unwrap()
        .unwrap();
    soon(received.wait_for(|count| *count > before))
        .await
        .unwrap();
    let mut flush = Box::pin(ada.flush());
    assert!((&mut flush).now_or_never().is_none());
    assert_eq!(
        ada.read(|_| ()).await.ok(),
        Some(()),
        "the peer has taken the request in"
    );
    assert!((&mut flush).now_or_never().is_none());
    assert_eq!(until(&ada, |status| status.unsaved == 1).await.unsaved, 1);
    server.set_mood(Mood::Serve);
    soon(flush).await.unwrap();
    assert_eq!(until(&ada, |status| status.unsaved == 0).await.unsaved, 0);
}

#[tokio::test]
async fn syn_edits_made_offline_are_merged_on_return() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    server.set_mood(Mood::Hang);
    server.drop_connections();
    until(&ada, is_offline).await;
    ada.edit(|txn| Workspace.plan().goal().push(txn, "from Ada"))
        .await
        .unwrap()
        .unwrap();
    server.edit(|txn| Workspace.notes().push(txn, "from Ben").unwrap());
    assert_eq!(goal(&ada).await, "from Ada", "the copy is usable offline");
    server.set_mood(Mood::Serve);
    soon(ada.flush()).await.unwrap();
    soon(ada.synced()).await.unwrap();
    assert_eq!(notes(&ada).await, "from Ben");
    assert_eq!(
        server.read(|txn| Workspace.plan().goal().read(txn)),
        "from Ada"
    );
}

#[tokio::test]
async fn syn_work_waits_for_the_first_copy() {
    let server = FakeServer::start().await;
    server.set_mood(Mood::Hang);
    server.edit(|txn| Workspace.notes().push(txn, "old, ").unwrap());
    let ada = penhold_agent::Peer::connect(config(&server));
    let mut edit = Box::pin(ada.edit(|txn| Workspace.notes().push(txn, "new")));
    assert!((&mut edit).now_or_never().is_none());
    until(&ada, is_offline).await;
    assert!((&mut edit).now_or_never().is_none());
    server.set_mood(Mood::Serve);
    soon(edit).await.unwrap().unwrap();
    assert_eq!(notes(&ada).await, "old, new");
}

#[tokio::test]
async fn gate_a_refusal_says_where_and_why_and_loses_no_text() {
    let server = FakeServer::start().await;
    server.edit(|txn| Workspace.notes().push(txn, "shared").unwrap());
    let ada = connected(&server, "Ada").await;
    soon(ada.flush()).await.unwrap();
    let mut changes = ada.changes();
    server.set_mood(Mood::Deny {
        path: "notes",
        reason: "Viewers cannot write",
    });
    ada.edit(|txn| Workspace.notes().push(txn, " and mine"))
        .await
        .unwrap()
        .unwrap();
    let step = NewStep {
        title: "Also mine".into(),
        ..NewStep::default()
    };
    let refused = soon(ada.flush()).await;
    let Err(PeerError::Denied(denied)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        denied.to_string(),
        "the server refused an edit of notes: Viewers cannot write"
    );
    let unsent: Vec<_> = denied
        .unsent
        .iter()
        .map(|unsent| (unsent.path.to_string(), &unsent.content))
        .collect();
    assert_eq!(unsent, [("notes".to_owned(), &json!("shared and mine"))]);
    // The peer joins again by itself, without what was refused, and may write what it may.
    server.set_mood(Mood::Serve);
    assert!(matches!(
        soon(changes.next()).await,
        Some(Change::Edited(Edit { by: Writer::Me, .. }))
    ));
    assert!(matches!(
        soon(changes.next()).await,
        Some(Change::Denied(_))
    ));
    assert!(matches!(soon(changes.next()).await, Some(Change::Resync)));
    assert_eq!(notes(&ada).await, "shared");
    ada.edit(|txn| {
        Workspace
            .plan()
            .steps()
            .add(txn, &mut rand::rng(), Place::Last, step)
    })
    .await
    .unwrap()
    .unwrap();
    soon(ada.flush()).await.unwrap();
    assert_eq!(
        server.read(|txn| Workspace.plan().steps().read(txn))[0].title,
        "Also mine"
    );
    assert!(server.presence_of("Ada").is_some());
}

#[tokio::test]
async fn gate_a_refusal_is_reported_by_the_next_flush_and_then_no_more() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    soon(ada.flush()).await.unwrap();
    let mut changes = ada.changes();
    server.set_mood(Mood::Deny {
        path: "notes",
        reason: "no",
    });
    ada.edit(|txn| Workspace.notes().push(txn, "lost"))
        .await
        .unwrap()
        .unwrap();
    while !matches!(soon(changes.next()).await, Some(Change::Denied(_))) {}
    assert!(matches!(soon(ada.flush()).await, Err(PeerError::Denied(_))));
    assert!(soon(ada.flush()).await.is_ok());
}

#[tokio::test]
async fn gate_a_refused_element_is_handed_back_whole() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    soon(ada.flush()).await.unwrap();
    server.set_mood(Mood::Deny {
        path: "plan/steps",
        reason: "no",
    });
    let step = NewStep {
        title: "Ship".into(),
        body: "Today".into(),
        ..NewStep::default()
    };
    ada.edit(|txn| {
        Workspace
            .plan()
            .steps()
            .add(txn, &mut rand::rng(), Place::Last, step)
    })
    .await
    .unwrap()
    .unwrap();
    let Err(PeerError::Denied(denied)) = soon(ada.flush()).await else {
        panic!("the edit was not refused");
    };
    let [unsent] = &denied.unsent[..] else {
        panic!("{:?}", denied.unsent);
    };
    assert_eq!(unsent.content["title"], "Ship");
    assert_eq!(unsent.content["body"], "Today");
}

#[tokio::test]
async fn auth_a_final_close_ends_the_peer_with_its_code() {
    let server = FakeServer::start().await;
    server.set_mood(Mood::Close {
        code: close::UNAUTHENTICATED,
        reason: "token revoked",
    });
    let ada = penhold_agent::Peer::connect(config(&server));
    for result in [
        soon(ada.synced()).await,
        soon(ada.read(|_| ())).await,
        soon(ada.edit(|_| ())).await,
    ] {
        let Err(PeerError::Stopped(stopped)) = result else {
            panic!("{result:?}");
        };
        assert_eq!(
            (stopped.code, &*stopped.reason),
            (close::UNAUTHENTICATED, "token revoked")
        );
    }
}

#[tokio::test]
async fn auth_a_refused_upgrade_means_what_its_close_code_would() {
    let server = FakeServer::start().await;
    server.set_mood(Mood::Refuse(StatusCode::NOT_FOUND));
    let ada = penhold_agent::Peer::connect(config(&server));
    let Err(PeerError::Stopped(stopped)) = soon(ada.synced()).await else {
        panic!("the peer did not stop");
    };
    assert_eq!(stopped.code, close::NOT_FOUND);
}

#[tokio::test]
async fn auth_the_token_travels_in_a_header() {
    let server = FakeServer::start().await;
    connected(&server, "Ada").await;
    let bearer = Some("Bearer secret-token".to_owned());
    assert_eq!(
        server.requests(),
        [("/sync/launch?penhold=1".to_owned(), bearer)]
    );
}

#[tokio::test]
async fn dur_what_was_unsaved_at_a_final_close_is_handed_back() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    soon(ada.flush()).await.unwrap();
    server.set_mood(Mood::Close {
        code: close::FORBIDDEN,
        reason: "removed",
    });
    server.drop_connections();
    until(&ada, is_offline).await;
    ada.edit(|txn| Workspace.notes().push(txn, "unsent"))
        .await
        .unwrap()
        .unwrap();
    let Err(PeerError::Stopped(stopped)) = soon(ada.flush()).await else {
        panic!("the peer did not stop");
    };
    assert_eq!(stopped.unsent[0].content, json!("unsent"));
    assert_eq!(notes(&ada).await, "unsent", "the copy stays readable");
}

#[tokio::test]
async fn dur_a_read_only_server_is_told_and_edits_are_kept() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    soon(ada.flush()).await.unwrap();
    server.send(&ext::Frame::ReadOnly {
        reason: "the disk is full",
    });
    let status = until(&ada, |status| status.read_only.is_some()).await;
    assert_eq!(status.read_only.as_deref(), Some("the disk is full"));
    ada.edit(|txn| Workspace.notes().push(txn, "kept"))
        .await
        .unwrap()
        .unwrap();
    server.send(&ext::Frame::Writable);
    soon(ada.flush()).await.unwrap();
    assert_eq!(server.read(|txn| Workspace.notes().read(txn)), "kept");
}

#[tokio::test]
async fn syn_a_reader_that_falls_behind_is_told_to_read_again() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    let mut changes = ada.changes();
    for _ in 0..2_000 {
        ada.edit(|txn| Workspace.notes().push(txn, "x"))
            .await
            .unwrap()
            .unwrap();
    }
    assert!(matches!(changes.next().await, Some(Change::Resync)));
    assert_eq!(next_edit(&mut changes).await.by, Writer::Me);
    soon(ada.flush()).await.unwrap();
    assert_eq!(server.read(|txn| Workspace.notes().len(txn)), 2_000);
}

#[tokio::test]
async fn syn_a_selection_is_shown_as_browsers_read_it() {
    let server = FakeServer::start().await;
    server.edit(|txn| Workspace.notes().push(txn, "héllo").unwrap());
    let ada = connected(&server, "Ada").await;
    let ben = connected(&server, "Ben").await;
    ada.select(&Workspace.notes(), 1..3).await.unwrap();
    let mut others = ben.others();
    let pointing = |others: &Arc<[_]>| {
        others
            .iter()
            .any(|present: &penhold_agent::Present| present.focus.is_some())
    };
    let shown = soon(others.wait_for(pointing)).await.unwrap().clone();
    assert_eq!(shown[0].user.as_ref().map(|user| &*user.name), Some("Ada"));
    assert_eq!(shown[0].focus.as_deref(), Some("notes"));
    // After the first and after the third letter of client 1, with every field there.
    let at = |clock: Value| json!({"type": null, "tname": null, "item": clock, "assoc": -1});
    let item = |offset: u64| {
        let cursor = &shown[0].state["cursor"];
        let first = cursor["anchor"]["item"]["clock"].as_u64().unwrap();
        json!({"client": 1, "clock": first + offset})
    };
    assert_eq!(
        shown[0].state["cursor"],
        json!({"anchor": at(item(0)), "head": at(item(2))})
    );
    ada.deselect().await.unwrap();
    soon(others.wait_for(|others| !pointing(others)))
        .await
        .unwrap();
    ada.close().await;
    soon(others.wait_for(|others| others.is_empty()))
        .await
        .unwrap();
}

#[tokio::test]
async fn syn_closing_twice_is_closing_once() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    let mut changes = ada.changes();
    soon(ada.close()).await;
    soon(ada.close()).await;
    assert!(soon(changes.next()).await.is_none());
    assert!(ada.changes().next().now_or_never().unwrap().is_none());
    assert!(matches!(ada.read(|_| ()).await, Err(PeerError::Closed)));
    assert!(matches!(ada.flush().await, Err(PeerError::Closed)));
}

#[tokio::test]
async fn syn_a_peer_that_nobody_holds_ends() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    let mut status = ada.status();
    drop(ada);
    soon(async { while status.changed().await.is_ok() {} }).await;
}

#[tokio::test]
async fn syn_the_connection_is_restored_without_help() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    let mut status = ada.status();
    for _ in 0..3 {
        status.mark_unchanged();
        server.drop_connections();
        soon(status.wait_for(is_offline)).await.unwrap();
        soon(status.wait_for(|status| matches!(status.link, Link::Live)))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn mrg_what_is_typed_stays_together_while_others_type_at_the_same_place() {
    let server = FakeServer::start().await;
    let ada = connected(&server, "Ada").await;
    let mut typist = Typist::at_end(&ada, Workspace.notes());
    typist.write("One ").await.unwrap();
    soon(ada.flush()).await.unwrap();
    let mut changes = ada.changes();
    server.edit(|txn| Workspace.notes().push(txn, "[a person]").unwrap());
    server.edit(|txn| Workspace.notes().insert(txn, 0, "> ").unwrap());
    next_edit(&mut changes).await;
    next_edit(&mut changes).await;
    typist.write("two ").await.unwrap();
    typist.write("three. ").await.unwrap();
    assert_eq!(notes(&ada).await, "> One two three. [a person]");
}

async fn notes(peer: &penhold_agent::Peer) -> String {
    soon(peer.read(|txn| Workspace.notes().read(txn)))
        .await
        .unwrap()
}

async fn goal(peer: &penhold_agent::Peer) -> String {
    soon(peer.read(|txn| Workspace.plan().goal().read(txn)))
        .await
        .unwrap()
}

async fn next_edit(changes: &mut ChangeStream) -> Edit {
    loop {
        match soon(changes.next()).await {
            Some(Change::Edited(edit)) => return edit,
            Some(Change::Resync) => {}
            other => panic!("{other:?}"),
        }
    }
}
