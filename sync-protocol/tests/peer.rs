//! The peer's state machine, driven through its events against a model of a server.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use sync_protocol::{
    awareness, close, ext, limits,
    peer::{Cause, Config, Effect, Event, Now, Peer, Phase},
    yws,
};

/// A peer, its clock, and what it did last.
struct Rig {
    peer: Peer,
    now: Now,
}

impl Rig {
    fn new() -> Self {
        Self::with(Config {
            client: 7,
            lineage: None,
            start_ms: 0,
        })
    }

    fn with(config: Config) -> Self {
        Self {
            peer: Peer::new(config),
            now: Now {
                ms: 1_000,
                entropy: 0,
            },
        }
    }

    fn on(&mut self, event: Event) -> Vec<Effect> {
        self.peer.handle(self.now, event)
    }

    fn frame(&mut self, frame: Bytes) -> Vec<Effect> {
        self.on(Event::Frame(frame))
    }

    fn ext(&mut self, frame: ext::Frame<'_>) -> Vec<Effect> {
        self.frame(frame.encode())
    }

    fn edit(&mut self, update: &'static [u8]) -> Vec<Effect> {
        self.on(Event::Edited {
            update: Bytes::from_static(update),
        })
    }

    fn difference(&mut self, update: &'static [u8]) -> Vec<Effect> {
        self.on(Event::Difference {
            update: Bytes::from_static(update),
        })
    }

    fn after(&mut self, ms: u64) -> Vec<Effect> {
        self.now.ms += ms;
        self.on(Event::Tick)
    }

    fn connect(&mut self) -> Vec<Effect> {
        assert_eq!(self.on(Event::Tick), [Effect::Connect]);
        self.on(Event::Connected {
            state_vector: Bytes::from_static(b"mine"),
        })
    }

    /// Connected, answered and live, with one frame (the answer) sent.
    fn live(&mut self) {
        self.connect();
        let asked = self.frame(yws::step1(b"theirs"));
        assert_eq!(
            asked,
            [Effect::Answer {
                state_vector: Bytes::from_static(b"theirs")
            }]
        );
        self.difference(b"all");
        let synced = self.frame(yws::step2(b"news"));
        assert_eq!(
            synced,
            [Effect::Apply(Bytes::from_static(b"news")), Effect::Synced]
        );
        assert_eq!(self.peer.phase(), Phase::Live);
    }
}

fn saved(edits: u64) -> Effect {
    Effect::Saved { edits }
}

fn disconnected(cause: Cause, retry_ms: u64) -> [Effect; 2] {
    [Effect::Disconnect, Effect::Disconnected { cause, retry_ms }]
}

#[test]
fn syn_a_newcomer_asks_for_everything() {
    let mut rig = Rig::new();
    assert_eq!(rig.peer.phase(), Phase::Disconnected);
    assert_eq!(rig.connect(), [Effect::Send(yws::step1(b"mine"))]);
    assert_eq!(rig.peer.phase(), Phase::Syncing);
}

#[test]
fn syn_a_returning_client_names_its_lineage_before_it_asks() {
    let mut rig = Rig::with(Config {
        client: 7,
        lineage: Some("k3".into()),
        start_ms: 0,
    });
    let lineage = Effect::Send(ext::Frame::Lineage("k3").encode());
    assert_eq!(rig.connect(), [lineage, Effect::Send(yws::step1(b"mine"))]);
}

#[test]
fn syn_a_lineage_learnt_is_named_on_the_next_connection() {
    let mut rig = Rig::new();
    rig.connect();
    rig.ext(ext::Frame::Hello {
        lineage: "k3",
        member: "ada",
        role: "editor",
    });
    rig.on(Event::Lost);
    let lineage = Effect::Send(ext::Frame::Lineage("k3").encode());
    assert_eq!(rig.connect()[0], lineage);
}

#[test]
fn syn_another_lineage_stops_the_peer() {
    let mut rig = Rig::with(Config {
        client: 7,
        lineage: Some("k3".into()),
        start_ms: 0,
    });
    rig.connect();
    let done = rig.ext(ext::Frame::Hello {
        lineage: "zz",
        member: "ada",
        role: "editor",
    });
    assert!(matches!(
        done[..],
        [
            Effect::Disconnect,
            Effect::Stopped {
                code: close::LINEAGE,
                ..
            }
        ]
    ));
    assert_eq!(rig.peer.wake_ms(), None);
}

