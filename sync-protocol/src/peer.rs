//! The client's side of a connection, as a state machine without clock, sockets or documents.
//!
//! The shell that runs it owns the socket and the document. It feeds [`Event`]s and performs the
//! [`Effect`]s in their order, at once. It calls [`Peer::handle`] with [`Event::Tick`] no later
//! than [`Peer::wake_ms`].
//!
//! Invariants: an edit is reported saved only if a frame that carries it is acknowledged as
//! durable on the connection it was sent on. Remote updates are handed out in an order in which
//! each has what it depends on. After [`Effect::Stopped`] or [`Effect::Denied`] nothing follows.

mod backoff;
mod effect;
mod event;
mod link;

use bytes::Bytes;

use crate::{FrameError, close, ext, limits::CONNECT_MS_MAX, presence::Presence, yws};
use backoff::Backoff;
use link::{Link, Storage};

pub use effect::{Cause, Effect, Phase};
pub use event::{Config, Event, Now};

/// A client of one workspace.
#[derive(Debug)]
pub struct Peer {
    lineage: Option<String>,
    presence: Presence,
    backoff: Backoff,
    /// Local edits so far, and how many of them are durable.
    edits: u64,
    saved: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Waiting { until_ms: u64 },
    Connecting { since_ms: u64 },
    Open(Box<Link>),
    Stopped,
}

