//! From what is stored to what a room starts with.

use std::sync::Arc;

use bytes::Bytes;
use crdt_schema::{document, gate::Gate, ids::MemberId};
use yrs::{
    Doc, Map, MapRef, Out, ReadTxn, StateVector, Transact, Update, updates::decoder::Decode,
};

use super::{core::declare, newlines};
use crate::store::{Loaded, Seq};

/// A log, folded.
pub struct Fold {
    pub(super) doc: Doc,
    pub(super) gate: Gate,
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

/// Folds a log into a document and its gate. `client_id` must never have been used before: an
/// append whose outcome was unknown may have stored edits of the last one.
///
/// # Errors
/// What does not fit together, for the operator.
pub fn fold(loaded: Loaded, client_id: u64, is_archived: Archived) -> Result<Fold, String> {
    let seq = loaded.tail.last().map_or(
        loaded.snapshot.as_ref().map_or(0, |s| s.upto),
        |(seq, _)| *seq,
    );
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
    let frozen = match (loaded.damage, is_archived) {
        (Some(damage), _) => Some(format!(
            "{}: {}; the workspace is shown as it last was",
            damage.record, damage.problem
        )),
        (None, Archived::Yes) => {
            Some("this workspace is archived; unarchive it to edit".to_owned())
        }
        (None, Archived::No) => None,
    };
    Ok(Fold {
        unnormalised: newlines::unnormalised_roots(&doc),
        doc,
        gate,
        seq,
        snapshot,
        tail,
        frozen: frozen.map(Into::into),
    })
}

/// Whether the workspace is archived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archived {
    /// It is, and so takes no edits.
    Yes,
    /// It is not.
    No,
}

impl From<bool> for Archived {
    fn from(archived: bool) -> Self {
        if archived { Self::Yes } else { Self::No }
    }
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
    Gate::rebuild(state, authors(&txn))
        .map_err(|refusal| format!("the stored document is not sound: {refusal}"))
}

/// Who writes under which client id, from the document's `control` root.
fn authors(txn: &impl ReadTxn) -> Vec<(u64, MemberId)> {
    let authors = txn
        .get_map("control")
        .and_then(|control| control.get(txn, "authors"));
    let Some(authors) = authors.and_then(|authors| MapRef::try_from(authors).ok()) else {
        return Vec::new();
    };
    let parse = |(client, member): (&str, Out)| {
        let Out::Any(yrs::Any::String(member)) = member else {
            return None;
        };
        Some((client.parse().ok()?, member.parse().ok()?))
    };
    authors.iter(txn).filter_map(parse).collect()
}