#[test]
fn syn_updates_that_overtake_the_first_answer_wait_for_it() {
    let mut rig = Rig::new();
    rig.connect();
    assert_eq!(rig.frame(yws::update(b"later")), []);
    let apply = |bytes| Effect::Apply(Bytes::from_static(bytes));
    assert_eq!(
        rig.frame(yws::step2(b"first")),
        [apply(b"first"), apply(b"later"), Effect::Synced]
    );
    assert_eq!(rig.frame(yws::update(b"live")), [apply(b"live")]);
}

#[test]
fn dur_an_edit_is_saved_when_its_frame_is_acknowledged() {
    let mut rig = Rig::new();
    rig.live();
    assert_eq!(rig.edit(b"one"), [Effect::Send(yws::update(b"one"))]);
    assert_eq!(rig.edit(b"two"), [Effect::Send(yws::update(b"two"))]);
    // The answer to the server's step 1 is the first frame.
    assert_eq!(rig.ext(ext::Frame::Ack { updates: 1 }), []);
    assert_eq!(rig.ext(ext::Frame::Ack { updates: 2 }), [saved(1)]);
    assert_eq!(rig.ext(ext::Frame::Ack { updates: 2 }), []);
    assert_eq!(rig.ext(ext::Frame::Ack { updates: 3 }), [saved(2)]);
    assert_eq!((rig.peer.edits(), rig.peer.saved()), (2, 2));
}

#[test]
fn dur_edits_made_offline_are_saved_with_the_answer_on_return() {
    let mut rig = Rig::new();
    rig.live();
    rig.edit(b"one");
    rig.on(Event::Lost);
    assert_eq!(rig.edit(b"two"), []);
    rig.connect();
    // Not before the server has said what it misses: its parents may be missing there.
    assert_eq!(rig.edit(b"three"), []);
    rig.frame(yws::step1(b"theirs"));
    assert_eq!(
        rig.difference(b"one to three"),
        [Effect::Send(yws::step2(b"one to three"))]
    );
    assert_eq!(rig.ext(ext::Frame::Ack { updates: 1 }), [saved(3)]);
}

#[test]
fn dur_an_acknowledgement_of_what_was_not_sent_breaks_the_connection() {
    let mut rig = Rig::new();
    rig.live();
    let done = rig.ext(ext::Frame::Ack { updates: 2 });
    let cause = Cause::Protocol("it acknowledged more than was sent");
    assert_eq!(done, disconnected(cause, 1_000));
}

#[test]
fn dur_edits_wait_while_storage_is_read_only() {
    let mut rig = Rig::new();
    rig.live();
    rig.ext(ext::Frame::Ack { updates: 1 });
    let read_only = rig.ext(ext::Frame::ReadOnly {
        reason: "disk full",
    });
    assert_eq!(
        read_only,
        [Effect::ReadOnly {
            reason: "disk full".into()
        }]
    );
    assert_eq!(rig.edit(b"one"), []);
    let writable = rig.ext(ext::Frame::Writable);
    let answer = Effect::Answer {
        state_vector: Bytes::from_static(b"theirs"),
    };
    assert_eq!(writable, [Effect::Writable, answer]);
    rig.difference(b"one");
    assert_eq!(rig.ext(ext::Frame::Ack { updates: 2 }), [saved(1)]);
}

#[test]
fn dur_what_a_failing_store_may_have_dropped_is_sent_again() {
    let mut rig = Rig::new();
    rig.live();
    rig.edit(b"one");
    rig.ext(ext::Frame::ReadOnly {
        reason: "disk full",
    });
    let done = rig.ext(ext::Frame::Writable);
    let [gone, lost] = disconnected(Cause::StorageRecovered, 1_000);
    assert_eq!(done, [Effect::Writable, gone, lost]);
    rig.connect();
    rig.frame(yws::step1(b"theirs"));
    rig.difference(b"one");
    assert_eq!(rig.ext(ext::Frame::Ack { updates: 1 }), [saved(1)]);
}

