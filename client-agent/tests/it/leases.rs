//! Keeping what is held, and letting it go.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use crdt_schema::{
    item::Item,
    ownership::{Reason, Trigger},
};
use penhold_agent::{Leases, Parting, To};
use serde_json::json;

use crate::{
    fake_api::{Answer, FakeApi},
    text::soon,
    views::holding,
};

fn held(item: &str, epoch: u64) -> crdt_schema::ownership::HoldingView {
    serde_json::from_value(holding(item, "planner", epoch)).unwrap()
}

#[tokio::test]
async fn agt5_a_lease_is_renewed_while_it_is_held_and_released_in_the_end() {
    let api = FakeApi::start([]).await;
    let mut count = api.count();
    let leases = Leases::new(api.client());
    leases.keep(held("plan", 4));
    soon(count.wait_for(|count| *count == 1)).await.unwrap();
    // The renewal hangs; whoever leaves does not wait for it.
    api.say([Answer::Json(holding("plan", "planner", 4))]);
    let failed = soon(leases.close(&Parting::Release)).await;
    assert!(failed.is_empty(), "{failed:?}");
    let whats: Vec<_> = api.asked().into_iter().map(|asked| asked.what).collect();
    assert_eq!(whats, ["POST items/plan/renew", "POST items/plan/release"]);
}

#[tokio::test]
async fn agt5_what_somebody_took_is_held_no_longer() {
    let stale = json!({ "code": "stale", "detail": "Mara holds plan now" });
    let api = FakeApi::start([Answer::Problem(StatusCode::CONFLICT, stale)]).await;
    let leases = Leases::new(api.client());
    let mut holds = leases.held();
    leases.keep(held("plan", 4));
    soon(holds.wait_for(|held| held.contains_key(&Item::Plan)))
        .await
        .unwrap();
    soon(holds.wait_for(BTreeMap::is_empty)).await.unwrap();
    assert!(soon(leases.close(&Parting::Release)).await.is_empty());
    assert_eq!(api.asked().len(), 1, "nothing is left to release");
}

#[tokio::test]
async fn agt5_whoever_leaves_hands_off_even_with_a_poor_briefing() {
    let poor = json!({ "code": "incomplete", "detail": "the briefing is incomplete" });
    let handoff = json!({
        "id": "h1", "item": "plan", "from": { "member": "planner" }, "by": "planner",
        "to": { "queue": "people" }, "mode": "cold",
        "reason": { "trigger": "other", "note": "Going home." }, "emergency": true,
        "missing": [], "status": "accepted", "at_ms": 1, "until_ms": null, "summary": null,
        "declined_because": null, "ended_ms": 1,
    });
    let api = FakeApi::start([
        Answer::Problem(StatusCode::UNPROCESSABLE_ENTITY, poor),
        Answer::Json(handoff),
    ])
    .await;
    let leases = Leases::new(api.client());
    let mut person = held("plan", 4);
    person.lease_until_ms = None; // Nothing to renew.
    leases.keep(person);
    let parting = Parting::HandOff {
        to: To::Queue("people".parse().unwrap()),
        reason: Reason {
            trigger: Trigger::Other,
            note: "Going home.".to_owned(),
            confidence: None,
        },
    };
    assert!(soon(leases.close(&parting)).await.is_empty());
    let asked = api.asked();
    let emergencies: Vec<_> = asked.iter().map(|asked| &asked.body["emergency"]).collect();
    assert_eq!(emergencies, [&json!(null), &json!(true)]);
}
