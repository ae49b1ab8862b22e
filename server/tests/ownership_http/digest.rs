//! What changed since somebody looked.

use std::sync::Arc;

use crdt_schema::member::{Kind, Member, Role};
use penhold_server::{
    room::{Outbox, Seat, Visitor},
    versions,
};
use serde_json::{Value, json};

use crate::server::{Server, Who, to};

impl Server {
    /// Comes to the workspace, and leaves; answers once what was seen is kept.
    pub(crate) async fn visit(&self, who: &Who) {
        let now = *self.room().await.position().borrow();
        drop(self.come(who, None).await);
        self.until_kept(who, now).await;
    }

    /// Until what `who` saw at the log position `now`, or later, is kept.
    async fn until_kept(&self, who: &Who, now: u64) {
        let (ws, id) = ("w".parse().unwrap(), versions::visit_id(&who.id));
        let seen = async || versions::read(&*self.app.store, &ws, &id).await;
        while seen().await.map_or(0, |version| version.cursor) < now {
            tokio::task::yield_now().await;
        }
    }

    /// Comes to the workspace, from a page of a browser if it is named; answers once it is told
    /// something.
    async fn come(&self, who: &Who, page: Option<&str>) -> Seat {
        let member = Member {
            id: who.id.clone(),
            name: who.id.to_string(),
            kind: Kind::Human,
            role: Role::Editor,
        };
        let visitor = Visitor {
            member: Arc::new(member),
            outbox: Outbox::new(1 << 20),
            page: page.map(Into::into),
        };
        let seat = self.room().await.join(visitor).await.unwrap();
        seat.outbox().ready().await;
        seat
    }

    async fn digest(&self, who: &Who, since: &str) -> Value {
        self.get(who, &format!("digest?since={since}"))
            .await
            .ok(200)
    }
}

/// The places that changed, in the order of the digest.
fn places(digest: &Value) -> Vec<&str> {
    let items = digest["items"].as_array().unwrap().iter();
    let changes = items.flat_map(|item| item["changes"].as_array().unwrap());
    changes
        .map(|change| change["path"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn dig3_since_a_version_it_names_what_changed_by_whom_word_for_word() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let ravi = server.person("Ravi", Role::Reviewer);
    let since = server.checkpoint(&mara, "Before").await;
    server.write(&mara, "plan/goal", "Reach it soon").await;
    server
        .write(&planner, "notes", "Free and plain words.")
        .await;
    server
        .post(
            &planner,
            "edits",
            json!({ "path": "notes", "append": "More." }),
        )
        .await
        .ok(200);
    let digest = server.digest(&ravi, &format!("checkpoint:{since}")).await;
    assert_eq!(
        places(&digest),
        ["plan/goal", "notes"],
        "what changes direction comes first"
    );
    let goal = &digest["items"][0];
    assert_eq!(goal["rank"], "strategic");
    assert_eq!(
        (&goal["by"][0]["name"], &goal["by"][0]["kind"]),
        (&json!("Mara"), &json!("human"))
    );
    let hunk = &goal["changes"][0]["hunks"][0];
    assert_eq!(hunk["inserted"][0]["text"].as_str().unwrap().trim(), "soon");
    let notes = &digest["items"][1]["changes"][0];
    assert_eq!(
        (&notes["by"][0]["name"], &notes["by"][0]["kind"]),
        (&json!("Planner"), &json!("agent"))
    );
    assert!(
        notes["hunks"][0]["inserted"][0]["text"]
            .as_str()
            .unwrap()
            .contains("and plain")
    );
    let cursor = server.get(&mara, "changes").await.ok(200)["cursor"].clone();
    assert_eq!(digest["cursor"], cursor);
    assert!(digest["since"].as_u64().unwrap() < cursor.as_u64().unwrap());

    let now = server.checkpoint(&mara, "After").await;
    let nothing = server.digest(&mara, &format!("checkpoint:{now}")).await;
    assert_eq!(nothing["items"], json!([]));
}

#[tokio::test]
async fn dig3_since_a_handoff_and_since_a_position_of_the_log() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.write(&mara, "plan/goal", "Reach it soon").await;
    let made = server.hand(&mara, "plan", to(&planner)).await.ok(201);
    let kept = server.kept(&mara, 1).await;
    server.write(&mara, "notes", "Other words.").await;
    let handoff = format!("handoff:{}", made["id"].as_str().unwrap());
    let digest = server.digest(&planner, &handoff).await;
    assert_eq!(places(&digest), ["notes"]);
    let cursor = kept[0]["cursor"].as_u64().unwrap();
    let same = server.digest(&planner, &cursor.to_string()).await;
    assert_eq!(same, digest);
    let all = server.digest(&planner, "0").await;
    assert!(
        places(&all).contains(&"plan/goal"),
        "before all versions there is nothing: {all}"
    );

    let gone = server.get(&mara, "digest?since=handoff:none").await;
    assert!(gone.problem_detail(404).contains("GET …/checkpoints"));
    let wrong = server.get(&mara, "digest?since=yesterday").await;
    assert!(wrong.problem_detail(422).contains("handoff:<id>"));
}

#[tokio::test]
async fn dig5_since_my_last_visit_my_own_changes_come_last() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    server.visit(&ravi).await;
    server.write(&ravi, "notes", "Mine.").await;
    server.write(&mara, "tasks/t1/notes", "Hers.").await;
    let digest = server.get(&ravi, "digest").await.ok(200);
    assert_eq!(places(&digest), ["tasks/t1/notes", "notes"]);
    let ranks = ["others", "own"].map(|rank| json!(rank));
    assert_eq!(
        [&digest["items"][0]["rank"], &digest["items"][1]["rank"]],
        [&ranks[0], &ranks[1]]
    );
    server.visit(&ravi).await;
    let after = server.get(&ravi, "digest?since=visit").await.ok(200);
    assert_eq!(after["items"], json!([]));
    let never = server.get(&mara, "digest").await.ok(200);
    assert_eq!(
        never["since"], 0,
        "who was never here compares with nothing"
    );
}

