//! Snapshots: made from the stored log, beside the room, and checked before anything is trimmed.

use std::sync::Arc;

use bytes::Bytes;
use crdt_schema::{document, ids::WorkspaceId, shape};
use yrs::{
    Any, Doc, GetString, ReadTxn, StateVector, Transact, Update, types::ToJson,
    updates::decoder::Decode,
};

use super::core::LogSize;
use crate::store::{Loaded, Seq, Snapshot, Store, StoreError};

/// Why no snapshot was made; the log is kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum CompactionError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The snapshot does not say what the log says.
    #[error("the snapshot was not stored because it differs from the log: {0}")]
    Mismatch(String),
}

/// Replaces the log's prefix by a snapshot of it, with `side` beside it; says how much of the log
/// it covers.
pub(super) async fn compact(
    store: Arc<dyn Store>,
    ws: WorkspaceId,
    side: Bytes,
) -> Result<LogSize, CompactionError> {
    let loaded = store.load(&ws).await?;
    if loaded.damage.is_some() || loaded.tail.is_empty() {
        return Ok(LogSize::default());
    }
    let covered = LogSize {
        entries: loaded.tail.len(),
        bytes: loaded
            .tail
            .iter()
            .flat_map(|(_, entry)| &entry.edits)
            .map(|edit| edit.update.len())
            .sum(),
    };
    let snapshot = tokio::task::spawn_blocking(move || checked_snapshot(&loaded, side))
        .await
        .map_err(|error| CompactionError::Mismatch(error.to_string()))??;
    store.put_snapshot(&ws, snapshot).await?;
    metrics::counter!("penhold_snapshots_total").increment(1);
    Ok(covered)
}

fn checked_snapshot(loaded: &Loaded, side: Bytes) -> Result<Snapshot, CompactionError> {
    let upto: Seq = loaded.tail.last().map_or(0, |(seq, _)| *seq);
    let base = loaded.snapshot.iter().map(|snapshot| &snapshot.state);
    let updates = loaded
        .tail
        .iter()
        .flat_map(|(_, entry)| &entry.edits)
        .map(|edit| &edit.update);
    let doc = replay(base.chain(updates))?;
    let state = Bytes::from(doc.transact().encode_diff_v1(&StateVector::default()));
    same(&doc, &replay([&state].into_iter())?)?;
    Ok(Snapshot { upto, state, side })
}

fn replay<'a>(updates: impl Iterator<Item = &'a Bytes>) -> Result<Doc, CompactionError> {
    let wrong = |problem: String| CompactionError::Mismatch(problem);
    let doc = document::new_doc(READER);
    let mut txn = doc.transact_mut();
    for update in updates {
        let update = Update::decode_v1(update).map_err(|error| wrong(error.to_string()))?;
        txn.apply_update(update)
            .map_err(|error| wrong(error.to_string()))?;
    }
    if txn.has_missing_updates() {
        return Err(wrong("something is still pending".into()));
    }
    drop(txn);
    Ok(doc)
}

fn same(log: &Doc, snapshot: &Doc) -> Result<(), CompactionError> {
    let (log, snapshot) = (log.transact(), snapshot.transact());
    if log.state_vector() != snapshot.state_vector() {
        return Err(CompactionError::Mismatch("the state vectors differ".into()));
    }
    for (root, _) in shape::ROOTS {
        if content(&log, root) != content(&snapshot, root) {
            return Err(CompactionError::Mismatch(format!("{root} differs")));
        }
    }
    Ok(())
}

fn content(txn: &impl ReadTxn, root: &str) -> Option<Any> {
    match txn.get(root)? {
        yrs::Out::YText(text) => Some(Any::String(text.get_string(txn).into())),
        other => Some(other.to_json(txn)),
    }
}

/// Client id of documents that nobody edits.
const READER: u64 = 0;
