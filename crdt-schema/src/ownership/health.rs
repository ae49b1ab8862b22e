//! Handoff health: how the pen travels, measured from the records.
//!
//! A meter takes in every record of a workspace once, in order, and then answers for any window.
//! It keeps the newest samples only, so its size does not grow with the record.

use std::collections::BTreeMap;

use super::{
    event::Event,
    owner::Owner,
    record::Record,
    state::State,
    words::{Trigger, Verdict},
};
use crate::{
    ids::{ElementId, MemberId, WorkspaceId},
    item::Item,
    member::Kind,
};

mod figures;
mod samples;

use samples::{Holder, Samples, Travel};

pub use figures::{Answers, Escalation, Figures, Health, Repeat, Spread, Wait, WaitKind};

/// Answers given faster than this can hardly have been thought about, in milliseconds.
pub const QUICK_MS: u64 = 5_000;
/// Samples of each kind that a meter keeps.
pub const SAMPLES_KEPT: usize = 10_000;
/// How many of the longest waits are told.
pub const WAITS_TOLD: usize = 10;

/// Measures one workspace.
#[derive(Debug, Clone)]
pub struct Meter {
    workspace: WorkspaceId,
    created_by: MemberId,
    kinds: BTreeMap<MemberId, Kind>,
    items: BTreeMap<Item, Travel>,
    asked: BTreeMap<ElementId, u64>,
    claims: Samples<u64>,
    resolutions: Samples<u64>,
    handoffs: Samples<Item>,
    answers: Samples<u64>,
    depths: Samples<u32>,
    escalations: Samples<Trigger>,
}

impl Meter {
    /// A meter of a workspace that was made by `created_by`, before its first record.
    #[must_use]
    pub fn new(workspace: WorkspaceId, created_by: MemberId) -> Self {
        Self {
            workspace,
            created_by,
            kinds: BTreeMap::new(),
            items: [(Item::Notes, Travel::default())].into(),
            asked: BTreeMap::new(),
            claims: Samples::default(),
            resolutions: Samples::default(),
            handoffs: Samples::default(),
            answers: Samples::default(),
            depths: Samples::default(),
            escalations: Samples::default(),
        }
    }

    /// Takes the next record in.
    pub fn take(&mut self, record: &Record) {
        for event in &record.events {
            self.take_event(event, record.at_ms);
        }
    }

    /// What happened since `from_ms`, and what of `state` waits longest.
    #[must_use]
    pub fn figures(&self, state: &State, from_ms: u64) -> Figures {
        let since = |at: &Option<u64>| at.is_some_and(|at| at >= from_ms);
        let items = self.items.values();
        let escalated = items.clone().filter(|item| since(&item.escalated_ms));
        let worked = items.filter(|item| since(&item.agent_until_ms) || since(&item.escalated_ms));
        let mut handed: BTreeMap<Item, u64> = BTreeMap::new();
        for item in self.handoffs.since(from_ms) {
            *handed.entry(item.clone()).or_default() += 1;
        }
        let mut triggers: BTreeMap<Trigger, u64> = BTreeMap::new();
        for trigger in self.escalations.since(from_ms) {
            *triggers.entry(*trigger).or_default() += 1;
        }
        Figures {
            worked: worked.count() as u64,
            escalated: escalated.count() as u64,
            claims_ms: self.claims.since(from_ms).copied().collect(),
            resolutions_ms: self.resolutions.since(from_ms).copied().collect(),
            answers_ms: self.answers.since(from_ms).copied().collect(),
            handoffs: handed.values().sum(),
            repeats: handed
                .into_iter()
                .filter(|(_, handoffs)| *handoffs > 1)
                .map(|(item, handoffs)| Repeat {
                    workspace: self.workspace.clone(),
                    item,
                    handoffs,
                })
                .collect(),
            depth_max: self.depths.since(from_ms).copied().max().unwrap_or(0),
            triggers,
            waits: figures::waits(&self.workspace, state),
        }
    }

