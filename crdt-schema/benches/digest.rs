//! What it costs to say who wrote a text of 260,000 edits, and what changed in it.
#![allow(
    missing_docs,
    reason = "criterion's macros make undocumented functions"
)]

use crdt_schema::{
    attribution::{self, Authors, Clocks, OnBehalf},
    digest::{self, Lens},
    document,
    ids::MemberId,
    path::DocPath,
    touches::Touches,
    versions::Version,
};
use criterion::{Criterion, criterion_group, criterion_main};
use rand::{Rng, SeedableRng, rngs::StdRng};
use yrs::{
    Doc, Map, MapRef, ReadTxn, StateVector, Text, Transact, Update, WriteTxn,
    updates::decoder::Decode,
};

/// Edits that made the text, one character each.
const EDITS: u32 = 260_000;

/// Characters typed in a burst, and how many of them are taken back.
const TYPED: u32 = 28;
const TAKEN_BACK: u32 = 12;

/// Members who wrote it.
const MEMBERS: u64 = 4;

/// A text written by several members, who move about in it as people do, and what it read when
/// half of it was written.
fn document() -> (Doc, Version) {
    let mut rng = StdRng::seed_from_u64(1);
    let mut doc = document::new_doc(1);
    bind(&doc);
    let mut halfway = Version::take(&doc.transact(), 0, 0);
    let each = EDITS / MEMBERS as u32;
    for client in 10..10 + MEMBERS {
        let next = document::new_doc(client);
        copy(&doc, &next);
        if client == 10 + MEMBERS / 2 {
            halfway = Version::take(&next.transact(), 1, 1);
        }
        edit(&next, each, &mut rng);
        doc = next;
    }
    (doc, halfway)
}

fn bind(doc: &Doc) {
    let mut txn = doc.transact_mut();
    let control = txn.get_or_insert_map("control");
    let authors: MapRef = control.get_or_init(&mut txn, "authors");
    for client in 10..10 + MEMBERS {
        authors.insert(&mut txn, client.to_string(), format!("member{client}"));
    }
}

fn copy(from: &Doc, to: &Doc) {
    let state = from
        .transact()
        .encode_state_as_update_v1(&StateVector::default());
    let update = Update::decode_v1(&state).expect("an own update");
    to.transact_mut()
        .apply_update(update)
        .expect("an own update");
}

/// Bursts of typing, each at another place: 28 characters, of which 12 are taken back.
fn edit(doc: &Doc, count: u32, rng: &mut StdRng) {
    let notes = doc.get_or_insert_text("notes");
    for _ in 0..count / (TYPED + TAKEN_BACK) {
        let mut txn = doc.transact_mut();
        let at = rng.random_range(0..=notes.len(&txn));
        let burst: String = (0..TYPED).map(|n| letter(n, rng)).collect();
        notes.insert(&mut txn, at, &burst);
        notes.remove_range(
            &mut txn,
            at + rng.random_range(0..TYPED - TAKEN_BACK),
            TAKEN_BACK,
        );
    }
}

fn letter(n: u32, rng: &mut StdRng) -> char {
    if n.is_multiple_of(6) {
        ' '
    } else {
        rng.random_range('a'..='z')
    }
}

fn digest(criterion: &mut Criterion) {
    let (doc, halfway) = document();
    let notes: DocPath = "notes".parse().expect("a place");
    criterion.bench_function("who wrote a text of 260,000 edits", |bencher| {
        bencher.iter(|| {
            let mut txn = doc.transact_mut();
            let authors = Authors::read(&txn, &OnBehalf::default());
            attribution::runs(&mut txn, &notes, &authors, &Clocks::default())
        });
    });
    let mut touches = Touches::default();
    let member: MemberId = "member10".parse().expect("an id");
    touches.note(&notes, &member, 2, 2);
    criterion.bench_function("digest of the last 130,000 of 260,000 edits", |bencher| {
        bencher.iter(|| {
            let mut txn = doc.transact_mut();
            let lens = Lens {
                authors: &Authors::read(&txn, &OnBehalf::default()),
                touches: &touches,
                reader: None,
                owns: &|_| false,
            };
            digest::digest(&mut txn, &halfway, &lens).markdown(4000)
        });
    });
}

criterion_group!(benches, digest);
criterion_main!(benches);
