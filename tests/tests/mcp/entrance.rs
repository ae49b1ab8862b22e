//! Who gets in, in which era, and what everybody else is told.

use std::time::Duration;

use crdt_schema::member::Kind;
use penhold_server::{auth::Scope, config::Config, store::memory::MemoryStore};
use penhold_tests::{client::PATIENCE, harness::House};
use serde_json::json;
use tokio::time::timeout;

use super::{
    agent::{ALONE, Agent, Messages, SESSION, initialize, last_message, session_id},
    house,
};

#[tokio::test]
async fn mcp1_both_eras_are_served_at_one_address() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", SESSION] {
        let hello = agent.post(&initialize(version)).send().await.unwrap();
        assert!(session_id(hello.headers()).is_some());
        let agreed = last_message(hello).await;
        assert_eq!(agreed["result"]["protocolVersion"], version, "{agreed}");
        assert_eq!(agreed["result"]["serverInfo"]["name"], "penhold");
    }
    let found = agent.ask("server/discover", json!({})).await;
    let versions = found["supportedVersions"].as_array().unwrap();
    assert!(
        versions.contains(&json!(ALONE)) && versions.contains(&json!(SESSION)),
        "{found}"
    );
    let alone = agent.alone("tools/list", json!({})).send().await.unwrap();
    assert!(
        session_id(alone.headers()).is_none(),
        "nothing is kept for it"
    );
    assert!(last_message(alone).await["result"]["tools"].is_array());
}

#[tokio::test]
async fn mcp1_whoever_begins_with_an_unknown_version_is_offered_a_known_one() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    let hello = agent.post(&initialize("2099-01-01")).send().await.unwrap();
    assert_eq!(
        last_message(hello).await["result"]["protocolVersion"],
        SESSION
    );
}

#[tokio::test]
async fn aut1_mcp6_without_a_valid_token_nothing_is_said_but_how_to_come_in() {
    let house = house().await;
    let mut agent = Agent::new(&house, "Bot");
    let id = agent.begin().await;
    for token in ["", "nonsense"] {
        token.clone_into(&mut agent.token);
        for request in [
            agent.post(&initialize(SESSION)),
            agent.alone("tools/list", json!({})),
            agent.listen_in(&id),
        ] {
            let refused = request.send().await.unwrap();
            assert_eq!(refused.status(), 401);
            assert_eq!(refused.headers()["www-authenticate"], "Bearer");
            assert_eq!(
                refused.headers()["content-type"],
                "application/problem+json"
            );
        }
    }
    let address = format!(
        "http://{}/.well-known/oauth-protected-resource/mcp",
        house.address
    );
    let lookup = reqwest::get(address).await.unwrap();
    assert_eq!(
        lookup.status(),
        404,
        "no page that looks like a way to sign in"
    );
    assert!(
        lookup
            .text()
            .await
            .unwrap()
            .contains("penhold token create")
    );
}

#[tokio::test]
async fn aut7_mcp6_pages_of_other_origins_are_refused_whatever_they_bring() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    let id = agent.begin().await;
    for request in [agent.alone("tools/list", json!({})), agent.listen_in(&id)] {
        let refused = request
            .header("Origin", "https://evil.example")
            .send()
            .await
            .unwrap();
        assert_eq!(refused.status(), 403);
    }
    let own = format!("http://{}", house.address);
    let own = agent.alone("tools/list", json!({})).header("Origin", own);
    assert_eq!(own.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn mcp6_a_session_is_its_members_and_nobody_elses() {
    let house = house().await;
    let (agent, other) = (Agent::new(&house, "Bot"), Agent::new(&house, "Other"));
    let id = agent.begin().await;
    let list = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" });
    assert_eq!(other.in_session(&id, &list).await.status(), 404);
    assert_eq!(other.listen_in(&id).send().await.unwrap().status(), 404);
    assert_eq!(agent.in_session(&id, &list).await.status(), 200);
}

#[tokio::test]
async fn mcp6_a_member_who_leaves_sessions_behind_loses_the_oldest() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    let first = agent.begin().await;
    let second = agent.begin().await;
    for _ in 0..31 {
        agent.begin().await;
    }
    let list = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" });
    assert_eq!(agent.in_session(&first, &list).await.status(), 404);
    assert_eq!(agent.in_session(&second, &list).await.status(), 200);
}

#[tokio::test]
async fn aut4_mcp6_a_revoked_token_ends_its_streams_at_once() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    let id = agent.begin().await;
    let mut stream = Messages::of(agent.listen_in(&id).send().await.unwrap());
    let token = house.authority.verify(&agent.token, 0).unwrap().token_id;
    house.authority.revoke(&token).unwrap();
    let ended = async { while stream.next().await.is_some() {} };
    timeout(PATIENCE, ended).await.expect("the stream ends");
    assert_eq!(agent.listen_in(&id).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn aut8_mcp6_what_is_too_large_or_too_often_is_told_its_limit() {
    let few = |config: &mut Config| {
        config.limits.body_bytes_max = 4096;
        config.rates.requests_per_member.burst = 5.try_into().unwrap();
        config.rates.requests_per_member.per_second = 1.try_into().unwrap();
    };
    let house = House::over(std::sync::Arc::new(MemoryStore::new()), few).await;
    let agent = Agent::new(&house, "Bot");
    let long = json!({ "name": "workspace_list", "arguments": { "cursor": "x".repeat(5000) } });
    let refused = agent.alone("tools/call", long).send().await.unwrap();
    assert_eq!(refused.status(), 413);
    let refused = refused.text().await.unwrap();
    assert!(refused.contains("body_bytes_max"), "{refused}");
    for _ in 0..4 {
        // One call is one request, although the tool asks the API in its turn.
        agent.call("workspace_list", json!({})).await.done();
    }
    let refused = agent.alone("tools/list", json!({})).send().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    let refused = refused.text().await.unwrap();
    assert!(refused.contains("requests_per_member"), "{refused}");
}

#[tokio::test]
async fn aut11_mcp6_a_scoped_token_sees_and_opens_only_its_workspaces() {
    let house = house().await;
    house.create("secret", "Nobody else.").await;
    let only = Scope::Only(["launch".parse().unwrap()].into());
    let agent = Agent::with(&house, "Bot", Kind::Agent, only);
    let listed = agent.call("workspace_list", json!({})).await.done();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let told = agent
        .call("workspace_read", json!({ "workspace": "secret" }))
        .await
        .refused();
    assert!(told.contains("does not open"), "{told}");
    let listed = agent.ask("resources/list", json!({})).await.to_string();
    assert!(
        listed.contains("penhold://launch/plan") && !listed.contains("secret"),
        "{listed}"
    );
    let told = agent
        .ask("resources/read", json!({ "uri": "penhold://secret/notes" }))
        .await;
    assert!(
        told["message"].as_str().unwrap().contains("does not open"),
        "{told}"
    );
}

#[tokio::test]
async fn dur14_mcp6_open_streams_do_not_keep_the_server_from_stopping() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    let id = agent.begin().await;
    let mut stream = Messages::of(agent.listen_in(&id).send().await.unwrap());
    let begun = std::time::Instant::now();
    house.stop().await;
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "it did not wait for the client"
    );
    let ended = async { while stream.next().await.is_some() {} };
    timeout(PATIENCE, ended).await.expect("the stream ends");
}
