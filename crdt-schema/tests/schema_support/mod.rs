//! Peers that edit one document through the typed views, and a check against the schema table.
#![allow(dead_code, reason = "each test file uses its part")]

use crdt_schema::{
    content::{self, InitialContent},
    document,
    ids::{ElementId, MemberId},
    lineage::Lineage,
    project::{self, Primitive, WorkspaceProjection},
    schema::{
        NewComment, NewQuestion, NewStep, NewSuggestion, NewTask, NewThread, Place, Workspace,
        words::{SuggestionStatus, TaskStatus, Tier},
    },
    shape::{self, Shape},
};
use proptest::{prelude::*, sample::Index};
use rand::{SeedableRng, rngs::StdRng};
use yrs::{
    Doc, Map, Out, ReadTxn, StateVector, Transact, TransactionMut, Update, updates::decoder::Decode,
};

/// A document with content, as the server makes it.
pub(crate) fn made(content: serde_json::Value) -> Doc {
    let doc = document::new_doc(1);
    let mut rng = StdRng::seed_from_u64(7);
    let content = InitialContent::from_json(content).expect("content is sound");
    let mut txn = doc.transact_mut();
    content::write(content, &mut txn, &mut rng).expect("content is sound");
    Lineage::random(&mut rng).write(&mut txn);
    drop(txn);
    doc
}

/// Another peer with the same state.
pub(crate) fn join(doc: &Doc, client_id: u64) -> Doc {
    let peer = document::new_doc(client_id);
    sync(doc, &peer);
    peer
}

/// Gives `to` everything that `from` has.
pub(crate) fn sync(from: &Doc, to: &Doc) {
    let known = to.transact().state_vector();
    let update = from.transact().encode_state_as_update_v1(&known);
    let update = Update::decode_v1(&update).expect("an own update");
    to.transact_mut()
        .apply_update(update)
        .expect("an own update");
}

pub(crate) fn read(doc: &Doc) -> WorkspaceProjection {
    project::project(&doc.transact())
}

pub(crate) fn state(doc: &Doc) -> Vec<u8> {
    doc.transact()
        .encode_state_as_update_v1(&StateVector::default())
}

/// Panics when something stands where the schema does not allow it.
pub(crate) fn assert_conforms(doc: &Doc) {
    let txn = doc.transact();
    for (name, shape) in shape::ROOTS {
        let root = txn.get(name).expect("roots are declared");
        conforms(&txn, name, &root, shape);
    }
}

fn conforms<T: ReadTxn>(txn: &T, path: &str, value: &Out, shape: &Shape) {
    match (shape, value) {
        (Shape::Free, _) | (Shape::Text, Out::YText(_)) => {}
        (Shape::Map(_) | Shape::MapOf(_) | Shape::Dict(_), Out::YMap(map)) => {
            for (key, value) in map.iter(txn) {
                let below = format!("{path}/{key}");
                let shape = shape
                    .child(key)
                    .unwrap_or_else(|| panic!("{below} has no place"));
                conforms(txn, &below, &value, shape);
            }
        }
        (Shape::Scalar(scalar), Out::Any(value)) => {
            assert!(scalar.admits(value), "{path} holds {value:?}");
        }
        (shape, value) => panic!("{path} holds {value:?}, expected {shape:?}"),
    }
}

/// What a peer may do to a document.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Title(String),
    Goal(String),
    Notes(String),
    InsertNote(Index, String),
    AddStep(Index, String),
    MoveStep(Index, Index),
    RemoveStep(Index),
    StepBody(Index, String),
    StepTier(Index),
    AddTask(String),
    TaskDone(Index),
    Block(Index, Index),
    RemoveTask(Index),
    Entity(u8, Option<f64>),
    Confidence(f64),
    Ask(String),
    Answer(Index, String),
    Suggest(String),
    Decide(Index),
    Discuss(String),
    Comment(Index, String),
}

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c \n]{0,12}",
        "(one|two|three|\\*four\\*|[ .,\n]){0,10}",
        "[aé😀\r\n ]{0,8}",
    ]
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        text().prop_map(Edit::Title),
        text().prop_map(Edit::Goal),
        text().prop_map(Edit::Notes),
        (at(), text()).prop_map(|(at, text)| Edit::InsertNote(at, text)),
        (at(), text()).prop_map(|(at, text)| Edit::AddStep(at, text)),
        (at(), at()).prop_map(|(which, to)| Edit::MoveStep(which, to)),
        at().prop_map(Edit::RemoveStep),
        (at(), text()).prop_map(|(at, text)| Edit::StepBody(at, text)),
        at().prop_map(Edit::StepTier),
        text().prop_map(Edit::AddTask),
        at().prop_map(Edit::TaskDone),
        (at(), at()).prop_map(|(a, b)| Edit::Block(a, b)),
        at().prop_map(Edit::RemoveTask),
        (0_u8..4, prop::option::of(-5.0..5.0_f64))
            .prop_map(|(name, value)| Edit::Entity(name, value)),
        (0.0..=1.0_f64).prop_map(Edit::Confidence),
        text().prop_map(Edit::Ask),
        (at(), text()).prop_map(|(at, text)| Edit::Answer(at, text)),
        text().prop_map(Edit::Suggest),
        at().prop_map(Edit::Decide),
        text().prop_map(Edit::Discuss),
        (at(), text()).prop_map(|(at, text)| Edit::Comment(at, text)),
    ]
}

/// Makes an edit; edits of what is not there do nothing.
pub(crate) fn apply(doc: &Doc, rng: &mut StdRng, edit: &Edit) {
    let mut txn = doc.transact_mut();
    try_apply(&mut txn, rng, edit);
}

