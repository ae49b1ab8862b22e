//! The durable log, as a disk would keep it, and a mirror of what it says.

use std::collections::HashSet;

use bytes::Bytes;
use crdt_schema::document;
use penhold_server::{
    room::{core::LogSize, loading::Stored},
    store::{Entry, Loaded, Seq, Snapshot, WorkspaceRecord},
};
use yrs::{Doc, IdSet, ReadTxn, StateVector, Transact, Update, updates::decoder::Decode};

/// What becomes of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Stored,
    /// Fails, and is not written.
    Lost,
    /// Is written, but reported as failed.
    StoredInSilence,
}

pub(crate) struct Disk {
    directory: WorkspaceRecord,
    log: Vec<(Seq, Entry)>,
    records: Vec<Bytes>,
    head: Seq,
    snapshot: Option<Snapshot>,
    under_way: Option<Append>,
    appends: u64,
    /// Reads and writes fail until then.
    pub(crate) down_until_ms: u64,
    /// A document with everything that is durable.
    mirror: Doc,
    durable: yrs::Snapshot,
}

struct Append {
    id: u64,
    entry: Entry,
    fate: Fate,
    written: Option<Seq>,
}

impl Disk {
    pub(crate) fn new(directory: WorkspaceRecord, first: Entry) -> Self {
        let mirror = document::new_doc(1);
        let durable = mirror.transact().snapshot();
        let mut disk = Self {
            directory,
            log: Vec::new(),
            records: Vec::new(),
            head: 0,
            snapshot: None,
            under_way: None,
            appends: 0,
            down_until_ms: 0,
            mirror,
            durable,
        };
        disk.push(first);
        disk
    }

    pub(crate) fn begin(&mut self, entry: Entry, fate: Fate) -> u64 {
        assert!(self.under_way.is_none(), "one append at a time");
        self.appends += 1;
        let id = self.appends;
        self.under_way = Some(Append {
            id,
            entry,
            fate,
            written: None,
        });
        id
    }

    pub(crate) fn write(&mut self, id: u64) {
        let Some(append) = self.under_way.as_ref().filter(|append| append.id == id) else {
            return;
        };
        if append.fate == Fate::Lost || append.written.is_some() {
            return;
        }
        let seq = self.push(append.entry.clone());
        self.under_way.as_mut().unwrap().written = Some(seq);
    }

    /// What the room is told; `None` if the append was another process's.
    pub(crate) fn report(&mut self, id: u64) -> Option<Result<Seq, String>> {
        let append = self.under_way.take_if(|append| append.id == id)?;
        Some(match append.fate {
            Fate::Stored => Ok(append.written.expect("written before it is reported")),
            Fate::Lost | Fate::StoredInSilence => Err("the disk failed".to_owned()),
        })
    }

    /// The process ends; nobody hears of the append under way.
    pub(crate) fn abandon(&mut self) {
        self.under_way = None;
    }

    pub(crate) fn id_under_way(&self) -> Option<u64> {
        self.under_way.as_ref().map(|append| append.id)
    }

    pub(crate) fn load(&self, now_ms: u64) -> Result<Stored, String> {
        if now_ms < self.down_until_ms {
            return Err("the disk cannot be read".to_owned());
        }
        Ok(Stored {
            directory: self.directory.clone(),
            loaded: Loaded {
                snapshot: self.snapshot.clone(),
                tail: self.log.clone(),
                damage: None,
            },
            records: self.records.clone(),
            artifacts: HashSet::new(),
        })
    }

    /// Replaces the log by a snapshot of it.
    pub(crate) fn compact(&mut self) -> LogSize {
        let edits = self.log.iter().flat_map(|(_, entry)| &entry.edits);
        let covered = LogSize {
            entries: self.log.len(),
            bytes: edits.map(|edit| edit.update.len()).sum(),
        };
        let state = self
            .mirror
            .transact()
            .encode_diff_v1(&StateVector::default());
        self.snapshot = Some(Snapshot {
            upto: self.head,
            state: state.into(),
            side: Bytes::new(),
        });
        self.log.clear();
        covered
    }

    /// How many records are durable.
    pub(crate) fn records(&self) -> u64 {
        self.records.len() as u64
    }

    /// Whether everything in `update` is durable.
    pub(crate) fn holds(&self, update: &[u8]) -> bool {
        let update = Update::decode_v1(update).expect("an update decodes");
        let inserted = update.insertions(true);
        inserted.iter().all(|(client, ranges)| {
            let known = self.durable.state_map.get(client);
            ranges.iter().all(|range| range.end <= known)
        }) && covers(&self.durable.delete_set, update.delete_set())
    }

    pub(crate) fn mirror(&self) -> &Doc {
        &self.mirror
    }

    fn push(&mut self, entry: Entry) -> Seq {
        let mut txn = self.mirror.transact_mut();
        for edit in &entry.edits {
            apply(&mut txn, &edit.update);
        }
        drop(txn);
        self.durable = self.mirror.transact().snapshot();
        self.head += 1;
        self.records.extend(entry.records.iter().cloned());
        self.log.push((self.head, entry));
        self.head
    }
}

pub(crate) fn apply(txn: &mut yrs::TransactionMut<'_>, update: &Bytes) {
    let update = Update::decode_v1(update).expect("an update decodes");
    txn.apply_update(update).expect("an update applies");
}

fn covers(all: &IdSet, some: &IdSet) -> bool {
    let missing = some.diff(all);
    missing.iter().all(|(_, ranges)| ranges.is_empty())
}
