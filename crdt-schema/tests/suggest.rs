//! Suggestions: anchored, taken over while they fit, and made from what was written directly.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

mod schema_support;

use std::sync::atomic::{AtomicU64, Ordering};

use crdt_schema::{
    gate::{self, Gate, OpenPens, Writer},
    ids::{ElementId, MemberId},
    member::{Kind, Role},
    project::WorkspaceProjection,
    schema::{
        NewComment, NewStep, NewSuggestion, NewThread, Place, TextField, Workspace,
        words::{StepStatus, SuggestionStatus},
    },
    suggest::{self, Maker, Refused, Staleness, Turned, Whereabouts, Words},
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use schema_support::{apply, assert_conforms, edit, join, made, read, sync, text};
use serde_json::json;
use yrs::{Doc, ReadTxn, Transact};

/// Every one makes other ids.
fn rng() -> StdRng {
    static SEED: AtomicU64 = AtomicU64::new(5);
    StdRng::seed_from_u64(SEED.fetch_add(1, Ordering::Relaxed))
}

fn planner() -> MemberId {
    "planner".parse().unwrap()
}

fn mara() -> MemberId {
    "mara".parse().unwrap()
}

fn maker(author: &MemberId) -> Maker<'_> {
    Maker {
        author,
        at_ms: 1000,
        reason: "",
    }
}

fn id(id: &str) -> ElementId {
    id.parse().unwrap()
}

/// Suggests that the words `quote` of the notes read `replacement`.
fn suggest(doc: &Doc, quote: &str, replacement: &str) -> ElementId {
    let mut txn = doc.transact_mut();
    let notes = Workspace.notes();
    let current = notes.read(&txn);
    let at = current.find(quote).unwrap();
    let start = units(&current[..at]);
    let range = start..start + units(quote);
    let author = planner();
    let new = suggest::passage(&txn, &notes, range, replacement, &maker(&author)).unwrap();
    let suggestions = Workspace.suggestions();
    suggestions.insert(&mut txn, &mut rng(), new).unwrap()
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap()
}

fn propose(doc: &Doc, target: &str, quote: &str, replacement: &str) -> ElementId {
    let new = NewSuggestion {
        target: target.into(),
        quote: quote.into(),
        replacement: replacement.into(),
        author: "planner".into(),
        ..NewSuggestion::default()
    };
    let mut txn = doc.transact_mut();
    let suggestions = Workspace.suggestions();
    suggestions.insert(&mut txn, &mut rng(), new).unwrap()
}

fn accept(doc: &Doc, id: &ElementId) -> Result<suggest::Accepted, Refused> {
    suggest::accept(&mut doc.transact_mut(), &mut rng(), id, &mara(), None)
}

fn notes(doc: &Doc) -> String {
    Workspace.notes().read(&doc.transact())
}

fn status(doc: &Doc, id: &ElementId) -> (SuggestionStatus, Option<String>) {
    let one = Workspace
        .suggestions()
        .get(id)
        .read(&doc.transact())
        .unwrap();
    (one.status, one.decided_by)
}

#[test]
fn sug1_words_typed_around_a_passage_do_not_belong_to_it() {
    let doc = made(json!({"notes": "the quick 😀 fox jumps"}));
    let suggested = suggest(&doc, "quick 😀 fox", "slow 🐢 fox");
    for (at, typed) in [(0, "Look: "), (10, "very "), (27, ", "), (35, " high")] {
        Workspace
            .notes()
            .insert(&mut doc.transact_mut(), at, typed)
            .unwrap();
    }
    assert_eq!(notes(&doc), "Look: the very quick 😀 fox,  jumps high");
    let accepted = accept(&doc, &suggested).unwrap();
    assert_eq!(notes(&doc), "Look: the very slow 🐢 fox,  jumps high");
    assert_eq!(accepted.author, "planner");
    assert_eq!(accepted.words, Words::Author);
    assert_eq!(
        status(&doc, &suggested),
        (SuggestionStatus::Accepted, Some("mara".into()))
    );
}

#[test]
fn sug1_taking_over_writes_only_the_difference() {
    let body = "The quick brown fox jumps over the lazy dog. ".repeat(50);
    let doc = made(json!({ "notes": body }));
    let suggested = suggest(&doc, &body, &body.replacen("lazy", "sleepy", 1));
    let typing = join(&doc, 9);
    Workspace
        .notes()
        .insert(&mut typing.transact_mut(), 4, "very ")
        .unwrap();
    accept(&doc, &suggested).unwrap();
    sync(&typing, &doc);
    let wanted = body.replacen("lazy", "sleepy", 1);
    assert_eq!(notes(&doc), wanted.replacen("The ", "The very ", 1));
}

