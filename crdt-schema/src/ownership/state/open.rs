//! The part of a state that is not over.

use super::{Answers, State};
use crate::{ids::MemberId, ownership::Outcome};

impl State {
    /// This state without what has ended, for a view over many workspaces. It decides nothing.
    #[must_use]
    pub fn open_part(&self) -> Self {
        Self {
            head: self.head,
            created_by: self.created_by.clone(),
            members: self.members.clone(),
            held: self.held.clone(),
            handoffs: self.handoffs.open_part(),
            decisions: self.decisions.open_part(),
            approvals: self.approvals.open_part(),
            queues: self.queues.clone(),
            policy: self.policy.clone(),
            actions: Default::default(),
            signals: Default::default(),
            answers: Answers::default(),
        }
    }

    /// What a member's command with this idempotency key was answered, if there was one.
    #[must_use]
    pub fn answered(&self, by: &MemberId, key: &str) -> Option<&Outcome> {
        self.answers.find(by, key).map(|(_, outcome)| outcome)
    }
}
