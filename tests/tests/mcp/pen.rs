//! Who holds the pen, and what people decide, by way of tools.

use crdt_schema::member::Role;
use futures_util::future::join_all;
use penhold_tests::{client::PATIENCE, harness::House};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    agent::{Agent, Outcome},
    house,
};

/// Mara, a person, does something over HTTP.
async fn mara(house: &House, path: &str, body: Value) -> Value {
    let token = house.token("Mara", Role::Editor);
    let path = format!("/workspaces/{path}");
    let (status, answer) = house.ask(Method::POST, &path, &token, Some(body)).await;
    assert!(status < 300, "{path}: {status} {answer}");
    answer
}

async fn claim(agent: &Agent, item: &str, epoch: u64) -> Outcome {
    let claim = json!({ "workspace": "launch", "item": item, "epoch": epoch });
    agent.call("claim", claim).await
}

#[tokio::test(flavor = "multi_thread")]
async fn mcp5_of_many_claimers_one_wins_and_the_others_are_told_who() {
    let house = house().await;
    let names: Vec<String> = (1..=20).map(|n| format!("Bot {n}")).collect();
    let agents: Vec<Agent> = names.iter().map(|name| Agent::new(&house, name)).collect();
    let outcomes = join_all(agents.iter().map(|agent| claim(agent, "notes", 0))).await;
    let mut winners = names
        .iter()
        .zip(&outcomes)
        .filter(|(_, outcome)| !outcome.is_error);
    let (winner, won) = winners.next().expect("somebody wins");
    assert!(winners.next().is_none(), "nobody else does");
    assert_eq!(&won.structured["owner_name"], winner);
    for lost in outcomes.iter().filter(|outcome| outcome.is_error) {
        assert!(lost.told.contains(winner), "{winner} won: {}", lost.told);
    }
}

#[tokio::test]
async fn mcp3_mcp5_a_call_without_its_epoch_is_told_the_owner_and_the_epoch() {
    let house = house().await;
    let (bot, other) = (Agent::new(&house, "Bot"), Agent::new(&house, "Other"));
    let held = claim(&bot, "notes", 0).await.done();
    let epoch = held["epoch"].as_u64().unwrap();
    for tool in ["claim", "renew", "release", "resume_ack"] {
        let arguments = json!({ "workspace": "launch", "item": "notes" });
        let told = other.call(tool, arguments).await.refused();
        let words = format!("epoch is missing: notes is held by Bot at epoch {epoch}");
        assert!(told.contains(&words), "{tool}: {told}");
    }
    let stale = claim(&other, "notes", 0).await.refused();
    assert!(
        stale.contains("Bot") && stale.contains("\"epoch\""),
        "{stale}"
    );
}

#[tokio::test]
async fn mcp5_a_command_repeated_with_its_key_happens_once() {
    let house = house().await;
    let bot = Agent::new(&house, "Bot");
    let arguments = json!({
        "workspace": "launch", "item": "notes", "epoch": 0, "idempotency_key": "claim notes",
    });
    let first = bot.call("claim", arguments.clone()).await.done();
    let again = bot.call("claim", arguments).await.done();
    assert_eq!(
        (&first["record"], &first["epoch"]),
        (&again["record"], &again["epoch"])
    );
}

#[tokio::test]
async fn mcp5_a_decision_wakes_who_waits_for_it_and_is_acted_on_once() {
    let house = house().await;
    let bot = Agent::new(&house, "Bot");
    claim(&bot, "notes", 0).await.done();
    let now = bot
        .call("await_change", json!({ "workspace": "launch" }))
        .await
        .done();
    let wait = json!({ "workspace": "launch", "cursor": now["cursor"] });
    let waiting = tokio::spawn({
        let bot = bot.clone();
        async move { bot.call("await_change", wait).await.done() }
    });
    let decision = json!({ "item": "notes", "title": "The hall", "note": "It has a ramp." });
    mara(&house, "launch/decisions", decision).await;
    let news = timeout(PATIENCE, waiting)
        .await
        .expect("it is woken")
        .unwrap();
    let pending = &news["pending"][0];
    assert_eq!(
        (&pending["kind"], &pending["item"]),
        (&json!("decision"), &json!("notes"))
    );

    let id = &pending["decision"];
    let take = json!({ "workspace": "launch", "decision": id, "idempotency_key": "take" });
    let taken = bot.call("decision_take", take).await.done();
    let consume = |outcome: &str| {
        json!({
            "workspace": "launch", "decision": id, "lease": taken["lease"], "outcome": outcome,
        })
    };
    let first = bot
        .call("decision_consume", consume("Booked."))
        .await
        .done();
    assert_eq!(first["outcome"], "Booked.");
    let again = bot
        .call("decision_consume", consume("Booked twice."))
        .await
        .done();
    assert_eq!(again["outcome"], "Booked.", "the first outcome stands");
}

