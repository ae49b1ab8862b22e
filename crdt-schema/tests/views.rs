//! The typed views: tolerant reading, minimal edits, order, and word of what changed.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

mod schema_support;

use std::sync::{Arc, Mutex};

use crdt_schema::{
    document,
    ids::ElementId,
    item::Item,
    lineage::Lineage,
    project,
    schema::{self, Changes, EditError, NewStep, NewTask, Place, Position, Workspace},
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use schema_support::{apply, assert_conforms, edit, join, made, read, state, sync, text};
use serde_json::json;
use yrs::{Any, In, Map, MapPrelim, ReadTxn, TextPrelim, Transact};

fn step(title: &str) -> NewStep {
    NewStep {
        title: title.into(),
        ..NewStep::default()
    }
}

fn titles(doc: &yrs::Doc) -> Vec<String> {
    read(doc)
        .plan
        .steps
        .into_iter()
        .map(|step| step.title)
        .collect()
}

#[test]
fn sch2_an_empty_document_reads_as_defaults() {
    let doc = document::new_doc(1);
    let projection = project::project(&doc.transact());
    assert_eq!(projection.schema, document::SCHEMA_VERSION);
    assert_eq!(projection.title, "");
    assert!(projection.plan.steps.is_empty());
    assert!(Lineage::read(&doc.transact()).is_none());
}

fn junk() -> impl Strategy<Value = In> {
    let plain = prop_oneof![
        Just(Any::Null),
        Just(Any::Undefined),
        any::<bool>().prop_map(Any::from),
        any::<f64>().prop_map(Any::from),
        any::<i64>().prop_map(Any::from),
        "\\PC{0,6}".prop_map(Any::from),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Any::from),
        Just(Any::Array(Arc::new([Any::from(1.0)]))),
    ];
    prop_oneof![
        plain.prop_map(In::Any),
        "\\PC{0,6}".prop_map(|text| TextPrelim::new(text).into()),
        Just(MapPrelim::from([("order", "a0")]).into()),
        Just(
            MapPrelim::from([
                ("order", In::from(3.0)),
                ("title", In::from(MapPrelim::default()))
            ])
            .into()
        ),
    ]
}

proptest! {
    #[test]
    fn sch2_wrong_types_read_as_defaults_and_views_still_write(
        wrong in prop::collection::vec((0_usize..12, junk()), 1..30),
        edits in prop::collection::vec(edit(), 0..10),
    ) {
        let doc = made(json!({"steps": [{"id": "s"}], "tasks": [{"id": "t"}], "threads": [{"id": "d"}], "suggestions": [{"id": "g"}]}));
        for (at, value) in wrong {
            let mut txn = doc.transact_mut();
            let fields = ["goal", "steps", "entities", "title", "status", "order", "confidence", "start", "blocked_by", "at", "comments", "actions"];
            let roots = ["meta", "plan", "briefing", "tasks", "threads", "suggestions"];
            let root = txn.get_map(roots[at % roots.len()]).unwrap();
            root.insert(&mut txn, fields[at], value.clone());
            for id in ["s", "t", "d", "g"] {
                if let Some(yrs::Out::YMap(element)) = root.get(&txn, id) {
                    element.insert(&mut txn, fields[at], value.clone());
                }
            }
        }
        let before = read(&doc);
        prop_assert!(serde_json::to_value(&before).is_ok());
        let mut rng = StdRng::seed_from_u64(1);
        for edit in &edits {
            apply(&doc, &mut rng, edit);
        }
        read(&doc);
    }

    #[test]
    fn sch2_any_bytes_as_a_position_are_no_danger(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let doc = made(json!({"notes": "abc"}));
        let txn = doc.transact();
        if let Some(at) = base64_position(&bytes) {
            prop_assert!(at.offset(&txn).is_none_or(|offset| offset <= 3));
        }
    }

    #[test]
    fn sch5_a_text_reads_as_it_was_set(first in text(), second in text()) {
        let doc = made(json!({"notes": first}));
        let mut txn = doc.transact_mut();
        Workspace.notes().set(&mut txn, &second).unwrap();
        prop_assert_eq!(Workspace.notes().read(&txn), second.replace("\r\n", "\n").replace('\r', "\n"));
    }

    #[test]
    fn sch5_what_another_types_survives_a_rewrite(at in 0_u32..=11, words in prop::collection::vec("[a-z]{1,5}", 1..6)) {
        let doc = made(json!({"notes": "alpha 😀 omega"}));
        let other = join(&doc, 2);
        let at = if at == 7 { 8 } else { at };
        Workspace.notes().insert(&mut other.transact_mut(), at, "<typed>").unwrap();
        let rewritten = format!("alpha 😀 omega {}", words.join(" "));
        Workspace.notes().set(&mut doc.transact_mut(), &rewritten).unwrap();
        sync(&other, &doc);
        let merged = Workspace.notes().read(&doc.transact());
        prop_assert_eq!(merged.replace("<typed>", ""), rewritten);
        prop_assert!(merged.contains("<typed>"));
    }
}

