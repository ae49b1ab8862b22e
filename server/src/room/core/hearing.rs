//! The owner writes; everyone else is heard: what an agent wrote where it may only suggest
//! becomes suggestions, and the agent is told to start from a fresh copy.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use crdt_schema::{
    document,
    member::Member,
    ownership::{Event, Noted},
    suggest::{self, Maker},
};
use yrs::{Doc, ReadTxn, StateVector, Transact, Update, updates::decoder::Decode};

use super::{Core, Denial, SessionId, Trust, staged::Origin};
use crate::room::{outbox::Out, registry::fresh_client_id};

/// Why an update was not let in as it is.
pub(super) struct Objection {
    /// The first place where its writer may only suggest.
    pub(super) path: String,
    /// Why, as half a sentence.
    pub(super) why: String,
    /// All places that it changes.
    pub(super) touched: Vec<String>,
}

/// What became of an update.
struct Heard {
    /// How many suggestions were made.
    made: usize,
    /// The places for which nothing could be suggested.
    left_out: Vec<String>,
}

/// Places that are named to a writer.
const LEFT_OUT_NAMED_MAX: usize = 8;

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { made, left_out } = self;
        write!(f, "what you wrote became {made} suggestion(s)")?;
        if left_out.is_empty() {
            return Ok(());
        }
        let named = &left_out[..left_out.len().min(LEFT_OUT_NAMED_MAX)];
        write!(f, ", but nothing can be suggested for {}", named.join(", "))?;
        match left_out.len() - named.len() {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// Without the places that are part of others.
fn outermost(mut places: Vec<String>) -> Vec<String> {
    places.sort_unstable();
    places.dedup_by(|place, before| {
        let rest = place.strip_prefix(before.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    places
}

impl Core {
    /// Makes suggestions of an update, and ends the session's copy.
    pub(super) fn suggest_instead(
        &mut self,
        id: SessionId,
        update: &Bytes,
        objection: &Objection,
        now_ms: u64,
    ) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        session.trust = Trust::Ended;
        let (member, outbox) = (Arc::clone(&session.member), Arc::clone(&session.outbox));
        let heard = self.hear(&member, update, objection, now_ms);
        let (path, why) = (objection.path.clone(), objection.why.clone());
        self.when_durable(Box::new(move |saved| {
            let reason = match heard.and_then(|heard| saved.map(|()| heard)) {
                Ok(heard) => format!("{why}; {heard}; drop your copy and join again"),
                Err(problem) => format!("{why}; what you wrote was not taken: {problem}"),
            };
            let denial = Denial {
                client: None,
                path,
                reason,
            };
            outbox.push(Out::Denied(denial.into()));
        }));
    }

    /// Keeps what an update would have changed as suggestions.
    fn hear(
        &mut self,
        member: &Member,
        update: &[u8],
        objection: &Objection,
        now_ms: u64,
    ) -> Result<Heard, String> {
        let maker = Maker {
            author: &member.id,
            at_ms: now_ms,
            reason: "",
        };
        let turn = |doc: &Doc| {
            let turned =
                suggest::from_updates(&doc.transact(), &[update], &objection.touched, &maker);
            turned.map_err(|error| error.to_string())
        };
        let turned = if self.has_edits_in_flight() {
            turn(&self.fork()?)
        } else {
            turn(&self.doc)
        }?;
        let left_out = outermost(turned.left_out.clone());
        let mut suggestions = Vec::new();
        self.change_document(
            Some(&member.id),
            |txn, _| {
                let written = turned.write(txn, &mut rand::rng());
                suggestions = written.map_err(|error| error.to_string())?;
                Ok(None)
            },
            now_ms,
        )?;
        let made = suggestions.len();
        if made > 0 {
            let noted = Noted::SuggestionsMade {
                member: member.id.clone(),
                suggestions,
                why: objection.why.clone(),
            };
            self.log_events(Some(member), None, vec![Event::Noted { noted }], now_ms)?;
        }
        Ok(Heard { made, left_out })
    }

    /// A copy of the document with every admitted edit, also those not yet durable.
    fn fork(&self) -> Result<Doc, String> {
        let state = self.doc.transact().encode_diff_v1(&StateVector::default());
        let fork = document::new_doc(fresh_client_id());
        let mut txn = fork.transact_mut();
        let in_flight = self.committing.iter().chain([&self.staged]);
        let updates = in_flight
            .flat_map(|staged| &staged.edits)
            .filter(|staged| matches!(staged.origin, Origin::Session(_)))
            .map(|staged| &staged.edit.update[..]);
        for update in std::iter::once(&state[..]).chain(updates) {
            let update = Update::decode_v1(update).map_err(|error| error.to_string())?;
            txn.apply_update(update)
                .map_err(|error| error.to_string())?;
        }
        drop(txn);
        Ok(fork)
    }
}
