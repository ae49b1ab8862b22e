//! The peer against a model of a server, under drops, crashes and a failing store.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeSet, VecDeque};

use bytes::Bytes;
use proptest::{collection::vec, prelude::*};
use sync_protocol::{
    ext,
    peer::{Config, Effect, Event, Now, Peer, Phase},
    yws,
};

/// An edit is a number; an update and a state vector are sets of them.
type Edits = BTreeSet<u32>;

#[derive(Debug, Clone)]
enum Step {
    /// The person types.
    Edit,
    /// A frame on its way reaches the server, or the client.
    Deliver(Side),
    /// The server's store commits what arrived so far.
    Commit,
    /// The network drops the connection.
    Drop,
    /// The server forgets what is not durable, and its connections.
    Crash,
    /// The store fails: what arrived since the last commit is gone.
    Fail,
    /// The store recovers.
    Recover,
    /// The server asks again for what it misses.
    AskAgain,
    /// Somebody else edits.
    Remote,
    /// Time passes, in milliseconds.
    Wait(u64),
}

#[derive(Debug, Clone, Copy)]
enum Side {
    Server,
    Client,
}

struct World {
    now: Now,
    peer: Peer,
    local: Edits,
    next_edit: u32,
    durable: Edits,
    read_only: bool,
    link: Option<Link>,
}

/// One connection: frames on their way, and what the server got.
#[derive(Default)]
struct Link {
    to_server: VecDeque<Bytes>,
    to_client: VecDeque<Bytes>,
    /// Frames that arrived, and how many of them are durable.
    arrived: u64,
    committed: u64,
    pending: Edits,
}

impl World {
    fn new() -> Self {
        Self {
            now: Now { ms: 0, entropy: 0 },
            peer: Peer::new(Config {
                client: 1,
                lineage: None,
                start_ms: 0,
            }),
            local: Edits::new(),
            next_edit: 0,
            durable: Edits::new(),
            read_only: false,
            link: None,
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Edit => self.edit(),
            Step::Deliver(Side::Server) => self.deliver_to_server(),
            Step::Deliver(Side::Client) => self.deliver_to_client(),
            Step::Commit => self.commit(),
            Step::Drop => self.drop_link(),
            Step::Crash => {
                self.read_only = false;
                self.drop_link();
            }
            Step::Fail => self.fail(),
            Step::Recover => self.recover(),
            Step::AskAgain => self.ask(),
            Step::Remote => self.remote(),
            Step::Wait(ms) => {
                self.now.ms += ms;
                self.event(Event::Tick);
            }
        }
        // Every edit that is reported saved is durable.
        let saved = usize::try_from(self.peer.saved()).unwrap();
        let mine: Vec<_> = self
            .local
            .iter()
            .filter(|&&edit| edit < REMOTE)
            .take(saved)
            .collect();
        assert!(mine.iter().all(|edit| self.durable.contains(edit)));
    }

    fn edit(&mut self) {
        self.local.insert(self.next_edit);
        let update = pack(&Edits::from([self.next_edit]));
        self.next_edit += 1;
        self.event(Event::Edited { update });
    }

