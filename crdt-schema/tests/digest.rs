//! What changed, by whom, and how it is told.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

#[path = "schema_support/room.rs"]
mod room;
mod schema_support;

use std::collections::BTreeSet;

use crdt_schema::{
    digest::{self, Change, Digest, Lens, Rank, What},
    ids::MemberId,
    item::Item,
    project::{WorkspaceProjection, project},
    schema::{
        NewComment, NewConstraint, NewStep, NewSuggestion, NewTask, NewThread, Place, Workspace,
        words::{StepStatus, SuggestionStatus, Tier},
    },
    versions::Version,
};
use proptest::{prelude::*, sample::Index};
use rand::{SeedableRng, rngs::StdRng};
use room::Room;
use schema_support::{apply, edit};
use serde_json::json;
use yrs::{Doc, Transact};

const ANA: usize = 0;
const BEN: usize = 1;
const PLANNER: usize = 2;

fn workspace() -> serde_json::Value {
    json!({
        "title": "Trip",
        "goal": "Go to the sea by train.",
        "steps": [
            { "id": "one", "title": "Find trains", "body": "Look at the old timetable.", "tier": "strategic" },
            { "id": "two", "title": "Book rooms", "body": "Two nights." },
            { "id": "three", "title": "Pack" },
        ],
        "tasks": [{ "id": "t1", "title": "Ask for prices" }],
        "briefing": { "intent": "A calm week.", "constraints": [{ "id": "c1", "text": "Under 900 euros." }] },
        "notes": "one two one two",
    })
}

fn digest_for(room: &Room, base: &Version, reader: Option<usize>, owned: &[&str]) -> Digest {
    let owned: Vec<Item> = owned.iter().map(|item| item.parse().unwrap()).collect();
    let reader: Option<MemberId> = reader.map(Room::member);
    let lens = Lens {
        authors: &room.authors(),
        touches: &room.touches,
        reader: reader.as_ref(),
        owns: &|item| owned.contains(item),
    };
    digest::digest(&mut room.server.transact_mut(), base, &lens)
}

fn changes(digest: &Digest) -> Vec<&Change> {
    digest.items.iter().flat_map(|item| &item.changes).collect()
}

fn by(change: &Change) -> Vec<&str> {
    change.by.iter().map(|who| who.id.as_str()).collect()
}

/// A workspace with its things in their order, but without the keys that give it: moving a thing
/// to where it is changes nothing that anybody sees.
fn without_keys(workspace: &WorkspaceProjection) -> WorkspaceProjection {
    let mut workspace = workspace.clone();
    let steps = workspace.plan.steps.iter_mut().map(|one| &mut one.order);
    let tasks = workspace.tasks.iter_mut().map(|one| &mut one.order);
    for order in steps.chain(tasks) {
        order.clear();
    }
    workspace
}

/// Applies the hunks of a text backwards: what it read before.
fn before(now: &str, change: &Change) -> String {
    let What::Text { hunks } = &change.what else {
        panic!("{change:?} is not of a text");
    };
    let units: Vec<u16> = now.encode_utf16().collect();
    let mut out: Vec<u16> = Vec::new();
    let mut at = 0;
    for hunk in hunks {
        let start = hunk.at as usize;
        let inserted: String = hunk
            .inserted
            .iter()
            .map(|words| words.text.as_str())
            .collect();
        let end = start + inserted.encode_utf16().count();
        assert_eq!(String::from_utf16(&units[start..end]).unwrap(), inserted);
        out.extend(&units[at..start]);
        out.extend(hunk.removed.encode_utf16());
        at = end;
    }
    out.extend(&units[at..]);
    String::from_utf16(&out).unwrap()
}

/// Every place that differs, as `(place, kind of change)`.
fn expected(
    old: &WorkspaceProjection,
    new: &WorkspaceProjection,
) -> BTreeSet<(String, &'static str)> {
    let mut places = BTreeSet::new();
    let texts = [
        ("meta/title", &old.title, &new.title),
        ("notes", &old.notes, &new.notes),
        ("plan/goal", &old.plan.goal, &new.plan.goal),
    ];
    for (place, old, new) in texts {
        if old != new {
            places.insert((place.to_owned(), "text"));
        }
    }
    for step in &new.plan.steps {
        let path = format!("plan/steps/{}", step.id);
        match old.plan.steps.iter().find(|other| other.id == step.id) {
            None => drop(places.insert((path, "added"))),
            Some(other) => {
                if other.title != step.title {
                    places.insert((format!("{path}/title"), "text"));
                }
                if other.body != step.body {
                    places.insert((format!("{path}/body"), "text"));
                }
                if other.tier != step.tier {
                    places.insert((format!("{path}/tier"), "set"));
                }
            }
        }
    }
    for step in &old.plan.steps {
        if !new.plan.steps.iter().any(|other| other.id == step.id) {
            places.insert((format!("plan/steps/{}", step.id), "removed"));
        }
    }
    places
}

