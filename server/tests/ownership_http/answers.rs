//! The form of answers: who may, what is described, how lists are paged.

use crdt_schema::member::Role;
use serde_json::{Value, json};

use crate::server::{Server, to};

#[tokio::test]
async fn aut11_a_token_for_other_workspaces_opens_nothing_here() {
    let (server, mara) = Server::new().await;
    let away = server.scoped("Away", &["elsewhere"]);
    for path in [
        "items",
        "handoffs",
        "record",
        "changes",
        "policy",
        "record/verify",
    ] {
        server.get(&away, path).await.problem_detail(403);
    }
    let claim = server
        .post(&away, "items/plan/claim", json!({ "epoch": 0 }))
        .await;
    claim.problem_detail(403);
    server.make("other", &mara).await;
    let inbox = server.ask("GET", "/inbox", &away, None, None).await.ok(200);
    assert_eq!(inbox["totals"]["needs_you"], 0);
    let health = "/health/handoffs?workspace=w";
    server
        .ask("GET", health, &away, None, None)
        .await
        .problem_detail(403);
    let gone = server
        .ask("GET", "/workspaces/none/items", &mara, None, None)
        .await;
    gone.problem_detail(404);
}

#[tokio::test]
async fn aut10_viewers_read_and_change_nothing() {
    let (server, mara) = Server::new().await;
    let vera = server.person("Vera", Role::Viewer);
    server
        .hand(&mara, "plan", json!({ "queue": "people" }))
        .await
        .ok(201);
    for path in [
        "items",
        "items/plan",
        "handoffs",
        "queues",
        "policy",
        "record",
        "actions",
    ] {
        server.get(&vera, path).await.ok(200);
    }
    let claim = server
        .post(&vera, "items/plan/claim", json!({ "epoch": 1 }))
        .await;
    claim.problem(403, "role");
    let report = json!({ "what": "x", "result": "y", "risk": 0.1, "reversible": true });
    server
        .post(&vera, "actions", report)
        .await
        .problem(403, "role");
}

#[tokio::test]
async fn a_body_that_does_not_fit_names_the_field() {
    let (server, mara) = Server::new().await;
    let missing = server.post(&mara, "items/plan/claim", json!({})).await;
    assert!(missing.problem_detail(422).contains("epoch"));
    let unknown = server
        .post(&mara, "items/plan/claim", json!({ "epoch": 0, "x": 1 }))
        .await;
    assert!(unknown.problem_detail(422).contains("`x`"));
    let to = json!({ "item": "plan", "to": { "team": "a" }, "mode": "cold", "epoch": 0,
        "reason": { "trigger": "other" } });
    assert!(
        server
            .post(&mara, "handoffs", to)
            .await
            .problem_detail(422)
            .contains("team")
    );
}

