//! Honest peers in every order of edits and exchanges: the gate lets them through, sees whatever
//! yrs' own observers see, and keeps the document's clocks.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    reason = "tests and their own support modules"
)]

#[path = "../fuzz/harness.rs"]
mod harness;
#[path = "gate_support/honest.rs"]
mod honest;

use std::{collections::BTreeSet, sync::Arc};

use crdt_schema::{
    gate::{Effect, Gate, Limits, OpenPens, Writer, walk},
    member::Role,
};
use harness::{Server, peer, read_json, state_of, writer};
use honest::{Edit, Peer};
use proptest::prelude::*;
use yrs::{ReadTxn, StateVector, Transact, Update, updates::decoder::Decode};

const PEERS: usize = 3;
const FIRST_CLIENT: u64 = 20;

/// What a peer does after an edit.
#[derive(Debug, Clone, Copy)]
enum Exchange {
    /// It is offline.
    Nothing,
    /// It sends its updates one by one, as it made them.
    Stream,
    /// It answers the server's state vector.
    Difference,
    /// It answers a state vector that the server sent earlier.
    StaleDifference,
    /// It sends all that it has.
    Everything,
    /// It fetches what the others made.
    Pull,
}

/// What the server does after that.
#[derive(Debug, Clone, Copy)]
enum Upkeep {
    /// It goes on collecting a batch.
    Nothing,
    /// It applies the batch.
    Settle,
    /// It applies the batch, and a viewer comes and echoes all that it got.
    Echo,
    /// It applies the batch and starts a second gate from the stored state.
    Rebuild,
}

type Move = (usize, Edit, Exchange, Upkeep);

struct World {
    server: Server,
    peers: Vec<Peer>,
    /// A second gate, rebuilt now and then, which must agree with the first.
    rebuilt: Gate,
    touched: BTreeSet<String>,
    stale: StateVector,
}

impl World {
    fn new(without_gc: [bool; PEERS]) -> Self {
        let server = Server::new();
        let peers: Vec<Peer> = without_gc
            .iter()
            .zip(FIRST_CLIENT..)
            .map(|(skip_gc, client)| Peer::new(client, &format!("peer{client}"), *skip_gc))
            .collect();
        for peer in &peers {
            peer.pull(&server.doc);
        }
        let stale = server.doc.transact().state_vector();
        let rebuilt = Gate::rebuild(&state_of(&server.doc), []).unwrap();
        Self {
            server,
            peers,
            rebuilt,
            touched: BTreeSet::new(),
            stale,
        }
    }

    fn play(&mut self, (peer, edit, exchange, upkeep): Move) {
        self.peers[peer].edit(edit);
        self.exchange(peer, exchange);
        match upkeep {
            Upkeep::Nothing => {}
            Upkeep::Settle => self.settle(),
            Upkeep::Echo => self.echo(),
            Upkeep::Rebuild => self.rebuild(),
        }
    }

    fn exchange(&mut self, peer: usize, exchange: Exchange) {
        let vector = |world: &Self| world.server.doc.transact().state_vector();
        let updates = match exchange {
            Exchange::Nothing => Vec::new(),
            Exchange::Stream => self.peers[peer].take_made(),
            Exchange::Difference => {
                self.settle();
                vec![self.peers[peer].diff(&vector(self))]
            }
            Exchange::StaleDifference => {
                let update = self.peers[peer].diff(&self.stale);
                self.stale = vector(self);
                vec![update]
            }
            Exchange::Everything => vec![self.peers[peer].diff(&StateVector::default())],
            Exchange::Pull => {
                self.settle();
                self.peers[peer].pull(&self.server.doc);
                Vec::new()
            }
        };
        let writer = self.peers[peer].writer.clone();
        for update in updates {
            self.offer(&update, &writer);
        }
    }

