//! What each command does to the database, in memory: nothing here is durable yet.
//!
//! Readers run meanwhile. So what they need is written before what it replaces is removed, and a
//! workspace's directory entry is written last and removed first.
//! Records are removed one by one: a sled batch leaves its emptied leaves behind for ever.

use std::{collections::HashMap, io};

use crdt_schema::ids::WorkspaceId;

use super::{
    archive::Segment,
    database::{Database, ReadError},
    heads::Heads,
    keys::{self, Kind},
    record, snapshot,
};
use crate::store::{Entry, Seq, StoreError, WorkspaceRecord};

/// A write, decided in log order.
pub(super) enum Command {
    Create {
        record: WorkspaceRecord,
        first: Vec<Entry>,
    },
    SetRecord(WorkspaceRecord),
    Delete(WorkspaceId),
    Append {
        ws: WorkspaceId,
        entries: Vec<Entry>,
        expect: Option<Seq>,
    },
    PutSnapshot(Box<snapshot::Prepared>),
    /// Removes the archive segments under these keys that ended before `before_ms`.
    ExpireArchive {
        before_ms: u64,
        keys: Vec<Vec<u8>>,
    },
}

impl Command {
    /// Whether it gives more space back than it takes.
    pub(super) fn frees_space(&self) -> bool {
        match self {
            Self::Delete(_) | Self::ExpireArchive { .. } => true,
            Self::Create { .. }
            | Self::SetRecord(_)
            | Self::Append { .. }
            | Self::PutSnapshot(_) => false,
        }
    }

    /// About how many bytes it writes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Create { first: entries, .. } | Self::Append { entries, .. } => {
                entries.iter().map(entry_bytes).sum()
            }
            Self::PutSnapshot(prepared) => prepared
                .parts
                .iter()
                .chain(&prepared.segments)
                .map(|(_, record)| record.len())
                .sum(),
            Self::SetRecord(_) | Self::Delete(_) | Self::ExpireArchive { .. } => 0,
        }
    }
}

/// About how large an entry's record is.
pub(super) fn entry_bytes(entry: &Entry) -> usize {
    entry.edits.iter().map(|edit| edit.update.len() + 80).sum()
}

/// One group of commands on its way to the disk.
pub(super) struct Group<'a> {
    db: &'a Database,
    heads: &'a Heads,
    /// Where logs end once this group is durable; `None` for a deleted workspace.
    ends: HashMap<WorkspaceId, Option<Seq>>,
    changed: bool,
}

/// What the caller is told once the group is durable: a position or a count.
pub(super) type Answer = Result<u64, StoreError>;

impl<'a> Group<'a> {
    pub(super) fn new(db: &'a Database, heads: &'a Heads) -> Self {
        Self {
            db,
            heads,
            ends: HashMap::new(),
            changed: false,
        }
    }

    /// Whether there is anything to flush.
    pub(super) fn changed(&self) -> bool {
        self.changed
    }

    /// Makes the group's new ends visible, now that they are durable.
    pub(super) fn publish(self) {
        for (ws, end) in self.ends {
            match end {
                Some(seq) => self.heads.publish(ws, seq),
                None => self.heads.forget(&ws),
            }
        }
    }

    /// Decides and applies one command.
    ///
    /// # Errors
    /// The outer error means that the database failed and that the group must not be flushed.
    pub(super) fn apply(&mut self, command: Command) -> io::Result<Answer> {
        match command {
            Command::Create { record, first } => self.create(&record, &first),
            Command::SetRecord(record) => self.set_record(&record),
            Command::Delete(ws) => self.delete(&ws),
            Command::Append {
                ws,
                entries,
                expect,
            } => self.append(ws, &entries, expect),
            Command::PutSnapshot(prepared) => self.put_snapshot(*prepared),
            Command::ExpireArchive { before_ms, keys } => self.expire_archive(before_ms, &keys),
        }
    }

    fn end(&self, ws: &WorkspaceId) -> io::Result<Option<Seq>> {
        match self.ends.get(ws) {
            Some(end) => Ok(*end),
            None => self.heads.of(self.db, ws),
        }
    }

