//! Keeping versions, restoring them, and taking back what one member did.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

#[path = "schema_support/room.rs"]
mod room;
mod schema_support;

use crdt_schema::{
    attribution::{self, Age, Clocks},
    document,
    ids::ElementId,
    path::DocPath,
    project::{WorkspaceProjection, project},
    schema::{
        NewConstraint, NewStep, Place, TextField, Workspace,
        words::{StepStatus, Tier},
    },
    versions::{self, RestoreError, Reversal, Undone, VERSION_BYTES_MAX, Version, Whose, Why},
};
use proptest::{prelude::*, sample::Index};
use rand::{SeedableRng, rngs::StdRng};
use room::Room;
use schema_support::{Edit, apply, assert_conforms, edit, read, state};
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
        ],
        "tasks": [{ "id": "t1", "title": "Ask", "due": "2030-01-01" }, { "id": "t2", "blocked_by": ["t1"] }],
        "briefing": {
            "intent": "A calm week.",
            "confidence": 0.5,
            "entities": { "people/all": 3 },
            "constraints": [{ "id": "c1", "text": "Under 900 euros." }],
        },
        "notes": "The first draft.",
    })
}

fn path(text: &str) -> DocPath {
    text.parse().unwrap()
}

fn text(place: &str) -> TextField {
    TextField::at(path(place)).unwrap()
}

fn restore(doc: &Doc, base: &WorkspaceProjection, part: Option<&str>) -> Vec<String> {
    let part = part.map(path);
    let mut txn = doc.transact_mut();
    let changed = versions::restore(&mut txn, base, part.as_ref()).unwrap();
    changed.iter().map(ToString::to_string).collect()
}

/// What restoring is about: everything but the record of what was said.
fn content(workspace: &WorkspaceProjection) -> WorkspaceProjection {
    WorkspaceProjection {
        suggestions: Vec::new(),
        threads: Vec::new(),
        ..workspace.clone()
    }
}

fn undo(room: &Room, base: &Version, who: usize) -> Undone {
    let whose = Whose {
        member: &Room::member(who),
        authors: &room.authors(),
        touches: &room.touches,
    };
    versions::undo_member(&mut room.server.transact_mut(), base, whose).unwrap()
}

fn edits(most: usize) -> impl Strategy<Value = Vec<(usize, Edit)>> {
    prop::collection::vec((0_usize..4, edit()), 0..most)
}