#[test]
fn syn_too_many_unacknowledged_edits_become_one_difference() {
    let mut rig = Rig::new();
    rig.live();
    let most = limits::UNACKNOWLEDGED_FRAMES_MAX as u64;
    for _ in 1..most {
        assert!(matches!(rig.edit(b"x")[..], [Effect::Send(_)]));
    }
    assert_eq!(rig.edit(b"held"), []);
    assert_eq!(
        rig.ext(ext::Frame::Ack { updates: most - 1 }),
        [saved(most - 2)]
    );
    let drained = rig.ext(ext::Frame::Ack { updates: most });
    let answer = Effect::Answer {
        state_vector: Bytes::from_static(b"theirs"),
    };
    assert_eq!(drained, [saved(most - 1), answer]);
    rig.difference(b"held");
    assert_eq!(
        rig.ext(ext::Frame::Ack { updates: most + 1 }),
        [saved(most)]
    );
    assert!(matches!(rig.edit(b"direct")[..], [Effect::Send(_)]));
}

#[test]
fn gate_a_refused_edit_ends_the_peer_with_its_place_and_reason() {
    let mut rig = Rig::new();
    rig.live();
    rig.edit(b"forbidden");
    let denied = ext::Frame::Denied {
        client: Some(7),
        path: "control/owners",
        reason: "no",
    };
    let told = Effect::Denied {
        client: Some(7),
        path: "control/owners".into(),
        reason: "no".into(),
    };
    assert_eq!(rig.ext(denied), [Effect::Disconnect, told]);
    assert_eq!(rig.peer.phase(), Phase::Stopped);
    assert_eq!(rig.edit(b"more"), []);
}

#[test]
fn syn_final_close_codes_stop_and_others_are_tried_again() {
    for code in [
        close::MALFORMED,
        close::UNAUTHENTICATED,
        close::FORBIDDEN,
        close::RATE,
    ] {
        let mut rig = Rig::new();
        rig.connect();
        let done = rig.on(Event::Closed {
            code,
            reason: "no".into(),
        });
        let stopped = Effect::Stopped {
            code,
            reason: "no".into(),
        };
        assert_eq!(done, [Effect::Disconnect, stopped]);
        assert_eq!(rig.after(60_000), []);
    }
    for code in [close::RESTART, close::TRY_LATER, 1006, 4500] {
        let mut rig = Rig::new();
        rig.connect();
        let cause = Cause::Closed {
            code,
            reason: "later".into(),
        };
        let done = rig.on(Event::Closed {
            code,
            reason: "later".into(),
        });
        assert_eq!(done, disconnected(cause, 1_000));
        assert_eq!(rig.after(0), [Effect::Connect]);
    }
}

#[test]
fn syn_waits_are_spread_evenly_below_a_growing_bound() {
    for (failures, bound) in [
        (0, 200),
        (1, 400),
        (2, 800),
        (5, 6_400),
        (6, 10_000),
        (40, 10_000),
    ] {
        let waits = (0..=bound).step_by(100).map(|entropy| {
            let mut rig = Rig::new();
            for _ in 0..failures {
                assert_eq!(rig.on(Event::Tick), [Effect::Connect]);
                rig.on(Event::Lost);
            }
            wait_after_loss(&mut rig, entropy)
        });
        assert!(
            waits.eq((0..=bound).step_by(100)),
            "after {failures} failures"
        );
    }
}

#[test]
fn syn_waits_start_over_once_live() {
    let mut rig = Rig::new();
    for _ in 0..10 {
        rig.on(Event::Tick);
        rig.on(Event::Lost);
    }
    rig.live();
    rig.on(Event::Lost);
    assert!(wait_after_loss(&mut rig, u64::MAX) <= 2 * limits::BACKOFF_FIRST_MS);
}

#[test]
fn syn_a_silent_server_is_left() {
    let mut rig = Rig::new();
    rig.live();
    rig.after(limits::SILENCE_MS_MAX - 1);
    assert_eq!(rig.peer.phase(), Phase::Live);
    let gone = rig.now.ms + 1;
    assert_eq!(rig.after(1), disconnected(Cause::Silent, gone));
}

