//! What tools say about themselves, and what they make of good and bad arguments.

use crdt_schema::member::Role;
use penhold_tests::harness::House;
use proptest::{
    prelude::{Strategy, any, prop},
    test_runner::{Config, TestRunner},
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{agent::Agent, house};

const TOOLS: [&str; 21] = [
    "approval_ask",
    "approval_consume",
    "approval_take",
    "await_change",
    "claim",
    "comment",
    "context_packet",
    "decision_consume",
    "decision_take",
    "handoff_accept",
    "handoff_brief",
    "handoff_create",
    "handoff_decline",
    "release",
    "renew",
    "resume_ack",
    "source_search",
    "suggest",
    "workspace_edit",
    "workspace_list",
    "workspace_read",
];

async fn cards(agent: &Agent) -> Vec<Value> {
    let list = agent.ask("tools/list", json!({})).await;
    list["tools"].as_array().unwrap().clone()
}

#[tokio::test]
async fn mcp2_the_tools_are_there_and_none_decides_for_a_person() {
    let house = house().await;
    let cards = cards(&Agent::new(&house, "Bot")).await;
    let names: Vec<&str> = cards
        .iter()
        .map(|card| card["name"].as_str().unwrap())
        .collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, TOOLS);
    for name in names {
        let decides = ["answer", "decide", "approve", "post", "take_over"];
        assert!(!decides.iter().any(|word| name.contains(word)), "{name}");
    }
}

#[tokio::test]
async fn mcp2_schemas_stand_alone_and_every_example_fits_its_own() {
    let house = house().await;
    for card in cards(&Agent::new(&house, "Bot")).await {
        let name = card["name"].as_str().unwrap();
        let (input, output) = (&card["inputSchema"], &card["outputSchema"]);
        for schema in [input, output] {
            assert_eq!(schema["type"], "object", "{name}");
            assert!(!schema.to_string().contains("$ref"), "{name}: {schema}");
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            assert!(
                input.get(key).is_none(),
                "{name}: not every model takes {key} at the top"
            );
        }
        let about = card["description"].as_str().unwrap();
        let example = about.split_once("\nExample: ").unwrap().1;
        let example: Value = serde_json::from_str(example).unwrap();
        for argument in example.as_object().unwrap().keys() {
            assert!(
                !input["properties"][argument].is_null(),
                "{name}: {argument}"
            );
        }
        for required in input["required"].as_array().unwrap() {
            let argument = required.as_str().unwrap();
            assert!(
                example.get(argument).is_some(),
                "{name}: the example lacks {argument}"
            );
            let words = &input["properties"][argument]["description"];
            assert!(words.is_string(), "{name}: {argument} is not described");
        }
    }
}

#[tokio::test]
async fn mcp2_commands_can_be_repeated_by_key_and_reading_is_marked_as_such() {
    let house = house().await;
    for card in cards(&Agent::new(&house, "Bot")).await {
        let name = card["name"].as_str().unwrap();
        let reads = card["annotations"]["readOnlyHint"] == true;
        let keyed = card["inputSchema"]["properties"]
            .get("idempotency_key")
            .is_some();
        assert!(reads != keyed, "{name}: reads {reads}, takes a key {keyed}");
    }
}

#[tokio::test]
async fn mcp3_arguments_that_do_not_fit_are_named_with_an_example_and_change_nothing() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    let before = record(&house).await;
    let at = |more: Value| {
        let mut arguments = json!({ "workspace": "launch" });
        arguments
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        arguments
    };
    for (tool, arguments, words) in [
        ("workspace_read", json!({}), "missing field `workspace`"),
        (
            "workspace_read",
            at(json!({ "section": "everything" })),
            "unknown variant `everything`",
        ),
        (
            "workspace_read",
            at(json!({ "budget": 3 })),
            "budget: expected 200 to",
        ),
        (
            "workspace_read",
            json!({ "workspace": ".." }),
            "names nothing",
        ),
        (
            "claim",
            at(json!({ "epoch": 0 })),
            "item is missing: What has an owner",
        ),
        (
            "claim",
            at(json!({ "item": "chapter", "epoch": 0 })),
            "\"chapter\" is not an item",
        ),
        (
            "claim",
            at(json!({ "item": "..", "epoch": 0 })),
            "item: \"..\" names nothing",
        ),
        (
            "claim",
            at(json!({ "item": ["plan"], "epoch": 0 })),
            "item: expected one plain value, got a list",
        ),
        (
            "claim",
            at(json!({ "item": "plan", "epoch": "now" })),
            "epoch: invalid type: string \"now\"",
        ),
        (
            "claim",
            at(json!({ "item": "plan", "epoch": 0, "force": true })),
            "there is no argument \"force\"; there are",
        ),
        (
            "handoff_create",
            at(json!({
                "item": "plan", "to": "mara", "mode": "cold", "epoch": 0, "reason": { "trigger": "loop" },
            })),
            "to: ",
        ),
        (
            "await_change",
            at(json!({ "hold": "long" })),
            "hold: invalid digit",
        ),
    ] {
        let told = agent.call(tool, arguments.clone()).await.refused();
        assert!(told.contains(words), "{tool} {arguments}: {told}");
        assert!(
            told.contains("Example of arguments: {"),
            "{tool} {arguments}: {told}"
        );
    }
    assert_eq!(record(&house).await, before, "nothing has happened");
}

