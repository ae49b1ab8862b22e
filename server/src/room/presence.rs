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

use super::core::SessionId;

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
}

#[derive(Debug)]
struct State {
    clock: u64,
    json: Arc<str>,
    session: SessionId,
    member: Arc<Member>,
}

impl Presence {
    /// Takes in what a session says about its clients. Entries about other sessions' clients,
    /// old clocks and oversized states are left out; presence is no place for errors.
    pub fn receive(&mut self, session: SessionId, member: &Arc<Member>, entries: &[Entry<'_>]) {
        for entry in entries {
            self.receive_one(session, member, entry);
        }
    }

    fn receive_one(&mut self, session: SessionId, member: &Arc<Member>, entry: &Entry<'_>) {
        let known = self.states.get(&entry.client);
        if known.is_some_and(|s| s.session != session && s.member.id != member.id) {
            return;
        }
        if entry.is_removed() {
            if let Some(state) = self.states.remove(&entry.client) {
                self.changed.remove(&entry.client);
                self.left.push((entry.client, entry.clock.max(state.clock)));
            }
            return;
        }
        let is_old = known.is_some_and(|s| s.session == session && s.clock >= entry.clock);
        if is_old || (known.is_none() && self.count(session) >= CLIENTS_MAX) {
            return;
        }
        let Some(json) = stamp(entry.state, member) else {
            return;
        };
        let state = State {
            clock: entry.clock,
            json,
            session,
            member: Arc::clone(member),
        };
        self.states.insert(entry.client, state);
        self.changed.insert(entry.client);
    }

    /// Removes everything that `session` showed.
    pub fn leave(&mut self, session: SessionId) {
        let (changed, left) = (&mut self.changed, &mut self.left);
        self.states.retain(|client, state| {
            if state.session == session {
                changed.remove(client);
                left.push((*client, state.clock + 1));
            }
            state.session != session
        });
    }

    /// The states that people show, as JSON.
    pub fn of_people(&self) -> impl Iterator<Item = &str> {
        self.states
            .values()
            .filter(|state| state.member.kind == Kind::Human)
            .map(|state| &*state.json)
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

/// The client's state with the server's word on who it is, or `None` if it is no JSON object or
/// too large.
fn stamp(state: &str, member: &Member) -> Option<Arc<str>> {
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
    serde_json::to_string(&state).ok().map(Into::into)
}