fn base64_position(bytes: &[u8]) -> Option<Position> {
    let doc = document::new_doc(1);
    let mut txn = doc.transact_mut();
    let threads = txn.get_map("threads")?;
    threads.insert(&mut txn, "d", MapPrelim::from([("start", bytes.to_vec())]));
    project::project(&txn).threads.pop()?.start
}

#[test]
fn sch5_a_rewrite_writes_only_its_difference() {
    let body = "The quick brown fox jumps over the lazy dog.\n".repeat(200);
    let doc = made(json!({"notes": body}));
    let before = state(&doc).len();
    let changed = body.replacen("lazy dog", "sleepy dog", 1);
    Workspace
        .notes()
        .set(&mut doc.transact_mut(), &changed)
        .unwrap();
    assert_eq!(Workspace.notes().read(&doc.transact()), changed);
    assert!(
        state(&doc).len() - before < 100,
        "grew by {}",
        state(&doc).len() - before
    );
}

#[test]
fn sch5_ranges_that_cut_a_character_are_refused() {
    let doc = made(json!({"notes": "a😀b"}));
    let mut txn = doc.transact_mut();
    let notes = Workspace.notes();
    for range in [2..3, 0..9, 5..5] {
        let refused = notes.replace(&mut txn, range, "x");
        assert!(
            matches!(refused, Err(EditError::OutOfRange { .. })),
            "{refused:?}"
        );
    }
    notes.replace(&mut txn, 1..3, "x").unwrap();
    notes.delete(&mut txn, 0..1).unwrap();
    assert_eq!(notes.read(&txn), "xb");
}

#[test]
fn sch4_elements_go_where_they_are_put_even_between_equal_keys() {
    let doc = made(json!({"steps": [{"id": "a", "title": "a"}]}));
    let other = join(&doc, 2);
    let mut rng = StdRng::seed_from_u64(3);
    let steps = Workspace.plan().steps();
    for (peer, title) in [(&doc, "b"), (&other, "c")] {
        let new = NewStep {
            id: title.parse().ok(),
            ..step(title)
        };
        steps
            .add(&mut peer.transact_mut(), &mut rng, Place::Last, new)
            .unwrap();
    }
    sync(&other, &doc);
    assert_eq!(titles(&doc), ["a", "b", "c"]);
    let keys: Vec<String> = read(&doc)
        .plan
        .steps
        .into_iter()
        .map(|step| step.order)
        .collect();
    assert_eq!(keys[1], keys[2], "both writers chose the same key");

    let b: ElementId = "b".parse().unwrap();
    steps
        .add(
            &mut doc.transact_mut(),
            &mut rng,
            Place::After(&b),
            step("between"),
        )
        .unwrap();
    assert_eq!(titles(&doc), ["a", "b", "between", "c"]);
    steps
        .move_to(&mut doc.transact_mut(), &b, Place::First)
        .unwrap();
    assert_eq!(titles(&doc), ["b", "a", "between", "c"]);
    assert_conforms(&doc);
}

