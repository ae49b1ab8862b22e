//! From what is stored to what a room starts with.

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use crdt_schema::{
    authors, document,
    gate::Gate,
    ownership::{Record, State},
    touches::Touches,
};
use yrs::{Doc, ReadTxn, StateVector, Transact, Update, updates::decoder::Decode};

use super::{core::declare, newlines, replay};
use crate::store::{Loaded, Seq, Store, StoreError, WorkspaceRecord};

/// A log, folded.
pub struct Fold {
    pub(super) doc: Doc,
    pub(super) gate: Gate,
    pub(super) ledger: State,
    pub(super) touches: Touches,
    pub(super) artifacts: HashSet<String>,
    pub(super) seq: Seq,
    pub(super) snapshot: Option<Bytes>,
    /// The updates after the snapshot.
    pub(super) tail: Vec<Bytes>,
    /// Places with carriage returns: a crash came between an edit that brought them and the
    /// room's own edit that removes them.
    pub(super) unnormalised: Vec<String>,
    /// Why the room must not take edits.
    pub(super) frozen: Option<Arc<str>>,
}

impl Fold {
    /// The position of the last entry.
    pub(super) fn position(&self) -> Seq {
        self.seq
    }
}

/// Everything that is stored of a workspace.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The directory's entry.
    pub directory: WorkspaceRecord,
    /// The snapshot and the log after it.
    pub loaded: Loaded,
    /// The records of all that was ever decided, in order.
    pub records: Vec<Bytes>,
    /// The SHA-256 of every artifact, in hexadecimal.
    pub artifacts: HashSet<String>,
}

impl Stored {
    /// Reads everything that is stored of the workspace in `directory`.
    ///
    /// # Errors
    /// What the store says.
    pub async fn read(store: &dyn Store, directory: WorkspaceRecord) -> Result<Self, StoreError> {
        let loaded = store.load(&directory.id).await?;
        let records = all_records(store, &directory).await?;
        let artifacts = store.artifacts(&directory.id).await?;
        Ok(Self {
            directory,
            loaded,
            records,
            artifacts: artifacts.into_iter().map(|(hash, _)| hash).collect(),
        })
    }
}

/// The records of all that was ever decided in a workspace, in order.
///
/// # Errors
/// What the store says.
pub async fn all_records(
    store: &dyn Store,
    directory: &WorkspaceRecord,
) -> Result<Vec<Bytes>, StoreError> {
    let mut records = Vec::new();
    loop {
        let page = store
            .records(&directory.id, records.len() as u64, RECORDS_PAGE)
            .await?;
        if page.is_empty() {
            return Ok(records);
        }
        records.extend(page.into_iter().map(|(_, record)| record));
    }
}

/// Folds records into who holds what, and what is pending.
///
/// # Errors
/// Which record breaks the chain.
pub fn fold_ledger(directory: &WorkspaceRecord, records: &[Bytes]) -> Result<State, String> {
    let mut ledger = State::new(&directory.lineage, &directory.created_by);
    for (at, record) in records.iter().enumerate() {
        let number = at + 1;
        let record = Record::from_json(record)
            .map_err(|error| format!("record {number} cannot be read: {error}"))?;
        ledger
            .apply(&record)
            .map_err(|broken| format!("record {number} breaks the chain: {broken}"))?;
    }
    Ok(ledger)
}

/// Folds a log into a document, its gate and its ledger. `client_id` must never have been used
/// before: an append whose outcome was unknown may have stored edits of the last one.
///
/// # Errors
/// What does not fit together, for the operator.
pub fn fold(stored: Stored, client_id: u64) -> Result<Fold, String> {
    let Stored {
        directory,
        loaded,
        records,
        artifacts,
    } = stored;
    let frozen = why_frozen(&loaded, &directory);
    let seq = loaded.tail.last().map_or(
        loaded.snapshot.as_ref().map_or(0, |s| s.upto),
        |(seq, _)| *seq,
    );
    let touches = replay::touches(&loaded);
    let snapshot = loaded.snapshot.map(|snapshot| snapshot.state);
    let tail: Vec<Bytes> = loaded
        .tail
        .into_iter()
        .flat_map(|(_, entry)| entry.edits)
        .map(|edit| edit.update)
        .collect();
    let mut doc = document::new_doc(client_id);
    apply(&doc, snapshot.iter().chain(&tail))?;
    let gate = rebuild_gate(&doc, snapshot.as_ref().filter(|_| tail.is_empty()))?;
    if gate.free_roots().next().is_some() {
        doc = with_free_roots(&doc, &gate, client_id)?;
    }
    Ok(Fold {
        unnormalised: newlines::unnormalised_roots(&doc),
        doc,
        gate,
        ledger: fold_ledger(&directory, &records)?,
        touches,
        artifacts,
        seq,
        snapshot,
        tail,
        frozen: frozen.map(Into::into),
    })
}

/// Records read at once.
const RECORDS_PAGE: usize = 1000;

/// Why a workspace takes no edits, if it does not.
fn why_frozen(loaded: &Loaded, directory: &WorkspaceRecord) -> Option<String> {
    if let Some(damage) = &loaded.damage {
        return Some(format!(
            "{}: {}; the workspace is shown as it last was",
            damage.record, damage.problem
        ));
    }
    directory
        .archived
        .then(|| "this workspace is archived; unarchive it to edit".to_owned())
}

fn apply<'a>(doc: &Doc, updates: impl Iterator<Item = &'a Bytes>) -> Result<(), String> {
    let mut txn = doc.transact_mut();
    for update in updates {
        let update = Update::decode_v1(update)
            .map_err(|error| format!("a stored update does not decode: {error}"))?;
        txn.apply_update(update)
            .map_err(|error| format!("a stored update does not apply: {error}"))?;
    }
    if txn.has_missing_updates() {
        return Err("the stored log lacks updates that others depend on".into());
    }
    Ok(())
}

/// A free root must have its type before it has its content.
fn with_free_roots(doc: &Doc, gate: &Gate, client_id: u64) -> Result<Doc, String> {
    let state = Bytes::from(doc.transact().encode_diff_v1(&StateVector::default()));
    let typed = document::new_doc(client_id);
    for (name, kind) in gate.free_roots() {
        declare(&typed, name, kind);
    }
    apply(&typed, std::iter::once(&state))?;
    Ok(typed)
}

fn rebuild_gate(doc: &Doc, state: Option<&Bytes>) -> Result<Gate, String> {
    let txn = doc.transact();
    let encoded;
    let state = match state {
        Some(state) => state,
        None => {
            encoded = Bytes::from(txn.encode_diff_v1(&StateVector::default()));
            &encoded
        }
    };
    Gate::rebuild(state, authors::clients(&txn))
        .map_err(|refusal| format!("the stored document is not sound: {refusal}"))
}
