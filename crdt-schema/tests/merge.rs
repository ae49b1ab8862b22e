//! Three-way merges against an exact oracle: a document that kept what was removed, and its own
//! account of who changed what.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

mod merge_support;
mod schema_support;

use std::collections::HashSet;

use crdt_schema::{
    ids::MemberId,
    merge::{self, ByPeople, Outcome, Why},
    schema::Workspace,
    suggest::{self, Maker, Staleness},
};
use merge_support::{Case, Oracle, Person, Rewrite, words};
use rand::{SeedableRng, rngs::StdRng};
use schema_support::{join, made, sync};
use serde_json::json;
use yrs::Transact;

fn nobody() -> ByPeople<'static> {
    ByPeople::default()
}

fn merged(base: &str, current: &str, wanted: &str) -> (String, Vec<Outcome>) {
    let merge = merge::merge(base, current, wanted, &nobody());
    let outcomes = merge.hunks.iter().map(|hunk| hunk.outcome).collect();
    (merge.text(current), outcomes)
}

fn suggested(why: Why) -> Outcome {
    Outcome::Suggested(why)
}

/// Each case is made from its number alone.
const CASES: u64 = 2000;

#[test]
fn mrg1_nothing_is_lost_brought_back_fused_or_doubled() {
    for seed in 0..CASES {
        let mut rng = StdRng::seed_from_u64(seed);
        let oracle = Oracle::new(&merge_support::text(&mut rng));
        let base = oracle.text();
        let typed = Person::random(&mut rng, &base).at_work(&oracle);
        let current = oracle.text();
        let wanted = Rewrite::random(&mut rng, &base, &typed);
        let merge = merge::merge(&base, &current, &wanted, &nobody());
        let removed = oracle.write(&merge);
        let result = oracle.text();
        assert_eq!(result, merge.text(&current));
        let case = Case {
            base,
            current,
            wanted,
            result,
            merge,
            typed,
        };
        case.loses_nothing(&removed);
        case.brings_nothing_back();
        case.fuses_and_doubles_nothing();
        case.is_as_meant();
    }
}

#[test]
fn mrg1_with_known_passages_not_one_typed_character_is_lost() {
    for seed in 0..CASES {
        let mut rng = StdRng::seed_from_u64(seed);
        let oracle = Oracle::new(&merge_support::repetitive(&mut rng));
        let base = oracle.text();
        let typed = Person::random(&mut rng, &base).at_work(&oracle);
        let current = oracle.text();
        let wanted = Rewrite::repetitive(&mut rng, &base);
        let by_people = ByPeople {
            touched: &typed.ranges,
            wrote: &[],
        };
        let merge = merge::merge(&base, &current, &wanted, &by_people);
        let about = format!("base {base:?}\ncurrent {current:?}\nwanted {wanted:?}\n{merge:#?}");
        for gone in oracle.write(&merge) {
            let mut typed = typed.ranges.iter();
            let lost = typed.find(|typed| typed.start < gone.end && gone.start < typed.end);
            assert_eq!(lost, None, "{about}");
        }
        let result = oracle.text();
        let known: HashSet<&str> = [&base, &current, &wanted]
            .into_iter()
            .flat_map(|text| words(text))
            .collect();
        let fused = words(&result).find(|word| !known.contains(word));
        assert_eq!(fused, None, "{about}");
    }
}

#[test]
fn mrg2_changes_that_lie_apart_are_written_and_others_suggested() {
    let base = "Book the small hall.\n\nTell everybody by mail.\n\nBuy bread.";
    let current = "Book the small hall.\n\nTell everybody by phone today.\n\nBuy bread and salt.";
    let wanted = "Book the large hall.\n\nTell everyone by pigeon.\n\nBuy fresh bread.";
    let (text, outcomes) = merged(base, current, wanted);
    assert_eq!(
        text,
        "Book the large hall.\n\nTell everybody by phone today.\n\nBuy fresh bread and salt."
    );
    assert_eq!(
        outcomes,
        [Outcome::Applied, suggested(Why::Overlaps), Outcome::Applied]
    );
}

#[test]
fn mrg2_the_same_change_is_already_there() {
    let base = "teh quick fox";
    let (text, outcomes) = merged(base, "the quick fox", "the slow fox");
    assert_eq!(text, "the slow fox");
    assert_eq!(outcomes, [Outcome::AlreadyThere, Outcome::Applied]);
    let (text, outcomes) = merged(base, "the slow fox", "the slow fox");
    assert_eq!(text, "the slow fox");
    assert!(outcomes.iter().all(|one| *one == Outcome::AlreadyThere));
    let again = merged("One.", "One. Two.", "One. Two.");
    assert_eq!(again, ("One. Two.".to_owned(), vec![Outcome::AlreadyThere]));
}

