//! Reading everything once and naming what is damaged.

use std::{collections::BTreeMap, io};

use ::sled::InlineArray;
use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;

use super::{
    archive::{self, Segment},
    heads::Heads,
    keys::{self, Key},
    record, snapshot,
    trees::{Tree, Trees, directory_entry, log_entry},
};
use crate::store::{Damage, Entry, Seq, StoreError, WorkspaceRecord};

/// Checks every record and that logs have no holes.
///
/// A block that sled itself cannot read stops the database; it is named as the last damage.
pub(super) fn verify(trees: &Trees, heads: &Heads) -> Result<Vec<Damage>, StoreError> {
    let mut check = Check::default();
    let read = check.all(trees);
    if let Err(error) = read {
        check.add("the rest of the database".to_owned(), &error);
        return Ok(check.damage);
    }
    for ws in std::mem::take(&mut check.workspaces) {
        if let Some(head) = heads.of(trees, &ws)? {
            check.holes(trees, &ws, head)?;
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
    fn all(&mut self, trees: &Trees) -> io::Result<()> {
        self.tree(&trees.directory, "directory", Self::directory)?;
        self.tree(&trees.log, "log", Self::log)?;
        self.tree(&trees.snapshots, "snapshots", Self::snapshot_part)?;
        self.tree(&trees.archive, "archive", Self::segment)
    }

    fn tree(
        &mut self,
        tree: &Tree,
        name: &str,
        check: fn(&mut Self, Key, &InlineArray, &InlineArray) -> bool,
    ) -> io::Result<()> {
        for item in tree.iter() {
            let (raw_key, raw) = item.map_err(|error| {
                io::Error::new(error.kind(), format!("a block of the {name} tree: {error}"))
            })?;
            let known = keys::parse(&raw_key).is_some_and(|key| check(self, key, &raw_key, &raw));
            if !known {
                self.add(
                    format!("record {raw_key:02x?} of the {name} tree"),
                    &"it has no such key",
                );
            }
        }
        Ok(())
    }

    fn directory(&mut self, key: Key, raw_key: &InlineArray, raw: &InlineArray) -> bool {
        let Key {
            ws,
            seq: None,
            part: None,
        } = key
        else {
            return false;
        };
        if let Err(problem) = record::open::<WorkspaceRecord>(raw_key, raw) {
            self.add(directory_entry(&ws), &problem);
        }
        self.workspaces.push(ws);
        true
    }

    fn log(&mut self, key: Key, raw_key: &InlineArray, raw: &InlineArray) -> bool {
        let Key {
            ws,
            seq: Some(seq),
            part: None,
        } = key
        else {
            return false;
        };
        if let Err(problem) = record::open::<Entry>(raw_key, raw) {
            self.add(log_entry(&ws, seq), &problem);
        }
        true
    }

    fn snapshot_part(&mut self, key: Key, raw_key: &InlineArray, raw: &InlineArray) -> bool {
        let Key {
            ws,
            seq: Some(upto),
            part: Some(part),
        } = key
        else {
            return false;
        };
        let problem = match part {
            0 => record::open::<snapshot::Header>(raw_key, raw).err(),
            _ => record::open::<Bytes>(raw_key, raw).err(),
        };
        if let Some(problem) = problem {
            self.add(
                format!("part {part} of {}", snapshot::name(&ws, upto)),
                &problem,
            );
        }
        true
    }

    fn segment(&mut self, key: Key, raw_key: &InlineArray, raw: &InlineArray) -> bool {
        let Key {
            ws,
            seq: Some(_),
            part: None,
        } = key
        else {
            return false;
        };
        let problem = match record::open::<Segment>(raw_key, raw) {
            Ok(segment) => segment
                .unpack(&ws)
                .err()
                .map(|_| "its entries do not decode".to_owned()),
            Err(problem) => Some(problem.to_string()),
        };
        if let Some(problem) = problem {
            self.add(archive::name(raw_key), &problem);
        }
        true
    }

    /// Looks for what should be there: every part of the newest snapshot, every entry after it.
    fn holes(&mut self, trees: &Trees, ws: &WorkspaceId, head: Seq) -> io::Result<()> {
        let newest = trees.newest_snapshot(ws, Seq::MAX)?;
        if let Some(upto) = newest
            && let Err(error) = snapshot::load(trees, ws, upto)
        {
            self.add(snapshot::name(ws, upto), &StoreError::from(error));
        }
        let mut expected = newest.unwrap_or(0) + 1;
        let mut found = BTreeMap::new();
        for item in trees.log_after(ws, expected - 1) {
            let (seq, entry) = item?;
            found.insert(seq, entry.is_ok());
        }
        while expected <= head {
            if !found.contains_key(&expected) {
                self.add(log_entry(ws, expected), &record::Unreadable::Missing);
            }
            expected += 1;
        }
        Ok(())
    }

    fn add(&mut self, record: String, problem: &dyn std::fmt::Display) {
        self.damage.push(Damage {
            record,
            problem: problem.to_string(),
        });
    }
}
