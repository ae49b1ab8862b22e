//! What members do to a document: typing, deleting, adding, moving and removing, through the typed
//! views and with bare shared types, as pasted text and as applications of their own.

use bytes::Bytes;
use crdt_schema::{
    ids::ElementId,
    schema::{
        EditError, NewComment, NewStep, NewTask, NewThread, Place, TextField, Workspace,
        words::{Priority, StepStatus, TaskStatus, Tier},
    },
};
use yrs::{
    ArrayPrelim, Doc, GetString, In, Map, MapPrelim, Out, Text, TextPrelim, TextRef, Transact,
    TransactionMut, WriteTxn,
};

use super::rng::Rng;

/// The root of an application that embeds the workspace.
pub(crate) const APP_ROOT: &str = "x-board";

/// Edits `doc` in one transaction; the update, if anything changed.
pub(crate) fn edit(doc: &Doc, rng: &mut Rng) -> Option<Bytes> {
    let mut txn = doc.transact_mut();
    for _ in 0..rng.pick(&[1, 1, 1, 1, 2, 5]) {
        // Before the first sync there is no frame yet, and only what needs none can be written.
        match Workspace.schema(&txn) {
            Some(_) => edit_once(&mut txn, rng),
            None => txn
                .get_or_insert_text("notes")
                .insert(&mut txn, 0, rng.pick(&WORDS)),
        }
    }
    let update = Bytes::from(txn.encode_update_v1());
    (update[..] != [0, 0]).then_some(update)
}

fn edit_once(txn: &mut TransactionMut<'_>, rng: &mut Rng) {
    match rng.below(20) {
        0..=7 => type_somewhere(txn, rng),
        8..=9 => delete_somewhere(txn, rng),
        10 => rewrite(txn, rng),
        11..=13 => edit_steps(txn, rng),
        14..=15 => edit_tasks(txn, rng),
        16 => edit_briefing(txn, rng),
        17 => discuss(txn, rng),
        _ => edit_board(txn, rng),
    }
}

fn type_somewhere(txn: &mut TransactionMut<'_>, rng: &mut Rng) {
    let text = some_text(txn, rng);
    let at = offset(&text.get_string(txn), rng);
    text.insert(txn, at, rng.pick(&WORDS));
}

fn delete_somewhere(txn: &mut TransactionMut<'_>, rng: &mut Rng) {
    let text = some_text(txn, rng);
    let content = text.get_string(txn);
    let (a, b) = (offset(&content, rng), offset(&content, rng));
    if a != b {
        text.remove_range(txn, a.min(b), a.abs_diff(b).min(12));
    }
}

fn rewrite(txn: &mut TransactionMut<'_>, rng: &mut Rng) {
    let field = some_field(txn, rng);
    let mut words: Vec<String> = field.read(txn).split(' ').map(str::to_owned).collect();
    let at = rng.below(words.len());
    words[at] = rng.pick(&WORDS).to_owned();
    done(field.set(txn, &words.join(" ")));
}

fn edit_steps(txn: &mut TransactionMut<'_>, rng: &mut Rng) {
    let steps = Workspace.plan().steps();
    let ids = steps.ids(txn);
    let some = (!ids.is_empty()).then(|| rng.pick(&ids));
    let Some(id) = some.filter(|_| !rng.percent(40)) else {
        let new = NewStep {
            title: rng.pick(&WORDS).to_owned(),
            ..NewStep::default()
        };
        let place = place(&ids, rng.below(64));
        return done(steps.add(txn, rng, place, new));
    };
    match rng.below(5) {
        0 => drop(steps.remove(txn, &id)),
        1 | 2 => {
            let others: Vec<_> = ids.iter().filter(|other| **other != id).cloned().collect();
            done(steps.move_to(txn, &id, place(&others, rng.below(64))));
        }
        3 => done(
            steps
                .get(&id)
                .set_status(txn, rng.pick(&[StepStatus::Doing, StepStatus::Done])),
        ),
        _ => done(
            steps
                .get(&id)
                .set_tier(txn, rng.pick(&[Tier::Strategic, Tier::Tactical])),
        ),
    }
}

fn edit_tasks(txn: &mut TransactionMut<'_>, rng: &mut Rng) {
    let tasks = Workspace.tasks();
    let ids = tasks.ids(txn);
    let some = (!ids.is_empty()).then(|| rng.pick(&ids));
    let Some(id) = some.filter(|_| !rng.percent(40)) else {
        let new = NewTask {
            title: rng.pick(&WORDS).to_owned(),
            blocked_by: ids.iter().take(rng.below(3)).cloned().collect(),
            ..NewTask::default()
        };
        return done(tasks.add(txn, rng, Place::Last, new));
    };
    let (task, other) = (tasks.get(&id), rng.pick(&ids));
    match rng.below(6) {
        0 => drop(tasks.remove(txn, &id)),
        1 => done(task.set_status(txn, rng.pick(&[TaskStatus::Doing, TaskStatus::Done]))),
        2 => done(task.set_priority(txn, rng.pick(&[Priority::Low, Priority::High]))),
        3 => done(task.set_due(txn, rng.pick(&[None, Some("2031-05-01")]))),
        4 => done(task.block_by(txn, &other)),
        _ => done(task.unblock(txn, &other)),
    }
}

