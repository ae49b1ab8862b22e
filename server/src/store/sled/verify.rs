//! Reading everything once and naming what is damaged.

use std::io;

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;

use super::{
    archive::Segment,
    database::{Database, ReadError, opened},
    heads::Heads,
    keys::{self, Key, Kind},
    record::Unreadable,
    snapshot,
};
use crate::store::{Damage, Entry, Seq, StoreError, WorkspaceRecord};

/// Checks every record, and that snapshots and logs are complete.
///
/// A block that sled itself cannot read stops the database; it is named as the last damage.
pub(super) fn verify(db: &Database, heads: &Heads) -> Result<Vec<Damage>, StoreError> {
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
    for ws in std::mem::take(&mut check.workspaces) {
        if let Some(head) = heads.of(db, &ws)? {
            check.whole(db, &ws, head)?;
        }
    }
    Ok(check.damage)
}

#[derive(Default)]
struct Check {
    workspaces: Vec<WorkspaceId>,
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
            Some(Key::Log(..)) => opened::<Entry>(key, raw).map(drop),
            Some(Key::Spacer) => opened::<()>(key, raw),
            None => Err(ReadError::Damaged(Damage {
                record: keys::name(key),
                problem: "this version writes no such key".to_owned(),
            })),
        };
        self.add(read);
    }

    /// Looks for what should be there: every part of the newest snapshot, every entry after it.
    fn whole(&mut self, db: &Database, ws: &WorkspaceId, head: Seq) -> io::Result<()> {
        let newest = db.newest_snapshot(ws, Seq::MAX)?;
        if let Some(upto) = newest {
            self.add(snapshot::load(db, ws, upto).map(drop));
        }
        let mut expected = newest.unwrap_or(0) + 1;
        for item in db.log_after(ws, expected - 1) {
            let (seq, _) = item?;
            self.missing(ws, expected, seq);
            expected = seq + 1;
        }
        self.missing(ws, expected, head + 1);
        Ok(())
    }

    fn missing(&mut self, ws: &WorkspaceId, from: Seq, before: Seq) {
        for seq in from..before {
            let problem = Unreadable::Missing.to_string();
            let record = keys::name(&keys::at(Kind::Log, ws, seq));
            self.add(Err(ReadError::Damaged(Damage { record, problem })));
        }
    }

    /// Notes a damage once.
    fn add(&mut self, read: Result<(), ReadError>) {
        let damage = match read {
            Ok(()) => return,
            Err(ReadError::Damaged(damage)) => damage,
            Err(ReadError::Database(error)) => Damage {
                record: "the database".to_owned(),
                problem: error.to_string(),
            },
        };
        if !self.damage.contains(&damage) {
            self.damage.push(damage);
        }
    }
}
