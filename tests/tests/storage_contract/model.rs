//! Random histories against a model that is simple enough to be believed.

use std::collections::BTreeMap;

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use penhold_server::store::{
    Entry, Seq, Shelf, Snapshot, StoreError, WorkspaceRecord, artifact_hash,
};
use proptest::prelude::*;

use crate::bed::{Bed, Shared, entry_at, loaded, record, recorded, snapshot};

/// One call, on one of a few workspaces.
#[derive(Debug, Clone)]
pub enum Step {
    Create {
        ws: usize,
        entries: u8,
    },
    Append {
        ws: usize,
        entries: u8,
        expect: Option<Seq>,
    },
    Snapshot {
        ws: usize,
        back: Seq,
        bytes: usize,
    },
    Expire {
        age: u64,
    },
    Put {
        ws: usize,
        blob: Blob,
        bytes: usize,
    },
    Drop {
        ws: usize,
        blob: Blob,
    },
    Rename {
        ws: usize,
        title: u8,
    },
    Delete {
        ws: usize,
    },
    Reopen,
}

const WORKSPACES: [&str; 3] = ["a", "a-1", "b"];

pub fn step() -> impl Strategy<Value = Step> {
    let ws = 0..WORKSPACES.len();
    prop_oneof![
        3 => (ws.clone(), 0..5u8).prop_map(|(ws, entries)| Step::Create { ws, entries }),
        12 => (ws.clone(), 0..40u8, prop::option::weighted(0.3, 0..40u64))
            .prop_map(|(ws, entries, expect)| Step::Append { ws, entries, expect }),
        4 => (ws.clone(), 0..50u64, prop_oneof![0..100usize, 250_000..600_000usize])
            .prop_map(|(ws, back, bytes)| Step::Snapshot { ws, back, bytes }),
        1 => (0..60u64).prop_map(|age| Step::Expire { age }),
        4 => (ws.clone(), blob(), prop_oneof![0..2usize, Just(40_000)])
            .prop_map(|(ws, blob, bytes)| Step::Put { ws, blob, bytes }),
        2 => (ws.clone(), blob()).prop_map(|(ws, blob)| Step::Drop { ws, blob }),
        2 => (ws.clone(), any::<u8>()).prop_map(|(ws, title)| Step::Rename { ws, title }),
        1 => ws.prop_map(|ws| Step::Delete { ws }),
        1 => Just(Step::Reopen),
    ]
}

/// A checkpoint, or an artifact of so many bytes.
#[derive(Debug, Clone, Copy)]
pub enum Blob {
    Checkpoint(u8),
    Artifact(usize),
}

fn blob() -> impl Strategy<Value = Blob> {
    let sizes = prop_oneof![0..3usize, Just(50_000)];
    prop_oneof![
        (0..4u8).prop_map(Blob::Checkpoint),
        sizes.prop_map(Blob::Artifact)
    ]
}

impl Blob {
    fn shelf(self) -> Shelf {
        match self {
            Self::Checkpoint(_) => Shelf::Checkpoint,
            Self::Artifact(_) => Shelf::Artifact,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Checkpoint(id) => format!("checkpoint-{id}"),
            Self::Artifact(bytes) => artifact_hash(filler(bytes).as_bytes()),
        }
    }

    /// What is stored under the name when `bytes` of a checkpoint are asked for.
    fn content(self, bytes: usize) -> Bytes {
        match self {
            Self::Checkpoint(_) => filler(bytes).into(),
            Self::Artifact(bytes) => filler(bytes).into(),
        }
    }
}

struct Workspace {
    record: WorkspaceRecord,
    all: Vec<Entry>,
    snapshot: Option<Snapshot>,
    blobs: BTreeMap<(Shelf, String), Bytes>,
    /// First and last position of each segment in the archive.
    segments: Vec<(Seq, Seq)>,
}

#[derive(Default)]
struct Model {
    workspaces: BTreeMap<WorkspaceId, Workspace>,
    now: u64,
}