    fn offer(&mut self, update: &[u8], writer: &Writer) -> Effect {
        let was_settled = self.server.is_settled();
        let admitted = self
            .server
            .offer(update, writer)
            .expect("honest work is admitted");
        let paths = admitted
            .touched
            .iter()
            .map(|place| self.server.gate.path(*place));
        self.touched.extend(paths);
        let walk = walk(update, &Limits::default()).unwrap();
        let again = self
            .rebuilt
            .admit(&walk, writer, &OpenPens)
            .expect("a rebuilt gate admits the same");
        // Until a batch is applied, only what yrs collects on its own is not known to be deleted.
        assert!(again.effect == admitted.effect || !was_settled);
        admitted.effect
    }

    fn settle(&mut self) {
        self.server.settle();
        self.rebuilt.record_deletes(&self.server.deleted);
        let observed = std::mem::take(&mut *self.server.observed.lock().unwrap());
        for path in &observed {
            assert!(
                self.covers(path),
                "{path} changed, but only {:?} was touched",
                self.touched
            );
        }
        self.touched.clear();
    }

    fn covers(&self, path: &str) -> bool {
        let ends = path
            .match_indices('/')
            .map(|(end, _)| end)
            .chain([path.len()]);
        ends.into_iter()
            .any(|end| self.touched.contains(&path[..end]))
    }

    fn echo(&mut self) {
        self.settle();
        let reader = peer(99, false);
        let update = Update::decode_v1(&state_of(&self.server.doc)).unwrap();
        reader.transact_mut().apply_update(update).unwrap();
        let vera = writer("vera", Role::Viewer);
        let vector = self.server.doc.transact().state_vector();
        for vector in [vector, StateVector::default()] {
            let echo = reader.transact().encode_state_as_update_v1(&vector);
            assert_eq!(self.offer(&echo, &vera), Effect::Nothing);
        }
        assert!(self.touched.is_empty());
    }

    fn rebuild(&mut self) {
        self.settle();
        let authors = (FIRST_CLIENT..)
            .zip(&self.peers)
            .map(|(client, peer)| (client, peer.writer.member.clone()));
        self.rebuilt = Gate::rebuild(&state_of(&self.server.doc), authors).unwrap();
        for client in FIRST_CLIENT..FIRST_CLIENT + PEERS as u64 {
            assert_eq!(self.rebuilt.clock(client), self.server.gate.clock(client));
        }
    }

    /// Everybody gets everything, and then all must read the same.
    fn meet(&mut self) {
        for peer in 0..PEERS {
            self.exchange(peer, Exchange::Difference);
        }
        self.settle();
        let all = read_json(&self.server.doc);
        assert_same(&all, &self.server.read());
        for peer in &self.peers {
            peer.pull(&self.server.doc);
            assert_same(&all, &read_json(&peer.doc));
        }
    }
}

/// A free root without living content may lack its kind, and so how it reads.
fn assert_same(all: &[(Arc<str>, String)], other: &[(Arc<str>, String)]) {
    for root @ (name, json) in all {
        let emptied = (Arc::clone(name), "Undefined".to_owned());
        let is_same = other.contains(root) || other.contains(&emptied) || json == "Undefined";
        assert!(is_same, "{root:?} differs from {other:?}");
    }
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let edit = (any::<u16>(), any::<u16>(), any::<u8>()).prop_map(|(container, at, action)| Edit {
        container,
        at,
        action,
    });
    let exchange = prop_oneof![
        3 => Just(Exchange::Nothing),
        3 => Just(Exchange::Stream),
        2 => Just(Exchange::Difference),
        2 => Just(Exchange::StaleDifference),
        1 => Just(Exchange::Everything),
        3 => Just(Exchange::Pull),
    ];
    let upkeep = prop_oneof![
        6 => Just(Upkeep::Nothing),
        6 => Just(Upkeep::Settle),
        1 => Just(Upkeep::Echo),
        1 => Just(Upkeep::Rebuild),
    ];
    prop::collection::vec((0..PEERS, edit, exchange, upkeep), 1..120)
}

proptest! {
    #[test]
    fn gate10_honest_peers_pass_and_the_gate_sees_what_observers_see(
        moves in moves(),
        without_gc in any::<[bool; PEERS]>(),
    ) {
        let mut world = World::new(without_gc);
        for step in moves {
            world.play(step);
        }
        world.meet();
    }
}
