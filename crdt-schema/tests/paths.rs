//! Names of places, items and elements are parsed once and print as they were.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

use crdt_schema::{
    ids::ElementId,
    item::Item,
    lineage::Lineage,
    path::DocPath,
    schema::words::{
        Outcome, Priority, Sentiment, StepStatus, SuggestionStatus, TaskStatus, Tier, Word,
    },
    shape::{self, Scalar, Shape},
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use yrs::Any;

#[test]
fn sch8_places_of_the_schema_are_paths_and_others_are_not() {
    for (path, item) in [
        ("meta/title", "workspace"),
        ("plan", "plan"),
        ("plan/goal", "plan"),
        ("plan/steps/ab12/body", "step:ab12"),
        ("briefing/entities/km~1h", "briefing"),
        ("tasks/t/blocked_by/u", "task:t"),
        ("notes", "notes"),
        ("threads/t/comments/c/text", "workspace"),
        ("x-app/anything/at all", "workspace"),
    ] {
        let parsed: DocPath = path.parse().unwrap();
        assert_eq!(parsed.to_string(), path);
        assert_eq!(parsed.item().to_string(), item);
    }
    for path in [
        "",
        "plans",
        "x-",
        "plan/goals",
        "plan/steps/a b",
        "plan/goal/x",
        "notes/x",
        "tasks//title",
        "meta/schema/x",
    ] {
        assert!(path.parse::<DocPath>().is_err(), "{path:?}");
    }
}

#[test]
fn sch8_items_inherit_from_their_parents() {
    let up = |name: &str| {
        name.parse::<Item>()
            .unwrap()
            .parent()
            .map(|item| item.to_string())
    };
    assert_eq!(up("step:a").as_deref(), Some("plan"));
    for name in ["plan", "briefing", "notes", "task:a"] {
        assert_eq!(up(name).as_deref(), Some("workspace"));
    }
    assert_eq!(up("workspace"), None);
    for name in ["", "step", "step:", "step:a b", "goal", "task:a:b"] {
        assert!(name.parse::<Item>().is_err(), "{name:?}");
    }
}

#[test]
fn sch1_the_frame_is_what_exists_once() {
    for path in [
        &["plan", "steps"][..],
        &["meta", "title"],
        &["briefing", "entities"],
    ] {
        assert!(shape::is_frame(path), "{path:?}");
    }
    for path in [
        &["plan"][..],
        &["tasks", "t"],
        &["plan", "steps", "a"],
        &["briefing", "sentiment"],
        &["x-a", "b"],
    ] {
        assert!(!shape::is_frame(path), "{path:?}");
    }
}

#[test]
fn sch1_numbers_may_be_integers_floats_or_big_integers() {
    for number in [Any::from(1.0), Any::from(1_i64), Any::from(i64::MAX)] {
        assert!(Scalar::Number.admits(&number));
    }
    assert!(Scalar::Fraction.admits(&Any::from(1_i64)));
    for refused in [
        Any::from(f64::NAN),
        Any::from(f64::INFINITY),
        Any::from("1"),
        Any::Null,
    ] {
        assert!(!Scalar::Number.admits(&refused));
    }
    assert!(!Scalar::Fraction.admits(&Any::from(1.5)));
}

fn round_trips<W: Word>() {
    for word in W::WORDS {
        assert_eq!(W::from_word(word).unwrap().as_str(), *word);
        assert!(Scalar::Enum(W::WORDS).admits(&Any::from(*word)));
    }
    assert!(W::from_word("nothing").is_none());
    assert!(!Scalar::Enum(W::WORDS).admits(&Any::from("nothing")));
}

#[test]
fn sch1_vocabularies_are_closed() {
    round_trips::<StepStatus>();
    round_trips::<Tier>();
    round_trips::<TaskStatus>();
    round_trips::<Priority>();
    round_trips::<Sentiment>();
    round_trips::<Outcome>();
    round_trips::<SuggestionStatus>();
}

#[test]
fn sch1_the_free_roots_take_anything() {
    assert_eq!(shape::root("x-app"), Some(&Shape::Free));
    assert_eq!(shape::root("app"), None);
    assert_eq!(shape::root("x-"), None);
}

proptest! {
    #[test]
    fn sch8_any_key_survives_a_path(key in "\\PC{1,12}") {
        let path = DocPath::new(["briefing", "entities", key.as_str()]).unwrap();
        let again: DocPath = path.to_string().parse().unwrap();
        prop_assert_eq!(again.keys(), path.keys());
    }

    #[test]
    fn sch8_no_text_makes_a_parser_panic(text in "\\PC{0,40}") {
        for parsed in [text.parse::<DocPath>().map(|path| path.to_string()).ok(), text.parse::<Item>().map(|item| item.to_string()).ok()].into_iter().flatten() {
            prop_assert!(!parsed.is_empty());
        }
        prop_assert!(text.parse::<Lineage>().is_err() || text.len() == 32);
    }

    #[test]
    fn sch8_random_names_parse_back(seed in any::<u64>()) {
        let mut rng = StdRng::seed_from_u64(seed);
        let id = ElementId::random(&mut rng);
        prop_assert_eq!(id.as_str().parse::<ElementId>().unwrap(), id);
        let lineage = Lineage::random(&mut rng);
        prop_assert_eq!(lineage.to_string().parse::<Lineage>().unwrap(), lineage);
    }
}
