//! The record: read, filtered, exported, verified.

use crdt_schema::{
    member::Role,
    ownership::{Record, verify_chain},
};
use serde_json::{Value, json};

use crate::server::{Server, Who, to};

/// Seven commands by two people.
async fn busy(server: &Server, mara: &Who, ravi: &Who) {
    server.hand(mara, "plan", to(ravi)).await.ok(201);
    server.hand(ravi, "plan", to(mara)).await.ok(201);
    for n in 0..4 {
        let body = json!({ "item": "task:t1", "title": format!("Decision {n}"), "note": "So." });
        server.post(mara, "decisions", body).await.ok(201);
    }
    server.hand(mara, "notes", to(ravi)).await.ok(201);
}

fn numbers(page: &Value) -> Vec<u64> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|record| record["no"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn own12_the_record_is_read_in_pages_and_filtered() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    busy(&server, &mara, &ravi).await;
    let all = server.get(&mara, "record").await.ok(200);
    let every = numbers(&all);
    assert!(every.len() >= 7 && all["next_after"].is_null());
    let mut paged = Vec::new();
    let mut after = json!(0);
    while !after.is_null() {
        let page = server
            .get(&mara, &format!("record?limit=3&after={after}"))
            .await
            .ok(200);
        paged.extend(numbers(&page));
        after = page["next_after"].clone();
    }
    assert_eq!(paged, every);

    let count = |path: &str| {
        let path = format!("record?{path}");
        let (server, mara) = (&server, &mara);
        async move { numbers(&server.get(mara, &path).await.ok(200)).len() }
    };
    assert_eq!(count("type=decision_posted").await, 4);
    assert_eq!(count("type=owner_changed").await, 3);
    assert_eq!(count(&format!("by={}", ravi.id)).await, 1);
    assert_eq!(count("item=task:t1").await, 4);
    assert_eq!(count("item=plan&type=owner_changed").await, 2);
    assert_eq!(count("type=nothing").await, 0);
}

#[tokio::test]
async fn own12_what_is_wanted_of_the_record_is_exported_as_lines() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    busy(&server, &mara, &ravi).await;
    let lines = |filter: &str| {
        let path = format!("record?format=jsonl&{filter}");
        let (server, mara) = (&server, &mara);
        async move {
            let file = server.get(mara, &path).await;
            assert_eq!(file.kind, "application/jsonl");
            let lines = file.body.lines();
            let records = lines.map(|line| Record::from_json(line.as_bytes()).unwrap());
            records.collect::<Vec<_>>()
        }
    };
    assert_eq!(lines("type=decision_posted").await.len(), 4);
    let by_ravi = lines(&format!("by={}", ravi.id)).await;
    assert!(
        by_ravi
            .iter()
            .all(|record| record.by.as_ref() == Some(&ravi.id))
    );
    assert_eq!(by_ravi.len(), 1);
    let plan = lines("item=plan&type=owner_changed").await;
    assert_eq!(plan.len(), 2);
    let later = format!("after={}&type=owner_changed", plan[1].no);
    assert_eq!(lines(&later).await.len(), 1, "of the notes");
    assert_eq!(lines("type=nothing").await.len(), 0);
    let away = server.scoped("Away", &["elsewhere"]);
    server
        .get(&away, "record?format=jsonl")
        .await
        .problem_detail(403);
}

#[tokio::test]
async fn own12_the_whole_record_is_exported_as_lines_that_verify() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    busy(&server, &mara, &ravi).await;
    let file = server.get(&mara, "record?format=jsonl").await;
    assert_eq!(
        (file.status.as_u16(), file.kind.as_str()),
        (200, "application/jsonl")
    );
    let records: Vec<Record> = file
        .body
        .lines()
        .map(|line| Record::from_json(line.as_bytes()).unwrap())
        .collect();
    let lineage = server.room().await.lineage().to_owned();
    let (count, head) = verify_chain(&lineage, &records).unwrap();

    let server = server.restarted().await;
    let verified = server.get(&mara, "record/verify").await.ok(200);
    assert_eq!(
        verified,
        json!({ "ok": true, "records": count, "head": head })
    );
}
