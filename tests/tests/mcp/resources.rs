//! Parts of workspaces as resources, and hearing of their changes.

use crdt_schema::member::Role;
use penhold_tests::{client::PATIENCE, harness::House};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    agent::{Agent, Messages, last_message},
    house,
};

const NOTES: &str = "penhold://launch/notes";

/// Somebody else changes a workspace.
async fn change(house: &House, workspace: &str, title: &str) {
    let token = house.token("Mara", Role::Editor);
    let path = format!("/workspaces/{workspace}");
    let body = json!({ "title": title });
    let (status, answer) = house.ask(Method::PATCH, &path, &token, Some(body)).await;
    assert_eq!(status, 200, "{answer}");
}

/// The address in the next notification of a change.
async fn updated(stream: &mut Messages) -> Value {
    let heard = async {
        loop {
            let message = stream.next().await.expect("the stream goes on");
            if message["method"] == "notifications/resources/updated" {
                return message["params"].clone();
            }
        }
    };
    timeout(PATIENCE, heard).await.expect("it is told")
}

#[tokio::test]
async fn mcp7_every_part_of_every_workspace_is_listed_and_reads_as_markdown() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    let listed = agent.ask("resources/list", json!({})).await;
    let listed: Vec<&Value> = listed["resources"].as_array().unwrap().iter().collect();
    assert!(
        listed.iter().any(|resource| resource["uri"] == NOTES),
        "{listed:?}"
    );
    let templates = agent
        .ask("resources/templates/list", json!({}))
        .await
        .to_string();
    for resource in &listed {
        let uri = resource["uri"].as_str().unwrap();
        let part = uri.rsplit_once('/').unwrap().1;
        assert!(
            templates.contains(&format!("penhold://{{workspace}}/{part}")),
            "{templates}"
        );
        let read = agent.ask("resources/read", json!({ "uri": uri })).await;
        assert_eq!(
            read["contents"][0]["mimeType"], "text/markdown",
            "{uri}: {read}"
        );
        assert_eq!(read["contents"][0]["uri"], uri);
    }
    let notes = agent.ask("resources/read", json!({ "uri": NOTES })).await;
    assert!(
        notes["contents"][0]["text"]
            .as_str()
            .unwrap()
            .contains("Two venues fit.")
    );
}

#[tokio::test]
async fn mcp7_an_address_that_is_none_is_told_what_addresses_are() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    for uri in [
        "penhold://launch",
        "penhold://launch/secrets",
        "file:///etc/passwd",
        "penhold://../plan",
    ] {
        let error = agent.ask("resources/read", json!({ "uri": uri })).await;
        let told = error["message"].as_str().unwrap();
        assert!(told.contains("penhold://WORKSPACE/PART"), "{uri}: {told}");
    }
    let error = agent
        .ask("resources/read", json!({ "uri": "penhold://nowhere/plan" }))
        .await;
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("there is no workspace"),
        "{error}"
    );
}

#[tokio::test]
async fn mcp8_a_session_that_subscribes_hears_of_changes_until_it_unsubscribes() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    let id = agent.begin().await;
    let mut stream = Messages::of(agent.listen_in(&id).send().await.unwrap());
    let say = |method: &str, uri: &str| {
        let params = json!({ "uri": uri });
        let body = json!({ "jsonrpc": "2.0", "id": 3, "method": method, "params": params });
        let (agent, id) = (agent.clone(), id.clone());
        async move { last_message(agent.in_session(&id, &body).await).await }
    };
    house.create("other", "Elsewhere.").await;
    let other = "penhold://other/notes";
    for uri in [NOTES, other] {
        let done = say("resources/subscribe", uri).await;
        assert!(done["result"].is_object(), "{done}");
    }
    change(&house, "launch", "Renamed").await;
    assert_eq!(updated(&mut stream).await["uri"], NOTES);
    say("resources/unsubscribe", NOTES).await;
    change(&house, "launch", "Again").await;
    change(&house, "other", "Renamed").await;
    assert_eq!(
        updated(&mut stream).await["uri"],
        other,
        "nothing more of the first"
    );
    let unknown = say("resources/subscribe", "penhold://nowhere/notes").await;
    assert!(
        unknown["error"]["message"]
            .as_str()
            .unwrap()
            .contains("nowhere"),
        "{unknown}"
    );
}

#[tokio::test]
async fn mcp8_a_request_that_listens_hears_of_changes_and_of_nothing_else() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    let wanted =
        json!({ "notifications": { "resourceSubscriptions": [NOTES, "file:///etc/passwd"] } });
    let listening = agent.alone("subscriptions/listen", wanted);
    let mut stream = Messages::of(listening.send().await.unwrap());
    let agreed = timeout(PATIENCE, stream.next()).await.unwrap().unwrap();
    assert_eq!(agreed["method"], "notifications/subscriptions/acknowledged");
    let accepted = &agreed["params"]["notifications"]["resourceSubscriptions"];
    assert_eq!(accepted, &json!([NOTES]), "{agreed}");
    change(&house, "launch", "Renamed").await;
    let told = updated(&mut stream).await;
    assert_eq!(told["uri"], NOTES);
}

#[tokio::test]
async fn mcp8_many_changes_are_told_together() {
    let house = house().await;
    house.create("last", "The end.").await;
    let agent = Agent::new(&house, "Bot");
    let last = "penhold://last/plan";
    let wanted = json!({ "notifications": { "resourceSubscriptions": [NOTES, last] } });
    let listening = agent.alone("subscriptions/listen", wanted);
    let mut stream = Messages::of(listening.send().await.unwrap());
    for n in 0..40 {
        change(&house, "launch", &format!("Title {n}")).await;
    }
    change(&house, "last", "The end").await;
    let mut told = 0;
    while updated(&mut stream).await["uri"] != last {
        told += 1;
    }
    assert!(
        (1..20).contains(&told),
        "{told} notifications of 40 changes"
    );
}