proptest! {
    #[test]
    fn sug1_accepting_changes_the_passage_and_nothing_else(
        parts in prop::array::uniform3(text()),
        replacement in text(),
        typed in prop::array::uniform2(text()),
    ) {
        let parts = parts.map(|part| part.replace('\r', ""));
        let [typed_before, typed_behind] = typed.map(|typed| typed.replace('\r', ""));
        let [before, quote, behind] = &parts;
        let doc = made(json!({"notes": parts.concat()}));
        let author = planner();
        let range = units(before)..units(before) + units(quote);
        let new = suggest::passage(&doc.transact(), &Workspace.notes(), range.clone(), &replacement, &maker(&author));
        let new = new.unwrap();
        prop_assert_eq!(&new.quote, quote);
        let suggested = Workspace.suggestions().insert(&mut doc.transact_mut(), &mut rng(), new).unwrap();
        if !quote.is_empty() {
            let mut txn = doc.transact_mut();
            Workspace.notes().insert(&mut txn, range.end, &typed_behind).unwrap();
            Workspace.notes().insert(&mut txn, range.start, &typed_before).unwrap();
        }
        accept(&doc, &suggested).unwrap();
        let replacement = replacement.replace("\r\n", "\n").replace('\r', "\n");
        let wanted = if quote.is_empty() {
            [before.as_str(), &replacement, behind].concat()
        } else {
            [before.as_str(), &typed_before, &replacement, &typed_behind, behind].concat()
        };
        prop_assert_eq!(notes(&doc), wanted);
        assert_conforms(&doc);
    }
}

#[test]
fn sug1_an_insertion_stays_next_to_what_it_followed() {
    let doc = made(json!({"notes": "one. two."}));
    let author = planner();
    let new = suggest::passage(
        &doc.transact(),
        &Workspace.notes(),
        4..4,
        " one and a half.",
        &maker(&author),
    );
    let suggestions = Workspace.suggestions();
    let suggested = suggestions
        .insert(&mut doc.transact_mut(), &mut rng(), new.unwrap())
        .unwrap();
    Workspace
        .notes()
        .insert(&mut doc.transact_mut(), 4, " Mara was here.")
        .unwrap();
    accept(&doc, &suggested).unwrap();
    assert_eq!(notes(&doc), "one. one and a half. Mara was here. two.");
}

#[test]
fn sug2_what_changed_underneath_is_refused_with_three_versions() {
    let doc = made(json!({"notes": "the quick fox"}));
    let suggested = suggest(&doc, "quick", "slow");
    Workspace
        .notes()
        .replace(&mut doc.transact_mut(), 5..8, "uie")
        .unwrap();
    let three = |now: &str| (String::from("quick"), String::from("slow"), now.to_owned());
    let Err(Refused::Stale {
        quote,
        replacement,
        now,
    }) = accept(&doc, &suggested)
    else {
        panic!("it does not fit");
    };
    assert_eq!((quote, replacement, now), three("quiek"));
    assert_eq!(notes(&doc), "the quiek fox");
    assert_eq!(status(&doc, &suggested).0, SuggestionStatus::Open);

    Workspace
        .notes()
        .set(&mut doc.transact_mut(), "gone")
        .unwrap();
    let one = read(&doc).suggestions.pop().unwrap();
    let Ok(Staleness::Stale {
        quote,
        replacement,
        now,
    }) = suggest::staleness(&doc.transact(), &one)
    else {
        panic!("it does not fit");
    };
    assert_eq!((quote, replacement), (one.quote, one.replacement));
    assert_eq!(now, "");
}

/// Whether the last suggestion does not fit any more.
fn is_stale(doc: &Doc) -> bool {
    let one = read(doc).suggestions.pop().unwrap();
    let fits = suggest::staleness(&doc.transact(), &one).unwrap();
    matches!(fits, Staleness::Stale { .. })
}

