//! Checkpoints and artifacts: what is known of each under its name, and its chunks apart from that.
//!
//! One that is not durably there, or not durably gone, is hidden ([`Logs::is_unsettled`]). Its header
//! is written first and removed last: a chunk without a header is damage.

use std::io;

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    chunks::{self, Chunked},
    database::{Database, ReadError, opened},
    keys::{self, Key},
    logs::Logs,
    record::Sealed,
};
use crate::store::{Damage, Shelf, StoreError};

/// Small, because names are written one at a time and a leaf of chunks is rewritten as a whole.
const CHUNK_BYTES: usize = 16 * 1024;

/// What is known of a checkpoint or an artifact.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Header {
    content: Chunked,
    sha256: [u8; 32],
}

impl Header {
    /// Whether the other one is of the same content.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

/// Everything that storing one writes, prepared away from the committer.
pub(super) struct Prepared {
    pub(super) key: Vec<u8>,
    pub(super) header: Header,
    pub(super) chunks: Vec<Sealed>,
}

impl Prepared {
    /// About how many bytes it writes.
    pub(super) fn bytes(&self) -> usize {
        self.chunks.iter().map(|(_, record)| record.len()).sum()
    }
}

/// Cuts and seals `content`.
///
/// # Errors
/// [`StoreError::Unfit`] when the shelf does not take it under this name.
pub(super) fn prepare(
    ws: &WorkspaceId,
    shelf: Shelf,
    name: &str,
    content: &Bytes,
) -> Result<Prepared, StoreError> {
    shelf.check(name, content)?;
    let key = |index| keys::chunk(ws, shelf, name, index);
    let (chunked, chunks) = chunks::cut(content, CHUNK_BYTES, key);
    Ok(Prepared {
        key: keys::blob(ws, shelf, name),
        header: Header {
            content: chunked,
            sha256: Sha256::digest(content).into(),
        },
        chunks,
    })
}

/// What is stored under `name`, if it is durably there.
pub(super) fn read(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    shelf: Shelf,
    name: &str,
) -> Result<Option<Bytes>, ReadError> {
    let key = keys::blob(ws, shelf, name);
    let is_there = || Ok::<_, ReadError>(!logs.is_unsettled(&key) && db.raw(&key)?.is_some());
    if !is_there()? {
        return Ok(None);
    }
    match whole(db, &key, |index| keys::chunk(ws, shelf, name, index)) {
        // It was removed meanwhile.
        Err(ReadError::Damaged(_)) if !is_there()? => Ok(None),
        read => read.map(Some),
    }
}

/// All names on the shelf with their sizes in bytes. A damaged one is left for `verify` to name.
pub(super) fn list(
    db: &Database,
    logs: &Logs,
    ws: &WorkspaceId,
    shelf: Shelf,
) -> Result<Vec<(String, u64)>, ReadError> {
    let mut names = Vec::new();
    let prefix = keys::shelf(ws, shelf);
    for item in db.scan(prefix.clone(), prefix) {
        let (key, raw) = item?;
        let Some(Key::Blob(_, _, name)) = keys::parse(&key) else {
            continue;
        };
        match opened::<Header>(&key, &raw) {
            Ok(header) if !logs.is_unsettled(&key) => names.push((name, header.content.bytes)),
            Ok(_) => {}
            Err(ReadError::Damaged(Damage { record, problem })) => {
                tracing::error!(record, problem, "left out of the list");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(names)
}

fn whole(db: &Database, key: &[u8], chunk: impl Fn(u32) -> Vec<u8>) -> Result<Bytes, ReadError> {
    let header: Header = db.read(key)?;
    chunks::join(db, key, &header.content, chunk)
}

/// The keys of its chunks.
pub(super) fn chunk_keys(
    db: &Database,
    ws: &WorkspaceId,
    shelf: Shelf,
    name: &str,
) -> io::Result<Vec<Vec<u8>>> {
    let prefix = keys::chunks(ws, shelf, name);
    db.scan(prefix.clone(), prefix)
        .map(|item| item.map(|(key, _)| key.to_vec()))
        .collect()
}
