//! Discussions of passages.

use crdt_schema::member::Role;
use serde_json::{Value, json};

use crate::server::Server;

fn at(thread: &Value, verb: &str) -> String {
    format!("threads/{}/{verb}", thread["id"].as_str().unwrap())
}

#[tokio::test]
async fn sug7_a_discussion_goes_on_is_settled_and_opened_again() {
    let (server, mara) = Server::new().await;
    let rita = server.person("Rita", Role::Reviewer);
    let body = json!({
        "target": "plan/steps/s1/body", "quote": "first thing", "text": "Which one is that?"
    });
    let begun = server.post(&rita, "threads", body).await.ok(201);
    assert_eq!(
        (&begun["offset"], &begun["quote"]),
        (&json!(7), &json!("first thing"))
    );
    assert_eq!(
        (&begun["orphaned"], &begun["resolved"]),
        (&json!(false), &json!(false))
    );
    let said = json!({ "text": "The one on top." });
    let shown = server
        .post(&mara, &at(&begun, "comments"), said)
        .await
        .ok(200);
    let comments = shown["comments"].as_array().unwrap().iter();
    let mut told: Vec<_> = comments
        .map(|c| (c["author"].as_str().unwrap(), c["text"].as_str().unwrap()))
        .collect();
    // What is said within one millisecond has no order.
    told.sort_unstable();
    assert_eq!(
        told,
        [("mara", "The one on top."), ("rita", "Which one is that?")]
    );

    let settled = server
        .post(&rita, &at(&begun, "resolve"), json!({}))
        .await
        .ok(200);
    assert_eq!(settled["resolved"], true);
    let open = server.get(&mara, "threads?status=open").await.ok(200);
    assert_eq!(open["items"], json!([]));
    let ended = server
        .get(&mara, "threads?status=ended&item=step:s1")
        .await
        .ok(200);
    assert_eq!(ended["items"][0]["id"], begun["id"]);
    let again = server
        .post(&mara, &at(&begun, "reopen"), json!({}))
        .await
        .ok(200);
    assert_eq!(again["resolved"], false);
}

#[tokio::test]
async fn sug7_a_discussion_whose_passage_moves_follows_it_and_whose_passage_is_gone_keeps_its_quote()
 {
    let (server, mara) = Server::new().await;
    let body = json!({ "target": "notes", "quote": "words", "text": "Which?" });
    let begun = server.post(&mara, "threads", body).await.ok(201);
    assert_eq!(begun["offset"], 5);
    assert!(
        begun["at"].as_u64().unwrap() > 1_700_000_000_000,
        "when it began"
    );
    server.write(&mara, "notes", "Some free words.").await;
    let moved = server.get(&mara, "threads").await.ok(200);
    assert_eq!(moved["items"][0]["offset"], 10);
    server.write(&mara, "notes", "").await;
    let gone = server.get(&mara, "threads").await.ok(200);
    let gone = &gone["items"][0];
    assert_eq!(
        (&gone["orphaned"], &gone["quote"]),
        (&json!(true), &json!("words"))
    );
    assert_eq!(gone["offset"], Value::Null);
}

#[tokio::test]
async fn gate8_who_only_reads_says_nothing_and_what_cannot_be_discussed_is_refused() {
    let (server, mara) = Server::new().await;
    let vera = server.person("Vera", Role::Viewer);
    let body = |target: &str, quote: &str, text: &str| json!({ "target": target, "quote": quote, "text": text });
    let viewer = server
        .post(&vera, "threads", body("notes", "words", "Hm."))
        .await;
    viewer.problem_detail(403);
    let empty = server
        .post(&mara, "threads", body("notes", "words", ""))
        .await;
    assert!(empty.problem_detail(422).contains("text"));
    let nowhere = server
        .post(&mara, "threads", body("tasks/none/notes", "", "Hm."))
        .await;
    assert!(nowhere.problem_detail(409).contains("tasks/none"));
    let never = server
        .post(&mara, "threads", body("notes", "Nothing", "Hm."))
        .await;
    never.problem(409, "not_found_in_text");
    server.write(&mara, "notes", "It is what it is.").await;
    let twice = server
        .post(&mara, "threads", body("notes", "it is", "Hm."))
        .await;
    assert_eq!(
        twice.status, 201,
        "in this case it stands once: {}",
        twice.body
    );
    let twice = server
        .post(&mara, "threads", body("notes", "is", "Hm."))
        .await;
    assert_eq!(twice.problem(409, "ambiguous")["places"], json!([3, 14]));
    let long = "x".repeat(20_001);
    let long = server
        .post(&mara, "threads", body("notes", "", &long))
        .await;
    assert!(long.problem_detail(422).contains("20000"));
    server
        .post(&mara, "threads/none/comments", json!({ "text": "Hm." }))
        .await
        .problem_detail(404);
}