    fn take_event(&mut self, event: &Event, at_ms: u64) {
        match event {
            Event::MemberKnown { member } => {
                self.kinds.insert(member.id.clone(), member.kind);
                if member.id == self.created_by {
                    let made = Travel::made_by(member.kind, at_ms);
                    self.items.entry(Item::Workspace).or_insert(made);
                }
            }
            Event::OwnerChanged {
                item,
                owner,
                depth,
                trigger,
                ..
            } => {
                self.travel(item, owner, trigger.unwrap_or(Trigger::Other), at_ms);
                self.depths.add(at_ms, *depth);
            }
            Event::HandoffOffered { item, .. } => self.handoffs.add(at_ms, item.clone()),
            Event::ApprovalAsked { id, .. } => {
                self.asked.insert(id.clone(), at_ms);
            }
            Event::ApprovalAnswered { id, verdict, .. } => {
                if *verdict != Verdict::Reply
                    && let Some(asked_ms) = self.asked.remove(id)
                {
                    self.answers.add(at_ms, at_ms.saturating_sub(asked_ms));
                }
            }
            Event::ApprovalWithdrawn { id } | Event::ApprovalExpired { id } => {
                self.asked.remove(id);
            }
            Event::Keyed { .. }
            | Event::HandoffBriefed { .. }
            | Event::HandoffEnded { .. }
            | Event::LeaseRenewed { .. }
            | Event::Gated { .. }
            | Event::Resumed { .. }
            | Event::DecisionPosted { .. }
            | Event::DecisionTaken { .. }
            | Event::DecisionReturned { .. }
            | Event::DecisionConsumed { .. }
            | Event::DecisionFailed { .. }
            | Event::DecisionEnded { .. }
            | Event::ApprovalTaken { .. }
            | Event::ApprovalReturned { .. }
            | Event::ApprovalVoided { .. }
            | Event::ApprovalConsumed { .. }
            | Event::ApprovalFailed { .. }
            | Event::Reported { .. }
            | Event::Signalled { .. }
            | Event::Judged { .. }
            | Event::PolicySet { .. }
            | Event::QueueSet { .. }
            | Event::QueueRemoved { .. }
            | Event::Noted { .. } => {}
        }
    }

    fn travel(&mut self, item: &Item, owner: &Owner, trigger: Trigger, at_ms: u64) {
        let before = self.before(item);
        let kind = owner.member().map(|id| self.kinds.get(id).copied());
        let kind = kind.map(|kind| kind.unwrap_or(Kind::Human));
        let is_escalation = kind == Some(Kind::Human) && before.last == Some(Kind::Agent);
        let now = match (owner, kind) {
            (Owner::Member(_), Some(Kind::Agent)) => Holder::Agent,
            (Owner::Member(_), _) => Holder::Person {
                escalated: is_escalation,
            },
            (Owner::Queue(_), _) => Holder::Queue,
            (Owner::Nobody, _) => Holder::Nobody,
        };
        let held_ms = at_ms.saturating_sub(before.since_ms);
        if before.now == Holder::Queue && kind.is_some() {
            self.claims.add(at_ms, held_ms);
        }
        if before.now == (Holder::Person { escalated: true }) {
            self.resolutions.add(at_ms, held_ms);
        }
        if is_escalation {
            self.escalations.add(at_ms, trigger);
        }
        let was_agent = before.now == Holder::Agent;
        let travel = Travel {
            last: kind.or(before.last),
            now,
            since_ms: at_ms,
            agent_until_ms: match now {
                Holder::Agent => Some(u64::MAX),
                _ if was_agent => Some(at_ms),
                _ => before.agent_until_ms,
            },
            escalated_ms: is_escalation.then_some(at_ms).or(before.escalated_ms),
        };
        self.items.insert(item.clone(), travel);
    }

    /// How the item was held: itself, or through what it belongs to.
    fn before(&self, item: &Item) -> Travel {
        if let Some(travel) = self.items.get(item) {
            return travel.clone();
        }
        let parent = item.parent().map(|parent| self.before(&parent));
        // Its time and what became of it are its own from now on.
        parent.map_or_else(Travel::default, |parent| Travel {
            last: parent.last,
            now: parent.now,
            since_ms: parent.since_ms,
            agent_until_ms: None,
            escalated_ms: None,
        })
    }
}
