//! Approvals: asked, answered for exactly one content, run once.

use crdt_schema::member::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::server::{Server, Who};

fn ask(reversible: bool) -> Value {
    json!({
        "title": "Send 48 emails",
        "action": { "kind": "send", "arguments": { "to": ["a", "b"] } },
        "why": "They wait for it.", "if_approved": "They go out.", "if_declined": "Nothing.",
        "reversible": reversible, "risk": 0.6, "scope": ["plan/goal"]
    })
}

async fn asked(server: &Server, planner: &Who) -> Value {
    server.post(planner, "approvals", ask(false)).await.ok(201)
}

fn at(approval: &Value, verb: &str) -> String {
    format!("approvals/{}/{verb}", approval["id"].as_str().unwrap())
}

fn approve(seen: &Value) -> Value {
    json!({ "verdict": "approve", "note": "Go.", "seen": seen })
}

#[tokio::test]
async fn apr1_an_answer_to_changed_content_is_refused_and_edits_elsewhere_do_not_matter() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let approval = asked(&server, &planner).await;
    assert_eq!(
        approval["scope_content"],
        json!([{ "path": "plan/goal", "content": "Reach it" }])
    );
    server.write(&planner, "notes", "Other words.").await;
    let look = server.get(&mara, &at(&approval, "")).await;
    assert_eq!(look.status, 404, "a trailing slash is another address");
    let path = format!("approvals/{}", approval["id"].as_str().unwrap());
    let look = server.get(&mara, &path).await.ok(200);
    assert_eq!(
        (&look["changed"], &look["content"]),
        (&json!(false), &approval["content"])
    );

    server
        .write(&planner, "plan/goal", "Reach something else")
        .await;
    let answer = server
        .post(&mara, &at(&approval, "answer"), approve(&look["content"]))
        .await;
    let problem = answer.problem(409, "changed_since_you_looked");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("changed since you looked")
    );
    let unseen = json!({ "verdict": "approve", "note": "Go." });
    let unseen = server.post(&mara, &at(&approval, "answer"), unseen).await;
    unseen.problem(409, "changed_since_you_looked");
    let again = server.get(&mara, &path).await.ok(200);
    assert_eq!(
        (&again["changed"], &again["content"]),
        (&json!(true), &problem["content"])
    );
    assert_eq!(again["scope_content"][0]["content"], "Reach something else");
    let answer = server
        .post(&mara, &at(&approval, "answer"), approve(&again["content"]))
        .await;
    assert_eq!(answer.ok(200)["status"], "approved");
}

#[tokio::test(flavor = "multi_thread")]
async fn apr3_of_a_hundred_takes_of_what_cannot_be_undone_one_is_granted() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let approval = asked(&server, &planner).await;
    let answer = approve(&approval["content"]);
    server
        .post(&mara, &at(&approval, "answer"), answer)
        .await
        .ok(200);
    let take = at(&approval, "take");
    let takes = (0..100).map(|_| server.post(&planner, &take, json!({})));
    let takes = join_all(takes).await;
    let granted: Vec<_> = takes.iter().filter(|take| take.status == 200).collect();
    assert_eq!(granted.len(), 1);
    for refused in takes.iter().filter(|take| take.status != 200) {
        refused.problem(409, "taken");
    }
    let grant = granted[0].json()["grant"].clone();
    let consume = |result: &str| {
        let body = json!({ "grant": grant, "result": result });
        let path = at(&approval, "consume");
        let (server, planner) = (&server, &planner);
        async move { server.post(planner, &path, body).await.ok(200) }
    };
    assert_eq!(consume("48 sent").await, consume("96 sent").await);
    server
        .post(&planner, &take, json!({}))
        .await
        .problem(409, "ended");
}

