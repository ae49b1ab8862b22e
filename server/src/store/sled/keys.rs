//! Keys: the kind of record, a workspace's id, a zero byte, then numbers in big-endian order.
//!
//! Ids hold no byte below `-`, so within a kind key order is id order, then log order. The journal
//! is the exception and the last kind: its keys start with a position that grows with every entry
//! of any workspace, so that a commit writes to the tree's right-most leaf alone.
//! Everything is in one sled tree, whose leaves are rewritten as a whole: each kind starts with
//! enough [`spacers`] that no leaf holds records of two kinds, say log entries and large chunks.

use crdt_schema::ids::WorkspaceId;

use super::journal::Slot;
use crate::store::{Seq, Shelf};

/// What a record is; the first byte of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A segment of a workspace's archive, under the position of its last entry.
    Archive = 1,
    /// A part of a snapshot, under the snapshot's position and the part's number.
    Snapshot = 2,
    /// A workspace's directory entry.
    Directory = 3,
    /// A record that left the log, under its number.
    Record = 4,
    /// What is known of a checkpoint, under its id.
    Checkpoint = 5,
    /// What is known of an artifact, under its hash.
    Artifact = 6,
    /// A part of a checkpoint or an artifact. Apart from those, so that listing them reads little.
    Chunk = 7,
    /// A part of a log entry, under the entry's place in the journal of all workspaces. The number
    /// of the log's last record up to it is in the key, so that records can be found and counted
    /// without reading entries; the workspace is, so that damage can be named.
    Journal = 8,
}

impl Kind {
    pub(super) const ALL: [Self; 8] = [
        Self::Archive,
        Self::Snapshot,
        Self::Directory,
        Self::Record,
        Self::Checkpoint,
        Self::Artifact,
        Self::Chunk,
        Self::Journal,
    ];

    /// What the names on a shelf are kept as.
    fn of(shelf: Shelf) -> Self {
        match shelf {
            Shelf::Checkpoint => Self::Checkpoint,
            Shelf::Artifact => Self::Artifact,
        }
    }
}

/// What all keys of a workspace's records of one kind start with; in the directory, the whole key.
pub(super) fn prefix(kind: Kind, ws: &WorkspaceId) -> Vec<u8> {
    let mut key = Vec::with_capacity(ws.as_str().len() + 14);
    key.push(kind as u8);
    key.extend_from_slice(ws.as_str().as_bytes());
    key.push(0);
    key
}

/// The key of the archive segment that ends with `seq`.
pub(super) fn segment(ws: &WorkspaceId, seq: Seq) -> Vec<u8> {
    let mut key = prefix(Kind::Archive, ws);
    key.extend_from_slice(&seq.to_be_bytes());
    key
}

/// The key of one part of a log entry.
pub(super) fn logged(ws: &WorkspaceId, slot: Slot, part: u32) -> Vec<u8> {
    let mut key = first_of(Kind::Journal);
    key.extend_from_slice(&slot.position.to_be_bytes());
    key.extend_from_slice(&slot.records.to_be_bytes());
    key.extend_from_slice(ws.as_str().as_bytes());
    key.push(0);
    key.extend_from_slice(&slot.seq.to_be_bytes());
    key.extend_from_slice(&part.to_be_bytes());
    key
}

/// The key of one part of a snapshot; part 0 is its header.
pub(super) fn part(ws: &WorkspaceId, upto: Seq, part: u32) -> Vec<u8> {
    let mut key = prefix(Kind::Snapshot, ws);
    key.extend_from_slice(&upto.to_be_bytes());
    key.extend_from_slice(&part.to_be_bytes());
    key
}

/// The key of a record that left the log.
pub(super) fn record(ws: &WorkspaceId, number: u64) -> Vec<u8> {
    let mut key = prefix(Kind::Record, ws);
    key.extend_from_slice(&number.to_be_bytes());
    key
}

/// What the keys of all names on a shelf start with.
pub(super) fn shelf(ws: &WorkspaceId, shelf: Shelf) -> Vec<u8> {
    prefix(Kind::of(shelf), ws)
}

/// The key of what is known of a checkpoint or an artifact.
pub(super) fn blob(ws: &WorkspaceId, on: Shelf, name: &str) -> Vec<u8> {
    let mut key = shelf(ws, on);
    key.extend_from_slice(name.as_bytes());
    key
}

/// What the keys of all chunks of a checkpoint or an artifact start with.
pub(super) fn chunks(ws: &WorkspaceId, on: Shelf, name: &str) -> Vec<u8> {
    let mut key = prefix(Kind::Chunk, ws);
    key.push(Kind::of(on) as u8);
    key.extend_from_slice(name.as_bytes());
    key.push(0);
    key
}

/// The key of one chunk of a checkpoint or an artifact; the first has 0.
pub(super) fn chunk(ws: &WorkspaceId, on: Shelf, name: &str, index: u32) -> Vec<u8> {
    let mut key = chunks(ws, on, name);
    key.extend_from_slice(&index.to_be_bytes());
    key
}

/// Before all keys of the kind but its spacers.
pub(super) fn first_of(kind: Kind) -> Vec<u8> {
    vec![kind as u8, 1]
}

