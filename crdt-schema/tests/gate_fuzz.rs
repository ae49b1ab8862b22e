//! Hostile updates by the thousand: whatever the gate admits, yrs survives.
//!
//! `GATE_FUZZ_CASES` sets how many updates are offered, `GATE_FUZZ_SEED` where to start.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    reason = "tests and their own support modules"
)]

#[path = "gate_support/bytes.rs"]
mod bytes;
#[path = "gate_support/forge.rs"]
mod forge;
#[path = "../fuzz/harness.rs"]
mod harness;

use std::{
    env,
    fmt::Write,
    sync::{
        Arc, Mutex,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use crdt_schema::{gate::Refusal, member::Role};
use forge::{Forge, View};
use harness::{Server, peer, state_of, writer};
use rand::Rng;
use yrs::{Doc, Map, MapPrelim, ReadTxn, Text, Transact, Update, updates::decoder::Decode};

/// Updates that one workspace is offered.
const CASES_PER_WORKSPACE: u64 = 200;
/// How long one workspace may take.
const HANG: Duration = Duration::from_secs(30);

/// What the watchdog shows when a workspace panics or hangs.
type History = Arc<Mutex<Vec<Vec<u8>>>>;

#[test]
fn gate9_whatever_is_admitted_is_survived() {
    let cases = setting("GATE_FUZZ_CASES", 60_000);
    let first = setting("GATE_FUZZ_SEED", 1);
    let history = History::default();
    let (done, progress) = mpsc::channel();
    let shared = Arc::clone(&history);
    let child = thread::spawn(move || {
        for seed in first..first + cases / CASES_PER_WORKSPACE {
            shared.lock().unwrap().clear();
            let admitted = attack(seed, &shared);
            done.send(admitted).unwrap();
        }
    });
    let mut admitted = 0;
    loop {
        match progress.recv_timeout(HANG) {
            Ok(count) => admitted += count,
            Err(RecvTimeoutError::Timeout) => panic!("yrs hangs after {}", hex(&history)),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    assert!(child.join().is_ok(), "yrs panicked after {}", hex(&history));
    assert!(
        admitted * 10 > cases,
        "only {admitted} of {cases} updates got past the gate"
    );
}

/// Attacks one workspace, and tells how many hostile updates were admitted.
fn attack(seed: u64, history: &History) -> u64 {
    let mut forge = Forge::new(seed);
    let mut server = Server::new();
    let mallory = writer("mallory", Role::Editor);
    honest_work(&mut server, &mut forge);
    let own = [700, 7, 70_000];
    let mut admitted = 0;
    for _ in 0..CASES_PER_WORKSPACE {
        let clocks: Vec<(u64, u32)> = [harness::SERVER, 20]
            .iter()
            .chain(&own)
            .map(|client| (*client, server.gate.clock(*client)))
            .collect();
        let view = View {
            clocks: &clocks,
            own: &own,
        };
        let update = forge.next(&view);
        if server.offer(&update, &mallory).is_ok() {
            history.lock().unwrap().push(update.clone());
            forge.learn(&update);
            forge.succeed();
            admitted += 1;
        }
        if forge.rng.random_bool(0.7) {
            server.settle();
        }
        if forge.rng.random_bool(0.02) {
            server.settle();
            server.read();
        }
    }
    server.settle();
    server.read();
    admitted
}

/// Some honest edits, so that there is something to attack and to imitate.
fn honest_work(server: &mut Server, forge: &mut Forge) {
    let alice = writer("alice", Role::Editor);
    let doc = peer(20, false);
    pull(&doc, server);
    let updates = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&updates);
    doc.observe_update_v1("sink", move |_, event| {
        sink.lock().unwrap().push(event.update.clone());
    })
    .unwrap();
    let notes = doc.get_or_insert_text("notes");
    let tasks = doc.get_or_insert_map("tasks");
    notes.insert(&mut doc.transact_mut(), 0, "Some honest words \u{1f600}.");
    tasks.insert(
        &mut doc.transact_mut(),
        "abcdefgh",
        MapPrelim::from([("status", "todo")]),
    );
    notes.remove_range(&mut doc.transact_mut(), 2, 5);
    notes.insert(&mut doc.transact_mut(), 4, "more");
    tasks.insert(
        &mut doc.transact_mut(),
        "ijklmnop",
        MapPrelim::from([("status", "doing")]),
    );
    tasks.remove(&mut doc.transact_mut(), "ijklmnop");
    let updates = updates.lock().unwrap().clone();
    for update in updates {
        server
            .offer(&update, &alice)
            .expect("honest work is admitted");
        forge.learn(&update);
    }
    server.settle();
}

fn pull(doc: &Doc, server: &Server) {
    let vector = doc.transact().state_vector();
    let update = server.doc.transact().encode_state_as_update_v1(&vector);
    let update = Update::decode_v1(&update).unwrap();
    doc.transact_mut().apply_update(update).unwrap();
}

#[test]
fn gate9_a_refusal_names_what_to_do() {
    let mut server = Server::new();
    let refusal = server
        .offer(&[1], &writer("alice", Role::Editor))
        .unwrap_err();
    assert!(matches!(refusal, Refusal::Malformed { .. }));
    assert!(refusal.to_string().contains("v1"), "{refusal}");
    assert!(!state_of(&server.doc).is_empty());
}

fn setting(name: &str, default: u64) -> u64 {
    env::var(name)
        .ok()
        .map_or(default, |value| value.parse().expect("a number"))
}

fn hex(history: &History) -> String {
    let history = match history.lock() {
        Ok(history) => history,
        Err(poisoned) => poisoned.into_inner(),
    };
    history.iter().fold(String::new(), |mut text, update| {
        text.push('\n');
        for byte in update {
            write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        }
        text
    })
}
