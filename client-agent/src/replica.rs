//! The peer's own copy of the document, and what in it the server may not have yet.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::mpsc,
};

use bytes::Bytes;
use crdt_schema::{
    document,
    path::DocPath,
    schema::{self, Changes, Subscription},
};
use sync_protocol::{FrameError, limits, state_vector::StateVector};
use yrs::{
    Doc, ReadTxn, Transact, Transaction, TransactionMut, Update,
    block::ClientID,
    types::ToJson,
    updates::{decoder::Decode, encoder::Encode},
};

use crate::Unsent;

/// A copy of the document.
pub(crate) struct Replica {
    doc: Doc,
    client: u64,
    changes: mpsc::Receiver<Changes>,
    _subscription: Subscription,
    /// Places changed here, and the number of the last local edit that did.
    unsaved: BTreeMap<DocPath, u64>,
}

/// An update that could not be integrated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadUpdate {
    #[error(transparent)]
    Encoding(#[from] yrs::encoding::read::Error),
    #[error(transparent)]
    Content(#[from] yrs::error::UpdateError),
}

/// What a local edit did.
pub(crate) struct Edited {
    /// The edit as an update; `None` if it changed nothing.
    pub(crate) update: Option<Bytes>,
    pub(crate) paths: BTreeSet<DocPath>,
}

impl Replica {
    /// An empty copy, under a client id that nobody used before.
    pub(crate) fn new() -> Self {
        let client = rand::random::<u64>() & limits::CLIENT_ID_MAX;
        let doc = document::new_doc(client);
        let (sender, changes) = mpsc::channel();
        // The receiver lives as long as the subscription.
        let report = move |_: &TransactionMut<'_>, changes| drop(sender.send(changes));
        let subscription = schema::observe(&doc, report).expect("a new document is not busy");
        Self {
            doc,
            client,
            changes,
            _subscription: subscription,
            unsaved: BTreeMap::new(),
        }
    }

    pub(crate) fn client(&self) -> u64 {
        self.client
    }

    pub(crate) fn state_vector(&self) -> Bytes {
        self.doc.transact().state_vector().encode_v1().into()
    }

    /// What this copy has beyond a state vector, as an update.
    pub(crate) fn difference(&self, state_vector: &[u8]) -> Result<Bytes, FrameError> {
        let known = StateVector::decode(state_vector)?;
        let known = yrs::StateVector::from_iter(
            known
                .iter()
                .map(|(client, clock)| (ClientID::new(client), clock)),
        );
        Ok(self.doc.transact().encode_diff_v1(&known).into())
    }

    pub(crate) fn read(&self, read: impl FnOnce(&Transaction<'_>)) {
        read(&self.doc.transact());
    }

    pub(crate) fn edit(&self, edit: impl FnOnce(&mut TransactionMut<'_>)) -> Edited {
        let mut txn = self.doc.transact_mut();
        edit(&mut txn);
        txn.commit();
        let update = txn.encode_update_v1();
        drop(txn);
        Edited {
            update: (update != Update::EMPTY_V1).then(|| update.into()),
            paths: self.changed_paths(),
        }
    }

    /// Integrates somebody else's update; the places that it changed.
    pub(crate) fn apply(&self, update: &[u8]) -> Result<BTreeSet<DocPath>, BadUpdate> {
        let update = Update::decode_v1(update)?;
        self.doc.transact_mut().apply_update(update)?;
        Ok(self.changed_paths())
    }

    /// Remembers that the local edit of this number changed these places.
    pub(crate) fn edited(&mut self, paths: &BTreeSet<DocPath>, edit: u64) {
        self.unsaved
            .extend(paths.iter().map(|path| (path.clone(), edit)));
    }

    /// The first `edits` local edits are durable.
    pub(crate) fn saved(&mut self, edits: u64) {
        self.unsaved.retain(|_, edit| *edit > edits);
    }

    /// What the server may not have, as it reads here.
    pub(crate) fn unsent(&self) -> Vec<Unsent> {
        let txn = self.doc.transact();
        let content = |path: &DocPath| {
            let any = path.resolve(&txn).map(|out| out.to_json(&txn));
            any.and_then(|any| serde_json::to_value(any).ok())
                .unwrap_or_default()
        };
        self.unsaved
            .keys()
            .map(|path| Unsent {
                content: content(path),
                path: path.clone(),
            })
            .collect()
    }

    fn changed_paths(&self) -> BTreeSet<DocPath> {
        self.changes
            .try_iter()
            .flat_map(|changes| changes.paths)
            .collect()
    }
}
