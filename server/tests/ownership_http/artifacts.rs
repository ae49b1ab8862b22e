//! Bytes that the briefing refers to.

use crdt_schema::member::Role;
use penhold_server::{config::Limits, store::artifact_hash};
use serde_json::json;

use crate::server::{Server, Who, to};

impl Server {
    /// Keeps bytes, and answers their hash.
    async fn keep(&self, who: &Who, title: &str, bytes: &[u8]) -> String {
        let kept = self
            .bytes(who, &format!("artifacts?title={title}"), bytes)
            .await
            .ok(201);
        kept["hash"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn dur18_what_is_kept_is_read_back_by_its_hash_whole_or_in_part() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let log = b"first line\nsecond line\n";
    let kept = server
        .bytes(&planner, "artifacts?title=Log", log)
        .await
        .ok(201);
    let hash = artifact_hash(log);
    let expected = json!({ "hash": hash, "bytes": 23, "uri": format!("artifact:{hash}") });
    assert_eq!(kept, expected);
    let whole = server.get(&mara, &format!("artifacts/{hash}")).await;
    assert_eq!(
        (whole.status.as_u16(), whole.kind.as_str()),
        (200, "application/octet-stream")
    );
    assert_eq!(whole.body.as_bytes(), log);
    let part = server
        .get(&mara, &format!("artifacts/{hash}?start=6&end=10"))
        .await;
    assert_eq!(part.body, "line");
    let beyond = server
        .get(&mara, &format!("artifacts/{hash}?start=99"))
        .await;
    assert_eq!((beyond.status.as_u16(), beyond.body.as_str()), (200, ""));
    let missing = server
        .get(&mara, &format!("artifacts/{}", artifact_hash(b"else")))
        .await;
    assert!(missing.problem_detail(404).contains("GET …/artifacts"));

    assert_eq!(server.keep(&planner, "Again", log).await, hash);
    let listed = server.get(&mara, "artifacts").await.ok(200);
    assert_eq!(
        (&listed["artifacts"], &listed["passages"]),
        (&json!([expected]), &json!([]))
    );
    let record = server.get(&mara, "record?type=noted").await.ok(200);
    let told = record["items"].to_string();
    assert!(
        told.contains("artifact_put") && told.contains("\"Log\""),
        "{told}"
    );
}

#[tokio::test]
async fn gate2_what_is_too_large_is_refused_with_the_name_of_the_limit() {
    let limits = Limits {
        artifact_bytes_max: 100,
        workspace_artifacts_bytes_max: 150,
        ..Limits::default()
    };
    let (server, mara) = Server::with(limits).await;
    let refused = server.bytes(&mara, "artifacts", &[b'x'; 101]).await;
    refused.problem_detail(413);
    let limit = json!({ "name": "artifact_bytes_max", "value": 100 });
    assert_eq!(refused.json()["limit"], limit);
    server.keep(&mara, "", &[b'x'; 100]).await;
    let refused = server.bytes(&mara, "artifacts", &[b'y'; 51]).await;
    refused.problem_detail(413);
    assert_eq!(
        refused.json()["limit"]["name"],
        "workspace_artifacts_bytes_max"
    );
    server.keep(&mara, "", &[b'y'; 50]).await;
    let vera = server.person("Vera", Role::Viewer);
    server
        .bytes(&vera, "artifacts", b"z")
        .await
        .problem_detail(403);
    let long = "t".repeat(201);
    let long = server
        .bytes(&mara, &format!("artifacts?title={long}"), b"z")
        .await;
    assert!(long.problem_detail(422).contains("title"));
}

#[tokio::test]
async fn ctx3_words_are_found_in_any_case_with_their_ranges_and_what_is_around_them() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let filler = "x".repeat(400);
    let log = format!("Started.\n{filler} The Tram is LATE.\nlate again\n");
    let hash = server.keep(&planner, "Log", log.as_bytes()).await;
    server
        .keep(&planner, "Picture", &[0xff, 0xfe, b'l', b'a', b't', b'e'])
        .await;
    let found = server.get(&mara, "artifacts?q=late").await.ok(200);
    assert_eq!(found["artifacts"].as_array().unwrap().len(), 2);
    let passages = found["passages"].as_array().unwrap();
    assert_eq!(passages.len(), 2, "none in what is no text: {found}");
    for (passage, (words, line)) in passages.iter().zip([("LATE", 2), ("late", 3)]) {
        assert_eq!(
            (&passage["hash"], &passage["line"]),
            (&json!(hash), &json!(line))
        );
        let range = ["start", "end"].map(|key| passage[key].as_u64().unwrap());
        let part = format!("artifacts/{hash}?start={}&end={}", range[0], range[1]);
        assert_eq!(server.get(&mara, &part).await.body, words);
        let text = passage["text"].as_str().unwrap();
        assert!(
            text.contains(words) && text.chars().count() <= 244,
            "{text}"
        );
    }
    let one = server.get(&mara, "artifacts?q=late&limit=1").await.ok(200);
    assert_eq!(one["passages"].as_array().unwrap().len(), 1);
    let none = server.get(&mara, "artifacts?q=%5Ba-z%5D").await.ok(200);
    assert_eq!(none["passages"], json!([]), "words are words, not patterns");
}

#[tokio::test]
async fn hand5_a_source_leads_to_an_artifact_that_is_there() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let transcript = b"They said yes.";
    let uri = format!("artifact:{}", artifact_hash(transcript));
    let source = json!({ "title": "Call", "uri": uri, "kind": "transcript" });
    let add = json!({ "edits": [{ "do": "add", "to": "briefing/sources", "value": source }] });
    server.post(&mara, "edits", add).await.ok(200);
    let refused = server.hand(&mara, "plan", to(&planner)).await;
    let problem = refused.problem(422, "incomplete");
    assert!(
        problem["missing"].to_string().contains("source"),
        "{problem}"
    );
    server.keep(&mara, "Call", transcript).await;
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let packet = server.get(&planner, "context").await;
    assert_eq!(packet.ok(200)["sources"][0]["uri"], uri);
    assert!(!packet.body.contains("They said yes."), "{}", packet.body);
}
