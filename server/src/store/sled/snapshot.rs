//! Snapshots: a header and chunks under their position, and what storing one replaces.
//!
//! The newest snapshot and the one before it are kept, so that a damaged one has a fallback.

use std::io;

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use serde::{Deserialize, Serialize};

use super::{
    archive,
    chunks::{self, Chunked},
    database::{Database, ReadError, missing_entry},
    entry,
    journal::{End, Slot},
    keys::{self, Key, Kind},
    logs::Logs,
    record::{self, Sealed},
};
use crate::store::{Entry, Seq, Snapshot, StoreError};

const CHUNK_BYTES: usize = 128 * 1024;

/// What part 0 of a snapshot says about the others: first the state's, then the side's.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    /// The number of the log's last record that left the log with this snapshot or before.
    records: u64,
    state: Chunked,
    side: Chunked,
}

/// Everything that storing a snapshot changes, prepared away from the committer.
pub(super) struct Prepared {
    pub(super) ws: WorkspaceId,
    pub(super) upto: Seq,
    /// The newest snapshot when this was prepared; if it changed since, nothing is stored.
    pub(super) replaces: Option<Seq>,
    pub(super) parts: Vec<Sealed>,
    pub(super) segments: Vec<Sealed>,
    /// The records of the entries that it covers.
    pub(super) records: Vec<Sealed>,
    /// Keys of parts of older snapshots.
    pub(super) outdated: Vec<Vec<u8>>,
}

impl Prepared {
    /// About how many bytes it writes.
    pub(super) fn bytes(&self) -> usize {
        let written = self.parts.iter().chain(&self.segments).chain(&self.records);
        written.map(|(_, record)| record.len()).sum()
    }
}

/// Reads the snapshot at `upto`.
pub(super) fn load(db: &Database, ws: &WorkspaceId, upto: Seq) -> Result<Snapshot, ReadError> {
    let key = keys::part(ws, upto, 0);
    let Header { state, side, .. } = db.read(&key)?;
    let join = |chunked: &Chunked, first: u32| {
        chunks::join(db, &key, chunked, |index| {
            keys::part(ws, upto, first + index)
        })
    };
    Ok(Snapshot {
        upto,
        side: join(&side, 1 + state.chunks)?,
        state: join(&state, 1)?,
    })
}

/// The number of the last record that left the log with the snapshot at `newest` or before.
pub(super) fn records_upto(
    db: &Database,
    ws: &WorkspaceId,
    newest: Option<Seq>,
) -> io::Result<u64> {
    let Some(upto) = newest else { return Ok(0) };
    match db.read::<Header>(&keys::part(ws, upto, 0)) {
        Ok(header) => Ok(header.records),
        Err(ReadError::Damaged(_)) => db.last_record(ws),
        Err(ReadError::Database(error)) => Err(error),
    }
}

/// Works out what storing `snapshot` changes, when the log ends at `head`.
///
/// # Errors
/// [`StoreError::Conflict`] when the snapshot is ahead of the log or behind another one;
/// [`StoreError::Failed`] when an entry that it covers cannot be read, and so not be archived.
pub(super) fn prepare(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    snapshot: &Snapshot,
    end: End,
) -> Result<Prepared, StoreError> {
    let upto = snapshot.upto;
    if upto > end.seq {
        return Err(StoreError::Conflict { at: end.seq });
    }
    let replaces = db.newest_snapshot(ws, Seq::MAX)?;
    if let Some(at) = replaces.filter(|newest| *newest > upto) {
        return Err(StoreError::Conflict { at });
    }
    let covered = covered(db, logs, ws, replaces.unwrap_or(0), upto)?;
    let records = match covered.last() {
        Some((slot, _)) => slot.records,
        None => records_upto(db, ws, replaces)?,
    };
    let parts = parts(ws, snapshot, records);
    Ok(Prepared {
        ws: ws.clone(),
        upto,
        replaces,
        outdated: outdated(db, ws, upto, replaces, parts.len())?,
        parts,
        records: leaving(ws, &covered),
        segments: archive::pack(ws, &covered)?,
    })
}

/// The entries after `from` up to `upto`, all of them.
fn covered(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    from: Seq,
    upto: Seq,
) -> Result<Vec<(Slot, Entry)>, ReadError> {
    let mut slots = logs.after(ws, from, usize::MAX).into_iter();
    let mut entries = Vec::new();
    for seq in from + 1..=upto {
        match slots.next() {
            Some(slot) if slot.seq == seq => entries.push((slot, entry::read(db, ws, slot)?)),
            _ => return Err(ReadError::Damaged(missing_entry(ws, seq))),
        }
    }
    Ok(entries)
}

/// The records of entries that leave the log, each under its number.
fn leaving(ws: &WorkspaceId, covered: &[(Slot, Entry)]) -> Vec<Sealed> {
    let numbered = covered.iter().flat_map(|(slot, entry)| {
        let first = entry::first_record(*slot, entry);
        (first..).zip(&entry.records)
    });
    let sealed = numbered.map(|(number, content)| {
        let key = keys::record(ws, number);
        let record = record::seal(&key, content);
        (key, record)
    });
    sealed.collect()
}

fn parts(ws: &WorkspaceId, snapshot: &Snapshot, records: u64) -> Vec<Sealed> {
    let key = |part| keys::part(ws, snapshot.upto, part);
    let cut =
        |content: &Bytes, first: u32| chunks::cut(content, CHUNK_BYTES, |index| key(first + index));
    let (state, state_chunks) = cut(&snapshot.state, 1);
    let (side, side_chunks) = cut(&snapshot.side, 1 + state.chunks);
    let header = Header {
        records,
        state,
        side,
    };
    let header = (key(0), record::seal(&key(0), &header));
    let chunks = state_chunks.into_iter().chain(side_chunks);
    std::iter::once(header).chain(chunks).collect()
}

/// Parts older than the newest snapshot, and parts at `upto` past the ones now written.
fn outdated(
    db: &Database,
    ws: &WorkspaceId,
    upto: Seq,
    newest: Option<Seq>,
    parts: usize,
) -> io::Result<Vec<Vec<u8>>> {
    let fallback = match newest {
        Some(newest) if newest == upto => match upto.checked_sub(1) {
            Some(below) => db.newest_snapshot(ws, below)?,
            None => None,
        },
        newest => newest,
    };
    let mut outdated = Vec::new();
    for item in db.scan(
        keys::prefix(Kind::Snapshot, ws),
        keys::prefix(Kind::Snapshot, ws),
    ) {
        let (key, _) = item?;
        let Some(Key::Snapshot(_, seq, part)) = keys::parse(&key) else {
            continue;
        };
        let left_over = seq == upto && part as usize >= parts;
        if left_over || fallback.is_some_and(|fallback| seq < fallback) {
            outdated.push(key.to_vec());
        }
    }
    Ok(outdated)
}
