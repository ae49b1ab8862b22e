//! Reading the state.

use super::State;
use crate::{
    ids::{ElementId, MemberId},
    item::Item,
    member::Member,
    ownership::{
        owner::{Owner, QueueName},
        policy::Policy,
        views::{
            ActionView, ApprovalView, DecisionView, HandoffView, HoldingView, QueueView,
            SignalView, Waiting,
        },
    },
};

impl State {
    /// Who made the workspace.
    #[must_use]
    pub fn created_by(&self) -> &MemberId {
        &self.created_by
    }

    /// Who holds an item, itself or through what it belongs to.
    #[must_use]
    pub fn holding(&self, item: &Item) -> HoldingView {
        let holder = self.holder(item);
        let held = &self.held[&holder];
        HoldingView {
            item: item.clone(),
            owner: held.owner.clone(),
            owner_name: self.owner_name(&held.owner),
            epoch: self.epoch(item),
            inherited: (holder != *item).then_some(holder),
            since_ms: held.since_ms,
            lease_until_ms: held.lease_until_ms,
            depth: held.depth,
            gate: held.gate.clone(),
            handoff: self.open_handoff(item).map(|handoff| handoff.id.clone()),
        }
    }

    /// The items that have an owner of their own, in order.
    pub fn holdings(&self) -> impl Iterator<Item = HoldingView> {
        self.held.keys().map(|item| self.holding(item))
    }

    /// The members that have taken part, by id.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// A member that has taken part.
    #[must_use]
    pub fn member(&self, id: &MemberId) -> Option<&Member> {
        self.members.get(id)
    }

    /// Handoffs: open ones, then the newest ended ones, each by id.
    pub fn handoffs(&self) -> impl Iterator<Item = &HandoffView> {
        self.handoffs.all()
    }

    /// One handoff.
    #[must_use]
    pub fn handoff(&self, id: &ElementId) -> Option<&HandoffView> {
        self.handoffs.get(id)
    }

    /// Decisions: open ones, then the newest ended ones, each by id.
    pub fn decisions(&self) -> impl Iterator<Item = &DecisionView> {
        self.decisions.all()
    }

    /// One decision.
    #[must_use]
    pub fn decision(&self, id: &ElementId) -> Option<&DecisionView> {
        self.decisions.get(id)
    }

    /// Approvals: open ones, then the newest ended ones, each by id, as they were asked or answered
    /// last. What is shown to people is [`State::approval_now`].
    pub fn approvals(&self) -> impl Iterator<Item = &ApprovalView> {
        self.approvals.all()
    }

    /// One approval as it was asked or answered last.
    #[must_use]
    pub fn approval(&self, id: &ElementId) -> Option<&ApprovalView> {
        self.approvals.get(id)
    }

    /// Queues with what waits in them, by name.
    pub fn queues(&self) -> impl Iterator<Item = QueueView> {
        self.queues.values().map(|queue| QueueView {
            queue: queue.clone(),
            waiting: self.waiting(&queue.name),
        })
    }

    /// What the workspace has settled.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Reported actions, riskiest first, then those that cannot be undone, then newest.
    #[must_use]
    pub fn actions(&self) -> Vec<&ActionView> {
        let mut actions: Vec<&ActionView> = self.actions.iter().rev().collect();
        actions.sort_by(|a, b| {
            let rank = |view: &ActionView| (view.report.risk, !view.report.reversible);
            let ((risk, lasting), (other_risk, other_lasting)) = (rank(b), rank(a));
            risk.total_cmp(&other_risk)
                .then(lasting.cmp(&other_lasting))
        });
        actions
    }

    /// Signals, newest first.
    pub fn signals(&self) -> impl Iterator<Item = &SignalView> {
        self.signals.iter().rev()
    }

    fn waiting(&self, queue: &QueueName) -> Vec<Waiting> {
        let held = self.held.iter();
        let inside = held.filter(|(_, held)| held.owner == Owner::Queue(queue.clone()));
        let mut waiting: Vec<Waiting> = inside
            .map(|(item, held)| Waiting {
                item: item.clone(),
                epoch: held.epoch,
                since_ms: held.since_ms,
            })
            .collect();
        waiting.sort_by_key(|waiting| waiting.since_ms);
        waiting
    }
}
