//! What an agent may send instead of a whole text: words to replace, lines to append, and edits of
//! lists and fields.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

mod schema_support;

use crdt_schema::{
    ids::MemberId,
    merge::{self, BaseToken, Edit, EditProblem, FindError, SectionError},
    schema::words::{StepStatus, TaskStatus},
    suggest::{self, Maker},
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use schema_support::{assert_conforms, made, read, text};
use serde_json::{Value, json};
use yrs::{Doc, Transact};

fn rng() -> StdRng {
    StdRng::seed_from_u64(3)
}

#[test]
fn mrg5_what_stands_once_is_replaced() {
    let text = "One **two** three.\nFour\tfive six. Ünder 😀.";
    let replaced = |find, with| merge::replace(text, find, with).unwrap();
    assert_eq!(replaced("three", "3"), text.replace("three", "3"));
    assert_eq!(
        replaced("Ünder 😀.", "\r\n"),
        text.replace("Ünder 😀.", "\n")
    );
}

#[test]
fn mrg5_words_are_found_as_a_reader_sees_them() {
    let text = "One **two** three.\nFour  five `six`. Ünder 😀.";
    for (find, left) in [
        ("One two three. Four", "X  five `six`. Ünder 😀."),
        ("five six", "One **two** three.\nFour  X`. Ünder 😀."),
        ("six. Ünder 😀", "One **two** three.\nFour  five `X."),
    ] {
        assert_eq!(merge::replace(text, find, "X").unwrap(), left);
    }
}

#[test]
fn mrg5_what_stands_twice_is_refused_with_both_places() {
    let text = "a cat\nä cat\nthe cat";
    let FindError::Ambiguous { count, spots, .. } = merge::replace(text, "cat", "dog").unwrap_err()
    else {
        panic!("it stands there three times");
    };
    assert_eq!(count, 3);
    assert_eq!(
        spots.clone().map(|spot| (spot.at, spot.line)),
        [(2, 1), (8, 2)]
    );
    assert_eq!(spots.map(|spot| spot.excerpt), ["a cat", "ä cat"]);
    let overlapping = merge::replace("aaa", "aa", "b").unwrap_err();
    assert!(overlapping.to_string().contains("2 times"), "{overlapping}");
    assert!(matches!(
        merge::replace(text, "bird", ""),
        Err(FindError::Missing { .. })
    ));
    assert_eq!(merge::replace(text, " \n", "x"), Err(FindError::Empty));
}

proptest! {
    #[test]
    fn mrg5_replacing_never_panics_and_changes_one_place(text in text(), find in text(), with in text()) {
        let text = text.replace('\r', "");
        if let Ok(replaced) = merge::replace(&text, &find, &with) {
            let with = with.replace("\r\n", "\n").replace('\r', "\n");
            prop_assert!(replaced.contains(&with));
        }
        if let Ok(appended) = merge::append(&text, None, &with) {
            prop_assert!(appended.starts_with(text.trim_end()));
        }
    }
}

#[test]
fn mrg5_lines_are_appended_to_a_section() {
    let text =
        "# Trip\n\n## To do\n\n- Pack\n\n### Later\n\nRest.\n\n## Notes\n```\n## To do\n```\n";
    let appended = |heading: &str, more: &str| merge::append(text, Some(heading), more).unwrap();
    assert_eq!(
        appended("to do", "- Call"),
        text.replace("Rest.", "Rest.\n\n- Call")
    );
    assert_eq!(
        appended("### Later", "More."),
        text.replace("Rest.", "Rest.\n\nMore.")
    );
    assert_eq!(
        appended("Notes", "End.\n"),
        text.replace("```\n## To do\n```", "```\n## To do\n```\n\nEnd.")
    );
    let list = "# A\n- one\n# B\n";
    let more = merge::append(list, Some("a"), "- two").unwrap();
    assert_eq!(more, "# A\n- one\n- two\n# B\n");
    assert_eq!(merge::append("", None, "x").unwrap(), "x");
    assert_eq!(merge::append("a\n", None, "\nx").unwrap(), "a\n\nx\n");

    let SectionError::Missing { there, .. } = merge::append(text, Some("Done"), "x").unwrap_err()
    else {
        panic!("there is no such heading");
    };
    assert_eq!(there, ["Trip", "To do", "Later", "Notes"]);
    let twice = merge::append("# A\n\n# A\n", Some("A"), "x").unwrap_err();
    assert!(twice.to_string().contains("lines 1 and 3"), "{twice}");
    assert_eq!(merge::append(text, None, " \n"), Err(SectionError::Empty));
}

#[test]
fn mrg6_a_base_token_names_a_text_and_nothing_else() {
    let path = "plan/steps/a.b/body".parse::<crdt_schema::path::DocPath>();
    assert!(path.is_err(), "no dots in ids");
    let path = "briefing/entities/a.b~1c".parse().unwrap();
    let token = BaseToken::new(path, "words", 42);
    let text = token.to_string();
    assert_eq!(text.parse::<BaseToken>().unwrap(), token);
    assert!(token.names("words") && !token.names("word"));
    for bad in [
        "",
        "1",
        "1.2.notes",
        &text[1..10],
        &text.replace("42", "x"),
        &text.replace("briefing", "nowhere"),
    ] {
        assert!(bad.parse::<BaseToken>().is_err(), "{bad}");
    }
}

fn start() -> Doc {
    made(json!({
        "goal": "Go",
        "steps": [{"id": "s", "title": "Ask", "status": "ready"}, {"id": "t", "title": "Go"}],
        "tasks": [{"id": "k", "title": "Pack", "due": "2030-01-01", "blocked_by": ["x"]}],
        "briefing": {"intent": "Rest", "entities": {"Seats": 3}, "questions": [{"id": "q", "text": "When?"}]},
    }))
}

fn edits(all: Value) -> Vec<Edit> {
    let Value::Array(all) = all else {
        panic!("a list")
    };
    all.into_iter()
        .map(|one| Edit::from_json(one).unwrap())
        .collect()
}

fn all_kinds() -> Vec<Edit> {
    edits(json!([
        {"do": "add", "to": "plan/steps", "place": {"after": "s"}, "value": {"id": "n", "title": "New"}},
        {"do": "add", "to": "tasks", "value": {"title": "Leave", "status": "doing"}},
        {"do": "add", "to": "briefing/actions", "place": "first", "value": {"text": "Asked", "outcome": "done"}},
        {"do": "patch", "at": "plan/steps/s", "set": {"title": "Ask all", "status": "doing", "tier": "strategic"},
            "if_value": {"status": "ready", "title": "Ask"}},
        {"do": "patch", "at": "tasks/k", "set": {"due": null, "blocked_by": ["y", "z"]}, "if_value": {"blocked_by": ["x"]}},
        {"do": "patch", "at": "briefing", "set": {"confidence": 0.5, "next_step": "Go *now*",
            "entities": {"Seats": 4, "Room": "7"}}, "if_value": {"entities": {"Seats": 3}, "intent": "Rest"}},
        {"do": "patch", "at": "briefing/questions/q", "set": {"answer": "Soon"}},
        {"do": "patch", "at": "meta", "set": {"title": "A trip"}, "if_value": {"title": ""}},
        {"do": "patch", "at": "plan", "set": {"goal": "Go far"}, "if_value": {"goal": "Go"}},
        {"do": "move", "at": "plan/steps/t", "place": "first", "if_value": {"title": "Go"}},
        {"do": "remove", "at": "briefing/questions/q", "if_value": {"answer": "Soon"}},
    ]))
}

fn check(doc: &Doc) {
    let after = read(doc);
    let titles: Vec<&str> = after
        .plan
        .steps
        .iter()
        .map(|step| step.title.as_str())
        .collect();
    assert_eq!(titles, ["Go", "Ask all", "New"]);
    assert_eq!(after.plan.steps[1].status, StepStatus::Doing);
    assert_eq!(after.plan.goal, "Go far");
    assert_eq!(after.title, "A trip");
    assert_eq!(after.tasks[1].status, TaskStatus::Doing);
    assert_eq!(after.tasks[0].due, None);
    assert_eq!(json!(after.tasks[0].blocked_by), json!(["y", "z"]));
    assert_eq!(after.briefing.confidence, Some(0.5));
    assert_eq!(after.briefing.next_step, "Go *now*");
    assert_eq!(
        json!(after.briefing.entities),
        json!({"Room": "7", "Seats": 4.0})
    );
    assert_eq!(after.briefing.actions[0].text, "Asked");
    assert!(after.briefing.questions.is_empty());
    assert_conforms(doc);
}

#[test]
fn mrg7_lists_and_fields_are_edited_as_data() {
    let doc = start();
    let changed = merge::apply_all(&mut doc.transact_mut(), &mut rng(), &all_kinds()).unwrap();
    assert_eq!(changed.len(), 11);
    assert_eq!(changed[0].to_string(), "plan/steps/n");
    check(&doc);
    for edit in all_kinds() {
        let json = serde_json::to_value(&edit).unwrap();
        assert_eq!(Edit::from_json(json.clone()).unwrap(), edit);
        assert_eq!(serde_json::from_value::<Edit>(json).unwrap(), edit);
    }
}

#[test]
fn mrg7_edits_that_may_only_be_suggested_come_to_the_same_once_accepted() {
    let doc = start();
    let author: MemberId = "planner".parse().unwrap();
    let maker = Maker {
        author: &author,
        at_ms: 1,
        reason: "",
    };
    let before = read(&doc);
    let made = merge::suggestions(&doc.transact(), &mut rng(), &all_kinds(), &maker).unwrap();
    assert_eq!(read(&doc), before);
    let mut txn = doc.transact_mut();
    for new in &made {
        suggest::perform(&mut txn, &mut rng(), new).unwrap();
    }
    drop(txn);
    check(&doc);
}

#[test]
fn mrg7_what_changed_since_it_was_read_is_refused_and_nothing_is_written() {
    let doc = start();
    let before = read(&doc);
    let mut all = all_kinds();
    all.extend(edits(json!([
        {"do": "patch", "at": "tasks/k", "set": {"title": "X"}, "if_value": {"title": "Unpack"}},
    ])));
    let refused = merge::apply_all(&mut doc.transact_mut(), &mut rng(), &all).unwrap_err();
    let says = "tasks/k/title has changed since you read it: you read \"Unpack\", it is \"Pack\"";
    assert!(refused.to_string().starts_with(says), "{refused}");
    assert_eq!(read(&doc), before);
    for edit in [
        json!({"do": "remove", "at": "tasks/k", "if_value": {"status": "done"}}),
        json!({"do": "move", "at": "plan/steps/s", "place": "last", "if_value": {"order": "a5"}}),
        json!({"do": "patch", "at": "tasks/k", "set": {}, "if_value": {"due": null}}),
    ] {
        let edit = Edit::from_json(edit).unwrap();
        let refused = edit.apply(&mut doc.transact_mut(), &mut rng());
        assert!(
            matches!(refused, Err(EditProblem::Changed { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(read(&doc), before);
}

/// Edits that cannot be, and what is said of each.
const MALFORMED: &[(&str, &str)] = &[
    (r#""add""#, "field `.`: an edit is an object"),
    (
        r#"{"do": "append"}"#,
        "field `do`: is \"append\", expected one of add, patch, move, remove",
    ),
    (
        r#"{"do": "add", "to": "plan/stages", "value": {}}"#,
        "field `to`: \"plan/stages\" is not a place",
    ),
    (
        r#"{"do": "add", "to": "plan", "value": {}}"#,
        "field `to`: plan is no collection: use plan/steps",
    ),
    (
        r#"{"do": "add", "to": "plan/steps", "value": {"titel": "x"}}"#,
        "field `value.titel`: unknown field",
    ),
    (
        r#"{"do": "add", "to": "plan/steps", "value": {"status": "nearly"}}"#,
        "field `value.status`: unknown variant",
    ),
    (
        r#"{"do": "add", "to": "plan/steps", "value": "x"}"#,
        "field `value`: invalid type",
    ),
    (
        r#"{"do": "add", "to": "plan/steps"}"#,
        "missing field `value`",
    ),
    (
        r#"{"do": "add", "to": "plan/steps", "value": {}, "where": "x"}"#,
        "field `where`: unknown field",
    ),
    (
        r#"{"do": "move", "at": "plan/steps/s", "place": {"under": "t"}}"#,
        "field `place`: unknown variant `under`",
    ),
    (
        r#"{"do": "move", "at": "plan", "place": "last"}"#,
        "field `at`: plan is no element",
    ),
    (
        r#"{"do": "patch", "at": "tasks/k", "set": {"staus": "x"}}"#,
        "field `set.staus`: tasks/k has no such field; it has title, notes",
    ),
    (
        r#"{"do": "patch", "at": "tasks/k", "set": {"status": "nearly"}}"#,
        "field `set.status`: is \"nearly\", expected one of todo",
    ),
    (
        r#"{"do": "patch", "at": "tasks/k", "set": {"title": 7}}"#,
        "field `set.title`: is 7, expected Markdown",
    ),
    (
        r#"{"do": "patch", "at": "tasks/k", "set": {"blocked_by": "x"}}"#,
        "field `set.blocked_by`: is \"x\", expected a list of ids",
    ),
    (
        r#"{"do": "patch", "at": "briefing", "set": {"confidence": 2}}"#,
        "field `set.confidence`: is 2, expected a number from 0 to 1",
    ),
    (
        r#"{"do": "patch", "at": "briefing", "set": {"entities": {"a": []}}}"#,
        "field `set.entities.a`: is [], expected a string",
    ),
    (
        r#"{"do": "patch", "at": "briefing", "set": {"entities": {"": 1}}}"#,
        "field `set.entities`: has an empty name",
    ),
    (
        r#"{"do": "patch", "at": "plan", "set": {"steps": []}}"#,
        "field `set.steps`: holds elements",
    ),
    (
        r#"{"do": "patch", "at": "meta", "set": {"schema": 2}}"#,
        "field `set.schema`: meta has no such field",
    ),
    (
        r#"{"do": "patch", "at": "control", "set": {"x": 2}}"#,
        "field `at`: control has no fields to set",
    ),
    (
        r#"{"do": "patch", "at": "suggestions/g", "set": {"status": "open"}}"#,
        "field `at`: suggestions/g has no fields",
    ),
    (
        r#"{"do": "remove", "at": "notes"}"#,
        "field `at`: notes is no element",
    ),
];

/// Edits of what is not there, or is there already.
const OVERTAKEN: &[(&str, &str)] = &[
    (
        r#"{"do": "remove", "at": "tasks/gone"}"#,
        "tasks/gone does not exist",
    ),
    (
        r#"{"do": "patch", "at": "tasks/gone", "set": {"title": "x"}}"#,
        "tasks/gone does not exist",
    ),
    (
        r#"{"do": "add", "to": "tasks", "value": {"id": "k"}}"#,
        "tasks/k exists already",
    ),
    (
        r#"{"do": "add", "to": "tasks", "place": {"after": "gone"}, "value": {}}"#,
        "tasks/gone does not exist",
    ),
];

#[test]
fn mrg7_errors_name_the_field_what_was_expected_and_an_example() {
    let doc = start();
    let before = read(&doc);
    for (edit, says) in MALFORMED {
        let refused = refused(&doc, edit);
        assert!(refused.contains(says), "{edit}: {refused}");
        assert!(refused.contains("for example"), "{edit}: {refused}");
    }
    for (edit, says) in OVERTAKEN {
        let refused = refused(&doc, edit);
        assert!(refused.contains(says), "{edit}: {refused}");
    }
    assert_eq!(read(&doc), before);
}

fn refused(doc: &Doc, edit: &str) -> String {
    let made = Edit::from_json(serde_json::from_str(edit).unwrap())
        .and_then(|edit| edit.apply(&mut doc.transact_mut(), &mut rng()));
    made.unwrap_err().to_string()
}
