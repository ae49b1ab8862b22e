//! What a receiver is told.

use crdt_schema::member::Role;
use serde_json::{Value, json};

use crate::server::{Server, Who, to};

async fn packet(server: &Server, who: &Who) -> Value {
    server.get(who, "context?for=me").await.ok(200)
}

/// A plan that went from Planner to `receiver` by way of Mara, who decided and edited.
async fn busy(server: &Server, mara: &Who, receiver: &Who) {
    let planner = server.agent("Planner");
    let report = json!({
        "item": "plan", "what": "curl https://example.org/prices", "result": "200 OK {\"a\": 1}",
        "risk": 0.1, "reversible": true
    });
    server.post(&planner, "actions", report).await.ok(201);
    server.hand(mara, "plan", to(receiver)).await.ok(201);
    server.hand(receiver, "plan", to(mara)).await.ok(201);
    server.kept(mara, 2).await;
    let decision = json!({ "item": "plan", "title": "Take the train", "note": "It is cheaper." });
    server.post(mara, "decisions", decision).await.ok(201);
    server.write(mara, "plan/goal", "Reach it by train").await;
    server
        .write(receiver, "notes", "What I wrote myself.")
        .await;
    server.hand(mara, "plan", to(receiver)).await.ok(201);
}

#[tokio::test]
async fn ctx2_a_packet_holds_what_its_receiver_needs() {
    let (server, mara) = Server::new().await;
    let writer = server.agent("Writer");
    busy(&server, &mara, &writer).await;
    let packet = packet(&server, &writer).await;
    assert_eq!(packet["receiver"]["name"], "Writer");
    assert_eq!(packet["goal"], "Reach it by train");
    let handoff = &packet["handoff"];
    assert_eq!(
        (&handoff["from"]["name"], &handoff["note"]),
        (&json!("Mara"), &json!("Your turn."))
    );
    assert_eq!(packet["decisions"][0]["title"], "Take the train");
    assert_eq!(packet["decisions"][0]["by"]["name"], "Mara");
    let waiting: Vec<_> = packet["waiting"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| &w["kind"])
        .collect();
    assert_eq!(waiting, ["decision", "resume"]);
    assert_eq!(packet["intent"], "They want it");
    assert_eq!(packet["constraints"], json!(["No weekends"]));
    assert_eq!(packet["next_step"], "Go on");
    assert!(
        packet["tried"][0]["says"]
            .as_str()
            .unwrap()
            .contains("ooked it up")
    );
    let cursor = server.get(&writer, "changes").await.ok(200)["cursor"].clone();
    assert_eq!(packet["cursor"], cursor);
    let held = server.item(&writer, "plan").await;
    let acknowledged = json!({
        "epoch": held["epoch"], "decisions": [packet["decisions"][0]["id"]], "cursor": packet["cursor"]
    });
    server
        .post(&writer, "items/plan/resume", acknowledged)
        .await
        .ok(200);
}

#[tokio::test]
async fn ctx3_it_is_told_in_the_third_person_without_tools_and_without_one_s_own_changes() {
    let (server, mara) = Server::new().await;
    let writer = server.agent("Writer");
    busy(&server, &mara, &writer).await;
    let packet = packet(&server, &writer).await;
    let says: Vec<_> = packet["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["says"].as_str().unwrap())
        .collect();
    assert!(
        says.iter()
            .any(|says| says.starts_with("Mara (person) changed")),
        "{says:?}"
    );
    let text = packet.to_string();
    for noise in ["curl", "200 OK", "What I wrote myself"] {
        assert!(!text.contains(noise), "{noise}: {text}");
    }
    for says in says {
        let words = says.split_whitespace();
        assert!(
            words.clone().all(|word| word != "I" && word != "you"),
            "{says}"
        );
    }
}

#[tokio::test]
async fn ctx2_it_is_the_same_for_an_agent_and_for_a_person() {
    let mut told = Vec::new();
    for kind in ["agent", "person"] {
        let (server, mara) = Server::new().await;
        let receiver = match kind {
            "agent" => server.agent("Sam"),
            _ => server.person("Sam", Role::Editor),
        };
        busy(&server, &mara, &receiver).await;
        let mut packet = packet(&server, &receiver).await;
        let fields = packet.as_object_mut().unwrap();
        // What only an agent has to do: act on a decision, and catch up.
        for own in ["receiver", "waiting", "cursor", "decisions"] {
            fields.remove(own).unwrap();
        }
        told.push(packet);
    }
    assert_eq!(told[0], told[1]);
    assert!(
        told[0]["changes"].as_array().unwrap().len() == 1,
        "{}",
        told[0]
    );
}

#[tokio::test]
async fn ctx1_it_fits_its_budget_and_says_how_much_it_left_out() {
    let (server, mara) = Server::new().await;
    let writer = server.agent("Writer");
    let constraints: Vec<Value> = (0..60)
        .map(|n| {
            json!({ "do": "add", "to": "briefing/constraints",
            "value": { "text": format!("Rule {n}: nothing of this kind may ever happen again.") } })
        })
        .collect();
    server
        .post(&mara, "edits", json!({ "edits": constraints }))
        .await
        .ok(200);
    busy(&server, &mara, &writer).await;
    for budget in [1_000, 2_000, 4_000] {
        let path = format!("context?for=me&budget={budget}");
        let mut packet = server.get(&writer, &path).await.ok(200);
        packet.as_object_mut().unwrap().remove("cursor").unwrap();
        assert!(
            packet.to_string().chars().count() <= budget,
            "{budget}: {packet}"
        );
        assert!(
            packet["left_out"]
                .as_object()
                .unwrap()
                .values()
                .any(|n| n.as_u64() > Some(0))
        );
        assert_eq!(
            packet["intent"], "They want it",
            "what matters most is left out last"
        );
        let text = server
            .get(&writer, &format!("{path}&format=markdown"))
            .await;
        assert_eq!(text.kind, "text/markdown; charset=utf-8");
        assert!(
            text.body.chars().count() <= budget,
            "{budget}: {}",
            text.body
        );
    }
    let other = server.get(&writer, "context?for=somebody").await;
    other.problem_detail(400);
}
