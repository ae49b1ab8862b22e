//! What each command does to the database, in memory: nothing here is durable yet.
//!
//! Readers run meanwhile. So what they need is written before what it replaces is removed, and a
//! workspace's directory entry is written last and removed first.
//! Records are removed one by one: a sled batch leaves its emptied leaves behind for ever.

use std::{collections::HashMap, io};

use crdt_schema::ids::WorkspaceId;

use super::{
    archive::Segment,
    blobs,
    database::{Database, ReadError, opened},
    entry::{self, entry_bytes},
    journal::{End, Placed},
    keys::{self, Kind},
    logs::Logs,
    record::{self, Sealed},
    snapshot,
};
use crate::store::{Entry, Seq, Shelf, StoreError, WorkspaceRecord};

/// A write, decided in log order.
pub(super) enum Command {
    Create {
        record: WorkspaceRecord,
        first: Vec<Entry>,
        blobs: Vec<blobs::Prepared>,
    },
    SetRecord(WorkspaceRecord),
    Delete(WorkspaceId),
    Append {
        ws: WorkspaceId,
        entries: Vec<Entry>,
        expect: Option<Seq>,
    },
    PutSnapshot(Box<snapshot::Prepared>),
    PutBlob(WorkspaceId, Box<blobs::Prepared>),
    DeleteBlob {
        ws: WorkspaceId,
        shelf: Shelf,
        name: String,
    },
    /// Writes nothing: a store that failed comes back for it, as for any other command.
    Nothing,
    /// Removes the archive segments under these keys that ended before `before_ms`.
    ExpireArchive {
        before_ms: u64,
        keys: Vec<Vec<u8>>,
    },
}

impl Command {
    /// The workspace that it is about.
    pub(super) fn workspace(&self) -> Option<&WorkspaceId> {
        match self {
            Self::Create { record, .. } | Self::SetRecord(record) => Some(&record.id),
            Self::Delete(ws)
            | Self::Append { ws, .. }
            | Self::PutBlob(ws, _)
            | Self::DeleteBlob { ws, .. } => Some(ws),
            Self::PutSnapshot(prepared) => Some(&prepared.ws),
            Self::ExpireArchive { .. } | Self::Nothing => None,
        }
    }

    /// Whether it takes more space than it gives back.
    pub(super) fn takes_space(&self) -> bool {
        match self {
            Self::Delete(_)
            | Self::DeleteBlob { .. }
            | Self::ExpireArchive { .. }
            | Self::Nothing => false,
            Self::Create { .. }
            | Self::SetRecord(_)
            | Self::Append { .. }
            | Self::PutSnapshot(_)
            | Self::PutBlob(..) => true,
        }
    }

    /// About how many bytes it writes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Create { first, blobs, .. } => {
                let blobs = blobs.iter().map(blobs::Prepared::bytes);
                first.iter().map(entry_bytes).chain(blobs).sum()
            }
            Self::Append { entries, .. } => entries.iter().map(entry_bytes).sum(),
            Self::PutSnapshot(prepared) => prepared.bytes(),
            Self::PutBlob(_, prepared) => prepared.bytes(),
            Self::SetRecord(_)
            | Self::Delete(_)
            | Self::DeleteBlob { .. }
            | Self::ExpireArchive { .. }
            | Self::Nothing => 0,
        }
    }
}

/// One group of commands on its way to the disk.
pub(super) struct Group<'a> {
    db: &'a Database,
    logs: &'a Logs,
    /// Where logs end once this group is durable; `None` for a deleted workspace.
    ends: HashMap<WorkspaceId, Option<End>>,
    /// Keys of checkpoints and artifacts that come or go with this group.
    blobs: Vec<Vec<u8>>,
    changed: bool,
}

/// What the caller is told once the group is durable: a position or a count.
pub(super) type Answer = Result<u64, StoreError>;

