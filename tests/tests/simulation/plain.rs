//! A client that knows nothing of Penhold: y-websocket 3.1.0 as it behaves on the wire, in the
//! vocabulary of [`sync_protocol::peer`].

use bytes::Bytes;
use sync_protocol::{
    close,
    peer::{Cause, Effect, Event, Now},
    yws::{self, Frame},
};

#[derive(Default)]
pub(crate) struct Plain {
    failures: u32,
    state: State,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Fresh,
    Waiting {
        until_ms: u64,
    },
    Connecting,
    Open {
        synced: bool,
    },
    Stopped,
}

impl Plain {
    pub(crate) fn handle(&mut self, now: Now, event: Event) -> Vec<Effect> {
        match (self.state, event) {
            (State::Fresh, Event::Tick) => self.connect(),
            (State::Waiting { until_ms }, Event::Tick) if until_ms <= now.ms => self.connect(),
            (State::Connecting, Event::Connected { state_vector }) => {
                self.state = State::Open { synced: false };
                vec![Effect::Send(yws::step1(&state_vector))]
            }
            (State::Open { .. }, Event::Frame(bytes)) => self.frame(&bytes),
            (State::Open { .. }, Event::Edited { update }) => {
                vec![Effect::Send(yws::update(&update))]
            }
            (State::Open { .. }, Event::Difference { update }) => {
                vec![Effect::Send(yws::step2(&update))]
            }
            (State::Open { .. } | State::Connecting, Event::Closed { code, reason })
                if close::is_final(code) =>
            {
                self.state = State::Stopped;
                vec![Effect::Stopped { code, reason }]
            }
            (State::Open { .. } | State::Connecting, Event::Lost | Event::Closed { .. }) => {
                self.lost(now)
            }
            _ => Vec::new(),
        }
    }

    pub(crate) fn wake_ms(&self) -> Option<u64> {
        match self.state {
            State::Fresh => Some(0),
            State::Waiting { until_ms } => Some(until_ms),
            State::Connecting | State::Open { .. } | State::Stopped => None,
        }
    }

    pub(crate) fn is_live(&self) -> bool {
        self.state == State::Open { synced: true }
    }

    fn connect(&mut self) -> Vec<Effect> {
        self.state = State::Connecting;
        vec![Effect::Connect]
    }

    fn frame(&mut self, bytes: &Bytes) -> Vec<Effect> {
        match yws::decode(bytes).expect("the server speaks y-websocket") {
            Frame::Step1(state_vector) => vec![Effect::Answer {
                state_vector: bytes.slice_ref(state_vector),
            }],
            Frame::Step2(update) => {
                self.failures = 0;
                self.state = State::Open { synced: true };
                vec![Effect::Apply(bytes.slice_ref(update))]
            }
            Frame::Update(update) => vec![Effect::Apply(bytes.slice_ref(update))],
            Frame::Awareness(_) | Frame::QueryAwareness | Frame::AuthDenied(_) => Vec::new(),
            Frame::Ext(frame) => panic!("it did not opt in to {frame:?}"),
        }
    }

    fn lost(&mut self, now: Now) -> Vec<Effect> {
        let wait_ms = (100 << self.failures.min(10)).min(2_500);
        let retry_ms = now.ms + wait_ms;
        self.failures += 1;
        self.state = State::Waiting { until_ms: retry_ms };
        vec![
            Effect::Disconnect,
            Effect::Disconnected {
                cause: Cause::Lost,
                retry_ms,
            },
        ]
    }
}
