//! A change of owner with all that follows from it.

use super::{Context, check::Checked};
use crate::{
    ids::{ElementId, MemberId},
    item::Item,
    member::{Kind, Member},
    ownership::{
        event::Event,
        owner::Owner,
        refusal::Refusal,
        state::{Since, State},
        words::{Cause, HandoffStatus, Trigger},
    },
};

/// A change of owner to be made.
pub(in crate::ownership) struct Change<'a> {
    state: &'a State,
    item: &'a Item,
    to: Owner,
    cause: Cause,
    trigger: Option<Trigger>,
    handoff: Option<&'a ElementId>,
    note: &'a str,
    /// Members whom the state may not know yet.
    cards: Vec<&'a Member>,
    now_ms: u64,
    cursor: u64,
}

impl State {
    pub(in crate::ownership) fn change<'a>(
        &'a self,
        item: &'a Item,
        to: Owner,
        cause: Cause,
    ) -> Change<'a> {
        Change {
            state: self,
            item,
            to,
            cause,
            trigger: None,
            handoff: None,
            note: "",
            cards: Vec::new(),
            now_ms: 0,
            cursor: 0,
        }
    }

    /// Whether a member is an agent, as far as the state or the document knows.
    pub(super) fn kind(&self, cards: &[&Member], id: &MemberId) -> Option<Kind> {
        let card = cards.iter().copied().find(|card| card.id == *id);
        card.or_else(|| self.member(id)).map(|member| member.kind)
    }
}

impl<'a> Change<'a> {
    pub(in crate::ownership) fn because(mut self, trigger: Option<Trigger>) -> Self {
        self.trigger = trigger;
        self
    }

    pub(super) fn saying(mut self, note: &'a str) -> Self {
        self.note = note;
        self
    }

    pub(super) fn by_handoff(mut self, handoff: &'a ElementId) -> Self {
        self.handoff = Some(handoff);
        self
    }

    /// In this context, and with the receiver's card if there is one.
    pub(super) fn within(mut self, cx: &'a Context<'_>, receiver: Option<&'a Member>) -> Self {
        self.now_ms = cx.now_ms;
        self.cursor = cx.facts.cursor;
        self.cards = [Some(cx.by), receiver, cx.facts.owner.as_ref()]
            .into_iter()
            .flatten()
            .collect();
        self
    }

    /// Refuses to pass an item from agent to agent too often.
    pub(super) fn check_depth(&self) -> Checked {
        let depth = self.depth();
        if depth <= self.state.policy.depth_max {
            return Ok(());
        }
        Err(Refusal::TooDeep {
            item: self.item.clone(),
            depth: self.state.policy.depth_max,
            queue: self.state.policy.fallback_queue.clone(),
        })
    }

    pub(in crate::ownership) fn events(self) -> Vec<Event> {
        let lease_until_ms = self
            .agent()
            .map(|_| self.now_ms + self.state.policy.agent_lease_ms);
        let changed = Event::OwnerChanged {
            item: self.item.clone(),
            owner: self.to.clone(),
            epoch: self.state.epoch(self.item) + 1,
            depth: self.depth(),
            cause: self.cause,
            trigger: self.trigger,
            handoff: self.handoff.cloned(),
            lease_until_ms,
            note: self.note.to_owned(),
        };
        let superseded = self.superseded();
        let gated = self.gated();
        [changed]
            .into_iter()
            .chain(superseded)
            .chain(gated)
            .collect()
    }

    /// The agent who gets the item, if one does.
    fn agent(&self) -> Option<&MemberId> {
        let member = self.to.member()?;
        (self.state.kind(&self.cards, member) == Some(Kind::Agent)).then_some(member)
    }

    fn depth(&self) -> u32 {
        let before = self.state.effective(self.item);
        let last = before.last.as_ref();
        let was_agent =
            last.is_some_and(|last| self.state.kind(&self.cards, last) == Some(Kind::Agent));
        match (&self.to, self.agent()) {
            (Owner::Queue(_) | Owner::Nobody, _) => before.depth,
            (Owner::Member(_), None) => 0,
            (Owner::Member(_), Some(agent)) if was_agent && last != Some(agent) => before.depth + 1,
            (Owner::Member(_), Some(_)) => before.depth,
        }
    }

    /// Offers that end because the pen they offer is no longer the giver's.
    fn superseded(&self) -> impl Iterator<Item = Event> {
        let open = self.state.handoffs.open();
        let ended = open.filter(|handoff| {
            self.state.governs(self.item, &handoff.item) && Some(&handoff.id) != self.handoff
        });
        ended.map(|handoff| Event::HandoffEnded {
            id: handoff.id.clone(),
            status: HandoffStatus::Superseded,
            reason: String::new(),
        })
    }

    /// What an agent that held the item before has to acknowledge.
    fn gated(&self) -> Option<Event> {
        let agent = self.agent()?;
        let since = *self.state.effective(self.item).parted.get(agent)?;
        let decisions = self.state.unacknowledged(self.item, agent);
        let is_current = since == Since::Untouched && decisions.is_empty();
        (!is_current).then(|| Event::Gated {
            item: self.item.clone(),
            member: agent.clone(),
            decisions,
            cursor: self.cursor,
        })
    }
}