#[test]
fn mrg2_what_was_said_already_is_not_doubled() {
    let (text, outcomes) = merged(
        "Guests:\n- Ana\n",
        "Guests:\n- Ana\n- Ben Miller, vegan\n",
        "Guests:\n- Ana\n- Ben Miller\n",
    );
    assert_eq!(text, "Guests:\n- Ana\n- Ben Miller, vegan\n");
    assert_eq!(outcomes, [suggested(Why::SaidAlready)]);
}

#[test]
fn mrg2_a_sentence_that_others_wrote_elsewhere_is_suggested() {
    let said = "The hall has thirty chairs.";
    let base = "Intro.\n\nEnd.";
    let (text, outcomes) = merged(
        base,
        &base.replace("End", &format!("{said}\n\nEnd")),
        &format!("{said}\n\n{base}"),
    );
    assert_eq!(text.matches(said).count(), 1);
    assert_eq!(outcomes, [suggested(Why::SaidAlready)]);
}

#[test]
fn mrg2_a_line_at_the_end_stands_alone() {
    let (text, outcomes) = merged("Buy bread", "Buy milk", "Buy bread\n\nCall Ben.");
    assert_eq!(text, "Buy milk\n\nCall Ben.");
    assert_eq!(outcomes, [Outcome::Applied]);
    let (text, outcomes) = merged("Buy bread", "", "Buy bread\n\nCall Ben.");
    assert_eq!(
        (text.as_str(), outcomes),
        ("", vec![suggested(Why::ContextGone)])
    );
}

#[test]
fn mrg2_an_insertion_whose_surroundings_are_gone_is_suggested() {
    let (text, outcomes) = merged(
        "First. Second. Third.",
        "First. Third.",
        "First. Second and a half. Third.",
    );
    assert_eq!(text, "First. Third.");
    assert!(
        matches!(outcomes[..], [Outcome::Suggested(_)]),
        "{outcomes:?}"
    );
    let (text, outcomes) = merged("All old.", "Brand new!", "All old. More.");
    assert_eq!(text, "Brand new!");
    assert!(
        matches!(outcomes[..], [Outcome::Suggested(_)]),
        "{outcomes:?}"
    );
}

#[test]
fn mrg2_words_never_fuse() {
    let (text, outcomes) = merged("one  two", "one x two", "onetwo");
    assert_eq!(text, "one x two");
    assert!(
        matches!(outcomes[..], [Outcome::Suggested(_)]),
        "{outcomes:?}"
    );
    let (text, outcomes) = merged("(one)", "one)", "(one) two(one)".trim_end_matches("(one)"));
    assert!(
        outcomes.iter().all(|one| *one == Outcome::Applied),
        "{text}"
    );
    let (text, outcomes) = merged("alpha-", "alpha-beta", "gamma alpha-delta");
    assert_eq!(text, "gamma alpha-beta");
    assert_eq!(outcomes, [Outcome::Applied, suggested(Why::WouldFuse)]);
}

#[test]
fn mrg2_the_halves_of_a_move_stand_or_fall_together() {
    let base = "Intro.\n\nThe hall costs a lot.\n\nThe food is free.\n\nEnd.";
    let moved = "Intro.\n\nThe food is free.\n\nEnd.\n\nThe hall costs a lot.";
    let (text, _) = merged(base, base, moved);
    assert_eq!(text, moved);

    let touched = base.replace("costs a lot", "costs 300 EUR");
    let (text, outcomes) = merged(base, &touched, moved);
    assert_eq!(text, touched);
    assert!(
        outcomes
            .iter()
            .all(|one| matches!(one, Outcome::Suggested(_))),
        "{outcomes:?}"
    );

    let removed = base.replace("The hall costs a lot.\n\n", "");
    let (text, outcomes) = merged(base, &removed, moved);
    assert_eq!(text, removed);
    assert!(
        outcomes.contains(&suggested(Why::BringsBack)),
        "{outcomes:?}"
    );
}

#[test]
fn mrg2_chinese_and_emoji_are_merged_by_the_character() {
    let base = "我们在星期一见面。👩‍💻 café";
    let current = "我们在星期二见面。👩‍💻 café";
    let wanted = "他们在星期一见面。👨‍💻 cafe\u{301}";
    let (text, outcomes) = merged(base, current, wanted);
    assert_eq!(text, "他们在星期二见面。👨‍💻 cafe\u{301}");
    assert!(
        outcomes.iter().all(|one| *one == Outcome::Applied),
        "{outcomes:?}"
    );
}

