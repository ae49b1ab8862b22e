//! Writing by intent.

use crdt_schema::member::Role;
use serde_json::{Value, json};

use crate::server::{Answer, Server, Who, to};

impl Server {
    /// Reads a text, with its base.
    async fn text(&self, who: &Who, path: &str) -> Value {
        self.get(who, &format!("texts?path={path}")).await.ok(200)
    }

    async fn rewrite(&self, who: &Who, path: &str, base: &Value, text: &str) -> Answer {
        let body = json!({ "path": path, "base": base, "text": text });
        self.post(who, "edits", body).await
    }

    /// Everything that the document holds.
    async fn state(&self) -> Vec<u8> {
        self.room().await.state().await.unwrap().to_vec()
    }

    pub(crate) async fn reads(&self, who: &Who, path: &str) -> String {
        let read = self.text(who, path).await;
        read["text"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn mrg1_a_rewrite_is_merged_with_what_others_wrote_meanwhile() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server
        .write(&mara, "notes", "We met.\n\nIt rained.\n")
        .await;
    let read = server.text(&planner, "notes").await;
    let theirs = "We met.\n\nIt rained all day.\n";
    server.write(&mara, "notes", theirs).await;
    let wanted = "We met in May.\n\nIt rained.\n";
    let written = server
        .rewrite(&planner, "notes", &read["base"], wanted)
        .await;
    let written = written.ok(200);
    assert_eq!(
        written["now"]["text"],
        "We met in May.\n\nIt rained all day.\n"
    );
    assert_eq!(written["hunks"][0]["outcome"], "applied");
    let next = "We met in May.\n\nIt rained all day.\n\nThen it stopped.\n";
    let base = &written["now"]["base"];
    server.rewrite(&planner, "notes", base, next).await.ok(200);
    assert_eq!(server.reads(&mara, "notes").await, next);
}

#[tokio::test]
async fn mrg6_an_unknown_base_is_refused_with_the_text_of_now_and_a_fresh_base() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let before = server.state().await;
    let refused = server
        .rewrite(&planner, "notes", &json!("nonsense"), "Mine.")
        .await;
    let problem = refused.problem(409, "unknown_base");
    assert_eq!(problem["text"], "Free words.");
    assert_eq!(server.state().await, before, "nothing changed");
    let text = "Free words.\n\nMine too.\n";
    let retried = server
        .rewrite(&planner, "notes", &problem["base"], text)
        .await;
    retried.ok(200);
    assert_eq!(server.reads(&mara, "notes").await, text);
}

#[tokio::test]
async fn mrg6_a_base_that_is_kept_no_more_counts_while_the_text_reads_so_still() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let goal = server.text(&planner, "plan/goal").await["base"].clone();
    let notes = server.text(&planner, "notes").await["base"].clone();
    server.write(&mara, "notes", "Others were here.").await;
    // What was read is kept in memory.
    let server = server.restarted().await;
    server
        .rewrite(&mara, "plan/goal", &goal, "Reach it soon")
        .await
        .ok(200);
    let before = server.state().await;
    let refused = server.rewrite(&planner, "notes", &notes, "Mine.").await;
    let problem = refused.problem(409, "unknown_base");
    assert_eq!(problem["text"], "Others were here.");
    assert!(
        problem["base"].is_string() && problem["base"] != notes,
        "{problem}"
    );
    assert_eq!(server.state().await, before, "nothing changed");
}

#[tokio::test]
async fn mrg6_the_base_of_another_text_is_refused() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let goal = server.text(&planner, "plan/goal").await["base"].clone();
    let before = server.state().await;
    let refused = server.rewrite(&planner, "notes", &goal, "Mine.").await;
    let problem = refused.problem(409, "unknown_base");
    assert!(
        problem["detail"].as_str().unwrap().contains("plan/goal"),
        "{problem}"
    );
    assert_eq!(problem["text"], "Free words.");
    assert_eq!(server.state().await, before, "nothing changed");
    let base = &problem["base"];
    server.rewrite(&planner, "notes", base, "Mine.").await;
    assert_eq!(server.reads(&mara, "notes").await, "Mine.");
}

