//! Adapters under test, and what the tests store in them.

use std::{path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use penhold_server::store::{
    Edit, Entry, Loaded, Seq, Snapshot, Store, WorkspaceRecord,
    memory::MemoryStore,
    sled::{Renewal, SledConfig, SledStore},
};

pub type Shared = Arc<dyn Store>;

/// A place that keeps what a store of one kind holds, over closing and opening it again.
pub trait Bed: Send + Sync {
    fn open(&self) -> Shared;
}

#[derive(Default)]
pub struct Memory(MemoryStore);

impl Bed for Memory {
    fn open(&self) -> Shared {
        Arc::new(self.0.clone())
    }
}

pub struct Sled(tempfile::TempDir);

impl Default for Sled {
    fn default() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

impl Sled {
    pub fn dir(&self) -> &Path {
        self.0.path()
    }
}

impl Bed for Sled {
    fn open(&self) -> Shared {
        Arc::new(open_sled(self.dir()))
    }
}

/// Sled that is opened anew after every commit.
#[derive(Default)]
pub struct Renewed(Sled);

impl Bed for Renewed {
    fn open(&self) -> Shared {
        let mut config = sled_config(self.0.dir());
        config.renewal = Renewal {
            bytes_max: 0,
            ..Renewal::default()
        };
        Arc::new(SledStore::open(&config).unwrap())
    }
}

pub fn sled_config(dir: &Path) -> SledConfig {
    let mut config = SledConfig::new(dir);
    config.commit_spacing = Duration::from_micros(200);
    config
}

pub fn open_sled(dir: &Path) -> SledStore {
    SledStore::open(&sled_config(dir)).unwrap()
}

pub fn ws(id: &str) -> WorkspaceId {
    id.parse().unwrap()
}

pub fn record(id: &str) -> WorkspaceRecord {
    WorkspaceRecord {
        id: ws(id),
        title: format!("Title of {id}"),
        lineage: format!("lineage-{id}"),
        created_ms: 1_000,
        updated_ms: 2_000,
        created_by: "ada".parse().unwrap(),
        archived: false,
    }
}

/// An entry that says `text`, taken in at `at_ms`; it brings 0, 1 or 2 records.
pub fn entry_at(text: &str, at_ms: u64) -> Entry {
    let edit = |by: Option<&str>, update: String| Edit {
        by: by.map(|by| by.parse().unwrap()),
        update: update.into_bytes().into(),
    };
    let edits = vec![
        edit(Some("ada"), text.to_owned()),
        edit(None, format!("server: {text}")),
    ];
    let records = (0..text.len() % 3)
        .map(|n| format!("record {n} of {text}").into())
        .collect();
    Entry {
        at_ms,
        edits,
        records,
    }
}

pub fn entry(text: &str) -> Entry {
    entry_at(text, 5_000)
}

pub fn entries(texts: impl IntoIterator<Item = impl ToString>) -> Vec<Entry> {
    texts
        .into_iter()
        .map(|text| entry(&text.to_string()))
        .collect()
}

/// `texts` as the log holds them, the first at position `first`.
pub fn logged(first: Seq, texts: impl IntoIterator<Item = impl ToString>) -> Vec<(Seq, Entry)> {
    (first..).zip(entries(texts)).collect()
}

/// All records of `entries`, as they are numbered when those are a whole log.
pub fn recorded<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<(u64, Bytes)> {
    let records = entries.into_iter().flat_map(|entry| &entry.records);
    (1..).zip(records.cloned()).collect()
}

pub fn snapshot(upto: Seq, state: &str) -> Snapshot {
    Snapshot {
        upto,
        state: state.to_owned().into_bytes().into(),
        side: format!("beside {state}").into_bytes().into(),
    }
}

pub fn loaded(snapshot: Option<Snapshot>, tail: Vec<(Seq, Entry)>) -> Loaded {
    Loaded {
        snapshot,
        tail,
        damage: None,
    }
}

/// A closed store with workspace `a`: snapshots at 4 and 8, a log up to 12; and workspace `b`.
pub async fn prepared() -> Sled {
    let bed = Sled::default();
    let store = bed.open();
    for id in ["a", "b"] {
        store.create(record(id), entries(1..=12)).await.unwrap();
        store
            .put_snapshot(&ws(id), snapshot(4, "state at 4"))
            .await
            .unwrap();
        store
            .put_snapshot(&ws(id), snapshot(8, "state at 8"))
            .await
            .unwrap();
    }
    store.close().await.unwrap();
    bed
}

/// Runs each test with each adapter.
macro_rules! contract {
    ($($test:ident,)*) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&super::Memory::default()).await;
            })*
        }
        mod renewed {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&$crate::bed::Renewed::default()).await;
            })*
        }
        mod sled {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&super::Sled::default()).await;
            })*
        }
    };
}
pub(crate) use contract;
