//! The state: what all records together say now.

use std::collections::{BTreeMap, VecDeque};

use super::{
    event::Event,
    hash::Hash,
    owner::{Owner, QueueName},
    policy::{Policy, Queue},
    record::{Broken, Record},
    views::{ActionView, ApprovalView, DecisionView, GateView, HandoffView, SignalView},
    words::Judgement,
};
use crate::{
    escalation::Sample,
    ids::{ElementId, MemberId},
    item::Item,
    member::{Kind, Member},
};

mod answers;
mod apply;
mod content;
mod ledger;
mod open;
mod pending;
mod read;

pub(super) use answers::Answers;
pub(super) use ledger::Ledger;

/// What all records of a workspace together say.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    head: (u64, Hash),
    created_by: MemberId,
    pub(super) members: BTreeMap<MemberId, Member>,
    /// Items with an owner of their own; the workspace always is.
    pub(super) held: BTreeMap<Item, Held>,
    pub(super) handoffs: Ledger<HandoffView>,
    pub(super) decisions: Ledger<DecisionView>,
    pub(super) approvals: Ledger<ApprovalView>,
    pub(super) queues: BTreeMap<QueueName, Queue>,
    pub(super) policy: Policy,
    pub(super) actions: VecDeque<ActionView>,
    pub(super) signals: VecDeque<SignalView>,
    pub(super) answers: Answers,
}

/// How an item is held.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Held {
    pub(super) owner: Owner,
    pub(super) epoch: u64,
    pub(super) since_ms: u64,
    pub(super) lease_until_ms: Option<u64>,
    pub(super) depth: u32,
    /// The member who held it last, through queues and openness.
    pub(super) last: Option<MemberId>,
    pub(super) gate: Option<GateView>,
    /// Agents that held it before, and whether another member has held it since.
    pub(super) parted: BTreeMap<MemberId, Since>,
}

/// What happened to an item since an agent held it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Since {
    /// No other member has held it.
    Untouched,
    /// Another member has held it.
    HeldByOthers,
}

impl State {
    /// The state of a new workspace: it belongs to whoever made it, except that its notes are
    /// open. The chain of records starts at the hash of its lineage.
    #[must_use]
    pub fn new(lineage: &str, created_by: &MemberId) -> Self {
        let workspace = Held::new(Owner::Member(created_by.clone()), Some(created_by.clone()));
        let notes = Held::new(Owner::Nobody, None);
        let people = Queue {
            name: QueueName::people(),
            members: Vec::new(),
            agents: false,
        };
        Self {
            head: (0, Hash::of(lineage.as_bytes())),
            created_by: created_by.clone(),
            members: BTreeMap::new(),
            held: [(Item::Workspace, workspace), (Item::Notes, notes)].into(),
            handoffs: Ledger::default(),
            decisions: Ledger::default(),
            approvals: Ledger::default(),
            queues: [(people.name.clone(), people)].into(),
            policy: Policy::default(),
            actions: VecDeque::new(),
            signals: VecDeque::new(),
            answers: Answers::default(),
        }
    }

    /// What the first record of a new workspace should say: who made it, and until when an agent
    /// that did so holds it without a sign of life.
    #[must_use]
    pub fn opening(&self, created_by: &Member, now_ms: u64) -> Vec<Event> {
        let known = Event::MemberKnown {
            member: created_by.clone(),
        };
        let lease = (created_by.kind == Kind::Agent).then(|| Event::LeaseRenewed {
            item: Item::Workspace,
            until_ms: now_ms + self.policy.agent_lease_ms,
        });
        [known].into_iter().chain(lease).collect()
    }

    /// Number and hash of the last record; 0 and the hash of the lineage before the first.
    #[must_use]
    pub fn head(&self) -> (u64, Hash) {
        self.head
    }

    /// Makes the next record of `events`, without applying it.
    #[must_use]
    pub fn record(
        &self,
        at_ms: u64,
        by: Option<&MemberId>,
        key: Option<&str>,
        events: Vec<Event>,
    ) -> Record {
        Record::chained(self.head.0 + 1, self.head.1, at_ms, (by, key), events)
    }

    /// Takes the next record in.
    ///
    /// # Errors
    /// When it does not follow from what was taken in before. The state is unchanged then.
    pub fn apply(&mut self, record: &Record) -> Result<(), Broken> {
        record.follows(self.head.0, self.head.1)?;
        for event in &record.events {
            apply::event(self, record, event);
        }
        self.answers.remember(record);
        self.head = (record.no, record.hash);
        Ok(())
    }

    /// The item whose owner `item` has: itself, or what it belongs to.
    pub(super) fn holder(&self, item: &Item) -> Item {
        let mut at = item.clone();
        while !self.held.contains_key(&at) {
            at = at.parent().expect("the workspace is always held");
        }
        at
    }

    pub(super) fn effective(&self, item: &Item) -> &Held {
        &self.held[&self.holder(item)]
    }

    pub(super) fn epoch(&self, item: &Item) -> u64 {
        self.held.get(item).map_or(0, |held| held.epoch)
    }

    pub(super) fn open_handoff(&self, item: &Item) -> Option<&HandoffView> {
        self.handoffs.open().find(|handoff| handoff.item == *item)
    }

    /// Whether `below` has, or would have, its owner through `item`.
    pub(super) fn governs(&self, item: &Item, below: &Item) -> bool {
        let mut at = Some(below.clone());
        while let Some(found) = at {
            if found == *item {
                return true;
            }
            if self.held.contains_key(&found) {
                return false;
            }
            at = found.parent();
        }
        false
    }

    pub(super) fn is_agent(&self, member: &MemberId) -> bool {
        self.members
            .get(member)
            .is_some_and(|member| member.kind == Kind::Agent)
    }

    /// The name by which people know a member.
    pub(super) fn name(&self, member: &MemberId) -> String {
        self.members
            .get(member)
            .map_or_else(|| member.to_string(), |member| member.name.clone())
    }

    pub(super) fn owner_name(&self, owner: &Owner) -> String {
        match owner {
            Owner::Member(member) => self.name(member),
            Owner::Queue(_) | Owner::Nobody => owner.to_string(),
        }
    }

    pub(super) fn samples(&self) -> Vec<Sample> {
        let judged = self.signals.iter().filter_map(|view| {
            Some(Sample {
                confidence: view.signal.signals.confidence?,
                right: view.judgement? == Judgement::Right,
            })
        });
        judged.collect()
    }

    /// The decisions about `item`, and what it governs, that `member` has not acknowledged.
    pub(super) fn unacknowledged(&self, item: &Item, member: &MemberId) -> Vec<ElementId> {
        let concerned = self.decisions.all().filter(|decision| {
            self.governs(item, &decision.item) && !decision.acknowledged.contains(member)
        });
        concerned.map(|decision| decision.id.clone()).collect()
    }
}

impl Held {
    fn new(owner: Owner, last: Option<MemberId>) -> Self {
        Self {
            owner,
            epoch: 0,
            since_ms: 0,
            lease_until_ms: None,
            depth: 0,
            last,
            gate: None,
            parted: BTreeMap::new(),
        }
    }
}
