//! The records that came after a position of the log.

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use futures_util::StreamExt as _;

use crate::{
    http::problem::Problem,
    store::{Entry, Seq, Store, StoreError},
};

/// Log entries that are read for one answer.
const ENTRIES_MAX: usize = 1_000;
/// Records in one answer, about.
const RECORDS_MAX: usize = 500;

/// What of the log has been read.
pub(super) struct Part {
    /// The records, each with the position of its entry.
    pub(super) records: Vec<(Seq, Bytes)>,
    /// The position of the last entry read.
    pub(super) upto: Seq,
}

/// Reads the log after `from`, up to `head`, which lies behind it; not all of it, if it is much.
pub(super) async fn after(
    store: &dyn Store,
    ws: &WorkspaceId,
    from: Seq,
    head: Seq,
) -> Result<Part, Problem> {
    let mut part = Part {
        records: Vec::new(),
        upto: from,
    };
    let mut log = store.follow(ws, from).take(ENTRIES_MAX);
    while part.upto < head && part.records.len() < RECORDS_MAX {
        match log.next().await {
            Some(Ok((seq, entry))) => part.add(seq, entry),
            // The beginning went to the archive.
            Some(Err(StoreError::Failed(_))) if part.upto == from => {
                return archived(store, ws, from).await;
            }
            Some(Err(error)) if part.upto == from => return Err(error.into()),
            Some(Err(_)) | None => break,
        }
    }
    Ok(part)
}

async fn archived(store: &dyn Store, ws: &WorkspaceId, from: Seq) -> Result<Part, Problem> {
    let mut part = Part {
        records: Vec::new(),
        upto: from,
    };
    for (seq, entry) in store.archived(ws, from, ENTRIES_MAX).await? {
        if seq != part.upto + 1 || part.records.len() >= RECORDS_MAX {
            break;
        }
        part.add(seq, entry);
    }
    if part.upto > from {
        return Ok(part);
    }
    Err(Problem::gone(
        "what came after this cursor is no longer kept one by one; read the digest or the record, \
         and ask for changes without a cursor",
    ))
}

impl Part {
    fn add(&mut self, seq: Seq, entry: Entry) {
        let records = entry.records.into_iter();
        self.records.extend(records.map(|record| (seq, record)));
        self.upto = seq;
    }
}