#[tokio::test]
async fn mrg5_words_that_stand_twice_or_never_are_refused_with_the_places() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server
        .write(&mara, "notes", "One day.\nTwo days.\nOne night.\n")
        .await;
    server
        .post(
            &planner,
            "edits",
            json!({ "path": "notes", "append": "More." }),
        )
        .await
        .ok(200);
    let before = server.state().await;
    let replace = |find: &str| {
        let body = json!({ "path": "notes", "find": find, "replace": "Some" });
        server.post(&planner, "edits", body)
    };
    let problem = replace("One").await.problem(409, "ambiguous");
    let places = problem["places"].as_array().unwrap();
    let lines: Vec<_> = places.iter().map(|place| place["line"].clone()).collect();
    assert_eq!(lines, [1, 3]);
    replace("Three").await.problem(409, "not_found_in_text");
    assert_eq!(server.state().await, before, "nothing changed");
    replace("One night").await.ok(200);
    let notes = server.reads(&mara, "notes").await;
    assert!(notes.starts_with("One day.\nTwo days.\nSome.\n"), "{notes}");
}

#[tokio::test]
async fn mrg3_a_rewrite_that_removes_nearly_all_of_a_person_s_text_is_suggested_and_says_so() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let theirs = "We met on a Monday. It rained. Nobody had an umbrella. We went home early.";
    server.write(&mara, "notes", theirs).await;
    let base = server.text(&planner, "notes").await["base"].clone();
    let written = server.rewrite(&planner, "notes", &base, "Summary.").await;
    let written = written.ok(200);
    let hunks = written["hunks"].as_array().unwrap();
    assert!(
        hunks.iter().all(|hunk| hunk["outcome"] == "suggested"),
        "{written}"
    );
    assert_eq!(hunks[0]["why"], "removes_nearly_all");
    assert_eq!(server.reads(&mara, "notes").await, theirs);
    let listed = server.get(&mara, "suggestions?status=open").await.ok(200);
    assert_eq!(listed["items"][0]["author"], planner.id.as_str());
    let why = listed["items"][0]["reason"].as_str().unwrap();
    assert!(why.contains("nearly all"), "{why}");
}

#[tokio::test]
async fn mrg7_arguments_that_do_not_fit_name_the_field_what_was_expected_and_an_example() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let base = server.text(&planner, "notes").await["base"].clone();
    let before = server.state().await;
    let edit = |edit: Value| json!({ "edits": [edit] });
    let cases = [
        (
            json!({ "path": "notes", "base": base, "text": 3 }),
            "text: ",
            "a string",
        ),
        (
            json!({ "path": "notes", "base": base, "text": "", "tone": 1 }),
            "tone",
            "`reason`",
        ),
        (
            json!({ "path": "nowhere/x", "append": "a" }),
            "path: ",
            "nowhere",
        ),
        (
            json!({ "path": "tasks/t1/status", "append": "a" }),
            "path: ",
            "is no text",
        ),
        (json!({ "path": "notes" }), "expected `text`", "`append`"),
        (
            json!({ "path": "notes", "find": "", "replace": "a" }),
            "`find`",
            "surroundings",
        ),
        (
            edit(json!({ "do": "patch", "at": "tasks/t1", "set": { "status": "soon" } })),
            "status",
            "doing",
        ),
        (
            edit(json!({ "do": "paint", "at": "tasks/t1" })),
            "do",
            "patch",
        ),
        (
            edit(json!({ "do": "patch", "at": "plan/steps", "set": {} })),
            "at",
            "plan/steps/ab12",
        ),
    ];
    for (body, field, expected) in cases {
        let refused = server.post(&planner, "edits", body.clone()).await;
        let detail = refused.problem_detail(422);
        assert!(
            detail.contains(field) && detail.contains(expected),
            "{body}: {detail}"
        );
        let has_example = detail.contains("for example") || detail.contains("such as");
        assert!(has_example || field == "`find`", "{body}: {detail}");
    }
    let zero = json!({ "path": "notes", "append": "a\u{0}b" });
    let detail = server.post(&mara, "edits", zero).await.problem_detail(422);
    assert!(detail.contains("append"), "{detail}");
    assert_eq!(server.state().await, before, "nothing changed");
}

#[tokio::test]
async fn mrg7_edits_hold_only_while_what_was_read_holds_and_all_or_none() {
    let (server, mara) = Server::new().await;
    let start = json!({ "do": "patch", "at": "tasks/t1", "set": { "status": "doing" },
        "if_value": { "status": "todo" } });
    let gone = json!({ "do": "remove", "at": "tasks/none" });
    let both = json!({ "edits": [start, gone] });
    let before = server.state().await;
    let refused = server.post(&mara, "edits", both).await;
    assert!(refused.status.is_client_error(), "{}", refused.body);
    assert_eq!(server.state().await, before, "nothing changed");
    let once = json!({ "edits": [start] });
    let done = server.post(&mara, "edits", once.clone()).await.ok(200);
    assert_eq!(done["changed"], json!(["tasks/t1"]));
    let before = server.state().await;
    let problem = server
        .post(&mara, "edits", once)
        .await
        .problem(409, "value_changed");
    assert_eq!(
        (&problem["read"], &problem["now"]),
        (&json!("todo"), &json!("doing"))
    );
    assert_eq!(server.state().await, before, "nothing changed");
}

