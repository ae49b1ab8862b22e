//! How long the gate takes for one typing update in a document of 100 KB.
#![allow(
    missing_docs,
    reason = "criterion's macros make undocumented functions"
)]

use std::{
    hint::black_box,
    sync::{Arc, Mutex},
};

use crdt_schema::{
    document,
    gate::{Gate, Limits, OpenPens, Writer, walk},
    member::{Kind, Role},
};
use criterion::{Criterion, criterion_group, criterion_main};
use yrs::{Doc, ReadTxn, StateVector, Text, Transact};

/// Characters of the document.
const CHARACTERS: u32 = 100_000;
/// Keystrokes that are measured, one update each.
const KEYSTROKES: u32 = 1000;

fn writer() -> Writer {
    Writer {
        member: "alice".parse().expect("a member id"),
        role: Role::Editor,
        kind: Kind::Human,
    }
}

/// A document written in many places, so that its text is in many runs.
fn document() -> Doc {
    let doc = document::new_doc(20);
    let notes = doc.get_or_insert_text("notes");
    let words = "some words of text, ";
    let mut len = 0;
    while len < CHARACTERS {
        let at = len.wrapping_mul(7919) % (len + 1);
        notes.insert(&mut doc.transact_mut(), at, words);
        len += words.len() as u32;
    }
    doc
}

/// One update for each keystroke, at a few places of the text.
fn typing(doc: &Doc) -> Vec<Vec<u8>> {
    let updates = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&updates);
    doc.observe_update_v1("typing", move |_, event| {
        sink.lock()
            .expect("no other holder panics")
            .push(event.update.clone());
    })
    .expect("nobody else observes under this name");
    let notes = doc.get_or_insert_text("notes");
    for stroke in 0..KEYSTROKES {
        let at = 1000 * (1 + stroke / 50) + stroke % 50;
        notes.insert(&mut doc.transact_mut(), at, "x");
    }
    let updates = updates.lock().expect("no other holder panics");
    updates.clone()
}

fn gate(criterion: &mut Criterion) {
    let writer = writer();
    let limits = Limits::default();
    let doc = document();
    let state = doc
        .transact()
        .encode_state_as_update_v1(&StateVector::default());
    let rebuilt = || {
        let authors = [(20, writer.member.clone())];
        Gate::rebuild(&state, authors).expect("the state is whole")
    };
    let updates = typing(&doc);

    criterion.bench_function("walk one keystroke", |bencher| {
        bencher.iter(|| walk(black_box(&updates[0]), &limits).map(drop));
    });
    criterion.bench_function("walk and admit 1000 keystrokes in 100 KB", |bencher| {
        bencher.iter_batched_ref(
            rebuilt,
            |gate| {
                for update in &updates {
                    let walk = walk(update, &limits).expect("typing is well-formed");
                    gate.admit(&walk, &writer, &OpenPens)
                        .expect("typing is admitted");
                }
            },
            criterion::BatchSize::PerIteration,
        );
    });
    criterion.bench_function("rebuild from 100 KB", |bencher| bencher.iter(rebuilt));
}

criterion_group!(benches, gate);
criterion_main!(benches);
