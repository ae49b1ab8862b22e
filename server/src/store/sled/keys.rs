//! Keys: the kind of record, a workspace's id, a zero byte, then numbers in big-endian order.
//!
//! Ids hold no byte below `-`, so within a kind key order is id order, then log order.
//! Everything is in one sled tree, whose leaves are rewritten as a whole: each kind starts with
//! enough [`spacers`] that no leaf holds records of two kinds, say log entries and large chunks.

use crdt_schema::ids::WorkspaceId;

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
    /// A log entry, under its position.
    Log = 4,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Archive, Self::Snapshot, Self::Directory, Self::Log];
}

/// What all keys of a workspace's records of one kind start with; in the directory, the whole key.
pub(super) fn prefix(kind: Kind, ws: &WorkspaceId) -> Vec<u8> {
    let mut key = Vec::with_capacity(ws.as_str().len() + 14);
    key.push(kind as u8);
    key.extend_from_slice(ws.as_str().as_bytes());
    key.push(0);
    key
}

/// The key of a log entry, or of the archive segment that ends with `seq`.
pub(super) fn at(kind: Kind, ws: &WorkspaceId, seq: Seq) -> Vec<u8> {
    let mut key = prefix(kind, ws);
    key.extend_from_slice(&seq.to_be_bytes());
    key
}

/// The key of one part of a snapshot; part 0 is its header.
pub(super) fn part(ws: &WorkspaceId, upto: Seq, part: u32) -> Vec<u8> {
    let mut key = at(Kind::Snapshot, ws, upto);
    key.extend_from_slice(&part.to_be_bytes());
    key
}

/// After all keys of a workspace's records of one kind.
pub(super) fn after(kind: Kind, ws: &WorkspaceId) -> Vec<u8> {
    let mut key = prefix(kind, ws);
    key.pop();
    key.push(1);
    key
}

/// Before all keys of the kind that name a workspace.
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
    Log(WorkspaceId, Seq),
    Spacer,
}

/// Takes a key apart; `None` when no version of this program wrote it.
pub(super) fn parse(key: &[u8]) -> Option<Key> {
    let (kind, rest) = key.split_first()?;
    let kind = Kind::ALL.into_iter().find(|known| *known as u8 == *kind)?;
    if let [0, _] = rest {
        return Some(Key::Spacer);
    }
    let zero = rest.iter().position(|byte| *byte == 0)?;
    let ws = std::str::from_utf8(&rest[..zero]).ok()?.parse().ok()?;
    let rest = &rest[zero + 1..];
    match kind {
        Kind::Archive => Some(Key::Archive(ws, seq(rest)?)),
        Kind::Snapshot => {
            let (upto, part) = rest.split_at_checked(8)?;
            Some(Key::Snapshot(
                ws,
                seq(upto)?,
                u32::from_be_bytes(part.try_into().ok()?),
            ))
        }
        Kind::Directory => rest.is_empty().then_some(Key::Directory(ws)),
        Kind::Log => Some(Key::Log(ws, seq(rest)?)),
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
        Some(Key::Log(ws, seq)) => format!("log entry {seq} of workspace {ws}"),
        Some(Key::Spacer) => "spacer".to_owned(),
        None => format!("unknown record {key:02x?}"),
    }
}

fn seq(bytes: &[u8]) -> Option<Seq> {
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}
