//! Where the entries of each log are in the journal.
//!
//! All workspaces append to one journal, so that a commit writes to one place however many of them
//! it serves. This index is read from the journal's keys when the store opens and kept in memory
//! from then on; compaction bounds it.
//!
//! An entry that a snapshot covers is no longer part of its log, but its record stays until most of
//! its neighbours are covered too: the database rewrites neighbours together, so records that went
//! one workspace at a time would be rewritten once for each.

use std::collections::{BTreeMap, HashMap, VecDeque, hash_map};

use crdt_schema::ids::WorkspaceId;

use crate::store::Seq;

/// Positions whose records are removed together.
const BLOCK: u64 = 64;

/// A block is swept when this many of its records are covered for each one that is not.
const COVERED_PER_LIVE: usize = 3;

/// Where an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) seq: Seq,
    pub(super) position: u64,
    /// The number of the log's last record up to here.
    pub(super) records: u64,
    pub(super) parts: u32,
}

impl Slot {
    /// Where the log ends if this is its last entry.
    pub(super) fn end(self) -> End {
        End {
            seq: self.seq,
            records: self.records,
        }
    }
}

/// Where a log ends: its last entry and its last record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct End {
    pub(super) seq: Seq,
    pub(super) records: u64,
}

/// A record's workspace and place.
pub(super) type Placed = (WorkspaceId, Slot);

#[derive(Debug, Default)]
pub(super) struct Journal {
    next: u64,
    logs: HashMap<WorkspaceId, VecDeque<Slot>>,
    blocks: BTreeMap<u64, Block>,
}

#[derive(Debug, Default)]
struct Block {
    live: usize,
    covered: Vec<Placed>,
}

impl Journal {
    /// Notes a part that the database holds; `found` is the entry's place up to that part. Parts
    /// come in the order of their keys.
    pub(super) fn found(&mut self, ws: WorkspaceId, found: Slot) {
        self.next = found.position + 1;
        let log = self.logs.entry(ws).or_default();
        match log.back_mut() {
            Some(slot) if slot.position == found.position => *slot = found,
            _ => {
                log.push_back(found);
                self.blocks.entry(found.position / BLOCK).or_default().live += 1;
            }
        }
    }

    /// Gives a new entry, with which the log ends at `end`, its place.
    pub(super) fn add(&mut self, ws: &WorkspaceId, end: End, parts: u32) -> Slot {
        let slot = Slot {
            seq: end.seq,
            position: self.next,
            records: end.records,
            parts,
        };
        self.next += 1;
        self.logs.entry(ws.clone()).or_default().push_back(slot);
        self.blocks.entry(slot.position / BLOCK).or_default().live += 1;
        slot
    }

    /// Where a log ends; `None` when the journal has none of it.
    pub(super) fn end(&self, ws: &WorkspaceId) -> Option<End> {
        self.logs.get(ws)?.back().map(|slot| slot.end())
    }

    /// Up to `limit` places of entries after `from`, in log order.
    pub(super) fn after(&self, ws: &WorkspaceId, from: Seq, limit: usize) -> Vec<Slot> {
        let Some(log) = self.logs.get(ws) else {
            return Vec::new();
        };
        let start = log.partition_point(|slot| slot.seq <= from);
        log.range(start..).take(limit).copied().collect()
    }

    /// Up to `limit` places of entries with records after number `after`, in log order.
    pub(super) fn recording(&self, ws: &WorkspaceId, after: u64, limit: usize) -> Vec<Slot> {
        let Some(log) = self.logs.get(ws) else {
            return Vec::new();
        };
        let start = log.partition_point(|slot| slot.records <= after);
        let later = log.range(start..).scan(after, |known, slot| {
            let recording = slot.records > *known;
            *known = slot.records;
            Some(recording.then_some(*slot))
        });
        later.flatten().take(limit).collect()
    }

    /// Takes the entries up to `upto` out of the log, and returns the records that are now to be
    /// removed.
    pub(super) fn cover(&mut self, ws: &WorkspaceId, upto: Seq) -> Vec<Placed> {
        let hash_map::Entry::Occupied(mut log) = self.logs.entry(ws.clone()) else {
            return Vec::new();
        };
        let mut swept = Vec::new();
        while let Some(slot) = log.get().front().copied().filter(|slot| slot.seq <= upto) {
            log.get_mut().pop_front();
            let block = slot.position / BLOCK;
            let Some(state) = self.blocks.get_mut(&block) else {
                continue;
            };
            state.live -= 1;
            state.covered.push((ws.clone(), slot));
            if state.covered.len() >= state.live * COVERED_PER_LIVE {
                swept.append(&mut state.covered);
            }
            if state.live == 0 {
                self.blocks.remove(&block);
            }
        }
        if log.get().is_empty() {
            log.remove();
        }
        swept
    }

    /// Forgets a workspace, and returns the records that are now to be removed: all of its own, and
    /// those that it was the last to keep.
    pub(super) fn remove(&mut self, ws: &WorkspaceId) -> Vec<Placed> {
        let mut removed = Vec::new();
        for slot in self.logs.remove(ws).unwrap_or_default() {
            if let Some(block) = self.blocks.get_mut(&(slot.position / BLOCK)) {
                block.live -= 1;
            }
            removed.push((ws.clone(), slot));
        }
        self.blocks.retain(|_, block| {
            if block.live == 0 {
                removed.append(&mut block.covered);
                return false;
            }
            removed.extend(block.covered.extract_if(.., |(of, _)| of == ws));
            true
        });
        removed
    }
}