#[test]
fn mrg3_a_paragraph_that_a_person_is_in_is_left_to_them() {
    let base = "One two.\nThree.\n\nFour five.\n\nSix.";
    let wanted = "One 2.\nThree.\n\nFour 5.\n\nSix.\n\nSeven.";
    let caret = merge::paragraph(base, 12);
    assert_eq!(caret, 0..15);
    assert_eq!(merge::paragraph(base, 16), 16..16);
    let last = merge::paragraph(base, u32::MAX);
    let by_people = ByPeople {
        touched: &[caret, last],
        wrote: &[],
    };
    let merge = merge::merge(base, base, wanted, &by_people);
    assert_eq!(
        merge.text(base),
        "One two.\nThree.\n\nFour 5.\n\nSix.\n\nSeven."
    );
    let (hunk, why) = merge.suggested().next().unwrap();
    assert_eq!((hunk.quote.as_str(), why), ("two", Why::Touched));
}

#[test]
fn mrg3_removing_nearly_all_that_people_wrote_is_suggested_and_says_so() {
    let text = "Mara wrote all of this, one evening, with care.";
    let whole = 0..u32::try_from(text.len()).unwrap();
    let by_people = ByPeople {
        touched: &[],
        wrote: std::slice::from_ref(&whole),
    };
    for wanted in ["", "TBD", "Something else entirely."] {
        let merge = merge::merge(text, text, wanted, &by_people);
        assert_eq!(merge.text(text), text);
        let whys: Vec<Why> = merge.suggested().map(|(_, why)| why).collect();
        assert!(!whys.is_empty() && whys.iter().all(|why| *why == Why::RemovesNearlyAll));
    }
    let half = "Mara wrote this with care.";
    let merge = merge::merge(text, text, half, &by_people);
    assert_eq!(merge.text(text), half);
    let merge = merge::merge(text, text, "TBD", &nobody());
    assert_eq!(merge.text(text), "TBD");
}

#[test]
fn mrg4_a_person_who_types_at_the_same_spot_is_not_interleaved() {
    let doc = made(json!({"notes": "one. two."}));
    let person = join(&doc, 7);
    let notes = Workspace.notes();
    for (at, typed) in " typed by a person".char_indices() {
        let at = 4 + u32::try_from(at).unwrap();
        let mut txn = person.transact_mut();
        notes.insert(&mut txn, at, &typed.to_string()).unwrap();
    }
    let base = "one. two.";
    let merge = merge::merge(base, base, "one. inserted by an agent. two.", &nobody());
    let author: MemberId = "planner".parse().unwrap();
    let maker = Maker {
        author: &author,
        at_ms: 1,
        reason: "",
    };
    let left = merge
        .write(&mut doc.transact_mut(), &notes, &maker)
        .unwrap();
    assert!(left.is_empty());
    sync(&person, &doc);
    let text = notes.read(&doc.transact());
    assert!(text.contains(" typed by a person"), "{text}");
    assert!(text.contains(" inserted by an agent."), "{text}");
}

#[test]
fn mrg4_what_is_suggested_is_anchored_and_says_why() {
    let base = "ä one two three. Four 😀 five.";
    let current = "ä one 2 three. Four 😀 five.";
    let doc = made(json!({ "notes": current }));
    let merge = merge::merge(base, current, "ä one TWO three. Four 😀 5.", &nobody());
    let author: MemberId = "planner".parse().unwrap();
    let maker = Maker {
        author: &author,
        at_ms: 1,
        reason: "Shorter.",
    };
    let mut txn = doc.transact_mut();
    let notes = Workspace.notes();
    let left = merge.write(&mut txn, &notes, &maker).unwrap();
    assert_eq!(notes.read(&txn), "ä one 2 three. Four 😀 5.");
    let [one] = &left[..] else { panic!("{left:?}") };
    assert_eq!((one.quote.as_str(), one.replacement.as_str()), ("2", "TWO"));
    assert_eq!(
        one.reason,
        "Shorter. Others changed the same words meanwhile."
    );
    let mut rng = StdRng::seed_from_u64(1);
    Workspace
        .suggestions()
        .insert(&mut txn, &mut rng, one.clone())
        .unwrap();
    let read = Workspace.suggestions().read(&txn).pop().unwrap();
    let fresh = suggest::staleness(&txn, &read).unwrap();
    assert_eq!(fresh, Staleness::Fresh { range: Some(6..7) });

    let all = merge.suggest_all(Why::NotOwner);
    assert_eq!(all.text(current), current);
    assert_eq!(all.suggested().count(), 2);
    let json = serde_json::to_value(&all).unwrap();
    assert_eq!(
        json["hunks"][1],
        json!({"start": 23, "end": 27, "quote": "five", "replacement": "5", "outcome": "suggested", "why": "not_owner"})
    );
}
