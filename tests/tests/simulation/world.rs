//! Members, connections, one server and whatever goes wrong between them.

use std::{collections::VecDeque, ops::RangeInclusive, sync::Arc};

use bytes::Bytes;
use penhold_server::room::{Goodbye, Incoming, Out, Outbox, RoomConfig, SessionId, Visitor};
use sync_protocol::{
    ext,
    peer::{self, Effect, Now},
    state_vector,
    yws::{self, Frame},
};
use yrs::{ReadTxn, StateVector, Transact, block::ClientID, updates::decoder::Decode};

use super::{
    member::{Desk, members},
    room::{self, Command, Room},
    time::{Event, Time},
};

pub(crate) struct World {
    pub(crate) time: Time,
    pub(crate) room: Room,
    pub(crate) desks: Vec<Desk>,
    links: Vec<Link>,
    climate: Climate,
    /// No more edits and no more trouble: everything may come to rest.
    is_healed: bool,
    trace: Trace,
}

/// Whether what happens is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trace {
    Off,
    On,
}

/// What this world is like.
struct Climate {
    end_ms: u64,
    latency_ms: RangeInclusive<u64>,
    pause_ms: RangeInclusive<u64>,
    trouble_ms: RangeInclusive<u64>,
    outbox_bytes_max: usize,
}

/// One connection: two ordered directions, each at its own pace.
struct Link {
    desk: usize,
    session: SessionId,
    outbox: Arc<Outbox>,
    latency_ms: RangeInclusive<u64>,
    /// When the last frame of each direction arrives.
    to_server_ms: u64,
    to_client_ms: u64,
    health: Health,
    is_served: bool,
    is_drain_due: bool,
    /// The reader takes its time until then.
    slow_until_ms: u64,
    /// Frames that wait because the session has too much to tell.
    unread: VecDeque<Bytes>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    Whole,
    /// Nothing new gets through; what is on its way arrives.
    Severed,
    /// Nothing arrives any more.
    Dead,
}

impl World {
    pub(crate) fn new(seed: u64, trace: Trace) -> Self {
        let mut time = Time::new(seed);
        let rng = &mut time.rng;
        let climate = Climate {
            end_ms: time.now_ms + rng.within(1_500..=3_000),
            latency_ms: rng.pick(&[0..=3, 1..=40, 5..=250]),
            pause_ms: rng.pick(&[5..=40, 20..=120, 100..=400]),
            trouble_ms: rng.pick(&[60..=250, 150..=600, 400..=1500]),
            outbox_bytes_max: rng.pick(&[150, 600, 4_000, 4 << 20]),
        };
        let config = RoomConfig {
            batch_updates_max: rng.pick(&[1, 3, 4096]),
            ..RoomConfig::default()
        };
        let room = Room::new(config, rng, time.now_ms);
        let count = 2 + rng.below(4);
        let desks = members(count, rng)
            .into_iter()
            .map(|member| Desk::new(member, rng.percent(40), rng, time.now_ms))
            .collect();
        let mut world = Self {
            time,
            room,
            desks,
            links: Vec::new(),
            climate,
            is_healed: false,
            trace,
        };
        for desk in 0..count {
            world.wake(desk);
            world.time.after(0..=300, Event::Act(desk));
        }
        world
            .time
            .after(world.climate.trouble_ms.clone(), Event::Trouble);
        world
    }

    /// Lives through the trouble, heals everything and comes to rest.
    pub(crate) fn run(&mut self) {
        loop {
            if !self.is_healed && self.time.now_ms >= self.climate.end_ms {
                self.heal();
            }
            if self.is_healed && self.is_at_rest() {
                return;
            }
            let limit_ms = self.climate.end_ms + REST_MS_MAX;
            assert!(
                self.time.now_ms < limit_ms,
                "the world does not come to rest"
            );
            let event = self.time.next().expect("clocks never stop");
            if self.trace == Trace::On {
                print(self.time.now_ms, &event);
            }
            self.happen(event);
            self.tell_sessions();
            self.room.check_http();
        }
    }

