//! Records: those whose entries are in the log are read from there, the others from their own range.

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;

use super::{
    database::{Database, ReadError, missing, opened},
    entry,
    journal::{End, Slot},
    keys::{self, Kind},
    load,
    logs::Logs,
};
use crate::store::{Damage, Entry, StoreError};

/// Records in a row, and what ended them early.
pub(super) struct Run {
    next: u64,
    limit: usize,
    pub(super) found: Vec<(u64, Bytes)>,
    pub(super) damage: Option<Damage>,
}

/// Up to `limit` durable records after number `after`. Fewer before one that cannot be read; an
/// error when that is the first.
pub(super) fn after(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    after: u64,
    limit: usize,
) -> Result<Vec<(u64, Bytes)>, StoreError> {
    load::settled(db, logs, ws, |end| {
        let run = read(db, logs, ws, end, Run::new(after, limit))?;
        match run.damage {
            Some(damage) if run.found.is_empty() => Err(ReadError::Damaged(damage).into()),
            Some(_) | None => Ok(run.found),
        }
    })
}

/// Reads on from where `run` stands, up to the log's `end`.
pub(super) fn read(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    end: End,
    mut run: Run,
) -> Result<Run, ReadError> {
    // Places first: what a snapshot takes out of the log after that still is where it was, and
    // what it took out before that is in the range.
    let slots = logs.recording(ws, run.next - 1, run.limit);
    let prefix = keys::prefix(Kind::Record, ws);
    for item in db.scan(prefix, keys::record(ws, run.next)) {
        let (key, raw) = item?;
        if run.is_full() || *key != *keys::record(ws, run.next) {
            break;
        }
        match opened(&key, &raw) {
            Ok(record) => run.push(record),
            Err(ReadError::Damaged(damage)) => return Ok(run.ended_by(damage)),
            Err(error) => return Err(error),
        }
    }
    for slot in slots {
        if run.is_full() || slot.seq > end.seq {
            break;
        }
        if slot.records < run.next {
            continue;
        }
        match entry::read(db, ws, slot) {
            Ok(entry) => run.extend(slot, entry),
            Err(ReadError::Damaged(damage)) => return Ok(run.ended_by(damage)),
            Err(error) => return Err(error),
        }
    }
    if !run.is_full() && run.next <= end.records {
        let damage = missing(&keys::record(ws, run.next));
        return Ok(run.ended_by(damage));
    }
    Ok(run)
}

impl Run {
    /// None yet of up to `limit` after number `after`.
    pub(super) fn new(after: u64, limit: usize) -> Self {
        Self {
            next: after.saturating_add(1),
            limit,
            found: Vec::new(),
            damage: None,
        }
    }

    fn is_full(&self) -> bool {
        self.found.len() >= self.limit
    }

    fn push(&mut self, record: Bytes) {
        self.found.push((self.next, record));
        self.next += 1;
    }

    /// Adds the entry's records, unless some before them are missing.
    fn extend(&mut self, slot: Slot, entry: Entry) {
        for (number, record) in (entry::first_record(slot, &entry)..).zip(entry.records) {
            if number == self.next && !self.is_full() {
                self.push(record);
            }
        }
    }

    fn ended_by(self, damage: Damage) -> Self {
        Self {
            damage: Some(damage),
            ..self
        }
    }
}
