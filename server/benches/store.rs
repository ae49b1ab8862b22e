//! What an append costs: alone, and shared by 64 rooms.

#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::{sync::Arc, time::Instant};

use crdt_schema::ids::WorkspaceId;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::join_all;
use penhold_server::store::{
    Edit, Entry, Store, WorkspaceRecord,
    memory::MemoryStore,
    sled::{SledConfig, SledStore},
};
use tokio::runtime::Runtime;

/// Rooms that write at the same time.
const ROOMS: u64 = 64;

/// Size of one update in bytes: a sentence.
const UPDATE_BYTES: usize = 120;

fn append(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime starts");
    let dir = tempfile::tempdir().expect("a temporary directory is made");
    let sled = SledStore::open(&SledConfig::new(dir.path())).expect("a new store opens");
    let stores: [(&str, Arc<dyn Store>); 2] = [
        ("memory", Arc::new(MemoryStore::new())),
        ("sled", Arc::new(sled)),
    ];
    let mut group = criterion.benchmark_group("append");
    group.sample_size(10);
    for (name, store) in stores {
        runtime.block_on(create_rooms(&*store));
        for writers in [1, ROOMS] {
            group.throughput(Throughput::Elements(writers));
            group.bench_function(format!("{name}, {writers} at once"), |bencher| {
                bencher.iter_custom(|rounds| runtime.block_on(rounds_of(&store, writers, rounds)));
            });
        }
        runtime.block_on(store.close()).expect("the store closes");
    }
    group.finish();
}

async fn rounds_of(store: &Arc<dyn Store>, writers: u64, rounds: u64) -> std::time::Duration {
    let start = Instant::now();
    let writers = (0..writers).map(|writer| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            for _ in 0..rounds {
                store
                    .append(&room(writer), vec![entry()], None)
                    .await
                    .expect("it appends");
            }
        })
    });
    for writer in join_all(writers).await {
        writer.expect("a writer ends");
    }
    start.elapsed()
}

async fn create_rooms(store: &dyn Store) {
    for writer in 0..ROOMS {
        let record = WorkspaceRecord {
            id: room(writer),
            title: String::new(),
            lineage: String::new(),
            created_ms: 0,
            updated_ms: 0,
            created_by: "ada".parse().expect("an id"),
            archived: false,
        };
        store.create(record, vec![]).await.expect("a room is made");
    }
}

fn room(writer: u64) -> WorkspaceId {
    format!("room-{writer}").parse().expect("an id")
}

fn entry() -> Entry {
    let update = (0..UPDATE_BYTES)
        .map(|n| (n * 31 % 251) as u8)
        .collect::<Vec<_>>()
        .into();
    Entry {
        at_ms: 0,
        edits: vec![Edit { by: None, update }],
        records: Vec::new(),
    }
}

criterion_group!(benches, append);
criterion_main!(benches);