#[tokio::test]
async fn lists_are_paged_newest_first() {
    let (server, mara) = Server::new().await;
    let mut titles = Vec::new();
    for n in 0..5 {
        let body = json!({ "item": "plan", "title": format!("Decision {n}"), "note": "So." });
        server.post(&mara, "decisions", body).await.ok(201);
        titles.push(format!("Decision {n}"));
    }
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = server
            .get(&mara, &format!("decisions?limit=2{cursor}"))
            .await
            .ok(200);
        let items = page["items"].as_array().unwrap().iter();
        found.extend(items.map(|item| item["title"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    found.sort();
    assert_eq!(found, titles, "each once");
}

#[tokio::test]
async fn own17_actions_are_listed_riskiest_first_or_newest_first() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    for (what, risk) in [("low", 0.1), ("high", 0.9), ("middle", 0.5)] {
        let body = json!({ "item": "plan", "what": what, "result": "ok", "risk": risk,
            "reversible": true });
        let made = server.post(&planner, "actions", body).await.ok(201);
        assert_eq!(
            (&made["what"], &made["by"]),
            (&json!(what), &json!(planner.id))
        );
    }
    let names = |page: Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|item| item["what"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = server
        .get(&mara, "actions?order=risk&limit=2")
        .await
        .ok(200);
    let rest = format!(
        "actions?order=risk&limit=2&cursor={}",
        first["next_cursor"].as_str().unwrap()
    );
    assert_eq!(names(first), ["high", "middle"]);
    assert_eq!(names(server.get(&mara, &rest).await.ok(200)), ["low"]);
    assert_eq!(
        names(server.get(&mara, "actions?order=time").await.ok(200)).len(),
        3
    );
}

#[tokio::test]
async fn esc4_a_signal_is_answered_with_advice_and_judged_by_people() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let body = json!({ "item": "plan", "signals": { "stakes": 0.95 } });
    let made = server.post(&planner, "signals", body).await.ok(201);
    assert_eq!(made["advice"], json!({ "ask": "stakes" }));
    let path = format!("signals/{}/judge", made["id"].as_str().unwrap());
    let judgement = json!({ "judgement": "right" });
    server
        .post(&planner, &path, judgement.clone())
        .await
        .problem(403, "people_only");
    assert_eq!(
        server.post(&mara, &path, judgement).await.ok(200)["judgement"],
        "right"
    );
    assert_eq!(
        server.get(&mara, "signals").await.ok(200)["items"][0]["judgement"],
        "right"
    );
}

#[tokio::test]
async fn every_route_and_body_is_described_with_an_example() {
    let (server, mara) = Server::new().await;
    let api = server
        .ask("GET", "/openapi.json", &mara, None, None)
        .await
        .ok(200);
    let described = api["paths"].as_object().unwrap();
    for path in ROUTES {
        assert!(described.contains_key(&format!("/api/v1/{path}")), "{path}");
    }
    for (path, methods) in described
        .iter()
        .filter(|(path, _)| ROUTES.iter().any(|route| path.ends_with(route)))
    {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"]
                .as_array()
                .unwrap_or(&Vec::new())
                .clone();
            let named = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
            assert_eq!(path.contains("{ws}"), named("ws"), "{method} {path}");
            if path.contains("{ws}") {
                assert_eq!(method != "get", named("Idempotency-Key"), "{method} {path}");
            }
            let body = &operation["requestBody"]["content"]["application/json"];
            if body.is_object() {
                let named = body["schema"]["$ref"].as_str().unwrap_or_default();
                let schema = &api["components"]["schemas"][named.rsplit('/').next().unwrap()];
                let has_example = !body["example"].is_null() || !schema["example"].is_null();
                assert!(has_example, "{method} {path}: {body}");
            }
        }
    }
    let text = api.to_string();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(api["components"]["schemas"][name].is_object(), "{name}");
    }
}

const ROUTES: [&str; 39] = [
    "workspaces/{ws}/items",
    "workspaces/{ws}/items/{item}",
    "workspaces/{ws}/items/{item}/claim",
    "workspaces/{ws}/items/{item}/release",
    "workspaces/{ws}/items/{item}/renew",
    "workspaces/{ws}/items/{item}/take-over",
    "workspaces/{ws}/items/{item}/resume",
    "workspaces/{ws}/handoffs",
    "workspaces/{ws}/handoffs/{id}",
    "workspaces/{ws}/handoffs/{id}/brief",
    "workspaces/{ws}/handoffs/{id}/accept",
    "workspaces/{ws}/handoffs/{id}/decline",
    "workspaces/{ws}/handoffs/{id}/withdraw",
    "workspaces/{ws}/decisions",
    "workspaces/{ws}/decisions/{id}",
    "workspaces/{ws}/decisions/{id}/take",
    "workspaces/{ws}/decisions/{id}/consume",
    "workspaces/{ws}/decisions/{id}/fail",
    "workspaces/{ws}/decisions/{id}/withdraw",
    "workspaces/{ws}/approvals",
    "workspaces/{ws}/approvals/{id}",
    "workspaces/{ws}/approvals/{id}/answer",
    "workspaces/{ws}/approvals/{id}/take",
    "workspaces/{ws}/approvals/{id}/consume",
    "workspaces/{ws}/approvals/{id}/fail",
    "workspaces/{ws}/approvals/{id}/withdraw",
    "workspaces/{ws}/policy",
    "workspaces/{ws}/queues",
    "workspaces/{ws}/queues/{name}",
    "workspaces/{ws}/actions",
    "workspaces/{ws}/signals",
    "workspaces/{ws}/signals/{id}/judge",
    "workspaces/{ws}/record",
    "workspaces/{ws}/record/verify",
    "workspaces/{ws}/changes",
    "workspaces/{ws}/changes/events",
    "inbox",
    "inbox/snooze",
    "health/handoffs",
];
