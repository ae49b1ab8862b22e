//! Over a limit: its name and its value, and nothing changed.

use std::{num::NonZeroU32, sync::Arc};

use crdt_schema::{document, member::Role};
use penhold_server::{auth::rate::Rate, config::Config, store::memory::MemoryStore};
use penhold_tests::harness::{House, fresh_client_id};
use reqwest::Method;
use serde_json::json;
use sync_protocol::close;
use yrs::{Any, Map as _, Transact as _, WriteTxn as _};

use super::{Bystander, append};

/// A server with the workspace `plan` and other limits than usual.
async fn house(configure: impl FnOnce(&mut Config)) -> House {
    let house = House::over(Arc::new(MemoryStore::new()), configure).await;
    house.create("plan", "start").await;
    house
}

fn count(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap()
}

#[tokio::test]
async fn gate2_an_update_that_is_too_large_or_deep_is_4413_with_the_limit() {
    let house = house(|_| {}).await;
    let token = house.token("Ada", Role::Editor);
    let bystander = Bystander::sit_down(&house).await;
    let wide = value(Any::from("x".repeat(300 << 10)));
    let deep = value((0..70).fold(Any::Null, |inner, _| Any::from(vec![inner])));
    let long = {
        let doc = document::new_doc(fresh_client_id());
        let mut txn = doc.transact_mut();
        append(&"x".repeat(5 << 20))(&mut txn);
        txn.encode_update_v1()
    };
    for (update, limit) in [
        (wide, "value_bytes_max is limited to 262144"),
        (deep, "value_depth_max"),
        (long, "update_bytes_max"),
    ] {
        let mut ada = house.connect("plan", &token).await;
        ada.sync().await;
        ada.send_update(&update).await;
        let (code, reason) = ada.until_closed().await;
        assert_eq!(code, close::TOO_LARGE, "{reason}");
        let name = limit.split(' ').next().unwrap();
        assert!(reason.contains(name), "{reason}");
    }
    bystander.noticed_nothing(&house).await;
}

#[tokio::test]
async fn gate2_a_message_that_is_too_large_is_4413_with_the_limit() {
    let house = house(|config| config.limits.message_bytes_max = 10_000).await;
    let bystander = Bystander::sit_down(&house).await;
    let mut ada = house
        .connect("plan", &house.token("Ada", Role::Editor))
        .await;
    ada.sync().await;
    ada.edit(append(&"x".repeat(20_000))).await;
    let (code, reason) = ada.until_closed().await;
    assert_eq!(code, close::TOO_LARGE, "{reason}");
    assert!(
        reason.contains("message_bytes_max") && reason.contains("10000"),
        "{reason}"
    );
    bystander.noticed_nothing(&house).await;
}

#[tokio::test]
async fn gate2_a_document_that_is_full_takes_no_more() {
    let house = house(|config| config.limits.document_bytes_max = 10_000).await;
    let token = house.token("Ada", Role::Editor);
    let mut ada = house.join("plan", &token).await;
    ada.edit(append(&"x".repeat(20_000))).await;
    ada.until_saved().await;
    ada.edit(append("more")).await;
    let (code, reason) = ada.until_closed().await;
    assert_eq!(code, close::TOO_LARGE, "{reason}");
    assert!(reason.contains("document_bytes_max is 10000"), "{reason}");
    assert!(house.notes("plan", &token).await.ends_with('x'));
}

#[tokio::test]
async fn aut8_writing_too_fast_is_4429_with_the_limit() {
    let house = house(|config| config.writes.updates_per_member = count(20)).await;
    let bystander = Bystander::sit_down(&house).await;
    let mut ada = house.join("plan", &house.token("Ada", Role::Editor)).await;
    for _ in 0..200 {
        ada.edit(append("")).await;
    }
    let (code, reason) = ada.until_closed().await;
    assert_eq!(code, close::RATE, "{reason}");
    assert!(reason.contains("updates_per_member is 20"), "{reason}");
    bystander.noticed_nothing(&house).await;
}

#[tokio::test]
async fn aut8_too_many_sockets_are_4429_with_the_limit() {
    let house = house(|config| config.limits.sockets_max = 2).await;
    let token = house.token("Ada", Role::Editor);
    let _two = (
        house.join("plan", &token).await,
        house.join("plan", &token).await,
    );
    let (code, reason) = house.connect("plan", &token).await.until_closed().await;
    assert_eq!(code, close::RATE, "{reason}");
    assert!(reason.contains("sockets_max is 2"), "{reason}");
}

#[tokio::test]
async fn aut8_too_many_sessions_in_one_workspace_are_told_the_limit() {
    let house = house(|config| config.limits.sessions_per_room_max = 2).await;
    let token = house.token("Ada", Role::Editor);
    let (mut ada, _ben) = (
        house.join("plan", &token).await,
        house.join("plan", &token).await,
    );
    let (code, reason) = house.connect("plan", &token).await.until_closed().await;
    assert_eq!(code, close::RATE, "{reason}");
    assert!(
        reason.contains("sessions_per_room_max") && reason.contains('2'),
        "{reason}"
    );
    ada.settle().await;
}

#[tokio::test]
async fn aut8_too_many_requests_are_429_with_the_limit_and_when_to_come_back() {
    let slow = Rate {
        per_second: count(1),
        burst: count(3),
    };
    let house = house(|config| config.rates.requests_per_member = slow).await;
    let token = house.token("Ada", Role::Editor);
    let url = format!("http://{}/api/v1/workspaces/plan", house.address);
    let http = reqwest::Client::new();
    let mut last = None;
    for _ in 0..4 {
        last = Some(http.get(&url).bearer_auth(&token).send().await.unwrap());
    }
    let answer = last.unwrap();
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
    let problem: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(
        problem["limit"],
        json!({ "name": "requests_per_member", "value": 1 })
    );
    // Others are not affected, and sockets count too.
    assert_eq!(
        house.notes("plan", &house.token("Ben", Role::Viewer)).await,
        "start"
    );
    let (code, reason) = house.connect("plan", &token).await.until_closed().await;
    assert_eq!(code, close::RATE);
    assert!(reason.contains("requests_per_member"), "{reason}");
}

#[tokio::test]
async fn aut8_guessing_tokens_is_429() {
    let slow = Rate {
        per_second: count(1),
        burst: count(3),
    };
    let house = house(|config| config.rates.refused_credentials_per_address = slow).await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(house.ask(Method::GET, "/workspaces", "guess", None).await.0);
    }
    assert_eq!(statuses[..3], [401, 401, 401]);
    assert_eq!(statuses[4], 429);
}

#[tokio::test]
async fn gate2_a_body_that_is_too_large_is_413_with_the_limit() {
    let house = house(|config| config.limits.body_bytes_max = 10_000).await;
    let token = house.token("Ada", Role::Editor);
    let body = json!({ "title": "New", "content": { "notes": "x".repeat(20_000) } });
    let (status, problem) = house
        .ask(Method::POST, "/workspaces", &token, Some(body))
        .await;
    assert_eq!(status, 413, "{problem}");
    assert_eq!(
        problem["limit"],
        json!({ "name": "body_bytes_max", "value": 10_000 })
    );
    let (_, list) = house.ask(Method::GET, "/workspaces", &token, None).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
}

/// An update that sets a plain value in a free root.
fn value(value: Any) -> Vec<u8> {
    let doc = document::new_doc(7);
    let mut txn = doc.transact_mut();
    txn.get_or_insert_map("x-mine")
        .insert(&mut txn, "value", value);
    txn.encode_update_v1()
}
