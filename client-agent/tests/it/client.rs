//! Commands and answers over HTTP.

use std::time::Duration;

use axum::http::StatusCode;
use crdt_schema::{
    item::Item,
    ownership::{Owner, Reason, Trigger},
};
use penhold_agent::{ClientError, Cursor, HandOff, Scope, To};
use proptest::prelude::*;
use serde_json::json;

use crate::{
    fake_api::{Answer, FakeApi},
    text::soon,
    views::{approval, decided, decision, holding, with},
};

#[test]
fn agt1_a_command_is_one_command_however_often_it_is_sent() {
    let failure = prop_oneof![
        Just(Answer::Cut),
        Just(Answer::Later(StatusCode::TOO_MANY_REQUESTS, 0)),
        Just(Answer::Later(StatusCode::SERVICE_UNAVAILABLE, 0)),
        Just(Answer::Later(StatusCode::BAD_GATEWAY, 0)),
    ];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = ProptestConfig::with_cases(12);
    proptest!(config, |(failures in proptest::collection::vec(failure.no_shrink(), 0..4))| {
        runtime.block_on(async {
            let sends = failures.len() + 1;
            let done = Answer::Json(holding("plan", "planner", 4));
            let api = FakeApi::start(failures.clone().into_iter().chain([done.clone(), done])).await;
            let client = api.client();
            let claimed = soon(client.claim(&Item::Plan, 3)).await.unwrap();
            assert_eq!(claimed.epoch, 4);
            let asked = api.asked();
            assert_eq!(asked.len(), sends);
            assert_eq!(asked[0].what, "POST items/plan/claim");
            assert_eq!(asked[0].body, json!({ "epoch": 3 }));
            assert!(asked[0].key.is_some());
            assert!(asked.iter().all(|other| *other == asked[0]), "{asked:?}");
            soon(client.claim(&Item::Plan, 3)).await.unwrap();
            assert_ne!(api.asked()[sends].key, asked[0].key, "the next command is another one");
        });
    });
}

#[tokio::test]
async fn agt1_a_key_of_ones_own_survives_this_program() {
    let done = Answer::Json(approval("ap1", "asked", "planner"));
    let api = FakeApi::start([done.clone(), done]).await;
    let ask = serde_json::from_value(json!({
        "title": "Send it", "action": { "kind": "send" }, "why": "It is due.",
        "reversible": false, "risk": 0.5,
    }));
    let ask = ask.unwrap();
    for _ in 0..2 {
        let first = api.client().keyed("run-7/send");
        soon(first.ask(&ask)).await.unwrap();
    }
    let keys: Vec<_> = api.asked().into_iter().map(|asked| asked.key).collect();
    assert_eq!(
        keys,
        [Some("run-7/send".to_owned()), Some("run-7/send".to_owned())]
    );
}

#[tokio::test]
async fn agt2_a_no_is_an_answer_and_says_who_and_when() {
    let problem = json!({
        "type": "urn:penhold:problem:conflict", "status": 409, "code": "stale",
        "detail": "Mara holds plan now, at epoch 5: look again", "item": "plan",
        "owner": { "member": "mara" }, "owner_name": "Mara", "epoch": 5,
    });
    let api = FakeApi::start([Answer::Problem(StatusCode::CONFLICT, problem)]).await;
    let reason = Reason {
        trigger: Trigger::Stakes,
        note: "Your call.".to_owned(),
        confidence: None,
    };
    let to = To::Queue("people".parse().unwrap());
    let handoff = HandOff::cold(Item::Plan, 3, to, reason);
    let error = soon(api.client().hand_off(&handoff)).await.unwrap_err();
    assert!(error.is("stale"));
    assert_eq!(
        error.to_string(),
        "Mara holds plan now, at epoch 5: look again"
    );
    let problem = error.problem().unwrap();
    assert_eq!(problem.owner, Some(Owner::Member("mara".parse().unwrap())));
    assert_eq!(
        (problem.owner_name.as_deref(), problem.epoch),
        (Some("Mara"), Some(5))
    );
    assert_eq!(problem.more["item"], "plan");
    let asked = api.asked();
    assert_eq!(asked.len(), 1, "a no is not asked for again");
    assert_eq!(
        asked[0].body,
        json!({
            "item": "plan", "to": { "queue": "people" }, "mode": "cold", "epoch": 3,
            "reason": { "trigger": "stakes", "note": "Your call." },
        })
    );
}

#[tokio::test]
async fn agt2_problems_without_a_code_have_the_name_of_their_kind() {
    let problem = json!({ "type": "urn:penhold:problem:not-found", "detail": "there is none" });
    let api = FakeApi::start([Answer::Problem(StatusCode::NOT_FOUND, problem)]).await;
    let error = soon(api.client().item(&Item::Plan)).await.unwrap_err();
    assert!(error.is("not_found"), "{error:?}");
}

