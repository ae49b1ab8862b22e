//! Snapshots: a header and chunks under their position, and what storing one replaces.
//!
//! The newest snapshot and the one before it are kept, so that a damaged one has a fallback.

use std::io;

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use serde::{Deserialize, Serialize};

use super::{
    archive,
    database::{Database, ReadError, damaged, missing_entry},
    entry,
    keys::{self, Key, Kind},
    logs::Logs,
    record::{self, Unreadable},
};
use crate::store::{Entry, Seq, Snapshot, StoreError};

/// Sled rewrites a leaf of records as a whole; chunks keep that bounded.
const CHUNK_BYTES: usize = 128 * 1024;

/// What part 0 of a snapshot says about the others.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    bytes: u64,
    pub(super) chunks: u32,
}

/// Everything that storing a snapshot changes, prepared away from the committer.
pub(super) struct Prepared {
    pub(super) ws: WorkspaceId,
    pub(super) upto: Seq,
    /// The newest snapshot when this was prepared; if it changed since, nothing is stored.
    pub(super) replaces: Option<Seq>,
    pub(super) parts: Vec<(Vec<u8>, Vec<u8>)>,
    pub(super) segments: Vec<(Vec<u8>, Vec<u8>)>,
    /// Keys of parts of older snapshots.
    pub(super) outdated: Vec<Vec<u8>>,
}

/// Reads the snapshot at `upto`.
pub(super) fn load(db: &Database, ws: &WorkspaceId, upto: Seq) -> Result<Snapshot, ReadError> {
    let part = |index| keys::part(ws, upto, index);
    let header: Header = db.read(&part(0))?;
    let mut state = Vec::new();
    for index in 1..=header.chunks {
        let chunk: Bytes = db.read(&part(index))?;
        state.extend_from_slice(&chunk);
    }
    if state.len() as u64 != header.bytes {
        let problem = format!("{} bytes instead of {}", state.len(), header.bytes);
        return Err(damaged(&part(0), &Unreadable::Content(problem)));
    }
    Ok(Snapshot {
        upto,
        state: state.into(),
        side: Bytes::new(),
    })
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
    head: Seq,
) -> Result<Prepared, StoreError> {
    let Snapshot { upto, state, .. } = snapshot;
    if *upto > head {
        return Err(StoreError::Conflict { at: head });
    }
    let replaces = db.newest_snapshot(ws, Seq::MAX)?;
    if let Some(at) = replaces.filter(|newest| newest > upto) {
        return Err(StoreError::Conflict { at });
    }
    let covered = covered(db, logs, ws, replaces.unwrap_or(0), *upto)?;
    let parts = parts(ws, *upto, state);
    Ok(Prepared {
        ws: ws.clone(),
        upto: *upto,
        replaces,
        outdated: outdated(db, ws, *upto, replaces, parts.len())?,
        parts,
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
) -> Result<Vec<(Seq, Entry)>, ReadError> {
    let mut slots = logs.after(ws, from, usize::MAX).into_iter();
    let mut entries = Vec::new();
    for seq in from + 1..=upto {
        match slots.next() {
            Some(slot) if slot.seq == seq => entries.push((seq, entry::read(db, ws, slot)?)),
            _ => return Err(ReadError::Damaged(missing_entry(ws, seq))),
        }
    }
    Ok(entries)
}

fn parts(ws: &WorkspaceId, upto: Seq, state: &Bytes) -> Vec<(Vec<u8>, Vec<u8>)> {
    let chunks: Vec<Bytes> = state
        .chunks(CHUNK_BYTES)
        .map(|chunk| state.slice_ref(chunk))
        .collect();
    let header = Header {
        bytes: state.len() as u64,
        chunks: u32::try_from(chunks.len()).expect("a state in memory has fewer chunks"),
    };
    let header_key = keys::part(ws, upto, 0);
    let header = record::seal(&header_key, &header);
    let chunks = (1..).zip(&chunks).map(|(index, chunk)| {
        let key = keys::part(ws, upto, index);
        let record = record::seal(&key, chunk);
        (key, record)
    });
    std::iter::once((header_key.clone(), header))
        .chain(chunks)
        .collect()
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
