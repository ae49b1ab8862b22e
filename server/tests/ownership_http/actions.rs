//! What agents report, and taking one member's work back.

use crdt_schema::member::Role;
use serde_json::{Value, json};

use crate::server::{Server, Who};

async fn report(server: &Server, who: &Who, what: &str, risk: f64, reversible: bool) -> Value {
    let body = json!({
        "item": "plan", "what": what, "result": "Done.", "risk": risk, "reversible": reversible
    });
    server.post(who, "actions", body).await.ok(201)
}

fn told(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|action| action["what"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn own17_actions_are_listed_riskiest_first_or_newest_first_in_pages() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    for (what, risk, reversible) in [
        ("Booked", 0.3, true),
        ("Paid", 0.9, false),
        ("Moved", 0.9, true),
        ("Asked", 0.1, true),
    ] {
        let made = report(&server, &planner, what, risk, reversible).await;
        assert_eq!(
            (&made["by"], &made["what"]),
            (&json!(planner.id), &json!(what))
        );
    }
    let all = server.get(&mara, "actions").await.ok(200);
    assert_eq!(told(&all), ["Paid", "Moved", "Booked", "Asked"]);
    let newest = server.get(&mara, "actions?order=time").await.ok(200);
    assert_eq!(newest["items"].as_array().unwrap().len(), 4);
    let first = server.get(&mara, "actions?limit=3").await.ok(200);
    assert_eq!(told(&first), ["Paid", "Moved", "Booked"]);
    let next = first["next_cursor"].as_str().unwrap();
    let rest = server
        .get(&mara, &format!("actions?limit=3&cursor={next}"))
        .await
        .ok(200);
    assert_eq!(
        (told(&rest), &rest["next_cursor"]),
        (vec!["Asked"], &Value::Null)
    );
    let other = server.get(&mara, "actions?item=notes").await.ok(200);
    assert_eq!(told(&other), Vec::<&str>::new());
    let beyond = json!({ "what": "Paid", "result": "Done.", "risk": 1.5, "reversible": true });
    let detail = server
        .post(&planner, "actions", beyond)
        .await
        .problem_detail(422);
    assert!(detail.contains("risk"), "{detail}");
}

#[tokio::test]
async fn esc6_a_share_of_what_agents_did_not_ask_about_shows_up_for_people() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    let sure = json!({ "item": "plan", "signals": { "confidence": 0.9 } });
    server.post(&planner, "signals", sure.clone()).await.ok(201);
    let mut policy = server.get(&mara, "policy").await.ok(200);
    policy["audit_share"] = json!(1.0);
    server.send("PUT", &mara, "policy", policy).await.ok(200);
    let picked = server.post(&planner, "signals", sure).await.ok(201);
    assert_eq!(
        (&picked["audit"], &picked["advice"]),
        (&json!(true), &json!("go_on"))
    );
    let listed = server
        .get(&mara, "signals?audit=true&status=open")
        .await
        .ok(200);
    let items = listed["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["id"]), (1, &picked["id"]));
    let judge = format!("signals/{}/judge", picked["id"].as_str().unwrap());
    let judged = server
        .post(&mara, &judge, json!({ "judgement": "right" }))
        .await;
    judged.ok(200);
    let listed = server
        .get(&mara, "signals?audit=true&status=open")
        .await
        .ok(200);
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn ver5_one_member_s_edits_go_and_a_person_s_words_in_the_same_paragraph_stay() {
    let (server, mara) = Server::new().await;
    let planner = server.agent("Planner");
    server.write(&mara, "notes", "The tram runs.").await;
    let since = server.checkpoint(&mara, "Before the agent").await;
    server
        .write(&planner, "notes", "The night tram runs hourly.")
        .await;
    server
        .write(&mara, "notes", "The night tram runs hourly until four.")
        .await;
    server
        .write(&planner, "plan/goal", "Reach something else")
        .await;

    let body = json!({ "member": planner.id, "since": format!("checkpoint:{since}") });
    let done = server.post(&mara, "actions/undo", body).await.ok(200);
    assert_eq!(
        server.reads(&mara, "notes").await,
        "The tram runs until four."
    );
    assert_eq!(server.goal(&mara).await, "Reach it");
    let undone = done["undone"].as_array().unwrap().iter();
    let places: Vec<_> = undone
        .map(|place| place["path"].as_str().unwrap())
        .collect();
    assert!(
        places.contains(&"notes") && places.contains(&"plan/goal"),
        "{done}"
    );
    let record = server.get(&mara, "record?type=noted").await.ok(200);
    assert!(
        record["items"].to_string().contains("\"undone\""),
        "{record}"
    );
}

#[tokio::test]
async fn ver5_only_people_who_may_write_take_back_and_since_when_is_checked() {
    let (server, mara) = Server::new().await;
    let (planner, rita) = (
        server.agent("Planner"),
        server.person("Rita", Role::Reviewer),
    );
    let since = server.checkpoint(&mara, "Before").await;
    let body = |since: &str| json!({ "member": "planner", "since": since });
    let since = format!("checkpoint:{since}");
    for who in [&planner, &rita] {
        server
            .post(who, "actions/undo", body(&since))
            .await
            .problem_detail(403);
    }
    let detail = server
        .post(&mara, "actions/undo", body("lately"))
        .await
        .problem_detail(422);
    assert!(detail.contains("checkpoint:<id>"), "{detail}");
    let gone = server
        .post(&mara, "actions/undo", body("handoff:none"))
        .await;
    gone.problem_detail(404);
    let nothing = server
        .post(&mara, "actions/undo", body(&since))
        .await
        .ok(200);
    assert_eq!(nothing["undone"], json!([]));
}