#[test]
fn sug2_an_insertion_goes_stale_when_both_its_neighbours_are_gone() {
    let doc = made(json!({"notes": "keep. drop this. keep."}));
    let author = planner();
    let txn = doc.transact();
    let new = suggest::passage(&txn, &Workspace.notes(), 11..11, "x", &maker(&author)).unwrap();
    drop(txn);
    let suggestions = Workspace.suggestions();
    suggestions
        .insert(&mut doc.transact_mut(), &mut rng(), new)
        .unwrap();
    assert!(!is_stale(&doc));
    Workspace
        .notes()
        .delete(&mut doc.transact_mut(), 5..16)
        .unwrap();
    assert!(is_stale(&doc));
}

#[test]
fn sug2_without_positions_a_quote_counts_where_it_stands_once() {
    let doc = made(json!({"notes": "ab cd ab"}));
    let once = propose(&doc, "notes", "cd", "xy");
    let twice = propose(&doc, "notes", "ab", "xy");
    accept(&doc, &once).unwrap();
    assert_eq!(notes(&doc), "ab xy ab");
    assert!(matches!(accept(&doc, &twice), Err(Refused::Stale { .. })));
}

#[test]
fn sug2_a_position_in_another_text_is_none_in_this_one() {
    let doc = made(json!({"notes": "abcdef", "goal": "abcdef"}));
    let elsewhere = suggest(&doc, "abc", "x");
    let mut one = read(&doc).suggestions.pop().unwrap();
    one.target = "plan/goal".into();
    assert_eq!(one.id, elsewhere);
    let found = suggest::staleness(&doc.transact(), &one).unwrap();
    assert!(matches!(found, Staleness::Stale { .. }));
}

#[test]
fn sug3_the_first_answer_counts_and_names_who_gave_it() {
    let doc = made(json!({"notes": "abc def"}));
    let (first, second) = (suggest(&doc, "abc", "x"), suggest(&doc, "def", "y"));
    let mut txn = doc.transact_mut();
    let edited = suggest::accept(&mut txn, &mut rng(), &first, &mara(), Some("z")).unwrap();
    assert_eq!(
        (edited.words, edited.written.as_str()),
        (Words::Accepter, "z")
    );
    suggest::reject(&mut txn, &second, &mara()).unwrap();
    for answered in [&first, &second] {
        let again = suggest::reject(&mut txn, answered, &planner()).unwrap_err();
        assert!(
            matches!(&again, Refused::Decided { by, .. } if by == "mara"),
            "{again}"
        );
        assert!(suggest::accept(&mut txn, &mut rng(), answered, &planner(), None).is_err());
    }
    let missing = suggest::reject(&mut txn, &id("none"), &mara()).unwrap_err();
    assert_eq!(missing, Refused::Missing(id("none")));
    drop(txn);
    assert_eq!(notes(&doc), "z def");
}

