//! How an entry is written to the journal: as one record, or as several when it is large.
//!
//! Each commit rewrites the journal's last leaf, so no record in it may be large.

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use serde::{Deserialize, Serialize};

use super::{
    database::{Database, ReadError, damaged},
    journal::Slot,
    keys,
    record::Unreadable,
};
use crate::store::Entry;

/// The largest entry that is written as one record, and the size of a part of a larger one.
const PART_BYTES: usize = 16 * 1024;

/// What a journal record holds; `E` is an entry or a reference to one.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Logged<E> {
    Whole(E),
    /// A part of an entry in postcard, and how many parts the entry has.
    Part {
        parts: u32,
        bytes: Bytes,
    },
}

/// About how large an entry's record is.
pub(super) fn entry_bytes(entry: &Entry) -> usize {
    let edits = entry.edits.iter().map(|edit| edit.update.len() + 80);
    let records = entry.records.iter().map(|record| record.len() + 8);
    edits.sum::<usize>() + records.sum::<usize>()
}

/// The number of the first of the entry's records, if it has any.
pub(super) fn first_record(slot: Slot, entry: &Entry) -> u64 {
    (slot.records + 1).saturating_sub(entry.records.len() as u64)
}

/// What is written for `entry`, one record a part.
pub(super) fn parts(entry: &Entry) -> Vec<Logged<&Entry>> {
    if entry_bytes(entry) <= PART_BYTES {
        return vec![Logged::Whole(entry)];
    }
    let bytes: Bytes = postcard::to_stdvec(entry)
        .expect("entries are plain data with known lengths, which postcard always encodes")
        .into();
    let chunks: Vec<Bytes> = bytes
        .chunks(PART_BYTES)
        .map(|chunk| bytes.slice_ref(chunk))
        .collect();
    let parts = u32::try_from(chunks.len()).expect("an entry in memory has fewer parts");
    chunks
        .into_iter()
        .map(|bytes| Logged::Part { parts, bytes })
        .collect()
}

/// Reads the entry at `slot`.
pub(super) fn read(db: &Database, ws: &WorkspaceId, slot: Slot) -> Result<Entry, ReadError> {
    let first = keys::logged(ws, slot, 0);
    let (parts, bytes) = match db.read(&first)? {
        Logged::Whole(entry) => return Ok(entry),
        Logged::Part { parts, bytes } => (parts, bytes),
    };
    let broken = |problem: String| damaged(&first, &Unreadable::Content(problem));
    let mut whole = Vec::from(bytes);
    for part in 1..parts {
        match db.read::<Logged<Entry>>(&keys::logged(ws, slot, part))? {
            Logged::Part { bytes, .. } => whole.extend_from_slice(&bytes),
            Logged::Whole(_) => return Err(broken(format!("part {part} is another entry"))),
        }
    }
    postcard::from_bytes(&whole).map_err(|error| broken(error.to_string()))
}