/// `count` keys before all others of the kind.
pub(super) fn spacers(kind: Kind, count: u8) -> impl Iterator<Item = [u8; 3]> {
    (0..count).map(move |n| [kind as u8, 0, n])
}

/// A key taken apart again.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key {
    Archive(WorkspaceId, Seq),
    Snapshot(WorkspaceId, Seq, u32),
    Directory(WorkspaceId),
    Record(WorkspaceId, u64),
    Blob(WorkspaceId, Shelf, String),
    Chunk {
        ws: WorkspaceId,
        shelf: Shelf,
        name: String,
        index: u32,
    },
    /// A part of a workspace's entry, and the place of the entry up to that part.
    Journal {
        ws: WorkspaceId,
        slot: Slot,
        part: u32,
    },
    Spacer,
}

/// Takes a key apart; `None` when no version of this program wrote it.
pub(super) fn parse(key: &[u8]) -> Option<Key> {
    let (kind, rest) = key.split_first()?;
    let kind = Kind::ALL.into_iter().find(|known| *known as u8 == *kind)?;
    if let [0, _] = rest {
        return Some(Key::Spacer);
    }
    if kind == Kind::Journal {
        return logged_parts(rest);
    }
    let (ws, rest) = named(rest)?;
    match kind {
        Kind::Archive => Some(Key::Archive(ws, long(rest)?)),
        Kind::Snapshot => {
            let (upto, part) = rest.split_at_checked(8)?;
            Some(Key::Snapshot(ws, long(upto)?, short(part)?))
        }
        Kind::Directory => rest.is_empty().then_some(Key::Directory(ws)),
        Kind::Record => Some(Key::Record(ws, long(rest)?)),
        Kind::Checkpoint => Some(Key::Blob(ws, Shelf::Checkpoint, text(rest)?)),
        Kind::Artifact => Some(Key::Blob(ws, Shelf::Artifact, text(rest)?)),
        Kind::Chunk => {
            let (shelf, rest) = rest.split_first()?;
            let mut shelves = [Shelf::Checkpoint, Shelf::Artifact].into_iter();
            let shelf = shelves.find(|known| Kind::of(*known) as u8 == *shelf)?;
            let (name, index) = rest.split_at_checked(rest.len().checked_sub(4)?)?;
            let (name, index) = (text(name.strip_suffix(&[0])?)?, short(index)?);
            Some(Key::Chunk {
                ws,
                shelf,
                name,
                index,
            })
        }
        Kind::Journal => None,
    }
}

fn logged_parts(rest: &[u8]) -> Option<Key> {
    let (position, rest) = rest.strip_prefix(&[1])?.split_at_checked(8)?;
    let (records, rest) = rest.split_at_checked(8)?;
    let (ws, rest) = named(rest)?;
    let (seq, part) = rest.split_at_checked(8)?;
    let part = short(part)?;
    let slot = Slot {
        seq: long(seq)?,
        position: long(position)?,
        records: long(records)?,
        parts: part.checked_add(1)?,
    };
    Some(Key::Journal { ws, slot, part })
}

/// The name of the record under `key`, in words an operator can act on.
pub(super) fn name(key: &[u8]) -> String {
    match parse(key) {
        Some(Key::Archive(ws, last)) => {
            format!("archive segment ending at {last} of workspace {ws}")
        }
        Some(Key::Snapshot(ws, upto, part)) => {
            format!("part {part} of the snapshot at {upto} of workspace {ws}")
        }
        Some(Key::Directory(ws)) => format!("directory entry of workspace {ws}"),
        Some(Key::Record(ws, number)) => format!("record {number} of workspace {ws}"),
        Some(Key::Blob(ws, Shelf::Checkpoint, name)) => {
            format!("checkpoint {name} of workspace {ws}")
        }
        Some(Key::Blob(ws, Shelf::Artifact, name)) => format!("artifact {name} of workspace {ws}"),
        Some(Key::Chunk {
            ws,
            shelf,
            name: blob_name,
            index,
        }) => format!("part {index} of {}", name(&blob(&ws, shelf, &blob_name))),
        Some(Key::Journal { ws, slot, part: 0 }) => entry_name(&ws, slot.seq),
        Some(Key::Journal { ws, slot, part }) => {
            format!("part {part} of {}", entry_name(&ws, slot.seq))
        }
        Some(Key::Spacer) => "spacer".to_owned(),
        None => format!("unknown record {key:02x?}"),
    }
}

/// The name of a log entry, wherever it is or should be.
pub(super) fn entry_name(ws: &WorkspaceId, seq: Seq) -> String {
    format!("log entry {seq} of workspace {ws}")
}

/// The workspace that `bytes` starts with, and what follows its zero byte.
fn named(bytes: &[u8]) -> Option<(WorkspaceId, &[u8])> {
    let zero = bytes.iter().position(|byte| *byte == 0)?;
    let ws = std::str::from_utf8(&bytes[..zero]).ok()?.parse().ok()?;
    Some((ws, &bytes[zero + 1..]))
}

fn text(bytes: &[u8]) -> Option<String> {
    Some(str::from_utf8(bytes).ok()?.to_owned())
}

fn long(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}

fn short(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}
