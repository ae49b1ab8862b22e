//! A document with a server, three members and the record of who touched what, as a room keeps
//! it.
#![allow(dead_code, reason = "each test file uses its part")]

use crdt_schema::{
    attribution::{Authors, OnBehalf},
    ids::MemberId,
    path::DocPath,
    schema::observe,
    touches::Touches,
    versions::Version,
};
use std::sync::{Arc, Mutex};
use yrs::{Doc, Map, MapRef, ReadTxn, Transact, WriteTxn};

use crate::schema_support::{join, made, sync};

/// The members: two people and two agents, by the client ids 10 to 13.
pub(crate) const MEMBERS: [(&str, &str); 4] = [
    ("ana", "human"),
    ("ben", "human"),
    ("planner", "agent"),
    ("scout", "agent"),
];

/// A server with its members.
pub(crate) struct Room {
    pub(crate) server: Doc,
    pub(crate) peers: Vec<Doc>,
    pub(crate) touches: Touches,
    pub(crate) on_behalf: OnBehalf,
    pub(crate) seq: u64,
}

impl Room {
    pub(crate) fn new(content: serde_json::Value) -> Self {
        let server = made(content);
        {
            let mut txn = server.transact_mut();
            let control = txn.get_or_insert_map("control");
            let authors: MapRef = control.get_or_init(&mut txn, "authors");
            let members: MapRef = control.get_or_init(&mut txn, "members");
            for (at, (id, kind)) in MEMBERS.iter().enumerate() {
                authors.insert(&mut txn, (10 + at).to_string(), *id);
                let card: MapRef = members.get_or_init(&mut txn, *id);
                let mut name = id.to_string();
                name[..1].make_ascii_uppercase();
                card.insert(&mut txn, "name", name);
                card.insert(&mut txn, "kind", *kind);
            }
        }
        let peers = (0..MEMBERS.len() as u64)
            .map(|at| join(&server, 10 + at))
            .collect();
        Self {
            server,
            peers,
            touches: Touches::default(),
            on_behalf: OnBehalf::default(),
            seq: 0,
        }
    }

    pub(crate) fn member(at: usize) -> MemberId {
        MEMBERS[at].0.parse().expect("a member id")
    }

    /// One member edits, and everybody has it at once.
    pub(crate) fn edit<R>(&mut self, who: usize, edit: impl FnOnce(&Doc) -> R) -> R {
        let result = edit(&self.peers[who]);
        self.deliver(who);
        for peer in &self.peers {
            sync(&self.server, peer);
        }
        result
    }

    /// What one member wrote reaches the server, which notes what was touched.
    pub(crate) fn deliver(&mut self, who: usize) {
        let touched: Arc<Mutex<Vec<DocPath>>> = Arc::default();
        let sink = Arc::clone(&touched);
        let subscription = observe(&self.server, move |_, changes| {
            sink.lock().expect("nobody panics").extend(changes.paths);
        })
        .expect("no transaction is open");
        sync(&self.peers[who], &self.server);
        drop(subscription);
        let paths = std::mem::take(&mut *touched.lock().expect("nobody panics"));
        self.note(&paths, who);
    }

    pub(crate) fn note(&mut self, paths: &[DocPath], who: usize) {
        self.seq += 1;
        for path in paths {
            let at_ms = 1000 * self.seq;
            self.touches.note(path, &Self::member(who), self.seq, at_ms);
        }
    }

    pub(crate) fn version(&self) -> Version {
        Version::take(&self.server.transact(), self.seq, 1000 * self.seq)
    }

    pub(crate) fn authors(&self) -> Authors {
        self.authors_in(&self.server.transact())
    }

    pub(crate) fn authors_in(&self, txn: &impl ReadTxn) -> Authors {
        Authors::read(txn, &self.on_behalf)
    }
}
