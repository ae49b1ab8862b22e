//! The archive: entries that a snapshot covers, compressed, in segments.

use std::io;

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use serde::{Deserialize, Serialize};

use super::{
    database::{Database, ReadError, damaged, opened},
    entry::entry_bytes,
    journal::Slot,
    keys::{self, Kind},
    record::{self, Sealed, Unreadable},
};
use crate::store::{Entry, Seq};

/// Entries are gathered until they pass this many bytes; then a new segment begins.
const SEGMENT_BYTES: usize = 512 * 1024;
const ZSTD_LEVEL: i32 = 1;

/// Consecutive entries of one log.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Segment {
    first: Seq,
    last: Seq,
    /// The latest `at_ms` of its entries.
    pub(super) ended_ms: u64,
    /// Size of `packed` when decompressed.
    unpacked_bytes: u64,
    /// The entries in postcard, compressed with zstd.
    packed: Bytes,
}

/// Packs consecutive entries into sealed segments, each under its key.
pub(super) fn pack(ws: &WorkspaceId, entries: &[(Slot, Entry)]) -> io::Result<Vec<Sealed>> {
    let mut segments = Vec::new();
    let mut rest = entries;
    while !rest.is_empty() {
        let (segment, later) = rest.split_at(segment_len(rest));
        segments.push(pack_one(ws, segment)?);
        rest = later;
    }
    Ok(segments)
}

/// The workspace's segments that hold entries after `from`, oldest first.
pub(super) fn segments(
    db: &Database,
    ws: &WorkspaceId,
    from: Seq,
) -> impl Iterator<Item = Result<Segment, ReadError>> {
    db.scan(
        keys::prefix(Kind::Archive, ws),
        keys::segment(ws, from.saturating_add(1)),
    )
    .map(|item| {
        let (key, raw) = item?;
        opened(&key, &raw)
    })
}

/// Up to `limit` archived entries after `from`, oldest first.
pub(super) fn after(
    db: &Database,
    ws: &WorkspaceId,
    from: Seq,
    limit: usize,
) -> Result<Vec<(Seq, Entry)>, ReadError> {
    let mut found = Vec::new();
    for segment in segments(db, ws, from) {
        if found.len() >= limit {
            break;
        }
        let entries = segment?.unpack(ws)?;
        found.extend(entries.into_iter().filter(|(seq, _)| *seq > from));
    }
    found.truncate(limit);
    Ok(found)
}

/// The keys of the segments, of all workspaces, that ended before `before_ms`. A damaged one is
/// left for `verify` to name.
pub(super) fn expired(db: &Database, before_ms: u64) -> Result<Vec<Vec<u8>>, ReadError> {
    let mut keys = Vec::new();
    for item in db.scan(vec![Kind::Archive as u8], keys::first_of(Kind::Archive)) {
        let (key, raw) = item?;
        if record::open::<Segment>(&key, &raw).is_ok_and(|segment| segment.ended_ms < before_ms) {
            keys.push(key.to_vec());
        }
    }
    Ok(keys)
}

impl Segment {
    /// Its entries, each with its position.
    pub(super) fn unpack(&self, ws: &WorkspaceId) -> Result<Vec<(Seq, Entry)>, ReadError> {
        let broken =
            |problem: String| damaged(&keys::segment(ws, self.last), &Unreadable::Content(problem));
        let size = usize::try_from(self.unpacked_bytes).map_err(|e| broken(e.to_string()))?;
        let bytes =
            zstd::bulk::decompress(&self.packed, size).map_err(|e| broken(e.to_string()))?;
        let entries: Vec<Entry> =
            postcard::from_bytes(&bytes).map_err(|e| broken(e.to_string()))?;
        if entries.len() as u64 != self.last - self.first + 1 {
            return Err(broken(format!(
                "{} entries instead of {}..={}",
                entries.len(),
                self.first,
                self.last
            )));
        }
        Ok((self.first..).zip(entries).collect())
    }
}

fn segment_len(entries: &[(Slot, Entry)]) -> usize {
    let mut bytes = 0;
    let fits = entries.iter().take_while(|(_, entry)| {
        let room = bytes < SEGMENT_BYTES;
        bytes += entry_bytes(entry);
        room
    });
    fits.count().max(1)
}

fn pack_one(ws: &WorkspaceId, entries: &[(Slot, Entry)]) -> io::Result<Sealed> {
    let (first, last) = match entries {
        [(only, _)] => (only.seq, only.seq),
        [(first, _), .., (last, _)] => (first.seq, last.seq),
        [] => return Err(io::Error::other("a segment holds at least one entry")),
    };
    let plain: Vec<&Entry> = entries.iter().map(|(_, entry)| entry).collect();
    let bytes = postcard::to_stdvec(&plain).map_err(io::Error::other)?;
    let segment = Segment {
        first,
        last,
        ended_ms: plain.iter().map(|entry| entry.at_ms).max().unwrap_or(0),
        unpacked_bytes: bytes.len() as u64,
        packed: zstd::bulk::compress(&bytes, ZSTD_LEVEL)?.into(),
    };
    let key = keys::segment(ws, last);
    let record = record::seal(&key, &segment);
    Ok((key, record))
}