fn kind(change: &Change) -> &'static str {
    match change.what {
        What::Added { .. } => "added",
        What::Removed { .. } => "removed",
        What::Moved { .. } => "moved",
        What::Set { .. } => "set",
        What::Text { .. } => "text",
        What::Suggestion { .. } => "suggestion",
        What::Comment { .. } => "comment",
        What::Settled { .. } => "settled",
    }
}

fn text_at<'a>(workspace: &'a WorkspaceProjection, path: &str) -> &'a str {
    let keys: Vec<&str> = path.split('/').collect();
    match keys.as_slice() {
        ["meta", "title"] => &workspace.title,
        ["notes"] => &workspace.notes,
        ["plan", "goal"] => &workspace.plan.goal,
        ["plan", "steps", id, field] => {
            let step = workspace
                .plan
                .steps
                .iter()
                .find(|step| step.id.as_str() == *id);
            let step = step.unwrap();
            if *field == "title" {
                &step.title
            } else {
                &step.body
            }
        }
        ["briefing", "questions", id, field] => {
            let questions = &workspace.briefing.questions;
            let question = questions.iter().find(|one| one.id.as_str() == *id).unwrap();
            if *field == "text" {
                &question.text
            } else {
                &question.answer
            }
        }
        other => panic!("{other:?} is not a text of this test"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn dig3_a_digest_names_every_difference_and_nothing_else(
        first in prop::collection::vec((0_usize..4, edit()), 0..12),
        then in prop::collection::vec((0_usize..4, edit()), 0..12),
    ) {
        let mut room = Room::new(workspace());
        let mut rng = StdRng::seed_from_u64(9);
        for (who, edit) in &first {
            room.edit(*who, |doc| apply(doc, &mut rng, edit));
        }
        let base = room.version();
        for (who, edit) in &then {
            room.edit(*who, |doc| apply(doc, &mut rng, edit));
        }
        let now = project(&room.server.transact());
        let digest = digest_for(&room, &base, None, &[]);

        prop_assert_eq!(digest.is_empty(), without_keys(&now) == without_keys(&base.projection));
        let plan_and_texts: BTreeSet<(String, &'static str)> = changes(&digest)
            .into_iter()
            .filter(|change| !matches!(change.what, What::Moved { .. }))
            .map(|change| (change.path.to_string(), kind(change)))
            .filter(|(path, _)| ["meta", "notes", "plan"].iter().any(|root| path.starts_with(root)))
            .collect();
        prop_assert_eq!(plan_and_texts, expected(&base.projection, &now));
        for change in changes(&digest) {
            if let What::Text { .. } = change.what {
                let path = change.path.to_string();
                let old = before(text_at(&now, &path), change);
                prop_assert_eq!(old, text_at(&base.projection, &path));
            }
            prop_assert!(!change.by.is_empty(), "{:?} was done by somebody", change);
        }
        let json = serde_json::to_value(&digest).unwrap();
        prop_assert_eq!(serde_json::from_value::<Digest>(json).unwrap(), digest);
    }

    #[test]
    fn dig1_inserted_words_are_credited_to_those_who_wrote_them_since(
        edits in prop::collection::vec((0_usize..3, any::<Index>(), 1_usize..3), 1..12),
    ) {
        // Everybody writes whole words of their own, among words that are all the same.
        let own = ["ana ", "ben ", "planner "];
        let mut room = Room::new(json!({ "notes": "the the the the " }));
        for (who, word) in own.iter().enumerate() {
            room.edit(who, |doc| Workspace.notes().insert(&mut doc.transact_mut(), 0, word).unwrap());
        }
        let base = room.version();
        for (who, at, count) in &edits {
            let text = own[*who].repeat(*count);
            room.edit(*who, |doc| {
                let mut txn = doc.transact_mut();
                let now = Workspace.notes().read(&txn);
                let starts: Vec<usize> = std::iter::once(0)
                    .chain(now.match_indices(' ').map(|(at, _)| at + 1))
                    .collect();
                let at = *at.get(&starts);
                Workspace.notes().insert(&mut txn, at as u32, &text).unwrap();
            });
        }
        let digest = digest_for(&room, &base, None, &[]);
        for change in changes(&digest) {
            let What::Text { hunks } = &change.what else { continue };
            for words in hunks.iter().flat_map(|hunk| &hunk.inserted) {
                let by = words.by.as_ref().map_or("the", |who| who.id.as_str());
                for word in words.text.split_whitespace() {
                    prop_assert_eq!(word, by);
                }
            }
        }
    }

    #[test]
    fn dig6_markdown_fits_its_budget(
        edits in prop::collection::vec((0_usize..4, edit()), 0..20),
        budget in 0_usize..1500,
    ) {
        let mut room = Room::new(workspace());
        let base = room.version();
        let mut rng = StdRng::seed_from_u64(9);
        for (who, edit) in &edits {
            room.edit(*who, |doc| apply(doc, &mut rng, edit));
        }
        let digest = digest_for(&room, &base, None, &[]);
        let told = digest.markdown(budget);
        prop_assert!(told.chars().count() <= budget);
        let lines = told.lines().filter(|line| line.starts_with("- ")).count();
        let total = changes(&digest).len();
        if budget >= 60 && lines < total {
            prop_assert!(told.contains(&format!("*{} more", total - lines)), "{}", told);
        }
        if budget >= 60 && lines == total {
            prop_assert!(!told.contains("left out"));
        }
    }
}

#[test]
fn dig1_an_insertion_among_equal_words_is_its_writers() {
    let mut room = Room::new(json!({ "notes": "" }));
    room.edit(PLANNER, |doc| {
        Workspace
            .notes()
            .set(&mut doc.transact_mut(), "no no no")
            .unwrap();
    });
    let base = room.version();
    room.edit(ANA, |doc| {
        Workspace
            .notes()
            .insert(&mut doc.transact_mut(), 0, "no ")
            .unwrap();
    });
    let digest = digest_for(&room, &base, None, &[]);
    assert_eq!(by(changes(&digest)[0]), ["ana"]);
}

fn add_step(doc: &Doc, title: &str, tier: Tier) {
    let new = NewStep {
        title: title.into(),
        tier,
        ..NewStep::default()
    };
    let steps = Workspace.plan().steps();
    let mut rng = StdRng::seed_from_u64(5);
    steps
        .add(&mut doc.transact_mut(), &mut rng, Place::Last, new)
        .unwrap();
}

#[test]
fn dig5_direction_first_then_what_the_reader_owns_then_the_rest_then_the_readers_own() {
    let mut room = Room::new(workspace());
    let base = room.version();
    let plan = Workspace.plan();
    let step = |id: &str| plan.steps().get(&id.parse().unwrap());
    room.edit(ANA, |doc| {
        step("three")
            .set_status(&mut doc.transact_mut(), StepStatus::Ready)
            .unwrap();
    });
    room.edit(BEN, |doc| {
        step("two")
            .set_status(&mut doc.transact_mut(), StepStatus::Done)
            .unwrap();
    });
    room.edit(PLANNER, |doc| {
        Workspace
            .notes()
            .push(&mut doc.transact_mut(), " three")
            .unwrap();
    });
    room.edit(BEN, |doc| {
        let tasks = Workspace.tasks();
        let mut rng = StdRng::seed_from_u64(6);
        tasks
            .add(
                &mut doc.transact_mut(),
                &mut rng,
                Place::Last,
                NewTask::default(),
            )
            .unwrap();
    });
    room.edit(PLANNER, |doc| {
        step("one")
            .body()
            .set(&mut doc.transact_mut(), "Look at the new timetable.")
            .unwrap();
    });
    room.edit(BEN, |doc| {
        let constraints = Workspace.briefing().constraints();
        let mut rng = StdRng::seed_from_u64(7);
        let new = NewConstraint {
            text: "No flights.".into(),
            ..NewConstraint::default()
        };
        constraints
            .add(&mut doc.transact_mut(), &mut rng, Place::Last, new)
            .unwrap();
    });
    room.edit(PLANNER, |doc| add_step(doc, "Decide", Tier::Strategic));
    let digest = digest_for(
        &room,
        &base,
        Some(ANA),
        &["step:two", "notes", "step:three"],
    );
    let ranks: Vec<Rank> = digest.items.iter().map(|item| item.rank).collect();
    let strategic = [Rank::Strategic; 3];
    assert_eq!(ranks[..3], strategic);
    assert_eq!(
        ranks[3..],
        [Rank::Mine, Rank::Mine, Rank::Others, Rank::Own]
    );
    assert_eq!(digest.items[6].item.to_string(), "step:three");
    let mine: BTreeSet<String> = digest.items[3..5]
        .iter()
        .map(|item| item.item.to_string())
        .collect();
    assert_eq!(mine, ["notes".to_owned(), "step:two".to_owned()].into());
}

#[test]
fn dig3_moving_a_step_is_one_change() {
    let mut room = Room::new(workspace());
    let base = room.version();
    room.edit(BEN, |doc| {
        let steps = Workspace.plan().steps();
        let (one, three) = ("one".parse().unwrap(), "three".parse().unwrap());
        steps
            .move_to(&mut doc.transact_mut(), &one, Place::After(&three))
            .unwrap();
    });
    let digest = digest_for(&room, &base, None, &[]);
    let [change] = changes(&digest)[..] else {
        panic!("{digest:?}")
    };
    assert_eq!(
        change.what,
        What::Moved {
            after: Some("Pack".into())
        }
    );
    assert_eq!((by(change), change.at_ms), (vec!["ben"], Some(1000)));
}

#[test]
fn dig3_what_was_proposed_and_said_is_told_under_what_it_is_about() {
    let mut room = Room::new(workspace());
    let base = room.version();
    let mut rng = StdRng::seed_from_u64(5);
    let suggestion = room.edit(PLANNER, |doc| {
        let new = NewSuggestion {
            target: "plan/steps/two/body".into(),
            quote: "Two".into(),
            replacement: "Three".into(),
            ..NewSuggestion::default()
        };
        Workspace
            .suggestions()
            .insert(&mut doc.transact_mut(), &mut rng, new)
            .unwrap()
    });
    room.edit(ANA, |doc| {
        let comment = NewComment {
            text: "Why not four?".into(),
            ..NewComment::default()
        };
        let new = NewThread {
            target: "plan/steps/two/body".into(),
            comments: vec![comment],
            ..NewThread::default()
        };
        Workspace
            .threads()
            .insert(&mut doc.transact_mut(), &mut rng, new)
            .unwrap();
    });
    let digest = digest_for(&room, &base, None, &[]);
    assert_eq!(digest.items.len(), 1);
    assert_eq!(digest.items[0].item.to_string(), "step:two");
    assert_eq!(digest.items[0].title, "Book rooms");
    let told: Vec<_> = changes(&digest)
        .into_iter()
        .map(|one| (kind(one), by(one)[0]))
        .collect();
    assert_eq!(told, [("suggestion", "planner"), ("comment", "ana")]);

    let base = room.version();
    room.edit(BEN, |doc| {
        let view = Workspace.suggestions().get(&suggestion);
        view.decide(
            &mut doc.transact_mut(),
            SuggestionStatus::Rejected,
            &Room::member(BEN),
        )
        .unwrap();
    });
    let digest = digest_for(&room, &base, None, &[]);
    let told = digest.markdown(500);
    assert!(
        told.contains("Ben (person) rejected a suggestion: “Two” → “Three”."),
        "{told}"
    );
}

#[test]
fn dig6_the_words_of_a_digest() {
    let mut room = Room::new(workspace());
    let base = room.version();
    let plan = Workspace.plan();
    let step = |id: &str| plan.steps().get(&id.parse().unwrap());
    room.edit(ANA, |doc| {
        step("one")
            .body()
            .set(&mut doc.transact_mut(), "Look at the new timetable, twice.")
            .unwrap();
    });
    room.edit(PLANNER, |doc| {
        step("two")
            .set_status(&mut doc.transact_mut(), StepStatus::NeedsDecision)
            .unwrap();
    });
    room.edit(PLANNER, |doc| {
        plan.steps()
            .remove(&mut doc.transact_mut(), &"three".parse().unwrap())
    });
    let told = digest_for(&room, &base, None, &[]).markdown(2000);
    assert_eq!(
        told,
        "**Find trains** (`step:one`) · strategic\n\
         - Ana (person) changed the body: “Look at the [-old-]{+new+} timetable, twice.”; “Look at the new timetable{+, twice+}.”\n\
         **Pack** (`step:three`)\n\
         - Planner (agent) removed the step (status draft, tier tactical).\n\
         **Book rooms** (`step:two`)\n\
         - Planner (agent) changed the status from draft to needs decision."
    );
    assert_eq!(
        digest_for(&room, &room.version(), None, &[]).markdown(100),
        "Nothing has changed."
    );
}
