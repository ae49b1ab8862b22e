//! What a workspace starts with, and how it reads as Markdown.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

mod schema_support;

use crdt_schema::{
    content::{self, InitialContent},
    document, markdown,
    project::Primitive,
    schema::words::{Outcome, Priority, Sentiment, StepStatus, TaskStatus, Tier},
};
use rand::{SeedableRng, rngs::StdRng};
use schema_support::{made, read};
use serde_json::{Value, json};
use yrs::{ReadTxn, StateVector, Transact};

#[test]
fn sch7_wrong_content_names_the_field_and_writes_nothing() {
    let cases = [
        (json!(3), ".", "expected Markdown as a string, or an object"),
        (
            json!({"titel": "x"}),
            "titel",
            "expected one of `schema`, `title`",
        ),
        (json!({"title": 3}), "title", "expected a string"),
        (
            json!({"steps": [{"status": "nearly"}]}),
            "steps[0].status",
            "expected one of `draft`",
        ),
        (
            json!({"steps": ["a", 7]}),
            "steps[1]",
            "an object, or its title or text",
        ),
        (
            json!({"plan": {"steps": [{"id": "a b"}]}}),
            "plan.steps[0].id",
            "an element id must be",
        ),
        (
            json!({"tasks": [{"order": "!"}]}),
            "tasks[0].order",
            "not a fractional order key",
        ),
        (
            json!({"tasks": [{"id": "a"}, {"id": "a"}]}),
            "tasks[1].id",
            "each needs its own",
        ),
        (
            json!({"briefing": {"confidence": 2}}),
            "briefing.confidence",
            "a number from 0 to 1",
        ),
        (
            json!({"briefing": {"entities": {"a": []}}}),
            "briefing.entities.a",
            "expected a string, a number, true or false",
        ),
        (
            json!({"briefing": {"entities": {"": 1}}}),
            "briefing.entities",
            "empty name",
        ),
        (
            json!({"goal": "a", "plan": {"goal": "b"}}),
            "goal",
            "given twice",
        ),
        (json!({"schema": 2}), "schema", "expected 1"),
    ];
    for (wrong, field, problem) in cases {
        let doc = document::new_doc(1);
        let outcome = InitialContent::from_json(wrong.clone()).and_then(|content| {
            content::write(
                content,
                &mut doc.transact_mut(),
                &mut StdRng::seed_from_u64(1),
            )
        });
        let error = outcome.expect_err(&wrong.to_string());
        assert_eq!(error.field, field, "{error}");
        assert!(error.problem.contains(problem), "{error}");
        assert_eq!(doc.transact().state_vector(), StateVector::default());
    }
}

#[test]
fn sch7_plain_texts_stand_for_elements() {
    let workspace = read(&made(json!({
        "title": "T", "goal": "G", "steps": ["one", {"title": "two", "tier": "strategic"}], "tasks": ["do"],
        "briefing": {"constraints": ["cheap"], "questions": ["why?"], "actions": ["asked"],
                     "sources": ["https://example.org"], "entities": {"budget": 3, "open": true}},
    })));
    let titles: Vec<&str> = workspace
        .plan
        .steps
        .iter()
        .map(|step| step.title.as_str())
        .collect();
    assert_eq!(titles, ["one", "two"]);
    assert_eq!(workspace.plan.steps[1].tier, Tier::Strategic);
    assert_eq!(workspace.tasks[0].title, "do");
    let briefing = &workspace.briefing;
    assert_eq!(briefing.constraints[0].text, "cheap");
    assert_eq!(briefing.questions[0].text, "why?");
    assert_eq!(briefing.actions[0].outcome, Outcome::Pending);
    assert_eq!(briefing.sources[0].uri, "https://example.org");
    assert_eq!(briefing.entities["budget"], Primitive::Number(3.0));
}

const DOCUMENT: &str = "\
# Reading group

Hello there.

[ref]: https://example.org

## Goal

Agree on *three* papers.

### Why

Because.

## Plan

1. Collect candidates
   from everybody
2. [x] Fix a date

### Vote · ready · strategic

Everybody has

- two votes

#### How

By hand.

## Tasks

Some words.

- [x] Book the room
- [ ] Write the call · high · due 2030-02-01
  in plain words

## Briefing

Keep it small.

### Sentiment

positive

### Facts

- people: 8
- weekly: true
- nonsense

### Mystery

What is this?

## Notes

First note.

## Elsewhere

> # not a heading

## C#
";

