//! What a meter keeps.

use std::collections::VecDeque;

use super::SAMPLES_KEPT;
use crate::member::Kind;

/// How an item has travelled, as far as the measures need.
#[derive(Debug, Clone, Default)]
pub(super) struct Travel {
    /// Who held it last, through queues and openness.
    pub(super) last: Option<Kind>,
    pub(super) now: Holder,
    pub(super) since_ms: u64,
    /// When an agent last had it; the end of time while it has.
    pub(super) agent_until_ms: Option<u64>,
    /// When it last went from an agent to a person.
    pub(super) escalated_ms: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Holder {
    #[default]
    Nobody,
    Queue,
    Agent,
    /// Whether it came from an agent.
    Person {
        escalated: bool,
    },
}

impl Travel {
    /// Held by its maker from the beginning.
    pub(super) fn made_by(maker: Kind, at_ms: u64) -> Self {
        Self {
            last: Some(maker),
            since_ms: at_ms,
            now: match maker {
                Kind::Agent => Holder::Agent,
                Kind::Human => Holder::Person { escalated: false },
            },
            agent_until_ms: (maker == Kind::Agent).then_some(u64::MAX),
            escalated_ms: None,
        }
    }
}

/// Samples with the time they were taken at, oldest first; the newest are kept.
#[derive(Debug, Clone)]
pub(super) struct Samples<T>(VecDeque<(u64, T)>);

impl<T> Samples<T> {
    pub(super) fn add(&mut self, at_ms: u64, sample: T) {
        self.0.push_back((at_ms, sample));
        if self.0.len() > SAMPLES_KEPT {
            self.0.pop_front();
        }
    }

    pub(super) fn since(&self, from_ms: u64) -> impl Iterator<Item = &T> {
        let samples = self.0.iter().filter(move |(at, _)| *at >= from_ms);
        samples.map(|(_, sample)| sample)
    }
}

impl<T> Default for Samples<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}