#[tokio::test]
async fn gate2_a_text_over_the_limit_is_refused_and_the_limit_named() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let base = server.text(&planner, "notes").await["base"].clone();
    let before = server.state().await;
    let refused = server
        .rewrite(&planner, "notes", &base, &"x".repeat((1 << 20) + 1))
        .await;
    refused.problem_detail(413);
    let limit = json!({ "name": "text_bytes_max", "value": 1 << 20 });
    assert_eq!(refused.json()["limit"], limit);
    let refused = server
        .rewrite(&planner, "notes", &base, &"x".repeat(5 << 20))
        .await;
    refused.problem_detail(413);
    assert_eq!(refused.json()["limit"]["name"], "body_bytes_max");
    let many = json!({ "edits": vec![json!({ "do": "remove", "at": "tasks/t1" }); 201] });
    let detail = server.post(&mara, "edits", many).await.problem_detail(422);
    assert!(detail.contains("200"), "{detail}");
    assert_eq!(server.state().await, before, "nothing changed");
}

#[tokio::test]
async fn own9_what_an_agent_writes_before_it_has_caught_up_is_suggested_and_after_it_is_written() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.hand(&mara, "plan", to(&planner)).await.ok(201);
    server.hand(&planner, "plan", to(&mara)).await.ok(201);
    for title in ["Take the train", "Leave on Monday"] {
        let body = json!({ "item": "plan", "title": title, "note": "Because." });
        server.post(&mara, "decisions", body).await.ok(201);
    }
    for goal in ["Reach it soon", "Reach it sooner", "Reach it today"] {
        server.write(&mara, "plan/goal", goal).await;
    }
    server.hand(&mara, "plan", to(&planner)).await.ok(201);

    let body = json!({ "path": "plan/steps/s1/body", "append": "Then rest." });
    let early = server.post(&planner, "edits", body.clone()).await.ok(200);
    assert_eq!(early["hunks"][0]["why"], "not_owner");
    assert_eq!(early["suggestions"].as_array().unwrap().len(), 1);
    assert_eq!(
        server.reads(&mara, "plan/steps/s1/body").await,
        "Do the first thing."
    );

    let held = server.item(&planner, "plan").await;
    let gate = &held["gate"];
    let resume = json!({
        "epoch": held["epoch"], "decisions": gate["decisions"], "cursor": gate["cursor"]
    });
    server
        .post(&planner, "items/plan/resume", resume)
        .await
        .ok(200);
    let done = server.post(&planner, "edits", body).await.ok(200);
    assert_eq!(done["suggestions"], json!([]));
    let text = server.reads(&mara, "plan/steps/s1/body").await;
    assert!(text.contains("Then rest."), "{text}");
}

#[tokio::test]
async fn sug8_who_rewrites_again_where_it_may_only_suggest_replaces_what_it_suggested() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let base = server.text(&planner, "plan/goal").await["base"].clone();
    let first = server
        .rewrite(&planner, "plan/goal", &base, "Reach that")
        .await
        .ok(200);
    let second = server
        .rewrite(&planner, "plan/goal", &base, "Reach them")
        .await
        .ok(200);
    let again = server
        .rewrite(&planner, "plan/goal", &base, "Reach them")
        .await
        .ok(200);
    assert_ne!(first["suggestions"], second["suggestions"]);
    assert_eq!(second["suggestions"], again["suggestions"]);
    let listed = server.get(&mara, "suggestions").await.ok(200);
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{listed}");
    assert_eq!(items[0]["id"], second["suggestions"][0]);
}

#[tokio::test]
async fn own10_people_who_review_suggest_and_who_only_reads_is_refused() {
    let (server, mara) = Server::new().await;
    let (rita, vera) = (
        server.person("Rita", Role::Reviewer),
        server.person("Vera", Role::Viewer),
    );
    let body = json!({ "path": "notes", "append": "One more line." });
    let heard = server.post(&rita, "edits", body.clone()).await.ok(200);
    assert_eq!(heard["hunks"][0]["why"], "not_owner");
    assert_eq!(server.reads(&mara, "notes").await, "Free words.");
    server.post(&vera, "edits", body).await.problem_detail(403);
}
