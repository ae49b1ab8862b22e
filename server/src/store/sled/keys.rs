//! Keys: a workspace's id, a zero byte, then numbers in big-endian order.
//!
//! Ids hold no byte below `-`, so key order is id order, then log order.

use crdt_schema::ids::WorkspaceId;

use crate::store::Seq;

/// What all of a workspace's keys start with; in the directory, the whole key.
pub(super) fn prefix(ws: &WorkspaceId) -> Vec<u8> {
    let mut key = Vec::with_capacity(ws.as_str().len() + 13);
    key.extend_from_slice(ws.as_str().as_bytes());
    key.push(0);
    key
}

/// The key of a log entry, of a snapshot's parts, or of the archive segment that ends with `seq`.
pub(super) fn at(ws: &WorkspaceId, seq: Seq) -> Vec<u8> {
    let mut key = prefix(ws);
    key.extend_from_slice(&seq.to_be_bytes());
    key
}

/// The key of one part of a snapshot; part 0 is its header.
pub(super) fn part(ws: &WorkspaceId, upto: Seq, part: u32) -> Vec<u8> {
    let mut key = at(ws, upto);
    key.extend_from_slice(&part.to_be_bytes());
    key
}

/// A key taken apart again.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) ws: WorkspaceId,
    pub(super) seq: Option<Seq>,
    pub(super) part: Option<u32>,
}

/// Takes a key apart; `None` when no version of this program wrote it.
pub(super) fn parse(key: &[u8]) -> Option<Key> {
    let zero = key.iter().position(|byte| *byte == 0)?;
    let (id, rest) = (&key[..zero], &key[zero + 1..]);
    let ws = std::str::from_utf8(id).ok()?.parse().ok()?;
    let (seq, part) = match rest.len() {
        0 => (None, None),
        8 => (Some(u64::from_be_bytes(rest.try_into().ok()?)), None),
        12 => (
            Some(u64::from_be_bytes(rest[..8].try_into().ok()?)),
            Some(u32::from_be_bytes(rest[8..].try_into().ok()?)),
        ),
        _ => return None,
    };
    Some(Key { ws, seq, part })
}
