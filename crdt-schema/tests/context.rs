//! What a receiver is told, and how much of it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

#[path = "schema_support/room.rs"]
mod room;
mod schema_support;

use crdt_schema::{
    attribution::{People, Who},
    context::{self, BUDGET_MIN, DecisionNote, HandoffNote, Needs, Packet, WaitingNote},
    digest::{self, Digest, Lens},
    schema::{NewAction, Place, TextField, Workspace, words::Outcome},
    versions::Version,
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use room::Room;
use schema_support::{apply, edit};
use serde_json::json;
use yrs::Transact;

const ANA: usize = 0;
const BEN: usize = 1;
const PLANNER: usize = 2;

fn workspace() -> serde_json::Value {
    json!({
        "title": "Trip",
        "goal": "Go to the sea by train.",
        "steps": [{ "id": "one", "title": "Find trains", "body": "Look at the old timetable." }],
        "briefing": {
            "intent": "A calm week.",
            "next_step": "Choose a train.",
            "confidence": 0.5,
            "entities": { "people": 3 },
            "constraints": ["Under 900 euros."],
            "questions": [{ "text": "Which day?", "answer": "Monday." }, "Which class?"],
            "sources": [
                { "title": "Timetable", "uri": "https://example.org/t", "kind": "table" },
                { "title": "Picture", "uri": "data:image/png;base64,AAAA", "kind": "image" },
            ],
        },
    })
}

fn who(room: &Room, member: usize) -> Who {
    People::read(&room.server.transact()).who(&Room::member(member))
}

fn digest_for(room: &Room, base: &Version, reader: usize) -> Digest {
    let lens = Lens {
        authors: &room.authors(),
        touches: &room.touches,
        reader: Some(&Room::member(reader)),
        owns: &|_| false,
    };
    digest::digest(&mut room.server.transact_mut(), base, &lens)
}

fn act(room: &mut Room, who: usize, text: &str, outcome: Outcome) {
    let mut rng = StdRng::seed_from_u64(room.seq);
    let new = NewAction {
        text: text.into(),
        outcome,
        ..NewAction::default()
    };
    room.edit(who, |doc| {
        let actions = Workspace.briefing().actions();
        actions
            .add(&mut doc.transact_mut(), &mut rng, Place::Last, new)
            .unwrap();
    });
}

fn decision(by: Who, n: usize) -> DecisionNote {
    DecisionNote {
        id: format!("d{n}"),
        item: "plan".parse().unwrap(),
        title: "Go by night".into(),
        note: "It is cheaper.".into(),
        by,
        state: "decided".into(),
    }
}

fn waiting(n: usize) -> WaitingNote {
    WaitingNote {
        kind: "approval".into(),
        id: format!("a{n}"),
        item: "step:one".parse().unwrap(),
        title: "Buy the tickets".into(),
        since_ms: 1000,
    }
}

fn packet(room: &Room, receiver: usize, digest: &Digest, budget: usize, notes: usize) -> Packet {
    let handoff = HandoffNote {
        item: "step:one".parse().unwrap(),
        from: who(room, PLANNER),
        trigger: "stakes".into(),
        note: "The tickets cannot be given back.".into(),
        confidence: Some(0.4),
    };
    let decisions: Vec<DecisionNote> = (0..notes).map(|n| decision(who(room, BEN), n)).collect();
    let waits: Vec<WaitingNote> = (0..notes).map(waiting).collect();
    let needs = Needs {
        receiver: &who(room, receiver),
        authors: &room.authors(),
        handoff: Some(&handoff),
        decisions: &decisions,
        waiting: &waits,
        digest: Some(digest),
        budget,
    };
    context::packet(&room.server.transact(), &needs)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn ctx1_a_packet_fits_its_budget_and_counts_what_it_leaves_out(
        edits in prop::collection::vec((0_usize..4, edit()), 0..40),
        acts in prop::collection::vec("(I |Looked |\\*|\"|é|\n| [a-z]{1,9}){0,40}", 0..12),
        intent in "([a-z\"\\\\ 😀]{0,9}){0,200}",
        budget in 0_usize..6000,
        notes in 0_usize..12,
    ) {
        let mut room = Room::new(workspace());
        let base = room.version();
        let mut rng = StdRng::seed_from_u64(1);
        for (who, edit) in &edits {
            room.edit(*who, |doc| apply(doc, &mut rng, edit));
        }
        for text in &acts {
            act(&mut room, PLANNER, text, Outcome::Done);
        }
        room.edit(BEN, |doc| Workspace.briefing().intent().set(&mut doc.transact_mut(), &intent).unwrap());
        let digest = digest_for(&room, &base, ANA);
        let told = packet(&room, ANA, &digest, budget, notes);
        let json = serde_json::to_string(&told).unwrap();
        prop_assert!(json.chars().count() <= budget.max(BUDGET_MIN), "{} in {}", json.chars().count(), budget);
        prop_assert!(told.markdown(budget).chars().count() <= budget);

        let all = packet(&room, ANA, &digest, 1_000_000, notes);
        prop_assert!(all.left_out.is_empty());
        let sizes = |packet: &Packet| [
            ("changes", packet.changes.len()),
            ("constraints", packet.constraints.len()),
            ("decisions", packet.decisions.len()),
            ("facts", packet.facts.len()),
            ("questions", packet.questions.len()),
            ("sources", packet.sources.len()),
            ("tried", packet.tried.len()),
            ("waiting", packet.waiting.len()),
        ];
        for ((name, whole), (_, told_of)) in sizes(&all).into_iter().zip(sizes(&told)) {
            let left_out = told.left_out.get(name).copied().unwrap_or(0);
            prop_assert_eq!(whole, told_of + left_out, "{}", name);
        }
        prop_assert_eq!(serde_json::from_str::<Packet>(&json).unwrap(), told);
    }

    #[test]
    fn ctx3_what_was_tried_is_told_in_the_third_person(text in "(I |I have |We've |I'm |Looked |Sent )[a-z][a-z ]{0,20}") {
        let mut room = Room::new(workspace());
        let base = room.version();
        act(&mut room, PLANNER, &text, Outcome::Done);
        let told = packet(&room, ANA, &digest_for(&room, &base, ANA), 10_000, 0);
        let says = &told.tried[0].says;
        prop_assert!(says.starts_with("Planner "), "{}", says);
        for first in [" I ", "I'm", "We"] {
            prop_assert!(!says.contains(first), "{}", says);
        }
    }
}

#[test]
fn ctx2_a_packet_is_the_same_for_an_agent_and_for_a_person() {
    let mut room = Room::new(workspace());
    let base = room.version();
    room.edit(BEN, |doc| {
        Workspace
            .notes()
            .push(&mut doc.transact_mut(), "New.")
            .unwrap();
    });
    let for_ana = packet(&room, ANA, &digest_for(&room, &base, ANA), 10_000, 2);
    let for_planner = packet(
        &room,
        PLANNER,
        &digest_for(&room, &base, PLANNER),
        10_000,
        2,
    );
    let as_ana = Packet {
        receiver: for_ana.receiver.clone(),
        ..for_planner
    };
    assert_eq!(as_ana, for_ana);
}

#[test]
fn ctx3_tools_output_own_changes_and_contents_of_sources_are_left_out() {
    let mut room = Room::new(workspace());
    let base = room.version();
    act(
        &mut room,
        PLANNER,
        "Looked up prices.\n\n```\n{\"price\": 120}\n```\nmore output",
        Outcome::Done,
    );
    act(
        &mut room,
        PLANNER,
        "```json\n{}\n```\nI asked the railway",
        Outcome::Failed,
    );
    room.edit(ANA, |doc| {
        Workspace
            .notes()
            .push(&mut doc.transact_mut(), "Mine.")
            .unwrap();
    });
    let told = packet(&room, ANA, &digest_for(&room, &base, ANA), 10_000, 0);
    let says: Vec<&str> = told.tried.iter().map(|one| one.says.as_str()).collect();
    assert_eq!(
        says,
        ["Planner looked up prices.", "Planner asked the railway"]
    );
    assert_eq!(told.changes, []);
    assert_eq!(told.sources[1].title, "Picture");
    assert_eq!(told.sources[1].uri, "");
}

#[test]
fn ctx2_a_packet_in_words() {
    let mut room = Room::new(workspace());
    let base = room.version();
    act(&mut room, PLANNER, "Price list fetched", Outcome::Pending);
    let body = TextField::at("plan/steps/one/body".parse().unwrap()).unwrap();
    room.edit(BEN, |doc| {
        body.set(&mut doc.transact_mut(), "Look at the new timetable.")
            .unwrap();
    });
    let told = packet(&room, ANA, &digest_for(&room, &base, ANA), 10_000, 1).markdown(10_000);
    let expected = "\
# Context for Ana (person): Trip
**Goal:** Go to the sea by train.
Planner (agent) handed over `step:one` (stakes), with a confidence of 0.4: The tickets cannot be given back.
## What waits for Ana
- approval `a0` on `step:one`: Buy the tickets
## Decisions
- Ben (person) decided on `plan` (`d0`, decided): Go by night. It is cheaper.
**Intent:** A calm week.
**Next step:** Choose a train.
**Confidence:** 0.5
## Constraints
- Under 900 euros.
## Questions
- Which class?
- Which day? — Monday.
## What changed
**Find trains** (`step:one`)
- Ben (person) changed the body: “Look at the [-old-]{+new+} timetable.”
## What was tried
- Planner: Price list fetched
## Facts
- people: 3
## Sources
- [Timetable](https://example.org/t) · table
- Picture · image";
    assert_eq!(told, expected);
}
