//! Who is here, and where: awareness, stamped by the server and never stored.
//!
//! Invariant: a client id belongs to the session that brought it, and the `user` of a state is
//! what the server knows about that session's member, whatever the client says.

use std::sync::Arc;

use bytes::Bytes;
use crdt_schema::member::{Kind, Member};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};
use sync_protocol::{
    awareness::{self, Entry, REMOVED},
    yws,
};

use super::{core::SessionId, lately::Lately};

/// Longest state of one client, in bytes of JSON.
pub const STATE_BYTES_MAX: usize = 8 << 10;
/// States in one frame for a newcomer.
const ENTRIES_PER_FRAME_MAX: usize = 8;
/// Client ids that one session may show.
pub const CLIENTS_MAX: usize = 16;

/// The presence of one room.
#[derive(Debug, Default)]
pub struct Presence {
    states: FxHashMap<u64, State>,
    changed: FxHashSet<u64>,
    left: Vec<(u64, u64)>,
    /// Where people's carets were a moment ago.
    lately: Lately,
}

#[derive(Debug)]
pub(super) struct State {
    clock: u64,
    json: Arc<str>,
    /// What the state says of a selection, as JSON.
    caret: Option<Arc<str>>,
    session: SessionId,
    member: Arc<Member>,
}

impl State {
    pub(super) fn caret_of_person(&self) -> Option<&str> {
        match self.member.kind {
            Kind::Human => self.caret.as_deref(),
            Kind::Agent => None,
        }
    }
}

impl Presence {
    /// Takes in what a session says about its clients. Entries about other sessions' clients,
    /// old clocks and oversized states are left out; presence is no place for errors.
    pub fn receive(
        &mut self,
        (session, member): (SessionId, &Arc<Member>),
        entries: &[Entry<'_>],
        now_ms: u64,
    ) {
        for entry in entries {
            self.receive_one((session, member), entry, now_ms);
        }
    }

    fn receive_one(
        &mut self,
        (session, member): (SessionId, &Arc<Member>),
        entry: &Entry<'_>,
        now_ms: u64,
    ) {
        let known = self.states.get(&entry.client);
        if known.is_some_and(|s| s.session != session && s.member.id != member.id) {
            return;
        }
        if entry.is_removed() {
            if let Some(state) = self.states.remove(&entry.client) {
                self.lately.note(entry.client, &state, now_ms);
                self.changed.remove(&entry.client);
                self.left.push((entry.client, entry.clock.max(state.clock)));
            }
            return;
        }
        let is_old = known.is_some_and(|s| s.session == session && s.clock >= entry.clock);
        if is_old || (known.is_none() && self.count(session) >= CLIENTS_MAX) {
            return;
        }
        let Some((json, caret)) = stamp(entry.state, member) else {
            return;
        };
        let state = State {
            clock: entry.clock,
            json,
            caret,
            session,
            member: Arc::clone(member),
        };
        if let Some(before) = self.states.insert(entry.client, state) {
            self.lately.note(entry.client, &before, now_ms);
        }
        self.changed.insert(entry.client);
    }

    /// Removes everything that `session` showed.
    pub fn leave(&mut self, session: SessionId, now_ms: u64) {
        let Self {
            states,
            changed,
            left,
            lately,
        } = self;
        states.retain(|client, state| {
            if state.session == session {
                lately.note(*client, state, now_ms);
                changed.remove(client);
                left.push((*client, state.clock + 1));
            }
            state.session != session
        });
    }

    /// The selections that people show now or have shown a moment ago, as JSON.
    pub fn carets_of_people(&self, now_ms: u64) -> impl Iterator<Item = &str> {
        let shown = self.states.values().filter_map(State::caret_of_person);
        shown.chain(self.lately.carets(now_ms))
    }

    /// Whether there is something to broadcast.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        !self.changed.is_empty() || !self.left.is_empty()
    }

    /// The awareness frame of everything that changed since the last call.
    pub fn take_changes(&mut self) -> Option<Bytes> {
        if !self.has_changes() {
            return None;
        }
        let gone = self.left.iter().map(|&(client, clock)| Entry {
            client,
            clock,
            state: REMOVED,
        });
        let shown = self
            .changed
            .iter()
            .filter_map(|client| Some(self.entry(*client, self.states.get(client)?)));
        let entries: Vec<Entry<'_>> = gone.chain(shown).collect();
        let frame = yws::awareness(&awareness::encode(entries.into_iter()));
        self.changed.clear();
        self.left.clear();
        Some(frame)
    }

    /// The awareness frames of everybody, for a newcomer. Several small ones, because a socket
    /// keeps a buffer as large as its largest frame.
    #[must_use]
    pub fn everybody(&self) -> Vec<Bytes> {
        let states: Vec<_> = self.states.iter().collect();
        let frames = states.chunks(ENTRIES_PER_FRAME_MAX).map(|chunk| {
            let entries = chunk
                .iter()
                .map(|(client, state)| self.entry(**client, state));
            yws::awareness(&awareness::encode(entries))
        });
        frames.collect()
    }

    fn entry<'a>(&self, client: u64, state: &'a State) -> Entry<'a> {
        Entry {
            client,
            clock: state.clock,
            state: &state.json,
        }
    }

    fn count(&self, session: SessionId) -> usize {
        self.states
            .values()
            .filter(|state| state.session == session)
            .count()
    }
}

/// The client's state with the server's word on who it is, and what it says of a selection; `None`
/// if it is no JSON object or too large.
fn stamp(state: &str, member: &Member) -> Option<(Arc<str>, Option<Arc<str>>)> {
    if state.len() > STATE_BYTES_MAX {
        return None;
    }
    let mut state: Map<String, Value> = serde_json::from_str(state).ok()?;
    let user = state.entry("user").or_insert_with(|| json!({}));
    if !user.is_object() {
        *user = json!({});
    }
    let user = user.as_object_mut()?;
    user.insert("id".into(), json!(member.id));
    user.insert("name".into(), json!(member.name));
    user.insert("kind".into(), json!(member.kind));
    user.insert("role".into(), json!(member.role));
    let caret = state.get("cursor").filter(|cursor| cursor.is_object());
    let caret = caret.map(|cursor| cursor.to_string().into());
    Some((serde_json::to_string(&state).ok()?.into(), caret))
}
