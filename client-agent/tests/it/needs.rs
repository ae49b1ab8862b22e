//! Waiting for what needs an agent, over restarts of both sides.

use penhold_agent::{CursorFile, Need, Needs, Wanted};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    fake_api::{Answer, FakeApi},
    text::soon,
    views::{approval, changes, decided, owner_changed},
};

fn told(cursor: u64, events: &[Value], pending: &[Value]) -> Answer {
    Answer::Json(changes(cursor, events, pending))
}

async fn waiting(api: &FakeApi, dir: &TempDir, wanted: Wanted) -> Needs {
    let file = CursorFile::new(dir.path().join("seen.json"));
    soon(Needs::new(api.client(), wanted, Some(file)))
        .await
        .unwrap()
}

fn decision(need: &Need) -> String {
    serde_json::to_value(need).unwrap()["decision"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn agt3_what_waits_is_told_until_it_was_seen_to_and_then_no_more() {
    let dir = TempDir::new().unwrap();
    let both = [decided("d1"), decided("d2")];
    let api = FakeApi::start([
        told(1, &[], &both),
        told(1, &[], &both),
        told(1, &[], &both),
    ])
    .await;
    let mut needs = waiting(&api, &dir, Wanted::Any).await;
    let first = soon(needs.next()).await.unwrap();
    assert_eq!(decision(&first), "d1");
    drop(needs); // It crashed before it saw to anything.
    let mut needs = waiting(&api, &dir, Wanted::Any).await;
    assert_eq!(soon(needs.next()).await.unwrap(), first);
    needs.seen_to(&first).unwrap();
    drop(needs); // It crashed after.
    let mut needs = waiting(&api, &dir, Wanted::Any).await;
    assert_eq!(decision(&soon(needs.next()).await.unwrap()), "d2");
}

#[tokio::test]
async fn agt3_what_ended_and_came_back_is_told_again() {
    let dir = TempDir::new().unwrap();
    let pending = [decided("d1")];
    let api = FakeApi::start([told(1, &[], &pending)]).await;
    let mut needs = waiting(&api, &dir, Wanted::Decision).await;
    let need = soon(needs.next()).await.unwrap();
    needs.seen_to(&need).unwrap();
    // Taken meanwhile, then its lease ended.
    api.say([told(2, &[], &[]), told(3, &[], &pending)]);
    assert_eq!(soon(needs.next()).await.unwrap(), need);
}

#[tokio::test]
async fn agt3_what_happened_while_nobody_looked_is_not_lost() {
    let dir = TempDir::new().unwrap();
    let mine = [owner_changed("task:t1", "planner", 3)];
    let api = FakeApi::start([told(1, &[], &[decided("d1")])]).await;
    let mut needs = waiting(&api, &dir, Wanted::Any).await;
    let need = soon(needs.next()).await.unwrap();
    needs.seen_to(&need).unwrap();
    api.say([told(2, &mine, &[])]);
    let received = soon(needs.next()).await.unwrap();
    assert_eq!(received.sentence(), "task:t1 is yours: Your turn.");
    drop(needs); // It crashed before it saw to it.
    api.say([told(2, &mine, &[]), told(2, &[], &[])]);
    let mut needs = waiting(&api, &dir, Wanted::Any).await;
    assert_eq!(soon(needs.next()).await.unwrap(), received);
    let since = api.asked().pop().unwrap().what;
    assert_eq!(
        since, "GET changes?only=records&hold=0&cursor=1",
        "it went on from before"
    );
    needs.seen_to(&received).unwrap();
    drop(needs);
    let mut needs = waiting(&api, &dir, Wanted::Any).await;
    api.say([told(4, &[], &[decided("d9")])]);
    assert_eq!(decision(&soon(needs.next()).await.unwrap()), "d9");
}

#[tokio::test]
async fn agt3_an_answer_that_is_no_reaches_its_asker_alone() {
    let dir = TempDir::new().unwrap();
    let declined = |id: &str| {
        serde_json::json!({
            "type": "approval_answered", "id": id, "verdict": "decline", "note": "Not now.",
            "scope_hash": "00".repeat(32), "content": "00".repeat(32),
        })
    };
    let api = FakeApi::start([
        told(1, &[], &[]),
        told(2, &[declined("ap1"), declined("ap2")], &[]),
        Answer::Json(approval("ap1", "declined", "scout")),
        Answer::Json(approval("ap2", "declined", "planner")),
    ])
    .await;
    let mut needs = waiting(&api, &dir, Wanted::Approval).await;
    match soon(needs.next()).await.unwrap() {
        Need::Answered(approval) => assert_eq!(approval.id.as_str(), "ap2"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn agt3_only_what_is_wanted_counts() {
    let dir = TempDir::new().unwrap();
    let mine = [owner_changed("plan", "planner", 1)];
    let both = [decided("d1")];
    let api = FakeApi::start([told(1, &[], &both), told(2, &mine, &both)]).await;
    let mut needs = waiting(&api, &dir, Wanted::Handoff).await;
    let need = soon(needs.next()).await.unwrap();
    assert_eq!(need.sentence(), "plan is yours: Your turn.");
}
