//! Reading everything once and naming what is damaged.

use std::{collections::BTreeMap, io, mem};

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;

use super::{
    archive::Segment,
    blobs,
    database::{Database, ReadError, missing, missing_entry, opened},
    entry::{self, Logged},
    journal::End,
    keys::{self, Key},
    load,
    logs::Logs,
    records::{self, Run},
    snapshot,
};
use crate::store::{Damage, Entry, Seq, Shelf, StoreError, WorkspaceRecord};

/// Records read at a time.
const PAGE: usize = 256;

/// Checks every record, and that snapshots, logs, checkpoints and artifacts are complete.
///
/// A block that sled itself cannot read stops the database; it is named as the last damage.
pub(super) fn verify(db: &Database, logs: &Logs) -> Result<Vec<Damage>, StoreError> {
    let mut check = Check::default();
    let mut last_key = Vec::new();
    for item in db.all() {
        match item {
            Ok((key, raw)) => {
                check.record(&key, &raw);
                last_key = key.to_vec();
            }
            Err(error) => {
                let record = format!("a block of records after {}", keys::name(&last_key));
                check.damage.push(Damage {
                    record,
                    problem: error.to_string(),
                });
                return Ok(check.damage);
            }
        }
    }
    for ws in mem::take(&mut check.workspaces) {
        let checked = load::settled(db, logs, &ws, |end| {
            let mut found = whole(db, logs, &ws, end.seq)?;
            found.extend(all_records(db, logs, &ws, end)?);
            found.extend(all_blobs(db, logs, &ws)?);
            Ok(found)
        });
        match checked {
            Ok(damage) => damage.into_iter().for_each(|found| check.add(found)),
            // It was deleted meanwhile.
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    for (header, chunk) in mem::take(&mut check.chunks) {
        if db.raw(&header)?.is_none() && db.raw(&chunk)?.is_some() {
            check.add(missing(&header));
        }
    }
    Ok(check.damage)
}

#[derive(Default)]
struct Check {
    workspaces: Vec<WorkspaceId>,
    /// The first chunk found of each checkpoint and artifact, under its header's key.
    chunks: BTreeMap<Vec<u8>, Vec<u8>>,
    damage: Vec<Damage>,
}

impl Check {
    fn record(&mut self, key: &[u8], raw: &[u8]) {
        let read = match keys::parse(key) {
            Some(Key::Archive(ws, _)) => opened::<Segment>(key, raw)
                .and_then(|segment| segment.unpack(&ws))
                .map(drop),
            Some(Key::Snapshot(_, _, 0)) => opened::<snapshot::Header>(key, raw).map(drop),
            Some(Key::Snapshot(..)) => opened::<Bytes>(key, raw).map(drop),
            Some(Key::Directory(ws)) => {
                self.workspaces.push(ws);
                opened::<WorkspaceRecord>(key, raw).map(drop)
            }
            Some(Key::Record(..)) => opened::<Bytes>(key, raw).map(drop),
            Some(Key::Blob(..)) => opened::<blobs::Header>(key, raw).map(drop),
            Some(Key::Chunk {
                ws, shelf, name, ..
            }) => {
                let header = keys::blob(&ws, shelf, &name);
                self.chunks.entry(header).or_insert_with(|| key.to_vec());
                opened::<Bytes>(key, raw).map(drop)
            }
            Some(Key::Journal { .. }) => opened::<Logged<Entry>>(key, raw).map(drop),
            Some(Key::Spacer) => opened::<()>(key, raw),
            None => Err(ReadError::Damaged(Damage {
                record: keys::name(key),
                problem: "this version writes no such key".to_owned(),
            })),
        };
        self.read(read);
    }

    fn read(&mut self, read: Result<(), ReadError>) {
        match read {
            Ok(()) => {}
            Err(ReadError::Damaged(damage)) => self.add(damage),
            Err(ReadError::Database(error)) => self.add(Damage {
                record: "the database".to_owned(),
                problem: error.to_string(),
            }),
        }
    }

    /// Notes a damage once.
    fn add(&mut self, damage: Damage) {
        if !self.damage.contains(&damage) {
            self.damage.push(damage);
        }
    }
}

/// Looks for what should be there: every part of the newest snapshot, every entry after it.
fn whole(db: &Database, logs: &Logs, ws: &WorkspaceId, head: Seq) -> io::Result<Vec<Damage>> {
    let mut found = Vec::new();
    let newest = db.newest_snapshot(ws, Seq::MAX)?;
    if let Some(upto) = newest {
        found.extend(damage_of(snapshot::load(db, ws, upto).map(drop))?);
    }
    let mut expected = newest.unwrap_or(0) + 1;
    for slot in logs.after(ws, expected - 1, usize::MAX) {
        found.extend((expected..slot.seq).map(|seq| missing_entry(ws, seq)));
        expected = slot.seq + 1;
        if slot.parts > 1 {
            found.extend(damage_of(entry::read(db, ws, slot).map(drop))?);
        }
    }
    found.extend((expected..=head).map(|seq| missing_entry(ws, seq)));
    Ok(found)
}

/// Looks for a record that is missing.
fn all_records(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    end: End,
) -> Result<Option<Damage>, ReadError> {
    let mut last = 0;
    loop {
        let run = records::read(db, logs, ws, end, Run::new(last, PAGE))?;
        match (run.damage, run.found.last()) {
            (Some(damage), _) => return Ok(Some(damage)),
            (None, Some((number, _))) => last = *number,
            (None, None) => return Ok(None),
        }
    }
}

/// Looks for missing chunks.
fn all_blobs(db: &Database, logs: &Logs, ws: &WorkspaceId) -> Result<Vec<Damage>, ReadError> {
    let mut found = Vec::new();
    for shelf in [Shelf::Checkpoint, Shelf::Artifact] {
        for (name, _) in blobs::list(db, logs, ws, shelf)? {
            let read = blobs::read(db, logs, ws, shelf, &name);
            found.extend(damage_of(read.map(drop))?);
        }
    }
    Ok(found)
}

fn damage_of(read: Result<(), ReadError>) -> io::Result<Option<Damage>> {
    match read {
        Ok(()) => Ok(None),
        Err(ReadError::Damaged(damage)) => Ok(Some(damage)),
        Err(ReadError::Database(error)) => Err(error),
    }
}
