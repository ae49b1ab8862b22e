//! Numbers that add up over workspaces, and what they read as.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{QUICK_MS, WAITS_TOLD};
use crate::{
    escalation::{Band, Reading},
    ids::WorkspaceId,
    item::Item,
    ownership::{
        owner::Owner,
        state::State,
        words::{ApprovalStatus, Trigger},
    },
};

/// What was measured in a window. Those of several workspaces add up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures {
    /// Items that agents worked on.
    pub worked: u64,
    /// Items that went from an agent to a person.
    pub escalated: u64,
    /// How long each item waited in a queue, in milliseconds.
    pub claims_ms: Vec<u64>,
    /// How long each item that came from an agent stayed with a person, in milliseconds.
    pub resolutions_ms: Vec<u64>,
    /// How long each approval waited for its answer, in milliseconds.
    pub answers_ms: Vec<u64>,
    /// Handoffs, warm ones counted when offered.
    pub handoffs: u64,
    /// Items that were handed off more than once.
    pub repeats: Vec<Repeat>,
    /// Longest chain of agents.
    pub depth_max: u32,
    /// Why items went to people.
    pub triggers: BTreeMap<Trigger, u64>,
    /// What waits longest now.
    pub waits: Vec<Wait>,
}

/// How the pen travels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Length of the window, in milliseconds.
    pub window_ms: u64,
    /// How often agents' items go to people.
    pub escalation: Escalation,
    /// How long items wait in queues.
    pub time_to_claim: Spread,
    /// How long items from agents stay with people.
    pub time_to_resolve: Spread,
    /// How approvals are answered.
    pub answers: Answers,
    /// Handoffs in all.
    pub handoffs: u64,
    /// Items that were handed off more than once, most often first.
    pub repeats: Vec<Repeat>,
    /// Longest chain of agents without a person.
    pub depth_max: u32,
    /// Why items went to people, by trigger.
    pub triggers: BTreeMap<String, u64>,
    /// What waits longest, longest first.
    pub waits: Vec<Wait>,
}

/// How often agents' items go to people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Escalation {
    /// Escalated over worked on; absent when agents worked on nothing.
    pub rate: Option<f64>,
    /// Items that went from an agent to a person.
    pub escalated: u64,
    /// Items that agents worked on.
    pub worked: u64,
    /// Where the rate should lie.
    pub band: Band,
    /// Where it lies.
    pub reading: Reading,
}

/// How times spread, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Spread {
    /// How many.
    pub count: u64,
    /// Half are at most this.
    pub median_ms: u64,
    /// Nine of ten are at most this.
    pub p90_ms: u64,
    /// The longest.
    pub max_ms: u64,
}

/// How approvals are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Answers {
    /// How long they wait.
    pub time: Spread,
    /// Answered in under five seconds: hardly thought about.
    pub quick: u64,
}

/// An item that was handed off more than once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Repeat {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// Which item.
    pub item: Item,
    /// How often.
    pub handoffs: u64,
}

/// Something that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Wait {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// What kind of thing.
    pub kind: WaitKind,
    /// The item in the queue, or the id.
    pub what: String,
    /// Since when, in milliseconds since the Unix epoch.
    pub since_ms: u64,
}

/// What may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitKind {
    /// An item in a queue.
    Item,
    /// A handoff, for its receiver.
    Handoff,
    /// An approval, for an answer.
    Approval,
    /// A decision, for somebody to act on it.
    Decision,
}

impl Figures {
    /// Adds another workspace's.
    pub fn absorb(&mut self, other: Self) {
        let Self {
            worked,
            escalated,
            claims_ms,
            resolutions_ms,
            answers_ms,
            handoffs,
            repeats,
            depth_max,
            triggers,
            waits,
        } = other;
        self.worked += worked;
        self.escalated += escalated;
        self.claims_ms.extend(claims_ms);
        self.resolutions_ms.extend(resolutions_ms);
        self.answers_ms.extend(answers_ms);
        self.handoffs += handoffs;
        self.repeats.extend(repeats);
        self.depth_max = self.depth_max.max(depth_max);
        for (trigger, count) in triggers {
            *self.triggers.entry(trigger).or_default() += count;
        }
        self.waits.extend(waits);
        keep_longest(&mut self.waits);
    }

    /// What the figures of a window of `window_ms` read as.
    #[must_use]
    pub fn health(mut self, window_ms: u64, band: Band) -> Health {
        let rate = (self.worked > 0).then(|| self.escalated as f64 / self.worked as f64);
        self.repeats
            .sort_by_key(|repeat| std::cmp::Reverse(repeat.handoffs));
        let quick = self.answers_ms.iter().filter(|took| **took < QUICK_MS);
        let triggers = self.triggers.into_iter();
        Health {
            window_ms,
            escalation: Escalation {
                rate,
                escalated: self.escalated,
                worked: self.worked,
                band,
                reading: band.read(rate),
            },
            answers: Answers {
                quick: quick.count() as u64,
                time: Spread::of(self.answers_ms),
            },
            time_to_claim: Spread::of(self.claims_ms),
            time_to_resolve: Spread::of(self.resolutions_ms),
            handoffs: self.handoffs,
            repeats: self.repeats,
            depth_max: self.depth_max,
            triggers: triggers
                .map(|(trigger, count)| (trigger.as_str().to_owned(), count))
                .collect(),
            waits: self.waits,
        }
    }
}

impl Spread {
    /// How these times spread, by nearest rank.
    #[must_use]
    pub fn of(mut times: Vec<u64>) -> Self {
        times.sort_unstable();
        let rank = |percent: usize| {
            let at = (times.len() * percent).div_ceil(100).max(1) - 1;
            times.get(at).copied().unwrap_or(0)
        };
        Self {
            count: times.len() as u64,
            median_ms: rank(50),
            p90_ms: rank(90),
            max_ms: rank(100),
        }
    }
}

/// What waits longest in a workspace.
pub(super) fn waits(workspace: &WorkspaceId, state: &State) -> Vec<Wait> {
    let wait = |kind, what: String, since_ms| Wait {
        workspace: workspace.clone(),
        kind,
        what,
        since_ms,
    };
    let held = state.held.iter();
    let items = held.filter_map(|(item, held)| match held.owner {
        Owner::Queue(_) => Some(wait(WaitKind::Item, item.to_string(), held.since_ms)),
        Owner::Member(_) | Owner::Nobody => None,
    });
    let handoffs = state.handoffs.open();
    let handoffs = handoffs.map(|view| wait(WaitKind::Handoff, view.id.to_string(), view.at_ms));
    let approvals = state.approvals.open();
    let approvals = approvals
        .filter(|view| view.status == ApprovalStatus::Asked)
        .map(|view| wait(WaitKind::Approval, view.id.to_string(), view.at_ms));
    let decisions = state.decisions.open();
    let decisions = decisions.map(|view| wait(WaitKind::Decision, view.id.to_string(), view.at_ms));
    let mut waits: Vec<Wait> = items
        .chain(handoffs)
        .chain(approvals)
        .chain(decisions)
        .collect();
    keep_longest(&mut waits);
    waits
}

fn keep_longest(waits: &mut Vec<Wait>) {
    waits.sort_by_key(|wait| wait.since_ms);
    waits.truncate(WAITS_TOLD);
}