#[tokio::test]
async fn dig5_a_page_that_is_loaded_again_goes_on_with_its_visit() {
    let (server, mara) = Server::new().await;
    let ravi = server.person("Ravi", Role::Editor);
    server.visit(&ravi).await;
    let seat = server.come(&ravi, Some("one")).await;
    server.write(&mara, "notes", "Hers.").await;
    drop(seat);
    let seat = server.come(&ravi, Some("one")).await;
    server.write(&mara, "plan/goal", "Reach it soon").await;
    let reloaded = server.digest(&ravi, "visit").await;
    assert_eq!(places(&reloaded), ["plan/goal", "notes"]);

    drop(seat);
    let _other = server.come(&ravi, Some("another")).await;
    assert_eq!(server.digest(&ravi, "visit").await["items"], json!([]));
}

#[tokio::test]
async fn dig6_as_markdown_it_fits_its_budget_of_characters_and_says_what_it_left_out() {
    let (server, mara) = Server::new().await;
    let since = server.checkpoint(&mara, "Before").await;
    server.write(&mara, "plan/goal", "Reach it söön").await;
    server
        .write(&mara, "notes", "Other words, many of them.")
        .await;
    server.write(&mara, "tasks/t1/notes", "Hers.").await;
    let asked = |budget: &str| {
        let path = format!("digest?since=checkpoint:{since}&format=markdown{budget}");
        let (server, mara) = (&server, &mara);
        async move {
            let answer = server.get(mara, &path).await;
            assert_eq!(answer.kind, "text/markdown; charset=utf-8");
            answer.body
        }
    };
    let whole = asked("").await;
    assert!(
        whole.contains("Mara (person) changed") && whole.contains("söön"),
        "{whole}"
    );
    assert!(!whole.contains("left out"), "{whole}");
    for budget in [10, 80, 150, 220] {
        let text = asked(&format!("&budget={budget}")).await;
        assert!(text.chars().count() <= budget, "{budget}: {text}");
    }
    let short = asked("&budget=150").await;
    assert!(short.contains("left out"), "{short}");
}
