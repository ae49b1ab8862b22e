//! What an accepted command answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{event::Event, hash::Hash, owner::Owner, record::Record};
use crate::{escalation::Advice, ids::ElementId, item::Item};

/// What a decision on a command is.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It is accepted, and this happens. Never empty.
    New(Vec<Event>),
    /// It was accepted before; this was its answer.
    Again(Outcome),
}

/// The answer to an accepted command.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Outcome {
    /// Number of the record that holds it.
    pub record: u64,
    /// When it was decided, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// The handoff, decision, approval, report or signal concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ElementId>,
    /// The item whose owner changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
    /// Its owner now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// Its epoch now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
    /// What ends the decision that was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lease: Option<ElementId>,
    /// What ends the approval that was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<ElementId>,
    /// Until when a lease runs, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<u64>,
    /// What came of a decision or an approval, as told first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// The approval is void: this is the content now, and nothing may be run. Ask again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub void: Option<Hash>,
    /// Whether to ask a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<Advice>,
}

impl Outcome {
    /// The answer that a record gives to its command.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let mut outcome = Self {
            record: record.no,
            at_ms: record.at_ms,
            ..Self::default()
        };
        record.events.iter().for_each(|event| outcome.add(event));
        outcome
    }

    fn add(&mut self, event: &Event) {
        match event {
            Event::OwnerChanged {
                item,
                owner,
                epoch,
                lease_until_ms,
                handoff,
                ..
            } => {
                self.item = Some(item.clone());
                self.owner = Some(owner.clone());
                self.epoch = Some(*epoch);
                self.until_ms = *lease_until_ms;
                self.id = handoff.clone();
            }
            Event::HandoffOffered { id, until_ms, .. } => self.about(id, *until_ms),
            Event::DecisionPosted { id, until_ms, .. }
            | Event::ApprovalAsked { id, until_ms, .. } => self.about(id, Some(*until_ms)),
            Event::DecisionTaken {
                id,
                lease,
                until_ms,
            } => {
                self.about(id, Some(*until_ms));
                self.lease = Some(lease.clone());
            }
            Event::ApprovalTaken {
                id,
                grant,
                until_ms,
            } => {
                self.about(id, Some(*until_ms));
                self.grant = Some(grant.clone());
            }
            Event::ApprovalVoided { id, content } => {
                self.about(id, None);
                self.void = Some(*content);
            }
            Event::ApprovalAnswered { id, until_ms, .. } => self.about(id, *until_ms),
            Event::DecisionConsumed { id, outcome: told }
            | Event::DecisionFailed { id, reason: told }
            | Event::ApprovalConsumed { id, result: told }
            | Event::ApprovalFailed { id, reason: told } => {
                self.about(id, None);
                self.result = Some(told.clone());
            }
            Event::Signalled { id, advice, .. } => {
                self.about(id, None);
                self.advice = Some(*advice);
            }
            Event::LeaseRenewed { item, until_ms } => {
                self.item = Some(item.clone());
                self.until_ms = Some(*until_ms);
            }
            Event::Resumed { item, .. } => self.item = Some(item.clone()),
            Event::HandoffBriefed { id, .. }
            | Event::ApprovalWithdrawn { id }
            | Event::DecisionEnded { id, .. }
            | Event::Reported { id, .. }
            | Event::Judged { signal: id, .. } => self.about(id, None),
            // An answer to its giver; of superseded ones the owner's change tells.
            Event::HandoffEnded { id, .. } => {
                if self.item.is_none() {
                    self.about(id, None);
                }
            }
            Event::MemberKnown { .. }
            | Event::Keyed { .. }
            | Event::Gated { .. }
            | Event::DecisionReturned { .. }
            | Event::ApprovalReturned { .. }
            | Event::ApprovalExpired { .. }
            | Event::PolicySet { .. }
            | Event::QueueSet { .. }
            | Event::QueueRemoved { .. }
            | Event::Noted { .. } => {}
        }
    }

    fn about(&mut self, id: &ElementId, until_ms: Option<u64>) {
        self.id = Some(id.clone());
        self.until_ms = until_ms;
    }
}