fn play(room: &mut Room, rng: &mut StdRng, edits: &[(usize, Edit)]) {
    for (who, edit) in edits {
        room.edit(*who, |doc| apply(doc, rng, edit));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn ver1_a_version_reads_back_as_it_was_kept(edits in edits(15), cursor in any::<u64>()) {
        let mut room = Room::new(workspace());
        play(&mut room, &mut StdRng::seed_from_u64(1), &edits);
        let version = Version::take(&room.server.transact(), cursor, 17);
        let bytes = version.encode();
        prop_assert_eq!(&Version::decode(&bytes).unwrap(), &version);
        prop_assert_eq!(version.projection, read(&room.server));
        prop_assert!(Version::decode(&bytes[..bytes.len() / 2]).is_err());
    }

    #[test]
    fn ver1_other_bytes_are_refused(
        junk in prop::collection::vec(any::<u8>(), 0..200),
        at in any::<Index>(),
    ) {
        prop_assert!(Version::decode(&junk).is_err());
        let room = Room::new(workspace());
        let mut bytes = room.version().encode();
        let at = at.index(bytes.len());
        bytes[at] ^= 0x55;
        drop(Version::decode(&bytes));
    }

    #[test]
    fn ver2_a_restored_document_reads_as_it_did_and_restoring_again_does_nothing(
        before in edits(15),
        after in edits(20),
    ) {
        let mut room = Room::new(workspace());
        let mut rng = StdRng::seed_from_u64(2);
        play(&mut room, &mut rng, &before);
        let base = room.version();
        play(&mut room, &mut rng, &after);
        let now = read(&room.server);
        restore(&room.server, &base.projection, None);

        let restored = read(&room.server);
        prop_assert_eq!(content(&restored), content(&base.projection));
        prop_assert_eq!(&restored.suggestions, &now.suggestions);
        prop_assert_eq!(&restored.threads, &now.threads);
        assert_conforms(&room.server);
        let bytes = state(&room.server);
        prop_assert!(restore(&room.server, &base.projection, None).is_empty());
        prop_assert_eq!(state(&room.server), bytes);
    }

    #[test]
    fn ver3_words_that_need_not_change_stay_whose_they_are(
        before in edits(10),
        after in edits(10),
    ) {
        let mut room = Room::new(workspace());
        let mut rng = StdRng::seed_from_u64(3);
        play(&mut room, &mut rng, &before);
        let base = room.version();
        play(&mut room, &mut rng, &after);
        let fields = ["notes", "plan/goal", "plan/steps/one/body", "briefing/intent"];
        let parts = |room: &Room| {
            let mut txn = room.server.transact_mut();
            let authors = room.authors_in(&txn);
            fields.map(|field| attribution::runs(&mut txn, &path(field), &authors, &base.clocks))
        };
        let (now, runs) = (read(&room.server), parts(&room));
        restore(&room.server, &base.projection, None);
        let (restored, runs_after) = (read(&room.server), parts(&room));
        for (at, field) in fields.iter().enumerate() {
            let value = |workspace: &WorkspaceProjection| match *field {
                "notes" => workspace.notes.clone(),
                "plan/goal" => workspace.plan.goal.clone(),
                "briefing/intent" => workspace.briefing.intent.clone(),
                _ => workspace.plan.steps.iter().find(|step| step.id.as_str() == "one")
                    .map_or_else(String::new, |step| step.body.clone()),
            };
            if value(&now) == value(&restored) && !runs[at].is_empty() {
                prop_assert_eq!(&runs[at], &runs_after[at]);
            }
        }
    }

    #[test]
    fn ver2_a_restored_part_reads_as_it_did_and_the_rest_as_it_does(
        after in edits(15),
        which in 0_usize..7,
    ) {
        let mut room = Room::new(workspace());
        let base = room.version();
        play(&mut room, &mut StdRng::seed_from_u64(4), &after);
        let now = read(&room.server);
        let part = ["plan", "plan/steps", "plan/steps/two", "tasks", "tasks/t1", "notes", "briefing/entities"][which];
        restore(&room.server, &base.projection, Some(part));
        let mut expected = now;
        let then = base.projection;
        match part {
            "plan" => expected.plan = then.plan,
            "plan/steps" => expected.plan.steps = then.plan.steps,
            "plan/steps/two" => {
                expected.plan.steps.retain(|step| step.id.as_str() != "two");
                expected.plan.steps.extend(then.plan.steps.into_iter().filter(|step| step.id.as_str() == "two"));
                expected.plan.steps.sort_by(|a, b| (&a.order, &a.id).cmp(&(&b.order, &b.id)));
            }
            "tasks" => expected.tasks = then.tasks,
            "tasks/t1" => {
                expected.tasks.retain(|task| task.id.as_str() != "t1");
                expected.tasks.extend(then.tasks.into_iter().filter(|task| task.id.as_str() == "t1"));
                expected.tasks.sort_by(|a, b| (&a.order, &a.id).cmp(&(&b.order, &b.id)));
            }
            "notes" => expected.notes = then.notes,
            _ => expected.briefing.entities = then.briefing.entities,
        }
        prop_assert_eq!(read(&room.server), expected);
    }

    #[test]
    fn ver7_undoing_the_only_writer_reads_as_before(before in edits(10), after in prop::collection::vec(edit(), 0..15)) {
        let mut room = Room::new(workspace());
        let mut rng = StdRng::seed_from_u64(5);
        play(&mut room, &mut rng, &before);
        let base = room.version();
        for edit in &after {
            room.edit(PLANNER, |doc| apply(doc, &mut rng, edit));
        }
        let undone = undo(&room, &base, PLANNER);
        prop_assert_eq!(undone.kept, []);
        prop_assert_eq!(content(&read(&room.server)), content(&base.projection));
        assert_conforms(&room.server);
    }

    #[test]
    fn ver5_the_others_words_always_stay_and_the_members_go(deeds in prop::collection::vec(deed(), 0..25)) {
        let mut room = Room::new(json!({ "notes": "xx xx xx", "steps": [{ "id": "one", "body": "yy yy" }] }));
        let (start, rest) = deeds.split_at(deeds.len() / 3);
        for deed in start {
            room.act(deed);
        }
        let base = room.version();
        for deed in rest {
            room.act(deed);
        }
        let fields = ["notes", "plan/steps/one/body"];
        let others = |text: &str| -> String { text.chars().filter(|c| "abxy".contains(*c)).collect() };
        let now = fields.map(|field| text(field).read(&room.server.transact()));
        let then = [&base.projection.notes, &base.projection.plan.steps[0].body];
        undo(&room, &base, PLANNER);
        for ((field, now), then) in fields.iter().zip(&now).zip(then) {
            let mut txn = room.server.transact_mut();
            let after = text(field).read(&txn);
            prop_assert!(is_within(&others(now), &after), "{:?} → {:?}", now, after);
            let authors = room.authors_in(&txn);
            let runs = attribution::runs(&mut txn, &path(field), &authors, &base.clocks);
            // What reads as it did is left alone, whoever wrote it.
            for run in runs.iter().filter(|_| now != then) {
                prop_assert!(run.age == Age::Before || run.by != Some(Room::member(PLANNER)));
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Deed {
    Write(usize, usize, Index, usize),
    Erase(usize, usize, Index, Index),
}

fn deed() -> impl Strategy<Value = Deed> {
    let index = any::<Index>;
    prop_oneof![
        (0_usize..3, 0_usize..2, index(), 1_usize..4)
            .prop_map(|(who, field, at, n)| Deed::Write(who, field, at, n)),
        (0_usize..3, 0_usize..2, index(), index())
            .prop_map(|(who, field, a, b)| Deed::Erase(who, field, a, b)),
    ]
}

impl Room {
    fn act(&mut self, deed: &Deed) {
        let field = |at: usize| text(["notes", "plan/steps/one/body"][at]);
        match deed {
            Deed::Write(who, at, place, n) => self.edit(*who, |doc| {
                let mut txn = doc.transact_mut();
                let place = place.index(field(*at).len(&txn) as usize + 1) as u32;
                let word = ["a", "b", "p"][*who].repeat(*n) + " ";
                field(*at).insert(&mut txn, place, &word).unwrap();
            }),
            Deed::Erase(who, at, a, b) => self.edit(*who, |doc| {
                let mut txn = doc.transact_mut();
                let length = field(*at).len(&txn) as usize + 1;
                let (a, b) = (a.index(length) as u32, b.index(length) as u32);
                field(*at).delete(&mut txn, a.min(b)..a.max(b)).unwrap();
            }),
        }
    }
}

/// Whether the characters of `part` are in `whole`, in their order.
fn is_within(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|wanted| rest.any(|c| c == wanted))
}

#[test]
fn ver1_what_unpacks_to_too_much_is_refused() {
    let zeros = std::io::Read::take(std::io::repeat(b' '), VERSION_BYTES_MAX + 2);
    let bomb = zstd::encode_all(zeros, 1).unwrap();
    assert!(bomb.len() < 1 << 20);
    let refused = Version::decode(&bomb).unwrap_err();
    assert!(refused.to_string().contains("more than"), "{refused}");
}

#[test]
fn ver4_the_record_is_not_restored_and_a_field_not_without_its_element() {
    let mut room = Room::new(workspace());
    let base = room.version();
    room.edit(ANA, |doc| {
        let steps = Workspace.plan().steps();
        steps.remove(&mut doc.transact_mut(), &"one".parse().unwrap())
    });
    let mut txn = room.server.transact_mut();
    for part in ["control", "suggestions", "threads/x", "x-app/y"] {
        let part = path(part);
        assert_eq!(
            versions::restore(&mut txn, &base.projection, Some(&part)),
            Err(RestoreError::NotContent(part.clone()))
        );
    }
    assert_eq!(
        versions::restore(
            &mut txn,
            &base.projection,
            Some(&path("plan/steps/one/title"))
        ),
        Err(RestoreError::OnlyInOne(path("plan/steps/one")))
    );
    drop(txn);
    assert_eq!(
        restore(&room.server, &base.projection, Some("plan/steps/one")),
        ["plan/steps/one"]
    );
    assert_eq!(read(&room.server), base.projection);
}

#[test]
fn ver3_restoring_a_text_writes_its_differences_alone() {
    let mut room = Room::new(workspace());
    let base = room.version();
    room.edit(ANA, |doc| {
        text("notes")
            .set(&mut doc.transact_mut(), "The second draft, at length.")
            .unwrap();
    });
    let before = Clocks::of(&room.server.transact());
    restore(&room.server, &base.projection, None);
    let client = room.server.client_id().get();
    let written = Clocks::of(&room.server.transact()).get(client) - before.get(client);
    assert_eq!(
        written as usize,
        "first".len(),
        "only the word that was replaced comes back"
    );
}

#[test]
fn ver2_a_version_can_be_restored_into_another_peers_document() {
    let room = Room::new(workspace());
    let base = Version::decode(&room.version().encode()).unwrap();
    let empty = document::new_doc(77);
    restore(&empty, &base.projection, None);
    assert_eq!(project(&empty.transact()), base.projection);
}

#[test]
fn ver5_undoing_an_agents_rewrite_of_a_paragraph_keeps_a_persons_sentence() {
    let mut room =
        Room::new(json!({ "notes": "Trains are slow. They are cheap. They run daily." }));
    let base = room.version();
    room.edit(PLANNER, |doc| {
        text("notes")
            .set(
                &mut doc.transact_mut(),
                "Planes are fast. They are dear. They run daily.",
            )
            .unwrap();
    });
    room.edit(ANA, |doc| {
        text("notes")
            .push(&mut doc.transact_mut(), " I like them.")
            .unwrap();
    });
    let undone = undo(&room, &base, PLANNER);
    let now = read(&room.server).notes;
    assert_eq!(
        now,
        "Trains are slow. They are cheap. They run daily. I like them."
    );
    assert!(matches!(undone.undone[0].how, Reversal::Text { .. }));
    assert_eq!(undone.kept, []);
}

#[test]
fn ver5_words_that_an_agent_wrote_before_stay() {
    let mut room = Room::new(json!({ "notes": "" }));
    room.edit(PLANNER, |doc| {
        text("notes")
            .set(&mut doc.transact_mut(), "go go go")
            .unwrap();
    });
    let base = room.version();
    room.edit(PLANNER, |doc| {
        text("notes")
            .insert(&mut doc.transact_mut(), 0, "go ")
            .unwrap();
    });
    room.edit(BEN, |doc| {
        text("notes").push(&mut doc.transact_mut(), " now").unwrap();
    });
    undo(&room, &base, PLANNER);
    assert_eq!(read(&room.server).notes, "go go go now");
}

/// The planner adds a step that Ana builds on and a constraint that nobody does, makes step one
/// tactical, and changes step two before Ben does. Returns the new step and the constraint.
fn work_together(room: &mut Room) -> (ElementId, ElementId) {
    let mut rng = StdRng::seed_from_u64(1);
    let steps = Workspace.plan().steps();
    let step = |id: &str| steps.get(&id.parse().unwrap());
    let (built_on, alone) = room.edit(PLANNER, |doc| {
        let mut txn = doc.transact_mut();
        let new = NewStep::default();
        let built_on = steps.add(&mut txn, &mut rng, Place::Last, new);
        let constraints = Workspace.briefing().constraints();
        let new = NewConstraint::default();
        let alone = constraints.add(&mut txn, &mut rng, Place::Last, new);
        let two = step("two");
        step("one").set_tier(&mut txn, Tier::Tactical).unwrap();
        two.set_status(&mut txn, StepStatus::Doing).unwrap();
        two.body().set(&mut txn, "").unwrap();
        (built_on.unwrap(), alone.unwrap())
    });
    room.edit(ANA, |doc| {
        let body = steps.get(&built_on).body();
        body.set(&mut doc.transact_mut(), "By night.").unwrap();
    });
    room.edit(BEN, |doc| {
        let mut txn = doc.transact_mut();
        let two = step("two");
        two.set_status(&mut txn, StepStatus::Done).unwrap();
        two.body().push(&mut txn, "Three.").unwrap();
    });
    (built_on, alone)
}

#[test]
fn ver6_what_is_kept_is_told_with_its_reason() {
    let mut room = Room::new(workspace());
    let base = room.version();
    let (built_on, alone) = work_together(&mut room);

    let undone = undo(&room, &base, PLANNER);
    let told: Vec<(String, Reversal)> = undone
        .undone
        .iter()
        .map(|one| (one.path.to_string(), one.how))
        .collect();
    assert_eq!(
        told,
        [
            (format!("briefing/constraints/{alone}"), Reversal::Removed),
            ("plan/steps/one/tier".to_owned(), Reversal::Reset),
        ]
    );
    let kept: Vec<(String, Why)> = undone
        .kept
        .into_iter()
        .map(|one| (one.path.to_string(), one.why))
        .collect();
    let (ana, ben) = (Room::member(ANA), Room::member(BEN));
    assert_eq!(
        kept,
        [
            (
                format!("plan/steps/{built_on}"),
                Why::AlsoChanged { by: vec![ana] }
            ),
            (
                "plan/steps/two/body".to_owned(),
                Why::DeletedBySomebody {
                    by: vec![ben.clone()]
                }
            ),
            (
                "plan/steps/two/status".to_owned(),
                Why::ChangedLater { by: ben }
            ),
        ]
    );
    assert_eq!(kept[2].1.to_string(), "ben changed it later");
    let plan = read(&room.server).plan;
    assert_eq!(plan.steps[0].tier, Tier::Strategic);
    assert_eq!(plan.steps[1].body, "Three.");
}

#[test]
fn ver5_what_a_member_removed_comes_back() {
    let mut room = Room::new(workspace());
    let base = room.version();
    room.edit(PLANNER, |doc| {
        let mut txn = doc.transact_mut();
        Workspace.tasks().remove(&mut txn, &"t2".parse().unwrap());
        Workspace
            .briefing()
            .set_entity(&mut txn, "people/all", None)
            .unwrap();
    });
    room.edit(ANA, |doc| {
        text("meta/title")
            .push(&mut doc.transact_mut(), "!")
            .unwrap();
    });
    undo(&room, &base, PLANNER);
    let now = read(&room.server);
    assert_eq!(now.tasks, base.projection.tasks);
    assert_eq!(now.briefing, base.projection.briefing);
    assert_eq!(now.title, "Trip!");
}
