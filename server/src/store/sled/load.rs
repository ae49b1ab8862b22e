//! Reading what a room needs, and what to do when some of it is damaged.

use std::ops::Range;

use ::sled::InlineArray;
use crdt_schema::ids::WorkspaceId;

use super::{
    archive,
    database::{Database, ReadError, missing_entry},
    entry,
    journal::End,
    logs::Logs,
    snapshot::{self, Prepared},
};
use crate::store::{Damage, Entry, Loaded, Seq, Snapshot, StoreError};

/// Reads over, when a snapshot or a deletion came between; that often is a fault of the caller.
const TRIES_MAX: usize = 16;

/// Reads the workspace up to its durable head.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Failed`] when the database fails, or when nothing of a
/// workspace that has content can be read.
pub(super) fn load(db: &Database, logs: &Logs, ws: &WorkspaceId) -> Result<Loaded, StoreError> {
    settled(db, logs, ws, |end| assemble(db, logs, ws, end.seq))
}

/// Up to `limit` entries after `from` that are durable, from the archive where the log is trimmed.
/// Fewer where an entry is missing; an error where the next one is damaged.
pub(super) fn entries_after(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    from: Seq,
    limit: usize,
) -> Result<Vec<(Seq, Entry)>, StoreError> {
    settled(db, logs, ws, |end| {
        let History { entries, damage } = history(db, logs, ws, from..end.seq, limit)?;
        match damage {
            Some(damage) if entries.is_empty() => Err(ReadError::Damaged(damage).into()),
            _ => Ok(entries),
        }
    })
}

/// Works out what storing `snapshot` changes; see [`snapshot::prepare`].
pub(super) fn prepare_snapshot(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    snapshot: &Snapshot,
) -> Result<Prepared, StoreError> {
    settled(db, logs, ws, |end| {
        snapshot::prepare(db, logs, ws, snapshot, end)
    })
}

/// Runs `read` with the log's durable end until nothing moved records about meanwhile.
pub(super) fn settled<R>(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    read: impl Fn(End) -> Result<R, StoreError>,
) -> Result<R, StoreError> {
    for _ in 0..TRIES_MAX {
        let before = Stamp::of(db, logs, ws)?;
        let end = logs.end(db, ws)?.ok_or(StoreError::NotFound)?;
        let answer = read(end);
        if Stamp::of(db, logs, ws)? == before {
            return answer;
        }
    }
    Err(StoreError::Failed(format!(
        "workspace {ws} kept changing while it was read"
    )))
}

/// Differs when a snapshot, a deletion or another creation came between two looks.
#[derive(PartialEq, Eq)]
struct Stamp {
    record: InlineArray,
    snapshot: Option<Seq>,
}

impl Stamp {
    fn of(db: &Database, logs: &Logs, ws: &WorkspaceId) -> Result<Self, StoreError> {
        let record = db.raw_record(ws)?.ok_or(StoreError::NotFound)?;
        if logs.is_creating(ws) {
            return Err(StoreError::NotFound);
        }
        Ok(Self {
            record,
            snapshot: db.newest_snapshot(ws, Seq::MAX)?,
        })
    }
}

fn assemble(db: &Database, logs: &Logs, ws: &WorkspaceId, head: Seq) -> Result<Loaded, StoreError> {
    let (snapshot, snapshot_damage) = newest_readable(db, ws)?;
    let base = snapshot.as_ref().map_or(0, |snapshot| snapshot.upto);
    let History {
        entries: tail,
        damage,
    } = history(db, logs, ws, base..head, usize::MAX)?;
    if snapshot.is_none() && tail.is_empty() && head > 0 {
        let Damage { record, problem } = snapshot_damage
            .or(damage)
            .unwrap_or_else(|| missing_entry(ws, 1));
        return Err(StoreError::Failed(format!("{record}: {problem}")));
    }
    if let Some(Damage { record, problem }) = &snapshot_damage {
        tracing::error!(workspace = %ws, record, problem, "reading an older state and its history");
    }
    let damage = damage.map(|damage| snapshot_damage.unwrap_or(damage));
    Ok(Loaded {
        snapshot,
        tail,
        damage,
    })
}

/// The newest snapshot that reads, and what is wrong with a newer one.
fn newest_readable(
    db: &Database,
    ws: &WorkspaceId,
) -> Result<(Option<Snapshot>, Option<Damage>), StoreError> {
    let mut damage = None;
    let mut at = db.newest_snapshot(ws, Seq::MAX)?;
    while let Some(upto) = at {
        match snapshot::load(db, ws, upto) {
            Ok(snapshot) => return Ok((Some(snapshot), damage)),
            Err(ReadError::Damaged(found)) => damage = damage.or(Some(found)),
            Err(error) => return Err(error.into()),
        }
        at = match upto.checked_sub(1) {
            Some(below) => db.newest_snapshot(ws, below)?,
            None => None,
        };
    }
    Ok((None, damage))
}

/// Entries without holes, and what ended them early.
struct History {
    entries: Vec<(Seq, Entry)>,
    damage: Option<Damage>,
}

/// The entries after the range's start up to its end.
fn history(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    Range {
        start: from,
        end: head,
    }: Range<Seq>,
    limit: usize,
) -> Result<History, StoreError> {
    let mut run = Run {
        next: from + 1,
        entries: Vec::new(),
    };
    let slots = logs.after(ws, from, limit);
    let log_starts = slots.first().map_or(head + 1, |slot| slot.seq);
    if log_starts > run.next {
        for segment in archive::segments(db, ws, from) {
            if run.next >= log_starts || run.entries.len() >= limit {
                break;
            }
            match segment.and_then(|segment| segment.unpack(ws)) {
                Ok(entries) => run.extend_archived(entries, from, log_starts),
                Err(ReadError::Damaged(damage)) => return Ok(run.ended_by(damage)),
                Err(error) => return Err(error.into()),
            }
        }
    }
    for slot in slots {
        if slot.seq > head || slot.seq != run.next || run.entries.len() >= limit {
            break;
        }
        match entry::read(db, ws, slot) {
            Ok(entry) => run.push(slot.seq, entry),
            Err(ReadError::Damaged(damage)) => return Ok(run.ended_by(damage)),
            Err(error) => return Err(error.into()),
        }
    }
    run.entries.truncate(limit);
    let missing = run.next <= head && run.entries.len() < limit;
    Ok(History {
        damage: missing.then(|| missing_entry(ws, run.next)),
        entries: run.entries,
    })
}

/// Entries in a row.
struct Run {
    next: Seq,
    entries: Vec<(Seq, Entry)>,
}

impl Run {
    fn ended_by(self, damage: Damage) -> History {
        History {
            entries: self.entries,
            damage: Some(damage),
        }
    }

    fn push(&mut self, seq: Seq, entry: Entry) {
        self.entries.push((seq, entry));
        self.next = seq + 1;
    }

    fn extend_archived(&mut self, entries: Vec<(Seq, Entry)>, from: Seq, before: Seq) {
        for (seq, entry) in entries {
            if seq > from && seq < before && seq == self.next {
                self.push(seq, entry);
            }
        }
    }
}