fn pick(ids: &[ElementId], at: &Index) -> Option<ElementId> {
    (!ids.is_empty()).then(|| at.get(ids).clone())
}

fn place<'a>(ids: &'a [ElementId], at: &Index) -> Place<'a> {
    match at.index(ids.len() + 2) {
        0 => Place::First,
        1 => Place::Last,
        at if at % 2 == 0 => Place::Before(&ids[at - 2]),
        at => Place::After(&ids[at - 2]),
    }
}

fn try_apply(txn: &mut TransactionMut<'_>, rng: &mut StdRng, edit: &Edit) -> Option<()> {
    let workspace = Workspace;
    let steps = workspace.plan().steps();
    let tasks = workspace.tasks();
    let step_ids = steps.ids(txn);
    let task_ids = tasks.ids(txn);
    match edit {
        Edit::Title(text) => workspace.title().set(txn, text).ok(),
        Edit::Goal(text) => workspace.plan().goal().set(txn, text).ok(),
        Edit::Notes(text) => workspace.notes().set(txn, text).ok(),
        Edit::InsertNote(at, text) => {
            let at = at.index(workspace.notes().len(txn) as usize + 1);
            workspace
                .notes()
                .insert(txn, u32::try_from(at).ok()?, text)
                .ok()
        }
        Edit::AddStep(at, title) => {
            let new = NewStep {
                title: title.clone(),
                ..NewStep::default()
            };
            steps
                .add(txn, rng, place(&step_ids, at), new)
                .map(drop)
                .ok()
        }
        Edit::MoveStep(which, to) => {
            let id = pick(&step_ids, which)?;
            let others: Vec<ElementId> = step_ids
                .iter()
                .filter(|other| **other != id)
                .cloned()
                .collect();
            steps.move_to(txn, &id, place(&others, to)).ok()
        }
        Edit::RemoveStep(which) => steps.remove(txn, &pick(&step_ids, which)?).then_some(()),
        Edit::StepBody(which, text) => steps
            .get(&pick(&step_ids, which)?)
            .body()
            .set(txn, text)
            .ok(),
        Edit::StepTier(which) => steps
            .get(&pick(&step_ids, which)?)
            .set_tier(txn, Tier::Strategic)
            .ok(),
        Edit::AddTask(title) => {
            let new = NewTask {
                title: title.clone(),
                due: Some("2030-01-01".into()),
                ..NewTask::default()
            };
            tasks.add(txn, rng, Place::Last, new).map(drop).ok()
        }
        Edit::TaskDone(which) => tasks
            .get(&pick(&task_ids, which)?)
            .set_status(txn, TaskStatus::Done)
            .ok(),
        Edit::Block(which, by) => tasks
            .get(&pick(&task_ids, which)?)
            .block_by(txn, &pick(&task_ids, by)?)
            .ok(),
        Edit::RemoveTask(which) => tasks.remove(txn, &pick(&task_ids, which)?).then_some(()),
        Edit::Entity(..) | Edit::Confidence(_) | Edit::Ask(_) | Edit::Answer(..) => {
            brief(txn, rng, edit)
        }
        Edit::Suggest(_) | Edit::Decide(_) | Edit::Discuss(_) | Edit::Comment(..) => {
            review(txn, rng, edit)
        }
    }
}

fn brief(txn: &mut TransactionMut<'_>, rng: &mut StdRng, edit: &Edit) -> Option<()> {
    let briefing = Workspace.briefing();
    match edit {
        Edit::Entity(name, value) => briefing
            .set_entity(txn, &format!("n/{name}"), value.map(Primitive::Number))
            .ok(),
        Edit::Confidence(value) => briefing.set_confidence(txn, Some(*value)).ok(),
        Edit::Ask(text) => {
            let new = NewQuestion {
                text: text.clone(),
                ..NewQuestion::default()
            };
            briefing
                .questions()
                .add(txn, rng, Place::Last, new)
                .map(drop)
                .ok()
        }
        Edit::Answer(which, text) => {
            let id = pick(&briefing.questions().ids(txn), which)?;
            briefing.questions().get(&id).answer().set(txn, text).ok()
        }
        other => unreachable!("{other:?} does not concern the briefing"),
    }
}

fn review(txn: &mut TransactionMut<'_>, rng: &mut StdRng, edit: &Edit) -> Option<()> {
    let suggestions = Workspace.suggestions();
    let threads = Workspace.threads();
    match edit {
        Edit::Suggest(text) => {
            let new = NewSuggestion {
                target: "notes".into(),
                replacement: text.clone(),
                author: "ana".into(),
                at: 1,
                ..NewSuggestion::default()
            };
            suggestions.insert(txn, rng, new).map(drop).ok()
        }
        Edit::Decide(which) => {
            let id = pick(&suggestions.ids(txn), which)?;
            let by: MemberId = "ben".parse().ok()?;
            suggestions
                .get(&id)
                .decide(txn, SuggestionStatus::Accepted, &by)
                .ok()
        }
        Edit::Discuss(text) => {
            let comments = vec![NewComment {
                author: "ana".into(),
                text: text.clone(),
                ..NewComment::default()
            }];
            threads
                .insert(
                    txn,
                    rng,
                    NewThread {
                        comments,
                        ..NewThread::default()
                    },
                )
                .map(drop)
                .ok()
        }
        Edit::Comment(which, text) => {
            let id = pick(&threads.ids(txn), which)?;
            let new = NewComment {
                author: "ben".into(),
                text: text.clone(),
                ..NewComment::default()
            };
            threads
                .get(&id)
                .comments()
                .insert(txn, rng, new)
                .map(drop)
                .ok()
        }
        other => unreachable!("{other:?} does not concern the review"),
    }
}