/// Runs `history` on a store and on the model and compares every answer and, after each step,
/// everything that can be read.
pub fn check_history(bed: &impl Bed, history: Vec<Step>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut store = bed.open();
        let mut model = Model::default();
        for step in history {
            if matches!(step, Step::Reopen) {
                store.close().await.unwrap();
                store = bed.open();
            } else {
                let expected = model.apply(&step);
                let seen = model.run(&store, &step).await;
                prop_assert_eq!(brief(seen), brief(expected), "{:?}", step);
            }
            model.compare(&store).await?;
        }
        prop_assert_eq!(store.verify().await.unwrap(), vec![]);
        store.close().await.unwrap();
        Ok(())
    })
}

/// Errors hold texts that the model does not know.
fn brief(answer: Result<u64, StoreError>) -> String {
    match answer {
        Ok(number) => format!("{number}"),
        Err(StoreError::Conflict { at }) => format!("at {at}"),
        Err(StoreError::NotFound) => "not found".to_owned(),
        Err(StoreError::Exists) => "exists".to_owned(),
        Err(other) => format!("{other:?}"),
    }
}

impl Model {
    fn at(&mut self, ws: usize) -> Result<&mut Workspace, StoreError> {
        self.workspaces
            .get_mut(&named(ws))
            .ok_or(StoreError::NotFound)
    }

    fn apply(&mut self, step: &Step) -> Result<u64, StoreError> {
        self.now += 1;
        let now = self.now;
        match step {
            Step::Create { ws, entries } => {
                if self.at(*ws).is_ok() {
                    return Err(StoreError::Exists);
                }
                let workspace = Workspace {
                    record: record(WORKSPACES[*ws]),
                    all: made(now, *entries),
                    snapshot: None,
                    blobs: BTreeMap::new(),
                    segments: vec![],
                };
                self.workspaces.insert(named(*ws), workspace);
                Ok(0)
            }
            Step::Append {
                ws,
                entries,
                expect,
            } => self.at(*ws)?.append(made(now, *entries), *expect),
            Step::Snapshot { ws, back, bytes } => self.at(*ws)?.put_snapshot(*back, *bytes),
            Step::Expire { age } => {
                let before = now.saturating_sub(*age);
                Ok(self
                    .workspaces
                    .values_mut()
                    .map(|workspace| workspace.expire(before))
                    .sum())
            }
            Step::Rename { ws, title } => {
                self.at(*ws)?.record.title = title.to_string();
                Ok(0)
            }
            Step::Delete { ws } => {
                self.at(*ws)?;
                self.workspaces.remove(&named(*ws));
                Ok(0)
            }
            Step::Put { ws, blob, bytes } => self.at(*ws)?.put(*blob, *bytes),
            Step::Drop { ws, blob } => {
                let key = (blob.shelf(), blob.name());
                self.at(*ws)?.blobs.remove(&key);
                Ok(0)
            }
            Step::Reopen => Ok(0),
        }
    }

    /// The same step on the store; the model has already taken it.
    async fn run(&self, store: &Shared, step: &Step) -> Result<u64, StoreError> {
        let now = self.now;
        match step {
            Step::Create { ws, entries } => store
                .create(record(WORKSPACES[*ws]), made(now, *entries))
                .await
                .map(|()| 0),
            Step::Append {
                ws,
                entries,
                expect,
            } => {
                store
                    .append(&named(*ws), made(now, *entries), *expect)
                    .await
            }
            Step::Snapshot { ws, back, bytes } => {
                let length = self
                    .workspaces
                    .get(&named(*ws))
                    .map_or(0, |w| w.all.len() as Seq);
                let snapshot = state(length.saturating_sub(*back), *bytes);
                store.put_snapshot(&named(*ws), snapshot).await.map(|()| 0)
            }
            Step::Expire { age } => store.expire_archive(now.saturating_sub(*age)).await,
            Step::Rename { ws, title } => {
                let mut renamed = record(WORKSPACES[*ws]);
                renamed.title = title.to_string();
                store.set_record(renamed).await.map(|()| 0)
            }
            Step::Delete { ws } => store.delete(&named(*ws)).await.map(|()| 0),
            Step::Put { ws, blob, bytes } => {
                let (shelf, content) = (blob.shelf(), blob.content(*bytes));
                let (ws, name) = (named(*ws), blob.name());
                store.put_blob(&ws, shelf, &name, content).await.map(|()| 0)
            }
            Step::Drop { ws, blob } => {
                let (ws, name) = (named(*ws), blob.name());
                store
                    .delete_blob(&ws, blob.shelf(), &name)
                    .await
                    .map(|()| 0)
            }
            Step::Reopen => Ok(0),
        }
    }