    fn is_at_rest(&self) -> bool {
        self.time.is_quiet()
            && self.room.is_quiet()
            && self.desks.iter().all(Desk::is_live)
            && self.links.iter().all(|link| link.unread.is_empty())
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Act(desk) => self.act(desk),
            Event::Wake(desk) => {
                self.desks[desk].wake_ms = None;
                self.tell(desk, peer::Event::Tick);
            }
            Event::Opened(link) => self.opened(link),
            Event::ToServer(link, frame) => self.arrived(link, frame),
            Event::ToClient(link, frame) => {
                if self.links[link].health != Health::Dead && self.uses(link) {
                    self.tell(self.links[link].desk, peer::Event::Frame(frame));
                }
            }
            Event::Lost(link) => {
                if self.uses(link) {
                    self.tell(self.links[link].desk, peer::Event::Lost);
                }
            }
            Event::Left(link) => self.left(link),
            Event::Drain(link) => self.drain(link),
            Event::Beat(link) => self.beat(link),
            Event::RoomTurn => self.room.turn(&mut self.time),
            Event::Write(id) => self.room.disk.write(id),
            Event::Report(id) => self.room.report(id, &mut self.time),
            Event::Retry(process) => self.room.retry(process, &mut self.time),
            Event::Restart => self.restart(),
            Event::Trouble => self.trouble(),
        }
    }

    // What members do.

    fn act(&mut self, desk: usize) {
        if self.is_healed {
            return;
        }
        if let Some(update) = self.desks[desk].edit(&mut self.time.rng) {
            self.tell(desk, peer::Event::Edited { update });
        }
        self.time
            .after(self.climate.pause_ms.clone(), Event::Act(desk));
    }

    fn tell(&mut self, desk: usize, event: peer::Event) {
        let now = Now {
            ms: self.time.now_ms,
            entropy: self.time.rng.within(0..=u64::MAX - 1),
        };
        for effect in self.desks[desk].handle(now, event) {
            self.perform(desk, effect);
        }
        self.wake(desk);
    }

    fn perform(&mut self, desk: usize, effect: Effect) {
        match effect {
            Effect::Connect => self.connect(desk),
            Effect::Disconnect => self.hang_up(desk),
            Effect::Send(frame) => self.send_to_server(desk, frame),
            Effect::Apply(update) => self.desks[desk].apply(&update),
            Effect::Answer { state_vector } => {
                let have = StateVector::decode_v1(&state_vector).unwrap();
                let update = self.desks[desk].doc.transact().encode_diff_v1(&have).into();
                self.tell(desk, peer::Event::Difference { update });
            }
            Effect::Saved { edits } => self.saved(desk, usize::try_from(edits).unwrap()),
            Effect::Denied { path, reason, .. } => {
                panic!("an honest client was denied: {path}: {reason}")
            }
            Effect::Stopped { code, reason } => {
                panic!("an honest client was sent away: {code} {reason}")
            }
            Effect::Welcome { .. }
            | Effect::Synced
            | Effect::PresenceChanged
            | Effect::ReadOnly { .. }
            | Effect::Writable
            | Effect::Disconnected { .. } => {}
        }
    }

    /// What is reported saved must be durable at that moment.
    fn saved(&mut self, desk: usize, edits: usize) {
        let desk = &mut self.desks[desk];
        for edit in &desk.edits[desk.saved..edits] {
            assert!(
                self.room.disk.holds(edit),
                "an edit was acknowledged and is not durable"
            );
        }
        desk.saved = edits;
    }

    fn wake(&mut self, desk: usize) {
        let due = self.desks[desk].due_ms();
        if let Some(due) = due
            && self.desks[desk].wake_ms.is_none_or(|at| due < at)
        {
            self.desks[desk].wake_ms = Some(due);
            self.time.at(due, Event::Wake(desk));
        }
    }

    // Connections.

    fn connect(&mut self, desk: usize) {
        let (low, high) = self.climate.latency_ms.clone().into_inner();
        let low = low + self.time.rng.within(0..=high - low);
        let id = self.links.len();
        self.links.push(Link {
            desk,
            session: SessionId(id as u64),
            outbox: Outbox::new(self.climate.outbox_bytes_max),
            latency_ms: low..=high.max(low),
            to_server_ms: 0,
            to_client_ms: 0,
            health: Health::Whole,
            is_served: false,
            is_drain_due: false,
            slow_until_ms: 0,
            unread: VecDeque::new(),
        });
        self.desks[desk].link = Some(id);
        self.time.after(0..=high, Event::Opened(id));
    }

    fn opened(&mut self, id: usize) {
        if !self.uses(id) {
            return;
        }
        if !self.room.is_up() || self.links[id].health != Health::Whole {
            return self.time.after(0..=50, Event::Lost(id));
        }
        self.links[id].is_served = true;
        let desk = self.links[id].desk;
        let member = Arc::clone(&self.desks[desk].member);
        if self.desks[desk].is_extended() {
            let hello = ext::Frame::Hello {
                lineage: &self.room.lineage,
                member: member.id.as_str(),
                role: member.role.as_str(),
            };
            self.send_to_client(id, hello.encode());
        }
        let visitor = Visitor {
            member,
            outbox: Arc::clone(&self.links[id].outbox),
            page: None,
        };
        self.room.send(
            Command::Join(self.links[id].session, visitor),
            &mut self.time,
        );
        self.time.after(15_000..=15_000, Event::Beat(id));
        let state_vector = self.desks[desk].state_vector();
        self.tell(desk, peer::Event::Connected { state_vector });
    }

    fn uses(&self, link: usize) -> bool {
        self.desks[self.links[link].desk].link == Some(link)
    }

    /// The client closes its connection; what it sent before arrives.
    fn hang_up(&mut self, desk: usize) {
        if let Some(id) = self.desks[desk].link.take() {
            let at = self.links[id].to_server_ms.max(self.time.now_ms);
            self.time.at(at, Event::Left(id));
        }
    }

    fn send_to_server(&mut self, desk: usize, frame: Bytes) {
        let Some(id) = self.desks[desk].link else {
            return;
        };
        let link = &mut self.links[id];
        if link.health == Health::Whole {
            let at = self.time.now_ms + self.time.rng.within(link.latency_ms.clone());
            link.to_server_ms = link.to_server_ms.max(at);
            self.time.at(link.to_server_ms, Event::ToServer(id, frame));
        }
    }

    fn send_to_client(&mut self, id: usize, frame: Bytes) {
        let link = &mut self.links[id];
        if link.health == Health::Whole {
            let at = self.time.now_ms + self.time.rng.within(link.latency_ms.clone());
            link.to_client_ms = link.to_client_ms.max(at);
            self.time.at(link.to_client_ms, Event::ToClient(id, frame));
        }
    }

    fn sever(&mut self, id: usize) {
        if self.links[id].health != Health::Whole {
            return;
        }
        self.links[id].health = self.time.rng.pick(&[Health::Severed, Health::Dead]);
        self.time.after(0..=300, Event::Lost(id));
        self.time.after(0..=2_000, Event::Left(id));
    }

    // Sessions.

    fn arrived(&mut self, id: usize, frame: Bytes) {
        let link = &mut self.links[id];
        if !link.is_served || link.health == Health::Dead {
            return;
        }
        if link.outbox.is_congested() || !link.unread.is_empty() {
            link.unread.push_back(frame);
        } else {
            self.listen(id, &frame);
        }
    }

    fn listen(&mut self, id: usize, frame: &Bytes) {
        let session = self.links[id].session;
        let command = match yws::decode(frame).expect("clients speak y-websocket") {
            Frame::Step1(have) => {
                let have = state_vector::StateVector::decode(have).unwrap();
                let have = have
                    .iter()
                    .map(|(client, clock)| (ClientID::new(client), clock));
                Command::Frame(session, Incoming::Step1(have.collect()))
            }
            Frame::Step2(update) => {
                Command::Frame(session, Incoming::Step2(frame.slice_ref(update)))
            }
            Frame::Update(update) => {
                Command::Frame(session, Incoming::Update(frame.slice_ref(update)))
            }
            Frame::Awareness(payload) => Command::Presence(session, frame.slice_ref(payload)),
            Frame::Ext(ext::Frame::Lineage(lineage)) => {
                assert_eq!(lineage, self.room.lineage);
                return;
            }
            other => panic!("no client sends {other:?}"),
        };
        self.room.send(command, &mut self.time);
    }

    /// Schedules the sessions that have something to tell.
    fn tell_sessions(&mut self) {
        for id in 0..self.links.len() {
            let link = &mut self.links[id];
            if link.is_served && !link.is_drain_due && room::has_something(&link.outbox) {
                link.is_drain_due = true;
                let pace = if self.time.now_ms < link.slow_until_ms {
                    100..=900
                } else {
                    0..=2
                };
                self.time.after(pace, Event::Drain(id));
            }
        }
    }

    fn drain(&mut self, id: usize) {
        self.links[id].is_drain_due = false;
        if !self.links[id].is_served {
            return;
        }
        let (outs, missed) = room::take(&self.links[id].outbox);
        for out in outs {
            self.tell_client(id, out);
        }
        if let Some(missed) = missed {
            self.room.send(
                Command::Resync(self.links[id].session, missed),
                &mut self.time,
            );
        }
        while !self.links[id].outbox.is_congested()
            && let Some(frame) = self.links[id].unread.pop_front()
        {
            self.listen(id, &frame);
        }
    }

    fn tell_client(&mut self, id: usize, out: Out) {
        let frames = match out {
            Out::Frame(frame) | Out::Presence(frame) => vec![frame],
            Out::Batch(batch) => batch.frames().to_vec(),
            Out::Close(Goodbye { code, reason }) => {
                panic!("an honest client was sent away: {code} {reason}")
            }
            Out::Denied(denial) => panic!("an honest client was denied: {denial:?}"),
            Out::Ack(updates) => self.extended(id, &ext::Frame::Ack { updates }),
            Out::ReadOnly(reason) => self.extended(id, &ext::Frame::ReadOnly { reason: &reason }),
            Out::Writable => self.extended(id, &ext::Frame::Writable),
        };
        for frame in frames {
            self.check_durable(&frame);
            self.send_to_client(id, frame);
        }
    }

    fn extended(&self, id: usize, frame: &ext::Frame<'_>) -> Vec<Bytes> {
        match self.desks[self.links[id].desk].is_extended() {
            true => vec![frame.encode()],
            false => Vec::new(),
        }
    }

    /// Nobody is sent an edit that a crash could take back.
    fn check_durable(&self, frame: &Bytes) {
        if let Frame::Step2(update) | Frame::Update(update) = yws::decode(frame).unwrap() {
            assert!(
                self.room.disk.holds(update),
                "a reader was sent what is not durable"
            );
        }
    }

    fn beat(&mut self, id: usize) {
        if self.links[id].is_served {
            self.send_to_client(id, yws::keepalive());
            self.time.after(15_000..=15_000, Event::Beat(id));
        }
    }

    fn left(&mut self, id: usize) {
        if std::mem::take(&mut self.links[id].is_served) {
            self.links[id].unread.clear();
            self.room
                .send(Command::Leave(self.links[id].session), &mut self.time);
        }
    }

    // Trouble.

    fn trouble(&mut self) {
        if self.is_healed {
            return;
        }
        let desk = self.time.rng.below(self.desks.len());
        match self.time.rng.below(13) {
            0..=2 => {
                if let Some(id) = self.desks[desk].link {
                    self.sever(id);
                }
            }
            3 | 4 => {
                if let Some(id) = self.desks[desk].link {
                    self.links[id].slow_until_ms =
                        self.time.now_ms + self.time.rng.within(300..=2_500);
                }
            }
            5 | 6 => {
                let until = self.time.now_ms + self.time.rng.within(1..=500);
                self.room.disk.down_until_ms = until;
            }
            7 => self.crash(),
            8 => {
                self.hang_up(desk);
                let keeps_copy = self.time.rng.percent(60);
                let now_ms = self.time.now_ms;
                self.desks[desk].reload(keeps_copy, &mut self.time.rng, now_ms);
                self.wake(desk);
            }
            9 => self.room.send(Command::Read, &mut self.time),
            10 => self.room.send(Command::Edit, &mut self.time),
            11 => self.room.send(Command::Decide, &mut self.time),
            _ => self.room.compact(),
        }
        self.time
            .after(self.climate.trouble_ms.clone(), Event::Trouble);
    }

    fn crash(&mut self) {
        if !self.room.is_up() {
            return;
        }
        self.room.crash(&mut self.time.rng);
        for id in 0..self.links.len() {
            let link = &mut self.links[id];
            link.is_served = false;
            link.unread.clear();
            if link.health == Health::Whole {
                link.health = self.time.rng.pick(&[Health::Severed, Health::Dead]);
                self.time.after(0..=300, Event::Lost(id));
            }
        }
        self.time.after(10..=400, Event::Restart);
    }

    fn restart(&mut self) {
        if !self.room.start(self.time.now_ms) {
            self.time.after(20..=100, Event::Restart);
        }
    }

    fn heal(&mut self) {
        self.is_healed = true;
        self.room.disk.down_until_ms = 0;
        for link in &mut self.links {
            link.slow_until_ms = 0;
        }
    }
}

#[expect(clippy::print_stderr, reason = "a replayed seed tells its story")]
fn print(now_ms: u64, event: &Event) {
    eprintln!("{now_ms:>7} {event:?}");
}

/// How long everything may take to come to rest, in virtual milliseconds.
const REST_MS_MAX: u64 = 120_000;
