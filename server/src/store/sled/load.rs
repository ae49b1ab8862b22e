//! Reading what a room needs, and what to do when some of it is damaged.

use std::io;

use ::sled::InlineArray;
use crdt_schema::ids::WorkspaceId;

use super::{
    archive,
    heads::Heads,
    snapshot,
    trees::{ReadError, Trees, log_entry},
};
use crate::store::{Damage, Entry, Loaded, Seq, Snapshot, StoreError};

/// Reads over, when a snapshot or a deletion came between; that often is a fault of the caller.
const TRIES_MAX: usize = 16;

/// Reads the workspace up to its durable head.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Failed`] when the database fails, or when nothing of a
/// workspace that has content can be read.
pub(super) fn load(trees: &Trees, heads: &Heads, ws: &WorkspaceId) -> Result<Loaded, StoreError> {
    settled(trees, heads, ws, |head| assemble(trees, ws, head))
}

/// Up to `limit` entries after `from` that are durable, from the archive where the log is trimmed.
/// Fewer where an entry is missing; an error where the next one is damaged.
pub(super) fn entries_after(
    trees: &Trees,
    heads: &Heads,
    ws: &WorkspaceId,
    from: Seq,
    limit: usize,
) -> Result<Vec<(Seq, Entry)>, StoreError> {
    settled(trees, heads, ws, |head| {
        let History { entries, damage } = history(trees, ws, from, head, limit)?;
        match damage {
            Some(damage) if entries.is_empty() => Err(ReadError::Damaged(damage).into()),
            _ => Ok(entries),
        }
    })
}

/// Runs `read` with the durable head until nothing moved records about meanwhile.
fn settled<R>(
    trees: &Trees,
    heads: &Heads,
    ws: &WorkspaceId,
    read: impl Fn(Seq) -> Result<R, StoreError>,
) -> Result<R, StoreError> {
    for _ in 0..TRIES_MAX {
        let before = Stamp::of(trees, heads, ws)?;
        let head = heads.of(trees, ws)?.ok_or(StoreError::NotFound)?;
        let answer = read(head);
        if Stamp::of(trees, heads, ws)? == before {
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
    fn of(trees: &Trees, heads: &Heads, ws: &WorkspaceId) -> Result<Self, StoreError> {
        let record = trees.raw_record(ws)?.ok_or(StoreError::NotFound)?;
        if heads.is_creating(ws) {
            return Err(StoreError::NotFound);
        }
        Ok(Self {
            record,
            snapshot: trees.newest_snapshot(ws, Seq::MAX)?,
        })
    }
}

fn assemble(trees: &Trees, ws: &WorkspaceId, head: Seq) -> Result<Loaded, StoreError> {
    let (snapshot, snapshot_damage) = newest_readable(trees, ws)?;
    let base = snapshot.as_ref().map_or(0, |snapshot| snapshot.upto);
    let History {
        entries: tail,
        damage,
    } = history(trees, ws, base, head, usize::MAX)?;
    if snapshot.is_none() && tail.is_empty() && head > 0 {
        let Damage { record, problem } = snapshot_damage.or(damage).unwrap_or_else(|| Damage {
            record: log_entry(ws, 1),
            problem: "it is missing".to_owned(),
        });
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
    trees: &Trees,
    ws: &WorkspaceId,
) -> Result<(Option<Snapshot>, Option<Damage>), StoreError> {
    let mut damage = None;
    let mut at = trees.newest_snapshot(ws, Seq::MAX)?;
    while let Some(upto) = at {
        match snapshot::load(trees, ws, upto) {
            Ok(snapshot) => return Ok((Some(snapshot), damage)),
            Err(ReadError::Damaged(found)) => damage = damage.or(Some(found)),
            Err(error) => return Err(error.into()),
        }
        at = match upto.checked_sub(1) {
            Some(below) => trees.newest_snapshot(ws, below)?,
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

/// The entries after `from` up to `head`.
fn history(
    trees: &Trees,
    ws: &WorkspaceId,
    from: Seq,
    head: Seq,
    limit: usize,
) -> Result<History, StoreError> {
    let mut run = Run {
        next: from + 1,
        entries: Vec::new(),
    };
    let log_starts = first_logged(trees, ws, from)?.unwrap_or(head + 1);
    if log_starts > run.next {
        for segment in archive::segments(trees, ws, from) {
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
    for item in trees.log_after(ws, run.next - 1) {
        let (seq, entry) = item?;
        if seq > head || seq != run.next || run.entries.len() >= limit {
            break;
        }
        match entry {
            Ok(entry) => run.push(seq, entry),
            Err(damage) => return Ok(run.ended_by(damage)),
        }
    }
    run.entries.truncate(limit);
    let missing = run.next <= head && run.entries.len() < limit;
    let damage = missing.then(|| Damage {
        record: log_entry(ws, run.next),
        problem: "it is missing".to_owned(),
    });
    Ok(History {
        entries: run.entries,
        damage,
    })
}

fn first_logged(trees: &Trees, ws: &WorkspaceId, from: Seq) -> io::Result<Option<Seq>> {
    let first = trees.log_after(ws, from).next().transpose()?;
    Ok(first.map(|(seq, _)| seq))
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
