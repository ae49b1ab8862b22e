//! The owner writes; everyone else is heard: what an agent wrote where it may only suggest
//! becomes suggestions, and the agent is told to start from a fresh copy.

use std::sync::Arc;

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
            let reason = match heard.and_then(|count| saved.map(|()| count)) {
                Ok(count) => format!(
                    "{why}; what you wrote became {count} suggestion(s); \
                     drop your copy and join again"
                ),
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

    /// Keeps what an update would have changed as suggestions; returns how many.
    fn hear(
        &mut self,
        member: &Member,
        update: &[u8],
        objection: &Objection,
        now_ms: u64,
    ) -> Result<usize, String> {
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
        let count = suggestions.len();
        if count > 0 {
            let noted = Noted::SuggestionsMade {
                member: member.id.clone(),
                suggestions,
                why: objection.why.clone(),
            };
            self.log_events(Some(member), None, vec![Event::Noted { noted }], now_ms)?;
        }
        Ok(count)
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