fn edit_briefing(txn: &mut TransactionMut<'_>, rng: &mut Rng) {
    let briefing = Workspace.briefing();
    if rng.percent(50) {
        return done(briefing.set_confidence(txn, rng.pick(&[None, Some(0.5), Some(1.0)])));
    }
    let name = rng.pick(&["budget", "site", "owner"]);
    let entities = txn.get_or_insert_map("briefing");
    let Some(Out::YMap(entities)) = entities.get(txn, "entities") else {
        return;
    };
    if rng.percent(30) {
        entities.remove(txn, name);
    } else {
        entities.insert(txn, name, rng.within(0..=9) as f64);
    }
}

fn discuss(txn: &mut TransactionMut<'_>, rng: &mut Rng) {
    let threads = Workspace.threads();
    let ids = threads.ids(txn);
    if ids.is_empty() || rng.percent(30) {
        return done(threads.insert(txn, rng, NewThread::default()));
    }
    let id = rng.pick(&ids);
    match rng.below(4) {
        0 => drop(threads.remove(txn, &id)),
        1 => done(threads.get(&id).resolve(txn)),
        _ => done(
            threads
                .get(&id)
                .comments()
                .insert(txn, rng, NewComment::default()),
        ),
    }
}

/// Bare shared types, nested, in a root that the schema leaves to applications.
fn edit_board(txn: &mut TransactionMut<'_>, rng: &mut Rng) {
    let board = txn.get_or_insert_map(APP_ROOT);
    let key = rng.pick(&["a", "b", "c"]);
    match (board.get(txn, key), rng.below(4)) {
        (_, 0) => drop(board.remove(txn, key)),
        (Some(Out::YText(text)), _) => text.push(txn, rng.pick(&WORDS)),
        (Some(Out::YArray(array)), _) => {
            use yrs::Array;
            let at = u32::try_from(rng.below(array.len(txn) as usize + 1)).unwrap();
            array.insert(txn, at, rng.pick(&WORDS));
        }
        (Some(Out::YMap(map)), _) => drop(map.insert(txn, "inner", rng.pick(&WORDS))),
        (_, 1) => drop(board.insert(txn, key, TextPrelim::new(rng.pick(&WORDS)))),
        (_, 2) => drop(board.insert(txn, key, ArrayPrelim::from(["one", "two"]))),
        (_, _) => {
            let inner = MapPrelim::from([("inner", In::from("x"))]);
            board.insert(txn, key, inner);
        }
    }
}

fn some_text(txn: &mut TransactionMut<'_>, rng: &mut Rng) -> TextRef {
    let field = some_field(txn, rng);
    match field.path().resolve(txn) {
        Some(Out::YText(text)) => text,
        _ => txn.get_or_insert_text("notes"),
    }
}

fn some_field(txn: &TransactionMut<'_>, rng: &mut Rng) -> TextField {
    let steps = Workspace.plan().steps();
    let ids = steps.ids(txn);
    match rng.below(8) {
        0..=2 => Workspace.notes(),
        3 => Workspace.plan().goal(),
        4 => Workspace.title(),
        5 => Workspace.briefing().intent(),
        6 if !ids.is_empty() => steps.get(&rng.pick(&ids)).title(),
        7 if !ids.is_empty() => steps.get(&rng.pick(&ids)).body(),
        _ => Workspace.notes(),
    }
}

fn place(ids: &[ElementId], draw: usize) -> Place<'_> {
    match (ids.get(draw % ids.len().max(1)), draw % 4) {
        (Some(id), 0) => Place::Before(id),
        (Some(id), 1) => Place::After(id),
        (_, 2) => Place::First,
        _ => Place::Last,
    }
}

/// A place between two characters, in UTF-16 code units.
fn offset(content: &str, rng: &mut Rng) -> u32 {
    let chars = rng.below(content.chars().count() + 1);
    let units: usize = content.chars().take(chars).map(char::len_utf16).sum();
    u32::try_from(units).unwrap()
}

/// Whatever the views refuse was not done, and that is as well.
fn done<T>(outcome: Result<T, EditError>) {
    drop(outcome);
}

const WORDS: [&str; 10] = [
    "pen",
    " hold",
    "the ",
    "é",
    "🖋️",
    "\n",
    "line\r\nbreak",
    "\r",
    "- item\n",
    "a longer run of words ",
];