#[tokio::test]
async fn agt2_patience_ends() {
    let api = FakeApi::start(vec![Answer::Later(StatusCode::SERVICE_UNAVAILABLE, 3600)]).await;
    let error = soon(api.client().item(&Item::Plan)).await.unwrap_err();
    assert_eq!(error.problem().unwrap().status, 503);
    let mut gone = FakeApi::start([]).await;
    gone.stop().await;
    let client = gone.client().patient(Duration::from_millis(300));
    let error = soon(client.item(&Item::Plan)).await.unwrap_err();
    assert!(matches!(error, ClientError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn agt3_a_decision_is_awaited_through_a_restart_of_the_server() {
    let nothing = |cursor| Answer::Json(crate::views::changes(cursor, &[], &[]));
    let mut api = FakeApi::start([nothing(1)]).await;
    let client = api.client();
    let mut count = api.count();
    let waiting = tokio::spawn(async move { client.next_decision().await });
    soon(count.wait_for(|count| *count >= 2)).await.unwrap();
    api.stop().await;
    let pending = [decided("d1")];
    let taken = Answer::Json(with(decision("d1", "taken"), "lease", "l1"));
    api.restart([Answer::Json(crate::views::changes(2, &[], &pending)), taken])
        .await;
    let taken = soon(waiting).await.unwrap().unwrap();
    assert_eq!(
        (taken.decision.id.as_str(), taken.lease.as_str()),
        ("d1", "l1")
    );
    let whats: Vec<_> = api.asked().into_iter().map(|asked| asked.what).collect();
    assert_eq!(whats[0], "GET changes?only=records&hold=50000");
    assert!(
        whats[1..whats.len() - 1]
            .iter()
            .all(|what| what == "GET changes?only=records&hold=50000&cursor=1")
    );
    assert_eq!(
        whats.last().map(String::as_str),
        Some("POST decisions/d1/take")
    );
}

#[tokio::test]
async fn agt3_a_decision_that_somebody_else_took_is_waited_past() {
    let changes =
        |cursor, id: &str| Answer::Json(crate::views::changes(cursor, &[], &[decided(id)]));
    let gone = Answer::Problem(
        StatusCode::CONFLICT,
        json!({ "code": "taken", "detail": "no" }),
    );
    let taken = Answer::Json(with(decision("d2", "taken"), "lease", "l2"));
    let api = FakeApi::start([changes(1, "d1"), gone, changes(2, "d2"), taken]).await;
    let taken = soon(api.client().next_decision()).await.unwrap();
    assert_eq!(taken.decision.id.as_str(), "d2");
}

#[tokio::test]
async fn agt3_an_answer_is_awaited_from_its_id_alone() {
    let changes = |cursor| Answer::Json(crate::views::changes(cursor, &[], &[]));
    let asked = Answer::Json(approval("ap1", "asked", "planner"));
    let declined = Answer::Json(approval("ap1", "declined", "planner"));
    let api = FakeApi::start([changes(1), asked, changes(2), declined]).await;
    let id = "ap1".parse().unwrap();
    let answered = soon(api.client().await_answer(&id)).await.unwrap();
    assert_eq!(answered.status.as_str(), "declined");
}

#[tokio::test]
async fn agt4_a_void_approval_gives_no_grant() {
    let granted = with(approval("ap1", "taken", "planner"), "grant", "g1");
    let void = json!({ "code": "void", "detail": "run nothing, and ask again" });
    let void = Answer::Problem(StatusCode::CONFLICT, void);
    let api = FakeApi::start([Answer::Json(granted), void]).await;
    let id = "ap1".parse().unwrap();
    let approved = soon(api.client().take_approval(&id)).await.unwrap();
    assert_eq!(approved.grant.as_str(), "g1");
    let error = soon(api.client().take_approval(&id)).await.unwrap_err();
    assert!(error.is("void"), "{error:?}");
}

#[tokio::test]
async fn agt3_whoever_was_away_too_long_is_told_so_and_goes_on() {
    let gone = json!({ "type": "urn:penhold:problem:gone", "detail": "ask without a cursor" });
    let gone = Answer::Problem(StatusCode::GONE, gone);
    let api = FakeApi::start([gone, Answer::Json(crate::views::changes(9, &[], &[]))]).await;
    let old = Cursor::from("3".to_owned());
    let changes = soon(api.client().await_change(&old, Scope::Everything))
        .await
        .unwrap();
    assert!(changes.gap);
    assert_eq!(changes.cursor.as_str(), "9");
}