#[test]
fn sch7_markdown_is_read_by_its_sections() {
    let workspace = read(&made(json!(DOCUMENT)));
    assert_eq!(workspace.title, "Reading group");
    assert_eq!(
        workspace.plan.goal,
        "Agree on *three* papers.\n\n### Why\n\nBecause."
    );
    let steps = &workspace.plan.steps;
    assert_eq!(steps[0].title, "Collect candidates");
    assert_eq!(steps[0].body, "from everybody");
    assert_eq!(steps[1].status, StepStatus::Done);
    assert_eq!(
        (steps[2].title.as_str(), steps[2].status, steps[2].tier),
        ("Vote", StepStatus::Ready, Tier::Strategic)
    );
    assert_eq!(
        steps[2].body,
        "Everybody has\n\n- two votes\n\n#### How\n\nBy hand."
    );
    let tasks = &workspace.tasks;
    assert_eq!(tasks[0].status, TaskStatus::Done);
    assert_eq!(
        (tasks[1].priority, tasks[1].due.as_deref()),
        (Priority::High, Some("2030-02-01"))
    );
    assert_eq!(
        (tasks[1].title.as_str(), tasks[1].notes.as_str()),
        ("Write the call", "in plain words")
    );
    assert_eq!(workspace.briefing.intent, "Keep it small.");
    assert_eq!(workspace.briefing.sentiment, Sentiment::Positive);
    assert_eq!(
        workspace.briefing.entities["people"],
        Primitive::Number(8.0)
    );
    assert_eq!(workspace.briefing.entities["weekly"], Primitive::Bool(true));
    for kept in [
        "Hello there.",
        "[ref]: https",
        "Some words.",
        "nonsense",
        "### Mystery",
        "What is this?",
        "First note.",
        "## Elsewhere",
        "> # not a heading",
        "## C#",
    ] {
        assert!(
            workspace.notes.contains(kept),
            "{kept:?} is lost: {}",
            workspace.notes
        );
    }
}

fn full() -> Value {
    json!({
        "title": "Field study",
        "plan": {"goal": "Learn **much**.", "steps": [
            {"id": "s1", "title": "Scout", "body": "Go and\n\nlook.", "status": "doing", "tier": "strategic"},
            {"id": "s2", "title": "Write", "status": "needs_decision"},
        ]},
        "briefing": {
            "intent": "Know.", "next_step": "Ask.", "confidence": 0.5, "sentiment": "urgent",
            "entities": {"budget": 300, "site": "north", "safe": true},
            "actions": [{"text": "Called", "outcome": "failed"}, {"text": "Wrote"}],
            "constraints": ["No cars"],
            "questions": [{"text": "When?", "answer": "In May."}, {"text": "Who?"}],
            "sources": [{"title": "Map", "uri": "https://example.org/map", "kind": "map"}],
        },
        "tasks": [
            {"id": "t1", "title": "Pack", "status": "done"},
            {"id": "t2", "title": "Leave", "notes": "Early.\nReally.", "status": "waiting", "priority": "urgent",
             "due": "2030-05-01", "step": "s1", "blocked_by": ["t1"]},
        ],
        "notes": "Bring a pen.\n\n- and paper",
    })
}

#[test]
fn sch7_rendered_markdown_starts_an_equal_workspace() {
    let original = read(&made(full()));
    let rendered = markdown::render(&original);
    let mut copy = read(&made(json!(rendered)));
    assert_eq!(markdown::render(&copy), rendered);
    for (copied, action) in copy
        .briefing
        .actions
        .iter_mut()
        .zip(&original.briefing.actions)
    {
        copied.id = action.id.clone();
    }
    assert_eq!(copy.plan, original.plan);
    assert_eq!(copy.tasks, original.tasks);
    assert_eq!(copy.notes, original.notes);
    assert_eq!(copy.briefing.actions, original.briefing.actions);
    assert_eq!(copy.briefing.entities, original.briefing.entities);
    assert_eq!(copy.briefing.questions[0].answer, "In May.");
    assert_eq!(copy.briefing.sources[0].uri, "https://example.org/map");
}

#[test]
fn sch3_markdown_reads_well() {
    let rendered = markdown::render(&read(&made(full())));
    let expected = "\
# Field study

## Goal

Learn **much**.

## Plan

### Scout · doing · strategic · `step:s1`

Go and

look.

### Write · needs_decision · `step:s2`

## Briefing

### Intent

Know.

### Next step

Ask.

### Confidence

0.5

### Sentiment

urgent

### Facts

- budget: 300
- safe: true
- site: north

### Actions

- Called · failed
- Wrote

### Constraints

- No cars

### Questions

- When?

  Answer: In May.
- Who?

### Sources

- [Map](https://example.org/map) · kind map

## Tasks

- [x] Pack · `task:t1`
- [ ] Leave · waiting · urgent · due 2030-05-01 · for step:s1 · after task:t1 · `task:t2`

  Early.
  Really.

## Notes

Bring a pen.

- and paper
";
    assert_eq!(rendered, expected);
}