    async fn compare(&self, store: &Shared) -> Result<(), TestCaseError> {
        let records: Vec<_> = self.workspaces.values().map(|w| w.record.clone()).collect();
        prop_assert_eq!(store.list(None, 10).await.unwrap(), records);
        for (ws, workspace) in &self.workspaces {
            let base = workspace.base();
            let expected = loaded(
                workspace.snapshot.clone(),
                workspace.between(base + 1, Seq::MAX),
            );
            prop_assert_eq!(store.load(ws).await.unwrap(), expected);
            let archived: Vec<_> = workspace
                .segments
                .iter()
                .flat_map(|(first, last)| workspace.between(*first, *last))
                .collect();
            prop_assert_eq!(store.archived(ws, 0, usize::MAX).await.unwrap(), archived);
            let records = store.records(ws, 0, usize::MAX).await.unwrap();
            prop_assert_eq!(records, recorded(&workspace.all));
            prop_assert_eq!(blobs(store, ws).await, workspace.blobs.clone());
        }
        Ok(())
    }
}

impl Workspace {
    fn base(&self) -> Seq {
        self.snapshot.as_ref().map_or(0, |snapshot| snapshot.upto)
    }

    fn between(&self, first: Seq, last: Seq) -> Vec<(Seq, Entry)> {
        let numbered = (1..).zip(&self.all);
        let within = numbered.filter(|(seq, _)| (first..=last).contains(seq));
        within.map(|(seq, entry)| (seq, entry.clone())).collect()
    }

    fn append(&mut self, entries: Vec<Entry>, expect: Option<Seq>) -> Result<u64, StoreError> {
        let at = self.all.len() as Seq;
        if expect.is_some_and(|expect| expect != at) {
            return Err(StoreError::Conflict { at });
        }
        self.all.extend(entries);
        Ok(self.all.len() as Seq)
    }

    fn put(&mut self, blob: Blob, bytes: usize) -> Result<u64, StoreError> {
        let content = blob.content(bytes);
        let key = (blob.shelf(), blob.name());
        match self.blobs.insert(key.clone(), content.clone()) {
            Some(there) if there != content => {
                self.blobs.insert(key, there);
                Err(StoreError::Exists)
            }
            Some(_) | None => Ok(0),
        }
    }

    fn put_snapshot(&mut self, back: Seq, bytes: usize) -> Result<u64, StoreError> {
        let upto = (self.all.len() as Seq).saturating_sub(back);
        let base = self.base();
        if upto < base {
            return Err(StoreError::Conflict { at: base });
        }
        if upto > base {
            self.segments.push((base + 1, upto));
        }
        self.snapshot = Some(state(upto, bytes));
        Ok(0)
    }

    fn expire(&mut self, before: u64) -> u64 {
        let had = self.segments.len();
        let all = &self.all;
        self.segments.retain(|(first, last)| {
            (*first..=*last).any(|seq| all[seq as usize - 1].at_ms >= before)
        });
        (had - self.segments.len()) as u64
    }
}

fn named(ws: usize) -> WorkspaceId {
    WORKSPACES[ws].parse().unwrap()
}

fn made(now: u64, entries: u8) -> Vec<Entry> {
    (0..entries)
        .map(|n| entry_at(&format!("{now}/{n}"), now))
        .collect()
}

fn state(upto: Seq, bytes: usize) -> Snapshot {
    snapshot(upto, &filler(bytes))
}

fn filler(bytes: usize) -> String {
    let letters = (0..bytes).map(|n| char::from(b'a' + (n * 7 % 26) as u8));
    letters.collect()
}

/// All checkpoints and artifacts that the store has; their sizes are as listed.
async fn blobs(store: &Shared, ws: &WorkspaceId) -> BTreeMap<(Shelf, String), Bytes> {
    let mut all = BTreeMap::new();
    for shelf in [Shelf::Checkpoint, Shelf::Artifact] {
        for (name, bytes) in store.blobs(ws, shelf).await.unwrap() {
            let content = store.blob(ws, shelf, &name).await.unwrap().unwrap();
            assert_eq!(content.len() as u64, bytes, "{name}");
            all.insert((shelf, name), content);
        }
    }
    all
}
