//! The answers to commands that came with an idempotency key.

use std::collections::{BTreeMap, VecDeque};

use crate::{
    ids::MemberId,
    ownership::{event::Event, hash::Hash, limits::ANSWERS_KEPT, outcome::Outcome, record::Record},
};

type Id = (MemberId, String);

/// The newest answers to commands that came with an idempotency key.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::ownership) struct Answers {
    by_key: BTreeMap<Id, (Hash, Outcome)>,
    oldest_first: VecDeque<Id>,
}

impl Answers {
    /// The command that a member used a key with, and its answer.
    pub(in crate::ownership) fn find(&self, by: &MemberId, key: &str) -> Option<&(Hash, Outcome)> {
        self.by_key.get(&(by.clone(), key.to_owned()))
    }

    pub(super) fn remember(&mut self, record: &Record) {
        let (Some(by), Some(key)) = (&record.by, &record.key) else {
            return;
        };
        let Some(Event::Keyed { command }) = record.events.first() else {
            return;
        };
        let id = (by.clone(), key.clone());
        let answer = (*command, Outcome::of(record));
        if self.by_key.insert(id.clone(), answer).is_none() {
            self.oldest_first.push_back(id);
        }
        if self.oldest_first.len() > ANSWERS_KEPT
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.by_key.remove(&oldest);
        }
    }
}
