//! Suggestions that are made again and again do not pile up.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

mod schema_support;

use std::ops::Range;

use crdt_schema::{
    ids::MemberId,
    schema::{NewSuggestion, Workspace},
    suggest::{self, Maker, Put},
};
use rand::rng;
use schema_support::{made, read};
use serde_json::json;
use yrs::{Doc, Transact};

fn member(id: &str) -> MemberId {
    id.parse().unwrap()
}

/// A suggestion that a passage of the notes read `words`.
fn passage(doc: &Doc, author: &MemberId, range: Range<u32>, words: &str) -> NewSuggestion {
    let maker = Maker {
        author,
        at_ms: 1000,
        reason: "",
    };
    suggest::passage(&doc.transact(), &Workspace.notes(), range, words, &maker).unwrap()
}

fn put(doc: &Doc, new: Vec<NewSuggestion>) -> Put {
    suggest::put_all(&mut doc.transact_mut(), &mut rng(), new).unwrap()
}

fn replacements(doc: &Doc) -> Vec<String> {
    let all = read(doc).suggestions;
    let mut all: Vec<_> = all.into_iter().map(|one| one.replacement).collect();
    all.sort();
    all
}

#[test]
fn sug8_who_suggests_again_takes_the_place_of_what_they_said_before() {
    let doc = made(json!({"notes": "one two three", "steps": [{"id": "s"}]}));
    let (planner, mara) = (member("planner"), member("mara"));
    let passage = |author: &MemberId, range, words: &str| passage(&doc, author, range, words);
    let put = |new| put(&doc, new);
    let status = |to: &str| NewSuggestion {
        target: "plan/steps/s/status".into(),
        quote: "draft".into(),
        replacement: to.into(),
        author: planner.to_string(),
        ..NewSuggestion::default()
    };
    let first = put(vec![
        passage(&planner, 4..7, "2"),
        passage(&planner, 8..13, "3"),
        passage(&mara, 4..7, "2"),
        status("ready"),
    ]);
    assert_eq!(first.made.len(), 4);
    let again = put(vec![passage(&planner, 4..7, "2"), status("ready")]);
    assert_eq!(again.said, [first.made[0].clone(), first.made[3].clone()]);
    assert!(again.made.is_empty() && again.replaced.is_empty());
    let other = put(vec![passage(&planner, 0..7, "1 2"), status("done")]);
    assert_eq!(other.replaced, again.said);
    assert_eq!(other.made.len(), 2);
    assert_eq!(replacements(&doc).len(), 4);
}

#[test]
fn sug8_who_writes_a_text_anew_takes_back_what_it_has_overtaken() {
    let doc = made(json!({"notes": "one two three four"}));
    let (planner, mara) = (member("planner"), member("mara"));
    let overtaken = put(
        &doc,
        vec![
            passage(&doc, &planner, 4..7, "2"),
            passage(&doc, &planner, 8..13, "3"),
        ],
    );
    put(&doc, vec![passage(&doc, &mara, 4..7, "II")]);
    let notes = Workspace.notes();
    notes
        .replace(&mut doc.transact_mut(), 4..7, "deux")
        .unwrap();
    let kept = put(&doc, vec![passage(&doc, &planner, 15..19, "4")]);
    assert!(
        kept.replaced.is_empty(),
        "one passage says nothing of the others"
    );
    let rewritten = suggest::put_rewrite(
        &mut doc.transact_mut(),
        &mut rng(),
        &notes,
        &planner,
        vec![],
    );
    assert_eq!(rewritten.unwrap().replaced, overtaken.made[..1]);
    assert_eq!(replacements(&doc), ["3", "4", "II"]);
}