#[tokio::test]
async fn mcp3_an_unknown_tool_is_an_error_of_the_protocol() {
    let house = house().await;
    let params = json!({ "name": "make_tea", "arguments": {} });
    let error = Agent::new(&house, "Bot").ask("tools/call", params).await;
    assert_eq!(error["code"], -32602);
    assert!(
        error["message"].as_str().unwrap().contains("make_tea"),
        "{error}"
    );
}

#[tokio::test]
async fn mcp4_a_workspace_named_in_the_address_need_not_be_named_again() {
    let house = house().await;
    house.create("other", "Elsewhere.").await;
    let agent = Agent::new(&house, "Bot").at("launch");
    let read = agent.call("workspace_read", json!({})).await.done();
    assert_eq!(read["workspace"], "launch");
    let read = agent
        .call("workspace_read", json!({ "workspace": "other" }))
        .await
        .done();
    assert_eq!(read["workspace"], "other", "it is a default, not a limit");
    for card in cards(&agent).await {
        let required = card["inputSchema"]["required"].to_string();
        assert!(!required.contains("workspace"), "{card}");
    }
    let bad = agent.at("no%20id").alone("tools/list", json!({})).send();
    assert_eq!(bad.await.unwrap().status(), 400);
}

#[tokio::test]
async fn mcp4_reading_shows_the_section_that_was_asked_for() {
    let house = house().await;
    let agent = Agent::new(&house, "Bot");
    let read = |section: &str, format: &str| {
        let wish = json!({ "workspace": "launch", "section": section, "format": format });
        let agent = agent.clone();
        async move { agent.call("workspace_read", wish).await }
    };
    let notes = read("notes", "markdown").await;
    assert!(notes.told.contains("Two venues fit."));
    assert_eq!(
        notes.structured["markdown"], notes.told,
        "the same, to the letter"
    );
    let plan = read("plan", "markdown").await.done();
    assert!(
        !plan["markdown"]
            .as_str()
            .unwrap()
            .contains("Two venues fit.")
    );
    let notes = read("notes", "json").await.done();
    assert_eq!(notes["document"], "Two venues fit.");
    let owners = read("owners", "markdown").await.told;
    assert!(
        owners.contains("`notes`: ") && owners.contains("epoch 0"),
        "{owners}"
    );
}

#[test]
fn mcp4_what_does_not_fit_into_the_budget_is_cut_at_a_line_and_counted() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (house, agent) = runtime.block_on(async {
        let house = House::open().await;
        let agent = Agent::new(&house, "Bot");
        (house, agent)
    });
    let lines = prop::collection::vec("[a-zäß数😀 ]{0,40}", 1..60);
    let mut runner = TestRunner::new(Config::with_cases(24));
    let cases = (lines, 200usize..1500, any::<u32>());
    let checked = runner.run(
        &cases.prop_map(|(lines, budget, id)| (lines.join("\n"), budget, id)),
        |(notes, budget, id)| {
            let workspace = format!("w{id}");
            let read = |budget: usize| {
                let wish = json!({ "workspace": workspace, "section": "notes", "budget": budget });
                runtime.block_on(agent.call("workspace_read", wish)).done()
            };
            runtime.block_on(house.create(&workspace, &notes));
            let whole = read(100_000)["markdown"].as_str().unwrap().to_owned();
            let shown = read(budget);
            let (text, cut) = (
                shown["markdown"].as_str().unwrap(),
                &shown["characters_cut"],
            );
            let cut = usize::try_from(cut.as_u64().unwrap()).unwrap();
            if cut == 0 {
                assert_eq!(text, whole);
                return Ok(());
            }
            let (kept, notice) = text.rsplit_once("\n\n[").unwrap();
            assert!(whole.starts_with(kept) && kept.chars().count() <= budget);
            assert_eq!(whole.chars().count(), kept.chars().count() + cut);
            assert!(
                notice.starts_with(&format!("{cut} more characters")),
                "{notice}"
            );
            Ok(())
        },
    );
    checked.unwrap();
}

/// The number of the last record: what commands have done.
async fn record(house: &House) -> Value {
    let token = house.token("Reader", Role::Viewer);
    let (status, list) = house
        .ask(Method::GET, "/workspaces/launch/items", &token, None)
        .await;
    assert_eq!(status, 200, "{list}");
    list
}