#[tokio::test]
async fn apr5_what_changed_after_the_answer_is_void_and_no_grant_is_given() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let approval = asked(&server, &planner).await;
    let answer = approve(&approval["content"]);
    server
        .post(&mara, &at(&approval, "answer"), answer)
        .await
        .ok(200);
    server
        .write(&planner, "plan/goal", "Reach something else")
        .await;
    let taken = server
        .post(&planner, &at(&approval, "take"), json!({}))
        .await;
    let problem = taken.problem(409, "void");
    assert!(problem["void"].is_string() && problem["grant"].is_null());
    let later = server
        .post(&planner, &at(&approval, "take"), json!({}))
        .await;
    assert_eq!(later.problem(409, "ended")["state"], "void");
}

#[tokio::test]
async fn apr2_only_people_answer_and_only_those_who_are_named() {
    let (server, mara) = Server::new().await;
    let (planner, ravi) = (
        server.agent("Planner"),
        server.person("Ravi", Role::Reviewer),
    );
    let mut body = ask(true);
    body["named"] = json!([ravi.id]);
    let approval = server.post(&planner, "approvals", body).await.ok(201);
    let answer = approve(&approval["content"]);
    let path = at(&approval, "answer");
    server
        .post(&planner, &path, answer.clone())
        .await
        .problem(403, "people_only");
    let other = server.post(&mara, &path, answer.clone()).await;
    other.problem(403, "not_named");
    let reply = json!({ "verdict": "reply", "note": "To whom exactly?" });
    assert_eq!(
        server.post(&ravi, &path, reply).await.ok(200)["status"],
        "asked"
    );
    server
        .post(&planner, &at(&approval, "take"), json!({}))
        .await
        .problem(409, "not_yet");
    let waits = server.get(&planner, "changes").await.ok(200)["pending"].clone();
    assert_eq!(
        (&waits[0]["kind"], &waits[0]["approval"]),
        (&json!("reply"), &approval["id"])
    );
    let inbox = server
        .ask("GET", "/inbox", &planner, None, None)
        .await
        .ok(200);
    let entry = &inbox["needs_you"][0];
    assert_eq!(
        (&entry["kind"], &entry["by"]["name"]),
        (&json!("reply"), &json!("Ravi"))
    );
    let approved = server.post(&ravi, &path, answer).await.ok(200);
    let verdicts = approved["answers"].as_array().unwrap().iter();
    let verdicts: Vec<&str> = verdicts
        .map(|told| told["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["reply", "approve"]);
    let bad = json!({ "verdict": "approve", "note": "Go.", "seen": "nonsense" });
    server.post(&ravi, &path, bad).await.problem_detail(422);
}

#[tokio::test]
async fn apr7_an_edited_action_is_what_is_approved() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let approval = asked(&server, &planner).await;
    let action = json!({ "kind": "send", "arguments": { "to": ["a"] } });
    let answer = json!({ "verdict": "edit", "note": "Only to a.", "action": action });
    let edited = server
        .post(&mara, &at(&approval, "answer"), answer)
        .await
        .ok(200);
    assert_eq!(
        (&edited["status"], &edited["action"]),
        (&json!("approved"), &action)
    );
    let taken = server
        .post(&planner, &at(&approval, "take"), json!({}))
        .await
        .ok(200);
    assert_eq!(taken["action"], action);
    let fail = json!({ "grant": taken["grant"], "reason": "The mail server refused." });
    let failed = server
        .post(&planner, &at(&approval, "fail"), fail)
        .await
        .ok(200);
    assert_eq!(failed["status"], "failed");
}

#[tokio::test]
async fn apr9_whoever_asked_takes_it_back() {
    let (server, mara) = Server::new().await;
    let (planner, ravi) = (server.agent("Planner"), server.person("Ravi", Role::Editor));
    let approval = asked(&server, &planner).await;
    let path = at(&approval, "withdraw");
    server
        .post(&ravi, &path, json!({}))
        .await
        .problem(403, "not_yours");
    assert_eq!(
        server.post(&planner, &path, json!({})).await.ok(200)["status"],
        "withdrawn"
    );
    let list = server
        .get(&mara, "approvals?status=ended&item=plan")
        .await
        .ok(200);
    assert_eq!(list["items"][0]["status"], "withdrawn");
    assert_eq!(
        server.get(&mara, "approvals?status=open").await.ok(200)["items"],
        json!([])
    );
}