impl Peer {
    /// A peer that connects at [`Config::start_ms`].
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            lineage: config.lineage,
            presence: Presence::new(config.client),
            backoff: Backoff::default(),
            edits: 0,
            saved: 0,
            state: State::Waiting {
                until_ms: config.start_ms,
            },
        }
    }

    /// Takes in one event; what is to be done about it, in order.
    pub fn handle(&mut self, now: Now, event: Event) -> Vec<Effect> {
        let mut out = Vec::new();
        match event {
            Event::Connected { state_vector } => self.connected(now, &state_vector, &mut out),
            Event::Frame(bytes) => self.frame(now, &bytes, &mut out),
            Event::Edited { update } => self.edited(&update, &mut out),
            Event::Difference { update } => self.answered(&update, &mut out),
            Event::Presence(state) => self.set_presence(state, &mut out),
            Event::Lost => self.lost(now, Cause::Lost, &mut out),
            Event::Closed { code, reason } => self.closed(now, code, reason, &mut out),
            Event::Tick => self.tick(now, &mut out),
            Event::Leave => self.leave(&mut out),
        }
        out
    }

    /// When the next [`Event::Tick`] is due; `None` once the peer stopped.
    #[must_use]
    pub fn wake_ms(&self) -> Option<u64> {
        match &self.state {
            State::Waiting { until_ms } => Some(*until_ms),
            State::Connecting { since_ms } => Some(since_ms + CONNECT_MS_MAX),
            State::Open(link) => {
                let due = link.silent_ms().min(link.renew_ms());
                Some(
                    self.presence
                        .expires_ms()
                        .map_or(due, |expires| due.min(expires)),
                )
            }
            State::Stopped => None,
        }
    }

    /// Where the peer stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match &self.state {
            State::Waiting { .. } => Phase::Disconnected,
            State::Connecting { .. } => Phase::Connecting,
            State::Open(link) if link.is_live() => Phase::Live,
            State::Open(_) => Phase::Syncing,
            State::Stopped => Phase::Stopped,
        }
    }

    /// Who is present.
    #[must_use]
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// How many local edits were made since the peer was made.
    #[must_use]
    pub fn edits(&self) -> u64 {
        self.edits
    }

    /// How many of them, from the first on, are durable on the server.
    #[must_use]
    pub fn saved(&self) -> u64 {
        self.saved
    }

    fn connected(&mut self, now: Now, state_vector: &[u8], out: &mut Vec<Effect>) {
        let State::Connecting { .. } = self.state else {
            return;
        };
        self.state = State::Open(Box::new(Link::new(now.ms)));
        if let Some(lineage) = &self.lineage {
            out.push(Effect::Send(ext::Frame::Lineage(lineage).encode()));
        }
        out.push(Effect::Send(yws::step1(state_vector)));
        if self.presence.own().is_some() {
            out.push(Effect::Send(self.presence.renew()));
        }
    }

    fn frame(&mut self, now: Now, bytes: &Bytes, out: &mut Vec<Effect>) {
        let State::Open(link) = &mut self.state else {
            return;
        };
        link.hear(now.ms);
        let done = match yws::decode(bytes) {
            Ok(frame) => self.take(now, bytes, frame, out),
            // A newer server may say what this version does not know.
            Err(FrameError::UnknownType { .. }) => Ok(()),
            Err(error) => Err(Cause::Malformed(error)),
        };
        if let Err(cause) = done {
            self.lost(now, cause, out);
        }
    }

    /// Takes in a frame of an open link; `bytes` are the frame's.
    fn take(
        &mut self,
        now: Now,
        bytes: &Bytes,
        frame: yws::Frame<'_>,
        out: &mut Vec<Effect>,
    ) -> Result<(), Cause> {
        let State::Open(link) = &mut self.state else {
            return Ok(());
        };
        match frame {
            yws::Frame::Step1(vector) => out.push(link.asked(bytes.slice_ref(vector))),
            yws::Frame::Step2(update) => {
                self.backoff.succeeded();
                link.synced(bytes.slice_ref(update), out);
            }
            yws::Frame::Update(update) => link.updated(bytes.slice_ref(update), out)?,
            yws::Frame::Awareness(payload) => self.take_presence(now, payload, out)?,
            yws::Frame::QueryAwareness => out.push(Effect::Send(self.presence.renew())),
            // Whoever denies access also closes, with a code that says what to do.
            yws::Frame::AuthDenied(_) => {}
            yws::Frame::Ext(frame) => self.take_ext(now, frame, out)?,
        }
        Ok(())
    }

    fn take_ext(
        &mut self,
        now: Now,
        frame: ext::Frame<'_>,
        out: &mut Vec<Effect>,
    ) -> Result<(), Cause> {
        match frame {
            ext::Frame::Hello {
                lineage,
                member,
                role,
            } => {
                self.welcomed(lineage, member, role, out);
            }
            ext::Frame::Ack { updates } => self.acknowledged(updates, out)?,
            ext::Frame::Denied {
                client,
                path,
                reason,
            } => {
                self.state = State::Stopped;
                out.push(Effect::Disconnect);
                let (path, reason) = (path.to_owned(), reason.to_owned());
                out.push(Effect::Denied {
                    client,
                    path,
                    reason,
                });
            }
            ext::Frame::ReadOnly { reason } => self.set_read_only(reason, out),
            ext::Frame::Writable => self.set_writable(now, out),
            ext::Frame::Lineage(_) => return Err(Cause::Protocol("it sent a client's lineage")),
        }
        Ok(())
    }

    fn welcomed(&mut self, lineage: &str, member: &str, role: &str, out: &mut Vec<Effect>) {
        if self.lineage.as_deref().is_some_and(|held| held != lineage) {
            let reason = "the server serves another history of this workspace";
            return self.stop(close::LINEAGE, reason, out);
        }
        self.lineage = Some(lineage.to_owned());
        out.push(Effect::Welcome {
            lineage: lineage.to_owned(),
            member: member.to_owned(),
            role: role.to_owned(),
        });
    }

    fn acknowledged(&mut self, updates: u64, out: &mut Vec<Effect>) -> Result<(), Cause> {
        let State::Open(link) = &mut self.state else {
            return Ok(());
        };
        if let Some(edits) = link.acknowledged(updates)?
            && edits > self.saved
        {
            self.saved = edits;
            out.push(Effect::Saved { edits });
        }
        out.extend(link.caught_up(self.edits));
        Ok(())
    }

    fn set_read_only(&mut self, reason: &str, out: &mut Vec<Effect>) {
        if let State::Open(link) = &mut self.state {
            link.set_storage(Storage::ReadOnly);
        }
        out.push(Effect::ReadOnly {
            reason: reason.to_owned(),
        });
    }

    /// What was sent before may have been dropped and can then never be acknowledged on this
    /// connection, so that a fresh one is needed.
    fn set_writable(&mut self, now: Now, out: &mut Vec<Effect>) {
        out.push(Effect::Writable);
        let State::Open(link) = &mut self.state else {
            return;
        };
        link.set_storage(Storage::Writable);
        if link.awaits_acknowledgement() {
            return self.lost(now, Cause::StorageRecovered, out);
        }
        out.extend(link.caught_up(self.edits));
    }

    fn take_presence(
        &mut self,
        now: Now,
        payload: &[u8],
        out: &mut Vec<Effect>,
    ) -> Result<(), Cause> {
        let applied = self
            .presence
            .apply(payload, now.ms)
            .map_err(Cause::Malformed)?;
        out.extend(applied.reply.map(Effect::Send));
        if applied.changed {
            out.push(Effect::PresenceChanged);
        }
        Ok(())
    }

    fn edited(&mut self, update: &[u8], out: &mut Vec<Effect>) {
        self.edits += 1;
        if let State::Open(link) = &mut self.state
            && link.may_send()
        {
            link.sent(self.edits);
            out.push(Effect::Send(yws::update(update)));
        }
    }

    fn answered(&mut self, update: &[u8], out: &mut Vec<Effect>) {
        if let State::Open(link) = &mut self.state {
            link.sent(self.edits);
            out.push(Effect::Send(yws::step2(update)));
        }
    }

    fn set_presence(&mut self, state: Option<String>, out: &mut Vec<Effect>) {
        let frame = self.presence.set(state);
        if let State::Open(_) = self.state {
            out.push(Effect::Send(frame));
        }
    }

    fn tick(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.presence.expire(now.ms) {
            out.push(Effect::PresenceChanged);
        }
        match &mut self.state {
            State::Waiting { until_ms } if *until_ms <= now.ms => {
                self.state = State::Connecting { since_ms: now.ms };
                out.push(Effect::Connect);
            }
            State::Connecting { since_ms } if *since_ms + CONNECT_MS_MAX <= now.ms => {
                self.lost(now, Cause::ConnectTimeout, out);
            }
            State::Open(link) if link.silent_ms() <= now.ms => self.lost(now, Cause::Silent, out),
            State::Open(link) if link.renew_ms() <= now.ms => {
                link.renewed(now.ms);
                out.push(Effect::Send(self.presence.renew()));
            }
            State::Waiting { .. } | State::Connecting { .. } | State::Open(_) | State::Stopped => {}
        }
    }

    fn closed(&mut self, now: Now, code: u16, reason: String, out: &mut Vec<Effect>) {
        if close::is_final(code) {
            self.stop(code, &reason, out);
        } else {
            self.lost(now, Cause::Closed { code, reason }, out);
        }
    }

    fn leave(&mut self, out: &mut Vec<Effect>) {
        if let State::Open(_) = self.state
            && self.presence.own().is_some()
        {
            out.push(Effect::Send(self.presence.set(None)));
        }
        self.stop(close::NORMAL, "the member left", out);
    }

    fn stop(&mut self, code: u16, reason: &str, out: &mut Vec<Effect>) {
        if let State::Stopped = self.state {
            return;
        }
        self.state = State::Stopped;
        self.absent(out);
        out.push(Effect::Disconnect);
        out.push(Effect::Stopped {
            code,
            reason: reason.to_owned(),
        });
    }

    fn lost(&mut self, now: Now, cause: Cause, out: &mut Vec<Effect>) {
        if let State::Waiting { .. } | State::Stopped = self.state {
            return;
        }
        let retry_ms = now.ms + self.backoff.next_ms(now.entropy);
        self.state = State::Waiting { until_ms: retry_ms };
        self.absent(out);
        out.push(Effect::Disconnect);
        out.push(Effect::Disconnected { cause, retry_ms });
    }

    /// Nobody is known to be present without a connection.
    fn absent(&mut self, out: &mut Vec<Effect>) {
        if self.presence.clear() {
            out.push(Effect::PresenceChanged);
        }
    }
}