#[tokio::test]
async fn mcp5_an_approved_action_is_granted_once_and_only_a_person_approves() {
    let house = house().await;
    let bot = Agent::new(&house, "Bot");
    let ask = json!({
        "workspace": "launch", "title": "Book the hall", "why": "It has a ramp.",
        "action": { "kind": "book", "arguments": { "deposit": 400 } },
        "reversible": false, "risk": 0.6, "scope": ["notes"],
    });
    let asked = bot.call("approval_ask", ask).await.done();
    let id = asked["id"].as_str().unwrap();
    let take = json!({ "workspace": "launch", "approval": id });
    bot.call("approval_take", take.clone()).await.refused();
    let answer = json!({ "verdict": "approve", "note": "Go.", "seen": asked["content"] });
    mara(&house, &format!("launch/approvals/{id}/answer"), answer).await;
    let taken = bot.call("approval_take", take.clone()).await.done();
    assert_eq!(taken["action"]["arguments"]["deposit"], 400);
    let consume = json!({
        "workspace": "launch", "approval": id, "grant": taken["grant"], "result": "Booked.",
    });
    let done = bot.call("approval_consume", consume).await.done();
    assert_eq!(done["result"], "Booked.");
    bot.call("approval_take", take).await.refused();
}

#[tokio::test]
async fn mcp5_an_incomplete_briefing_holds_a_handoff_and_says_what_is_missing() {
    let house = house().await;
    let bot = Agent::new(&house, "Bot");
    let held = claim(&bot, "notes", 0).await.done();
    let hand_off = json!({
        "workspace": "launch", "item": "notes", "to": { "queue": "people" }, "mode": "cold",
        "reason": { "trigger": "confidence", "note": "Two fit." }, "epoch": held["epoch"],
    });
    let told = bot.call("handoff_create", hand_off).await.refused();
    assert!(
        told.contains("missing") && told.contains("intent"),
        "{told}"
    );
}

#[tokio::test]
async fn mcp5_a_pen_that_is_offered_is_read_back_and_accepted() {
    let house = house().await;
    let (giver, receiver) = (Agent::new(&house, "Giver"), Agent::new(&house, "Receiver"));
    let me = house
        .authority
        .verify(&receiver.token, 0)
        .unwrap()
        .member
        .id;
    // Who has never been here is not known to the workspace.
    receiver
        .call("workspace_read", json!({ "workspace": "launch" }))
        .await
        .done();
    let held = claim(&giver, "notes", 0).await.done();
    let offer = json!({
        "workspace": "launch", "item": "notes", "to": { "member": me }, "mode": "warm",
        "reason": { "trigger": "complexity" }, "epoch": held["epoch"], "emergency": true,
    });
    let offered = giver.call("handoff_create", offer).await.done();
    let news = receiver
        .call("await_change", json!({ "workspace": "launch" }))
        .await
        .done();
    assert_eq!(news["pending"][0]["handoff"], offered["id"], "{news}");
    let brief = json!({
        "workspace": "launch", "handoff": offered["id"], "summary": "Choose a venue.",
    });
    receiver.call("handoff_brief", brief).await.done();
    let accept = json!({ "workspace": "launch", "handoff": offered["id"] });
    let accepted = receiver.call("handoff_accept", accept).await.done();
    assert_eq!(accepted["status"], "accepted");
    let owners = json!({ "workspace": "launch", "section": "owners" });
    let owners = giver.call("workspace_read", owners).await.told;
    assert!(owners.contains("`notes`: Receiver"), "{owners}");
}