#[test]
fn sch1_edits_of_what_is_gone_say_so() {
    let doc = made(json!({"steps": [{"id": "a"}]}));
    let mut txn = doc.transact_mut();
    let steps = Workspace.plan().steps();
    let id: ElementId = "a".parse().unwrap();
    assert!(steps.remove(&mut txn, &id));
    assert!(!steps.remove(&mut txn, &id));
    let view = steps.get(&id);
    assert!(matches!(
        view.title().set(&mut txn, "x"),
        Err(EditError::Missing(_))
    ));
    assert!(matches!(
        steps.move_to(&mut txn, &id, Place::First),
        Err(EditError::Missing(_))
    ));
    assert_eq!(view.read(&txn), None);
}

#[test]
fn sch1_values_outside_the_schema_are_refused() {
    let doc = made(json!({"tasks": [{"id": "t"}]}));
    let mut txn = doc.transact_mut();
    let mut rng = StdRng::seed_from_u64(3);
    let too_sure = Workspace.briefing().set_confidence(&mut txn, Some(1.5));
    assert!(matches!(too_sure, Err(EditError::Value { .. })));
    let taken = NewTask {
        id: "t".parse().ok(),
        ..NewTask::default()
    };
    let again = Workspace
        .tasks()
        .add(&mut txn, &mut rng, Place::Last, taken);
    assert!(matches!(again, Err(EditError::Exists(_))));
    let unordered = NewTask {
        order: Some("!".into()),
        ..NewTask::default()
    };
    let again = Workspace
        .tasks()
        .add(&mut txn, &mut rng, Place::Last, unordered);
    assert!(matches!(again, Err(EditError::Value { .. })));
}

#[test]
fn sch6_observers_hear_which_places_and_items_changed() {
    let doc = made(json!({"steps": [{"id": "a"}], "tasks": [{"id": "t"}]}));
    let other = join(&doc, 2);
    let heard: Arc<Mutex<Vec<Changes>>> = Arc::default();
    let sink = Arc::clone(&heard);
    let subscription =
        schema::observe(&doc, move |_, changes| sink.lock().unwrap().push(changes)).unwrap();

    {
        let mut txn = other.transact_mut();
        let a: ElementId = "a".parse().unwrap();
        Workspace
            .plan()
            .steps()
            .get(&a)
            .body()
            .set(&mut txn, "x")
            .unwrap();
        Workspace.notes().push(&mut txn, "y").unwrap();
        Workspace.tasks().remove(&mut txn, &"t".parse().unwrap());
    }
    sync(&other, &doc);
    let mut all = Changes::default();
    for changes in heard.lock().unwrap().drain(..) {
        all.paths.extend(changes.paths);
        all.items.extend(changes.items);
    }
    let paths: Vec<String> = all.paths.iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["notes", "plan/steps/a/body", "tasks/t"]);
    let items: Vec<String> = all.items.iter().map(Item::to_string).collect();
    assert_eq!(items, ["notes", "step:a", "task:t"]);

    drop(subscription);
    Workspace
        .notes()
        .push(&mut doc.transact_mut(), "z")
        .unwrap();
    assert!(heard.lock().unwrap().is_empty(), "nobody listens any more");
}

#[test]
fn sch6_a_subscription_dropped_inside_a_transaction_is_deaf() {
    let doc = made(json!({}));
    let heard: Arc<Mutex<u32>> = Arc::default();
    let sink = Arc::clone(&heard);
    let subscription = schema::observe(&doc, move |_, _| *sink.lock().unwrap() += 1).unwrap();
    let mut txn = doc.transact_mut();
    assert!(schema::observe(&doc, |_, _| {}).is_err());
    drop(subscription);
    Workspace.notes().push(&mut txn, "z").unwrap();
    drop(txn);
    assert_eq!(*heard.lock().unwrap(), 0);
}

#[test]
fn sch5_positions_stay_with_their_characters() {
    let doc = made(json!({"notes": "one 😀 two"}));
    let at = Position::of(&doc.transact(), &Workspace.notes(), 7).unwrap();
    Workspace
        .notes()
        .insert(&mut doc.transact_mut(), 0, "zero ")
        .unwrap();
    assert_eq!(at.offset(&doc.transact()), Some(12));
    let end = Position::of(&doc.transact(), &Workspace.notes(), 15).unwrap();
    assert_eq!(end.offset(&doc.transact()), Some(15));
    let text = String::from(at.clone());
    assert_eq!(Position::try_from(text), Ok(at));
}