    fn create(&mut self, record: &WorkspaceRecord, first: &[Entry]) -> io::Result<Answer> {
        let ws = &record.id;
        if self.end(ws)?.is_some() {
            return Ok(Err(StoreError::Exists));
        }
        self.heads.hide(ws);
        let last = self.log(ws, 0, first)?;
        self.write_record(record)?;
        self.ends.insert(ws.clone(), Some(last));
        Ok(Ok(last))
    }

    fn set_record(&mut self, record: &WorkspaceRecord) -> io::Result<Answer> {
        if self.end(&record.id)?.is_none() {
            return Ok(Err(StoreError::NotFound));
        }
        self.write_record(record)?;
        Ok(Ok(0))
    }

    fn append(
        &mut self,
        ws: WorkspaceId,
        entries: &[Entry],
        expect: Option<Seq>,
    ) -> io::Result<Answer> {
        let Some(at) = self.end(&ws)? else {
            return Ok(Err(StoreError::NotFound));
        };
        if expect.is_some_and(|expect| expect != at) {
            return Ok(Err(StoreError::Conflict { at }));
        }
        let last = self.log(&ws, at, entries)?;
        self.ends.insert(ws, Some(last));
        Ok(Ok(last))
    }

    fn delete(&mut self, ws: &WorkspaceId) -> io::Result<Answer> {
        if self.end(ws)?.is_none() {
            return Ok(Err(StoreError::NotFound));
        }
        self.remove_all(&[keys::prefix(Kind::Directory, ws)])?;
        for kind in [Kind::Archive, Kind::Snapshot, Kind::Log] {
            let prefix = keys::prefix(kind, ws);
            let keys: Vec<_> = self
                .db
                .scan(prefix.clone(), prefix)
                .map(|item| item.map(|(key, _)| key))
                .collect::<io::Result<_>>()?;
            self.remove_all(&keys)?;
        }
        self.ends.insert(ws.clone(), None);
        Ok(Ok(0))
    }

    fn put_snapshot(&mut self, prepared: snapshot::Prepared) -> io::Result<Answer> {
        let ws = &prepared.ws;
        let Some(end) = self.end(ws)? else {
            return Ok(Err(StoreError::NotFound));
        };
        let newest = self.db.newest_snapshot(ws, Seq::MAX)?;
        if newest != prepared.replaces || prepared.upto > end {
            return Ok(Err(StoreError::Conflict {
                at: newest.unwrap_or(end),
            }));
        }
        self.insert_all(prepared.segments)?;
        self.insert_all(prepared.parts)?;
        self.remove_all(&prepared.trimmed)?;
        self.remove_all(&prepared.outdated)?;
        Ok(Ok(prepared.upto))
    }

    fn expire_archive(&mut self, before_ms: u64, keys: &[Vec<u8>]) -> io::Result<Answer> {
        let mut expired = Vec::new();
        for key in keys {
            match self.db.read::<Segment>(key) {
                Ok(segment) if segment.ended_ms < before_ms => expired.push(key),
                Ok(_) | Err(ReadError::Damaged(_)) => {}
                Err(ReadError::Database(error)) => return Err(error),
            }
        }
        self.remove_all(&expired)?;
        Ok(Ok(expired.len() as u64))
    }

    /// Writes `entries` after `at` and returns the position of the last one.
    fn log(&mut self, ws: &WorkspaceId, at: Seq, entries: &[Entry]) -> io::Result<Seq> {
        let sealed = (at + 1..).zip(entries).map(|(seq, entry)| {
            let key = keys::at(Kind::Log, ws, seq);
            let record = record::seal(&key, entry);
            (key, record)
        });
        self.insert_all(sealed)?;
        Ok(at + entries.len() as Seq)
    }

    fn write_record(&mut self, record: &WorkspaceRecord) -> io::Result<()> {
        let key = keys::prefix(Kind::Directory, &record.id);
        let sealed = record::seal(&key, record);
        self.insert_all([(key, sealed)])
    }

    fn insert_all(
        &mut self,
        records: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>,
    ) -> io::Result<()> {
        for (key, record) in records {
            self.db.insert(&key, record)?;
            self.changed = true;
        }
        Ok(())
    }

    fn remove_all(&mut self, keys: &[impl AsRef<[u8]>]) -> io::Result<()> {
        for key in keys {
            self.db.remove(key.as_ref())?;
            self.changed = true;
        }
        Ok(())
    }
}
