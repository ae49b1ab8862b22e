//! Claim, release, renew, take over, resume.

use std::collections::BTreeSet;

use crdt_schema::member::Role;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::server::{Server, Who, to};

fn claim(epoch: &Value) -> Value {
    json!({ "epoch": epoch })
}

/// 50 people, and the plan in a queue at the epoch that is returned.
async fn crowd(server: &Server, mara: &Who) -> (Vec<Who>, Value) {
    let people = (0..50).map(|n| server.person(&format!("Person {n}"), Role::Editor));
    let people: Vec<Who> = people.collect();
    let queue = json!({ "queue": "people" });
    server.hand(mara, "plan", queue).await.ok(201);
    let epoch = server.item(mara, "plan").await["epoch"].clone();
    (people, epoch)
}

async fn all_claim(server: &Server, people: &[Who], epoch: &Value) -> Vec<crate::server::Answer> {
    let claims = people
        .iter()
        .map(|who| server.post(who, "items/plan/claim", claim(epoch)));
    join_all(claims).await
}

#[tokio::test(flavor = "multi_thread")]
async fn own3_of_fifty_claimers_one_wins_and_the_others_are_told_who() {
    let (server, mara) = Server::new().await;
    let (people, epoch) = crowd(&server, &mara).await;
    let answers = all_claim(&server, &people, &epoch).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1);
    let winner = won[0].ok(200)["owner_name"].clone();
    assert!(winner.as_str().unwrap().starts_with("Person "));
    for answer in lost {
        let problem = answer.problem(409, "stale");
        assert_eq!(problem["owner_name"], winner);
        assert!(
            problem["detail"]
                .as_str()
                .unwrap()
                .contains(winner.as_str().unwrap())
        );
        assert_eq!(problem["epoch"], epoch.as_u64().unwrap() + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn own3_a_restart_in_the_middle_changes_no_winner() {
    let (server, mara) = Server::new().await;
    let (people, epoch) = crowd(&server, &mara).await;
    let (early, late) = people.split_at(25);
    let first = all_claim(&server, early, &epoch).await;
    let server = server.restarted().await;
    let second = all_claim(&server, late, &epoch).await;
    let won: Vec<_> = first
        .iter()
        .chain(&second)
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(won.len(), 1);
    let winner = won[0].json()["owner_name"].clone();
    for answer in second {
        assert_eq!(answer.problem(409, "stale")["owner_name"], winner);
    }
}

#[tokio::test]
async fn own1_items_are_listed_with_whom_they_have_their_owner_from() {
    let (server, mara) = Server::new().await;
    let list = server.get(&mara, "items").await.ok(200);
    let items: Vec<&str> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["item"].as_str().unwrap())
        .collect();
    assert_eq!(
        items,
        [
            "workspace",
            "plan",
            "briefing",
            "notes",
            "step:s1",
            "task:t1"
        ]
    );
    let step = server.item(&mara, "step:s1").await;
    assert_eq!(step["owner"], json!({ "member": mara.id }));
    assert_eq!(
        (&step["inherited"], &step["epoch"]),
        (&json!("workspace"), &json!(0))
    );
    assert_eq!(server.item(&mara, "notes").await["owner"], Value::Null);
    server
        .get(&mara, "items/step:nothing")
        .await
        .problem_detail(404);
    server
        .get(&mara, "items/nonsense")
        .await
        .problem_detail(404);

    let first = server.get(&mara, "items?limit=4").await.ok(200);
    assert_eq!(first["next_cursor"], "notes");
    let rest = server
        .get(&mara, "items?limit=4&cursor=notes")
        .await
        .ok(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 2);
    assert_eq!(rest["next_cursor"], Value::Null);
    let mine = server.get(&mara, "items?member=me").await.ok(200);
    assert_eq!(
        mine["items"].as_array().unwrap().len(),
        5,
        "all but the notes"
    );
}

#[tokio::test]
async fn own5_an_owner_releases_and_others_are_told_who_holds_it() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    let refused = server
        .post(&ravi, "items/plan/release", json!({ "epoch": 0 }))
        .await;
    let problem = refused.problem(403, "not_owner");
    assert_eq!(problem["owner"], json!({ "member": mara.id }));
    assert_eq!(problem["owner_name"], "Mara");
    let done = server
        .post(&mara, "items/plan/release", json!({ "epoch": 0 }))
        .await
        .ok(200);
    assert_eq!((&done["owner"], &done["epoch"]), (&Value::Null, &json!(1)));
    assert!(done["record"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn own6_a_person_takes_over_from_an_agent_at_once_and_from_a_person_who_is_there_not() {
    let (server, mara) = Server::new().await;
    let (planner, ravi) = (server.agent("Planner"), server.person("Ravi", Role::Editor));
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let over = json!({ "epoch": 1, "note": "I finish this." });
    let taken = server
        .post(&ravi, "items/plan/take-over", over)
        .await
        .ok(200);
    assert_eq!(
        (&taken["owner_name"], &taken["epoch"]),
        (&json!("Ravi"), &json!(2))
    );
    let sam = server.person("Sam", Role::Editor);
    let over = server
        .post(&sam, "items/plan/take-over", json!({ "epoch": 2 }))
        .await;
    assert_eq!(over.problem(409, "attended")["owner_name"], "Ravi");
    let over = server
        .post(&planner, "items/plan/take-over", json!({ "epoch": 2 }))
        .await;
    over.problem(403, "people_only");
}

#[tokio::test]
async fn own7_an_agent_renews_its_lease() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let before = server.item(&mara, "plan").await["lease_until_ms"]
        .as_u64()
        .unwrap();
    let renewed = server
        .post(&planner, "items/plan/renew", json!({ "epoch": 1 }))
        .await
        .ok(200);
    assert!(renewed["lease_until_ms"].as_u64().unwrap() >= before);
    let stale = server
        .post(&planner, "items/plan/renew", json!({ "epoch": 0 }))
        .await;
    stale.problem(409, "stale");
    let people = server
        .post(&mara, "items/briefing/renew", json!({ "epoch": 0 }))
        .await;
    people.problem(422, "invalid");
}

#[tokio::test]
async fn own9_an_agent_acknowledges_decisions_and_edits_before_it_goes_on() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    server.hand(&planner, "plan", to(&mara)).await.ok(201);
    let mut decided = BTreeSet::new();
    for title in ["Take the train", "Leave on Monday"] {
        let body = json!({ "item": "plan", "title": title, "note": "Because." });
        let decision = server.post(&mara, "decisions", body).await.ok(201);
        decided.insert(decision["id"].as_str().unwrap().to_owned());
    }
    for goal in ["Reach it soon", "Reach it sooner", "Reach it today"] {
        server.write(&mara, "plan/goal", goal).await;
    }
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let held = server.item(&planner, "plan").await;
    let gate = &held["gate"];
    let named = gate["decisions"].as_array().unwrap();
    let named: BTreeSet<String> = named
        .iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(named, decided);

    let resume = |decisions: &[&String], cursor: &Value| {
        let body = json!({ "epoch": held["epoch"], "decisions": decisions, "cursor": cursor });
        server.post(&planner, "items/plan/resume", body)
    };
    let all: Vec<&String> = decided.iter().collect();
    resume(&all[..1], &gate["cursor"])
        .await
        .problem(409, "unacknowledged");
    resume(&all, &json!(0)).await.problem(409, "unacknowledged");
    let resumed = resume(&all, &gate["cursor"]).await.ok(200);
    assert_eq!(resumed["gate"], Value::Null);
}
