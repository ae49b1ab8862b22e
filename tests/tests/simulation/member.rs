//! One member at one computer: a document, and the client that keeps it in step.

use std::sync::Arc;

use bytes::Bytes;
use crdt_schema::{
    document,
    member::{Kind, Member, Role},
};
use sync_protocol::peer::{Config, Effect, Event, Now, Peer, Phase};
use yrs::{
    Doc, ReadTxn, StateVector, Transact, Update,
    updates::{decoder::Decode, encoder::Encode},
};

use super::{disk, editor, plain::Plain, rng::Rng};

pub(crate) struct Desk {
    pub(crate) member: Arc<Member>,
    pub(crate) doc: Doc,
    pub(crate) client: Client,
    /// The connection in use.
    pub(crate) link: Option<usize>,
    /// When the client wants to be woken; kept so that it is scheduled once.
    pub(crate) wake_ms: Option<u64>,
    /// This client's edits, and how many of them were reported saved.
    pub(crate) edits: Vec<Bytes>,
    pub(crate) saved: usize,
    lineage: Option<String>,
}

pub(crate) enum Client {
    Penhold(Peer),
    Plain(Plain),
}

impl Desk {
    pub(crate) fn new(member: Arc<Member>, is_plain: bool, rng: &mut Rng, now_ms: u64) -> Self {
        let (doc, id) = fresh_doc(rng);
        let client = if is_plain {
            Client::Plain(Plain::default())
        } else {
            Client::Penhold(Peer::new(Config {
                client: id,
                lineage: None,
                start_ms: now_ms,
            }))
        };
        Self {
            member,
            doc,
            client,
            link: None,
            wake_ms: None,
            edits: Vec::new(),
            saved: 0,
            lineage: None,
        }
    }

    /// Starts the program again, with the copy that it kept or with none.
    pub(crate) fn reload(&mut self, keeps_copy: bool, rng: &mut Rng, now_ms: u64) {
        let (doc, id) = fresh_doc(rng);
        if keeps_copy {
            let state = self.doc.transact().encode_diff_v1(&StateVector::default());
            disk::apply(&mut doc.transact_mut(), &state.into());
        }
        let lineage = self.lineage.clone().filter(|_| keeps_copy);
        match &mut self.client {
            Client::Penhold(peer) => {
                *peer = Peer::new(Config {
                    client: id,
                    lineage,
                    start_ms: now_ms,
                });
            }
            Client::Plain(plain) => *plain = Plain::default(),
        }
        self.doc = doc;
        self.edits.clear();
        self.saved = 0;
        self.wake_ms = None;
    }

    pub(crate) fn handle(&mut self, now: Now, event: Event) -> Vec<Effect> {
        let effects = match &mut self.client {
            Client::Penhold(peer) => peer.handle(now, event),
            Client::Plain(plain) => plain.handle(now, event),
        };
        for effect in &effects {
            if let Effect::Welcome { lineage, .. } = effect {
                self.lineage = Some(lineage.clone());
            }
        }
        effects
    }

    pub(crate) fn due_ms(&self) -> Option<u64> {
        match &self.client {
            Client::Penhold(peer) => peer.wake_ms(),
            Client::Plain(plain) => plain.wake_ms(),
        }
    }

    pub(crate) fn is_live(&self) -> bool {
        match &self.client {
            Client::Penhold(peer) => peer.phase() == Phase::Live,
            Client::Plain(plain) => plain.is_live(),
        }
    }

    /// Whether everything that this client wrote is acknowledged, as far as it can know.
    pub(crate) fn is_saved(&self) -> bool {
        match &self.client {
            Client::Penhold(peer) => peer.saved() == peer.edits() && self.saved == self.edits.len(),
            Client::Plain(_) => true,
        }
    }

    pub(crate) fn is_extended(&self) -> bool {
        matches!(self.client, Client::Penhold(_))
    }

    pub(crate) fn edit(&mut self, rng: &mut Rng) -> Option<Bytes> {
        let update = editor::edit(&self.doc, rng)?;
        self.edits.push(update.clone());
        Some(update)
    }

    /// Takes in what the server sent. It never builds on what was not sent before.
    pub(crate) fn apply(&mut self, update: &Bytes) {
        let known = self.doc.transact().state_vector();
        let starts = Update::decode_v1(update).unwrap().state_vector_lower();
        assert!(
            starts
                .iter()
                .all(|(client, clock)| *clock <= known.get(client)),
            "a reader was sent what builds on something that it was not sent"
        );
        let mut txn = self.doc.transact_mut();
        disk::apply(&mut txn, update);
        assert!(
            !txn.has_missing_updates(),
            "a reader waits for what it was not sent"
        );
    }

    pub(crate) fn state_vector(&self) -> Bytes {
        self.doc.transact().state_vector().encode_v1().into()
    }
}

/// `count` members; some people sit at two computers.
pub(crate) fn members(count: usize, rng: &mut Rng) -> Vec<Arc<Member>> {
    let member = |n: usize| {
        Arc::new(Member {
            id: format!("m{n}").parse().unwrap(),
            name: format!("Member {n}"),
            kind: if n.is_multiple_of(2) {
                Kind::Human
            } else {
                Kind::Agent
            },
            role: if n == 0 { Role::Admin } else { Role::Editor },
        })
    };
    (0..count)
        .map(|n| member(if n > 0 && rng.percent(20) { n - 1 } else { n }))
        .collect()
}

fn fresh_doc(rng: &mut Rng) -> (Doc, u64) {
    let id = rng.within(2..=(1 << 32) - 1);
    let doc = document::new_doc(id);
    doc.get_or_insert_map(editor::APP_ROOT);
    (doc, id)
}