    fn event(&mut self, event: Event) {
        self.now.entropy = self
            .now
            .entropy
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1);
        for effect in self.peer.handle(self.now, event) {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Connect => {
                let mut link = Link::default();
                let hello = ext::Frame::Hello {
                    lineage: "k3",
                    member: "ada",
                    role: "editor",
                };
                link.to_client.push_back(hello.encode());
                if self.read_only {
                    link.to_client
                        .push_back(ext::Frame::ReadOnly { reason: "full" }.encode());
                }
                self.link = Some(link);
                self.ask();
                let state_vector = pack(&self.local);
                self.event(Event::Connected { state_vector });
            }
            Effect::Disconnect => self.link = None,
            Effect::Send(frame) => self.link.as_mut().unwrap().to_server.push_back(frame),
            Effect::Apply(update) => self.local.extend(unpack(&update)),
            Effect::Answer { state_vector } => {
                let known = unpack(&state_vector);
                let update = pack(&self.local.difference(&known).copied().collect());
                self.event(Event::Difference { update });
            }
            Effect::Denied { .. } | Effect::Stopped { .. } => panic!("nothing was wrong"),
            Effect::Disconnected { cause, .. } => assert!(
                !matches!(
                    cause,
                    sync_protocol::peer::Cause::Malformed(_)
                        | sync_protocol::peer::Cause::Protocol(_)
                ),
                "{cause}"
            ),
            Effect::Welcome { .. }
            | Effect::Synced
            | Effect::Saved { .. }
            | Effect::PresenceChanged
            | Effect::ReadOnly { .. }
            | Effect::Writable => {}
        }
    }

    fn deliver_to_server(&mut self) {
        let Some(frame) = self
            .link
            .as_mut()
            .and_then(|link| link.to_server.pop_front())
        else {
            return;
        };
        match yws::decode(&frame).unwrap() {
            yws::Frame::Step1(known) => {
                let known = unpack(known);
                let missing = pack(&self.durable.difference(&known).copied().collect());
                self.link
                    .as_mut()
                    .unwrap()
                    .to_client
                    .push_back(yws::step2(&missing));
            }
            yws::Frame::Step2(update) | yws::Frame::Update(update) => {
                let link = self.link.as_mut().unwrap();
                link.arrived += 1;
                link.pending.extend(unpack(update));
            }
            yws::Frame::Awareness(_) | yws::Frame::Ext(ext::Frame::Lineage(_)) => {}
            other => panic!("no client sends {other:?}"),
        }
    }

    fn deliver_to_client(&mut self) {
        if let Some(frame) = self
            .link
            .as_mut()
            .and_then(|link| link.to_client.pop_front())
        {
            self.event(Event::Frame(frame));
        }
    }

    fn commit(&mut self) {
        if self.read_only {
            return;
        }
        let Some(link) = &mut self.link else {
            return;
        };
        self.durable.append(&mut link.pending);
        link.committed = link.arrived;
        link.to_client.push_back(
            ext::Frame::Ack {
                updates: link.committed,
            }
            .encode(),
        );
    }

    fn drop_link(&mut self) {
        if self.link.take().is_some() {
            self.event(Event::Lost);
        }
    }

    fn fail(&mut self) {
        self.read_only = true;
        if let Some(link) = &mut self.link {
            link.pending.clear();
            link.to_client
                .push_back(ext::Frame::ReadOnly { reason: "full" }.encode());
        }
    }

    fn recover(&mut self) {
        if !self.read_only {
            return;
        }
        self.read_only = false;
        if let Some(link) = &mut self.link {
            // A frame that was dropped is never acknowledged on this connection.
            link.pending.clear();
            link.to_client.push_back(ext::Frame::Writable.encode());
            link.arrived = link.committed;
        }
    }

    fn ask(&mut self) {
        let known = pack(&self.durable);
        if let Some(link) = &mut self.link {
            link.to_client.push_back(yws::step1(&known));
        }
    }

    fn remote(&mut self) {
        let edit = REMOTE + u32::try_from(self.durable.len()).unwrap();
        self.durable.insert(edit);
        if let Some(link) = &mut self.link {
            link.to_client
                .push_back(yws::update(&pack(&Edits::from([edit]))));
        }
    }

    /// Lets everything arrive and become durable.
    fn settle(&mut self) {
        self.recover();
        for _ in 0..10 {
            while self.link.as_ref().is_some_and(Link::is_busy) {
                self.step(&Step::Deliver(Side::Server));
                self.step(&Step::Deliver(Side::Client));
            }
            self.commit();
            self.now.ms = self.now.ms.max(self.peer.wake_ms().unwrap());
            if self.link.is_none() {
                self.event(Event::Tick);
            }
        }
    }
}

impl Link {
    fn is_busy(&self) -> bool {
        !self.to_server.is_empty() || !self.to_client.is_empty()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn dur_what_is_saved_is_durable_and_everything_arrives(steps in vec(any_step(), 0..120)) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
        world.settle();
        prop_assert_eq!(world.peer.phase(), Phase::Live);
        prop_assert_eq!(&world.local, &world.durable);
        prop_assert_eq!(world.peer.saved(), u64::from(world.next_edit));
    }
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Edit),
        9 => Just(Step::Deliver(Side::Server)),
        9 => Just(Step::Deliver(Side::Client)),
        4 => Just(Step::Commit),
        1 => Just(Step::Drop),
        1 => Just(Step::Crash),
        1 => Just(Step::Fail),
        2 => Just(Step::Recover),
        1 => Just(Step::AskAgain),
        2 => Just(Step::Remote),
        4 => (0u64..12_000).prop_map(Step::Wait),
    ]
}

fn pack(edits: &Edits) -> Bytes {
    edits.iter().flat_map(|edit| edit.to_le_bytes()).collect()
}

fn unpack(bytes: &[u8]) -> Edits {
    bytes
        .chunks_exact(4)
        .map(|edit| u32::from_le_bytes(edit.try_into().unwrap()))
        .collect()
}

/// Numbers from here on are somebody else's edits.
const REMOTE: u32 = 1_000_000;