#[test]
fn sug4_fields_and_elements_are_suggested_alike() {
    let doc = made(json!({
        "steps": [{"id": "s", "title": "Ask", "status": "draft"}, {"id": "t", "title": "Go"}],
        "tasks": [{"id": "k", "due": "2030-01-01"}],
        "briefing": {"entities": {"Seats": 3, "Code": "7"}},
    }));
    for (target, quote, replacement) in [
        ("plan/steps/s/status", "draft", "ready"),
        ("plan/steps", "", r#"{"id": "new", "title": "Answer"}"#),
        ("plan/steps/t", "### Go · draft · `step:t`", ""),
        ("tasks/k/due", "2030-01-01", ""),
        ("tasks/k/blocked_by/z", "", "true"),
        ("briefing/confidence", "", "0.5"),
        ("briefing/entities/Seats", "3", "4"),
        ("briefing/entities/Code", "\"7\"", "\"8\""),
        ("briefing/questions", "", r#"{"text": "Why?"}"#),
    ] {
        let suggested = propose(&doc, target, quote, replacement);
        accept(&doc, &suggested).unwrap_or_else(|refused| panic!("{target}: {refused}"));
        let again = propose(&doc, target, quote, replacement);
        if target != "briefing/questions" {
            let stale = accept(&doc, &again);
            assert!(
                matches!(stale, Err(Refused::Stale { .. })),
                "{target}: {stale:?}"
            );
        }
    }
    let after = read(&doc);
    assert_eq!(after.plan.steps.len(), 2);
    assert_eq!(after.plan.steps[0].status, StepStatus::Ready);
    assert_eq!(after.plan.steps[1].title, "Answer");
    assert_eq!(after.tasks[0].due, None);
    assert_eq!(after.tasks[0].blocked_by, [id("z")]);
    assert_eq!(after.briefing.confidence, Some(0.5));
    assert_eq!(
        json!(after.briefing.entities),
        json!({"Seats": 4.0, "Code": "8"})
    );
    assert_eq!(after.briefing.questions[0].text, "Why?");
    assert_conforms(&doc);
}

#[test]
fn sug4_what_cannot_stand_there_is_refused_and_named() {
    let doc = made(json!({"steps": [{"id": "s"}]}));
    let before = read(&doc);
    for (target, quote, replacement, says) in [
        (
            "plan/steps/s/status",
            "draft",
            "nearly",
            "one of draft, ready",
        ),
        ("plan/steps", "", r#"{"titel": "x"}"#, "titel"),
        ("plan/steps", "", "nonsense", "field `.`"),
        ("control/owners", "", "x", "nothing can be suggested"),
        ("meta/schema", "1", "2", "nothing can be suggested"),
        ("suggestions", "", "{}", "nothing can be suggested"),
        ("briefing", "", "", "nothing can be suggested"),
        ("nowhere", "", "", "nothing can be suggested"),
    ] {
        let refused = accept(&doc, &propose(&doc, target, quote, replacement)).unwrap_err();
        assert!(refused.to_string().contains(says), "{target}: {refused}");
    }
    let gone = accept(&doc, &propose(&doc, "plan/steps/gone/title", "", "x"));
    assert!(matches!(gone, Err(Refused::Stale { .. })), "{gone:?}");
    assert_eq!(read(&doc).plan, before.plan);
}

/// Writes directly as the planner, and has the gate name what was touched.
fn written(doc: &Doc, write: impl FnOnce(&Doc)) -> (Vec<u8>, Vec<String>) {
    let agent = join(doc, 77);
    let known = agent.transact().state_vector();
    write(&agent);
    let update = agent.transact().encode_diff_v1(&known);
    let state = schema_support::state(doc);
    let mut gate = Gate::rebuild(&state, [(77, planner())]).unwrap();
    let writer = Writer {
        member: planner(),
        role: Role::Editor,
        kind: Kind::Agent,
    };
    let walk = gate::walk(&update, &gate::Limits::default()).unwrap();
    let admitted = gate.admit(&walk, &writer, &OpenPens).unwrap();
    let touched = admitted.touched.iter().map(|place| gate.path(*place));
    let touched = touched.collect();
    drop(walk);
    (update, touched)
}

fn turned(doc: &Doc, (update, touched): &(Vec<u8>, Vec<String>)) -> Turned {
    let author = planner();
    suggest::from_updates(
        &doc.transact(),
        &[update.as_slice()],
        touched,
        &maker(&author),
    )
    .unwrap()
}

/// What members write together, apart from talk about it.
fn content(doc: &Doc) -> WorkspaceProjection {
    let mut content = read(doc);
    content.suggestions.clear();
    content.threads.clear();
    content
}

fn start() -> Doc {
    made(json!({
        "title": "A trip", "goal": "one two three", "notes": "one two\nthree four.\nfive\n",
        "steps": [{"id": "s1", "title": "Ask", "body": "one two three"}, {"id": "s2", "title": "Go"}],
        "tasks": [{"id": "t1", "title": "Pack"}, {"id": "t2", "title": "Leave", "blocked_by": ["t1"]}],
        "briefing": {"questions": [{"id": "q1", "text": "When?"}], "entities": {"n/1": 4}},
    }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn sug5_accepting_all_that_a_direct_write_became_gives_what_it_would_have_given(
        edits in prop::collection::vec(edit(), 1..8),
        meanwhile in prop::collection::vec(edit(), 0..4),
    ) {
        let doc = start();
        let person = join(&doc, 3);
        let write = written(&doc, |agent| edits.iter().for_each(|edit| apply(agent, &mut StdRng::seed_from_u64(11), edit)));
        meanwhile.iter().for_each(|edit| apply(&person, &mut StdRng::seed_from_u64(12), edit));
        sync(&person, &doc);

        let wanted = join(&doc, 99);
        let update = yrs::updates::decoder::Decode::decode_v1(&write.0).unwrap();
        wanted.transact_mut().apply_update(update).unwrap();

        let before = content(&doc);
        let made = turned(&doc, &write);
        let count = made.suggestions.len();
        let ids = made.write(&mut doc.transact_mut(), &mut rng()).unwrap();
        prop_assert_eq!(ids.len(), count);
        prop_assert_eq!(content(&doc), before, "nothing is changed before somebody accepts");
        prop_assert!(turned(&doc, &write).suggestions.is_empty(), "said once, however often it is sent");
        for id in ids {
            let author = read(&doc).suggestions.into_iter().find(|one| one.id == id).unwrap();
            prop_assert_eq!(&author.author, "planner");
            if author.at != 1000 {
                continue; // one that the write made itself
            }
            let answer = accept(&doc, &id);
            prop_assert!(answer.is_ok(), "{author:?}: {answer:?}");
        }
        prop_assert_eq!(content(&doc), content(&wanted));
        assert_conforms(&doc);
    }
}

#[test]
fn sug5_a_rewrite_becomes_a_few_readable_suggestions() {
    let doc = made(
        json!({"notes": "Book the small hall for ten people on Monday.\nTell everybody by mail."}),
    );
    let write = written(&doc, |agent| {
        let new =
            "Book the large room for thirty guests on Monday.\nTell everybody by mail and phone.";
        Workspace
            .notes()
            .set(&mut agent.transact_mut(), new)
            .unwrap();
    });
    let made: Vec<_> = turned(&doc, &write)
        .suggestions
        .into_iter()
        .map(|one| (one.quote, one.replacement))
        .collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        made,
        [
            pair("small hall for ten people", "large room for thirty guests"),
            pair("", " and phone"),
        ]
    );
    let long: String = (0..400).map(|n| format!("line number {n}\n")).collect();
    let doc = made_notes(&long);
    let write = written(&doc, |agent| {
        let new = long.replace("number", "no.");
        Workspace
            .notes()
            .set(&mut agent.transact_mut(), &new)
            .unwrap();
    });
    assert!(turned(&doc, &write).suggestions.len() <= 40);
}

fn made_notes(text: &str) -> Doc {
    made(json!({ "notes": text }))
}

#[test]
fn sug5_a_moved_element_says_in_words_where_to() {
    let doc = start();
    let write = written(&doc, |agent| {
        let steps = Workspace.plan().steps();
        let mut txn = agent.transact_mut();
        steps.move_to(&mut txn, &id("s1"), Place::Last).unwrap();
        let new = NewStep {
            id: Some(id("s3")),
            title: "Return".into(),
            ..NewStep::default()
        };
        steps.add(&mut txn, &mut rng(), Place::Last, new).unwrap();
        let body = steps.get(&id("s3")).body();
        body.set(&mut txn, "with *all* the words").unwrap();
    });
    let made = turned(&doc, &write).suggestions;
    assert_eq!(made.len(), 2, "{made:?}");
    let moved = made
        .iter()
        .find(|one| one.target == "plan/steps/s1/order")
        .unwrap();
    assert_eq!(moved.reason, "Move “Ask” after “Go”.");
    let added = made.iter().find(|one| one.target == "plan/steps").unwrap();
    assert!(added.replacement.contains("with *all* the words"));
}

/// A suggestion that claims to be somebody else's, and accepted.
fn forged(id: &str) -> NewSuggestion {
    NewSuggestion {
        id: id.parse().ok(),
        target: "notes".into(),
        quote: "def".into(),
        replacement: "own words".into(),
        author: "mara".into(),
        status: SuggestionStatus::Accepted,
        decided_by: Some("mara".into()),
        ..NewSuggestion::default()
    }
}

/// A comment that claims to be somebody else's.
fn comment(id: &str) -> NewComment {
    NewComment {
        id: id.parse().ok(),
        author: "mara".into(),
        text: "I agree.".into(),
        at: 9,
    }
}

#[test]
fn sug6_talk_in_a_direct_write_is_kept_under_its_senders_name() {
    let doc = made(json!({
        "notes": "abc def",
        "threads": [{"id": "d", "comments": [{"id": "c", "author": "mara", "text": "Hm."}]}],
        "suggestions": [{"id": "g", "target": "notes", "author": "mara", "quote": "abc"}],
    }));
    let write = written(&doc, |agent| {
        let mut txn = agent.transact_mut();
        Workspace.notes().set(&mut txn, "abc xyz").unwrap();
        let suggestions = Workspace.suggestions();
        suggestions
            .insert(&mut txn, &mut rng(), forged("own"))
            .unwrap();
        suggestions
            .get(&id("g"))
            .decide(&mut txn, SuggestionStatus::Accepted, &planner())
            .unwrap();
        let threads = Workspace.threads();
        let thread = threads.get(&id("d"));
        thread
            .comments()
            .insert(&mut txn, &mut rng(), comment("c2"))
            .unwrap();
        thread.resolve(&mut txn).unwrap();
        let new = NewThread {
            id: Some(id("d2")),
            target: "notes".into(),
            comments: vec![comment("c3")],
            ..NewThread::default()
        };
        threads.insert(&mut txn, &mut rng(), new).unwrap();
    });
    let made = turned(&doc, &write);
    assert_eq!(
        made.left_out,
        ["suggestions/g/decided_by", "suggestions/g/status"]
    );
    made.write(&mut doc.transact_mut(), &mut rng()).unwrap();
    let after = read(&doc);
    let own = after
        .suggestions
        .iter()
        .find(|one| one.id == id("own"))
        .unwrap();
    assert_eq!(
        (own.author.as_str(), own.status),
        ("planner", SuggestionStatus::Open)
    );
    assert_eq!(own.replacement, "own words");
    let others = after
        .suggestions
        .iter()
        .find(|one| one.id == id("g"))
        .unwrap();
    assert_eq!(others.status, SuggestionStatus::Open);
    assert_eq!(after.suggestions.len(), 3);
    let [first, second] = &after.threads[..] else {
        panic!("{:?}", after.threads)
    };
    assert!(first.resolved);
    for (thread, at) in [(first, 1), (second, 0)] {
        let comment = &thread.comments[at];
        assert_eq!(
            (comment.author.as_str(), comment.text.as_str()),
            ("planner", "I agree.")
        );
    }
    assert_eq!(first.comments[0].author, "mara");
}

#[test]
fn sug6_words_in_something_removed_meanwhile_are_reported() {
    let doc = start();
    let write = written(&doc, |agent| {
        let body = Workspace.plan().steps().get(&id("s1")).body();
        body.push(&mut agent.transact_mut(), " four").unwrap();
    });
    Workspace
        .plan()
        .steps()
        .remove(&mut doc.transact_mut(), &id("s1"));
    let made = turned(&doc, &write);
    assert!(made.is_empty());
    assert_eq!(made.left_out, ["plan/steps/s1/body"]);
}

#[test]
fn sug6_what_is_no_update_is_refused() {
    let doc = start();
    let author = planner();
    let bad = suggest::from_updates(&doc.transact(), &[&[1, 2, 3]], &["notes"], &maker(&author));
    assert!(bad.is_err());
}

#[test]
fn sug7_a_discussion_whose_passage_is_gone_keeps_the_quote() {
    let doc = made(json!({"notes": "abc def ghi", "tasks": [{"id": "t"}]}));
    let thread = |target: &str, field: &TextField| {
        let anchor = suggest::anchor(&doc.transact(), field, 4..7).unwrap();
        let new = NewThread {
            target: target.into(),
            start: anchor.start,
            end: anchor.end,
            quote: anchor.quote,
            ..NewThread::default()
        };
        let threads = Workspace.threads();
        threads
            .insert(&mut doc.transact_mut(), &mut rng(), new)
            .unwrap()
    };
    let passage = thread("notes", &Workspace.notes());
    let whole = NewThread {
        target: "tasks/t".into(),
        ..NewThread::default()
    };
    let threads = Workspace.threads();
    let whole = threads
        .insert(&mut doc.transact_mut(), &mut rng(), whole)
        .unwrap();
    let place = |id: &ElementId| {
        let txn = doc.transact();
        suggest::whereabouts(&txn, &threads.get(id).read(&txn).unwrap())
    };
    assert_eq!(place(&passage), Whereabouts::At(4..7));
    assert_eq!(place(&whole), Whereabouts::Whole);
    let notes = Workspace.notes();
    notes.replace(&mut doc.transact_mut(), 5..6, "EE").unwrap();
    assert_eq!(place(&passage), Whereabouts::At(4..8));
    notes.delete(&mut doc.transact_mut(), 3..8).unwrap();
    let orphaned = Whereabouts::Orphaned {
        quote: "def".into(),
    };
    assert_eq!(place(&passage), orphaned);
    Workspace.tasks().remove(&mut doc.transact_mut(), &id("t"));
    assert_eq!(
        place(&whole),
        Whereabouts::Orphaned {
            quote: String::new()
        }
    );
}
