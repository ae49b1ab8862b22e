//! Keys: the kind of record, a workspace's id, a zero byte, then numbers in big-endian order.
//!
//! Ids hold no byte below `-`, so within a kind key order is id order, then log order. The journal
//! is the exception and the last kind: its keys start with a position that grows with every entry
//! of any workspace, so that a commit writes to the tree's right-most leaf alone.
//! Everything is in one sled tree, whose leaves are rewritten as a whole: each kind starts with
//! enough [`spacers`] that no leaf holds records of two kinds, say log entries and large chunks.

use crdt_schema::ids::WorkspaceId;

use super::journal::Slot;
use crate::store::Seq;

/// What a record is; the first byte of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A segment of a workspace's archive, under the position of its last entry.
    Archive = 1,
    /// A part of a snapshot, under the snapshot's position and the part's number.
    Snapshot = 2,
    /// A workspace's directory entry.
    Directory = 3,
    /// A part of a log entry, under the entry's place in the journal of all workspaces. The
    /// workspace is in the key too, so that a damaged record can be named.
    Journal = 4,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [
        Self::Archive,
        Self::Snapshot,
        Self::Directory,
        Self::Journal,
    ];
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
    /// A workspace's entry, its position in the journal and the number of its part.
    Journal {
        ws: WorkspaceId,
        seq: Seq,
        position: u64,
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
        let (position, rest) = rest.strip_prefix(&[1])?.split_at_checked(8)?;
        let (ws, rest) = named(rest)?;
        let (seq, part) = rest.split_at_checked(8)?;
        return Some(Key::Journal {
            ws,
            seq: long(seq)?,
            position: long(position)?,
            part: short(part)?,
        });
    }
    let (ws, rest) = named(rest)?;
    match kind {
        Kind::Archive => Some(Key::Archive(ws, long(rest)?)),
        Kind::Snapshot => {
            let (upto, part) = rest.split_at_checked(8)?;
            Some(Key::Snapshot(ws, long(upto)?, short(part)?))
        }
        Kind::Directory => rest.is_empty().then_some(Key::Directory(ws)),
        Kind::Journal => None,
    }
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
        Some(Key::Journal {
            ws, seq, part: 0, ..
        }) => entry_name(&ws, seq),
        Some(Key::Journal { ws, seq, part, .. }) => {
            format!("part {part} of {}", entry_name(&ws, seq))
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

fn long(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}

fn short(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}