impl<'a> Group<'a> {
    pub(super) fn new(db: &'a Database, logs: &'a Logs) -> Self {
        Self {
            db,
            logs,
            ends: HashMap::new(),
            blobs: Vec::new(),
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
                Some(end) => self.logs.publish(ws, end),
                None => self.logs.forget(&ws),
            }
        }
        for key in self.blobs {
            self.logs.settle(&key);
        }
    }

    /// Decides and applies one command.
    ///
    /// # Errors
    /// The outer error means that the database failed and that the group must not be flushed.
    pub(super) fn apply(&mut self, command: Command) -> io::Result<Answer> {
        match command {
            Command::Create {
                record,
                first,
                blobs,
            } => self.create(&record, &first, blobs),
            Command::SetRecord(record) => self.set_record(&record),
            Command::Delete(ws) => self.delete(&ws),
            Command::Append {
                ws,
                entries,
                expect,
            } => self.append(ws, &entries, expect),
            Command::PutSnapshot(prepared) => self.put_snapshot(*prepared),
            Command::PutBlob(ws, prepared) => self.put_blob(&ws, *prepared),
            Command::DeleteBlob { ws, shelf, name } => self.delete_blob(&ws, shelf, &name),
            Command::Nothing => Ok(Ok(0)),
            Command::ExpireArchive { before_ms, keys } => self.expire_archive(before_ms, &keys),
        }
    }

    fn end(&self, ws: &WorkspaceId) -> io::Result<Option<End>> {
        match self.ends.get(ws) {
            Some(end) => Ok(*end),
            None => self.logs.end(self.db, ws),
        }
    }

    fn create(
        &mut self,
        record: &WorkspaceRecord,
        first: &[Entry],
        blobs: Vec<blobs::Prepared>,
    ) -> io::Result<Answer> {
        let ws = &record.id;
        if self.end(ws)?.is_some() {
            return Ok(Err(StoreError::Exists));
        }
        self.logs.hide(ws);
        let end = self.log(ws, End::default(), first)?;
        for blob in blobs {
            self.write_blob(blob)?;
        }
        self.write_record(record)?;
        self.ends.insert(ws.clone(), Some(end));
        Ok(Ok(end.seq))
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
        if expect.is_some_and(|expect| expect != at.seq) {
            return Ok(Err(StoreError::Conflict { at: at.seq }));
        }
        let end = self.log(&ws, at, entries)?;
        self.ends.insert(ws, Some(end));
        Ok(Ok(end.seq))
    }

    fn delete(&mut self, ws: &WorkspaceId) -> io::Result<Answer> {
        if self.end(ws)?.is_none() {
            return Ok(Err(StoreError::NotFound));
        }
        self.remove_all(&[keys::prefix(Kind::Directory, ws)])?;
        for kind in [
            Kind::Archive,
            Kind::Snapshot,
            Kind::Record,
            Kind::Chunk,
            Kind::Checkpoint,
            Kind::Artifact,
        ] {
            let prefix = keys::prefix(kind, ws);
            let keys: Vec<_> = self
                .db
                .scan(prefix.clone(), prefix)
                .map(|item| item.map(|(key, _)| key))
                .collect::<io::Result<_>>()?;
            self.remove_all(&keys)?;
        }
        self.remove_logged(self.logs.remove(ws))?;
        self.ends.insert(ws.clone(), None);
        Ok(Ok(0))
    }

    fn put_snapshot(&mut self, prepared: snapshot::Prepared) -> io::Result<Answer> {
        let ws = &prepared.ws;
        let Some(end) = self.end(ws)? else {
            return Ok(Err(StoreError::NotFound));
        };
        let newest = self.db.newest_snapshot(ws, Seq::MAX)?;
        if newest != prepared.replaces || prepared.upto > end.seq {
            return Ok(Err(StoreError::Conflict {
                at: newest.unwrap_or(end.seq),
            }));
        }
        self.insert_all(prepared.segments)?;
        self.insert_all(prepared.records)?;
        let covered = self.logs.cover(ws, prepared.upto);
        self.insert_all(prepared.parts)?;
        self.remove_logged(covered)?;
        self.remove_all(&prepared.outdated)?;
        Ok(Ok(prepared.upto))
    }

    fn put_blob(&mut self, ws: &WorkspaceId, prepared: blobs::Prepared) -> io::Result<Answer> {
        if self.end(ws)?.is_none() {
            return Ok(Err(StoreError::NotFound));
        }
        match self.db.raw(&prepared.key)? {
            None => self.unsettle(&prepared.key),
            Some(raw) => match opened(&prepared.key, &raw) {
                Ok(stored) if !prepared.header.agrees(&stored) => {
                    return Ok(Err(StoreError::Exists));
                }
                // The same again, and whole: that mends what is damaged.
                Ok(_) | Err(ReadError::Damaged(_)) => {}
                Err(ReadError::Database(error)) => return Err(error),
            },
        }
        self.write_blob(prepared)?;
        Ok(Ok(0))
    }

    fn delete_blob(&mut self, ws: &WorkspaceId, shelf: Shelf, name: &str) -> io::Result<Answer> {
        if self.end(ws)?.is_none() {
            return Ok(Err(StoreError::NotFound));
        }
        let key = keys::blob(ws, shelf, name);
        if self.db.raw(&key)?.is_some() {
            self.unsettle(&key);
            self.remove_all(&blobs::chunk_keys(self.db, ws, shelf, name)?)?;
            self.remove_all(&[key])?;
        }
        Ok(Ok(0))
    }

    fn unsettle(&mut self, key: &[u8]) {
        self.logs.unsettle(key.to_vec());
        self.blobs.push(key.to_vec());
    }

    fn write_blob(&mut self, prepared: blobs::Prepared) -> io::Result<()> {
        let header = record::seal(&prepared.key, &prepared.header);
        self.insert_all([(prepared.key, header)])?;
        self.insert_all(prepared.chunks)
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

    /// Writes `entries` after `at` and returns where the log ends then.
    fn log(&mut self, ws: &WorkspaceId, at: End, entries: &[Entry]) -> io::Result<End> {
        let mut end = at;
        for entry in entries {
            end.seq += 1;
            end.records += entry.records.len() as u64;
            let parts = entry::parts(entry);
            let slot = self.logs.add(ws, end, parts.len() as u32);
            self.insert_all((0..).zip(parts).map(|(part, logged)| {
                let key = keys::logged(ws, slot, part);
                let record = record::seal(&key, &logged);
                (key, record)
            }))?;
        }
        Ok(end)
    }

    fn remove_logged(&mut self, records: Vec<Placed>) -> io::Result<()> {
        for (ws, slot) in records {
            for part in 0..slot.parts {
                self.remove_all(&[keys::logged(&ws, slot, part)])?;
            }
        }
        Ok(())
    }

    fn write_record(&mut self, record: &WorkspaceRecord) -> io::Result<()> {
        let key = keys::prefix(Kind::Directory, &record.id);
        let sealed = record::seal(&key, record);
        self.insert_all([(key, sealed)])
    }

    fn insert_all(&mut self, records: impl IntoIterator<Item = Sealed>) -> io::Result<()> {
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
