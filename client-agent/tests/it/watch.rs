//! What happens, as it is told.

use crdt_schema::schema::{NewTask, Place, Workspace};
use penhold_agent::{Cursor, Watch, What};
use serde_json::json;
use yrs::{Map as _, MapRef, WriteTxn as _};

use crate::{
    fake_api::{Answer, FakeApi},
    fake_server::FakeServer,
    text::{connected, soon},
    views::{changes, owner_changed},
};

#[tokio::test]
async fn agt6_news_of_owners_and_approvals_is_told_in_sentences() {
    let server = FakeServer::start().await;
    let task = server.edit(|txn| {
        let control = txn.get_or_insert_map("control");
        let members: MapRef = control.get_or_init(txn, "members");
        let mara: MapRef = members.get_or_init(txn, "mara");
        mara.insert(txn, "name", "Mara");
        mara.insert(txn, "kind", "human");
        let new = NewTask {
            title: "Draft the page".to_owned(),
            ..NewTask::default()
        };
        let tasks = Workspace.tasks();
        tasks.add(txn, &mut rand::rng(), Place::Last, new).unwrap()
    });
    let approved = json!({
        "type": "approval_answered", "id": "ap1", "verdict": "approve", "note": "Go.",
        "scope_hash": "00".repeat(32), "content": "00".repeat(32), "until_ms": 9,
    });
    let item = format!("task:{task}");
    let keyed = json!({ "type": "keyed", "command": "00".repeat(32) });
    let unknown = json!({ "type": "of_a_later_version" });
    let api = FakeApi::start([
        Answer::Json(changes(1, &[], &[])),
        Answer::Json(changes(
            2,
            &[keyed, unknown, owner_changed(&item, "planner", 2), approved],
            &[],
        )),
    ])
    .await;
    let peer = connected(&server, "Planner").await;
    let mut watch = soon(Watch::new(&peer, &api.client(), Cursor::default()))
        .await
        .unwrap();
    let mut told = Vec::new();
    while told.len() < 2 {
        let notice = soon(watch.next()).await.unwrap().unwrap();
        if let What::Happened { by, cursor, .. } = &notice.what {
            assert_eq!(by.as_ref().unwrap().name, "Mara");
            assert_eq!(cursor.as_str(), "2");
            told.push(notice.to_string());
        }
    }
    assert_eq!(
        told,
        [
            "task \"Draft the page\" became yours",
            "the approval \"ap1\" was approved by Mara: Go."
        ]
    );
}

#[tokio::test]
async fn agt6_edits_are_told_once_their_writer_pauses_and_with_a_name() {
    let server = FakeServer::start().await;
    let edited = |cursor: u64, by: &str| {
        let items = json!([{
            "kind": "edited", "path": "plan/goal", "item": "plan", "by": by, "at_ms": 5,
            "position": cursor,
        }]);
        Answer::Json(json!({ "items": items, "cursor": cursor, "pending": [] }))
    };
    let api = FakeApi::start([
        Answer::Json(changes(1, &[], &[])),
        edited(2, "mara"),
        edited(3, "planner"),
        edited(4, "mara"),
    ])
    .await;
    let peer = connected(&server, "Planner").await;
    let mut watch = soon(Watch::new(&peer, &api.client(), Cursor::default()))
        .await
        .unwrap();
    let notice = soon(watch.next()).await.unwrap().unwrap();
    assert_eq!(notice.to_string(), "goal of the plan was changed by mara");
    peer.close().await;
    assert!(
        soon(watch.next()).await.is_none(),
        "two edits are one change, and one's own are none"
    );
}