#[test]
fn syn_a_server_that_only_keeps_alive_is_kept() {
    let mut rig = Rig::new();
    rig.live();
    for _ in 0..10 {
        rig.frame(yws::keepalive());
        rig.after(limits::SILENCE_MS_MAX - 1);
        assert_eq!(rig.peer.phase(), Phase::Live);
    }
}

#[test]
fn syn_a_connection_that_does_not_open_is_given_up() {
    let mut rig = Rig::new();
    rig.on(Event::Tick);
    assert_eq!(rig.after(limits::CONNECT_MS_MAX - 1), []);
    let gone = rig.now.ms + 1;
    assert_eq!(rig.after(1), disconnected(Cause::ConnectTimeout, gone));
}

#[test]
fn syn_a_malformed_frame_breaks_the_connection_and_an_unknown_one_does_not() {
    let mut rig = Rig::new();
    rig.live();
    assert_eq!(rig.frame(Bytes::from_static(&[0x51])), []);
    assert_eq!(rig.frame(Bytes::from_static(&[80, 99])), []);
    let done = rig.frame(Bytes::from_static(&[0, 2, 200]));
    assert!(matches!(
        done[..],
        [
            Effect::Disconnect,
            Effect::Disconnected {
                cause: Cause::Malformed(_),
                ..
            }
        ]
    ));
}

#[test]
fn syn_presence_is_sent_renewed_and_taken_back() {
    let mut rig = Rig::new();
    rig.live();
    let frame = |clock, state| {
        let entry = awareness::Entry {
            client: 7,
            clock,
            state,
        };
        yws::awareness(&awareness::encode([entry].into_iter()))
    };
    let sent = rig.on(Event::Presence(Some("{}".into())));
    assert_eq!(sent, [Effect::Send(frame(1, "{}"))]);
    assert_eq!(rig.after(limits::RENEW_MS), [Effect::Send(frame(2, "{}"))]);
    assert_eq!(rig.frame(frame(2, "{}")), []);
    // Somebody else says that we left.
    assert_eq!(rig.frame(frame(2, "null")), [Effect::Send(frame(3, "{}"))]);
    let left = rig.on(Event::Leave);
    assert_eq!(left[0], Effect::Send(frame(4, "null")));
    assert!(matches!(
        left[1..],
        [Effect::Disconnect, Effect::Stopped { code: 1000, .. }]
    ));
}

#[test]
fn syn_others_are_present_until_they_leave_fall_silent_or_we_do() {
    let mut rig = Rig::new();
    rig.live();
    let frame = |client, clock, state| {
        let entry = awareness::Entry {
            client,
            clock,
            state,
        };
        yws::awareness(&awareness::encode([entry].into_iter()))
    };
    let others = |rig: &Rig| -> Vec<(u64, String)> {
        rig.peer
            .presence()
            .others()
            .map(|(client, state)| (client, state.into()))
            .collect()
    };
    let changed = [Effect::PresenceChanged];
    assert_eq!(rig.frame(frame(1, 5, "{}")), changed);
    assert_eq!(
        rig.frame(frame(1, 4, "null")),
        [],
        "an older clock says nothing"
    );
    assert_eq!(others(&rig), [(1, "{}".into())]);
    assert_eq!(
        rig.frame(frame(1, 5, "null")),
        changed,
        "a removal wins at an equal clock"
    );
    assert_eq!(
        rig.frame(frame(1, 5, "{}")),
        [],
        "and is not taken back by a late frame"
    );
    assert_eq!(others(&rig), []);
    assert_eq!(rig.frame(frame(2, 1, "{}")), changed);
    rig.frame(yws::keepalive());
    assert!(
        rig.after(limits::AWARENESS_OUTDATED_MS)
            .contains(&Effect::PresenceChanged)
    );
    assert_eq!(others(&rig), []);
    rig.frame(frame(3, 1, "{}"));
    assert_eq!(rig.on(Event::Lost)[0], Effect::PresenceChanged);
    assert_eq!(others(&rig), []);
}

fn wait_after_loss(rig: &mut Rig, entropy: u64) -> u64 {
    rig.on(Event::Tick);
    rig.now.entropy = entropy;
    rig.on(Event::Lost);
    rig.peer.wake_ms().unwrap() - rig.now.ms
}
