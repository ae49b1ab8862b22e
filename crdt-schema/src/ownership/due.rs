//! What time brings about: leases run out, and what waits ends.

use super::{
    event::Event,
    owner::Owner,
    state::{Held, State},
    words::{ApprovalStatus, Cause, DecisionStatus, HandoffStatus, Trigger},
};
use crate::{ids::MemberId, item::Item};

/// When a member was last seen, in milliseconds since the Unix epoch. For those not seen since
/// the workspace was loaded: when it was loaded, or else leases would run out with a restart.
pub type Activity<'a> = &'a dyn Fn(&MemberId) -> Option<u64>;

impl State {
    /// What has become due by `now_ms`: events for a record of nobody's. Empty when nothing has.
    /// `activity` tells when a member was last seen; for those not seen since the workspace was
    /// loaded it tells when that was, or else leases would run out with every restart.
    #[must_use]
    pub fn due(&self, now_ms: u64, activity: Activity<'_>) -> Vec<Event> {
        let mut events = Vec::new();
        for (item, held) in &self.held {
            if self
                .lease_end(held, activity)
                .is_some_and(|end| end <= now_ms)
            {
                self.lapse(item, &mut events);
            }
        }
        let late = self.handoffs.open();
        let late = late.filter(|handoff| handoff.until_ms.is_some_and(|until| until <= now_ms));
        for handoff in late {
            let expired = Event::HandoffEnded {
                id: handoff.id.clone(),
                status: HandoffStatus::Expired,
                reason: String::new(),
            };
            let is_closed = events
                .iter()
                .any(|event| matches!(event, Event::HandoffEnded { id, .. } if *id == handoff.id));
            events.extend((!is_closed).then_some(expired));
        }
        events.extend(self.due_decisions(now_ms));
        events.extend(self.due_approvals(now_ms));
        events
    }

    /// When something becomes due next, in milliseconds since the Unix epoch, as far as
    /// `activity` tells now.
    #[must_use]
    pub fn next_due(&self, activity: Activity<'_>) -> Option<u64> {
        let leases = self.held.values();
        let leases = leases.filter_map(|held| self.lease_end(held, activity));
        let handoffs = self.handoffs.open().filter_map(|handoff| handoff.until_ms);
        let decisions = self.decisions.open().map(|decision| decision.until_ms);
        let approvals = self.approvals.open().map(|approval| approval.until_ms);
        leases
            .chain(handoffs)
            .chain(decisions)
            .chain(approvals)
            .min()
    }

    fn lease_end(&self, held: &Held, activity: Activity<'_>) -> Option<u64> {
        let granted = held.lease_until_ms?;
        let seen = activity(held.owner.member()?);
        let alive = seen.map(|seen| seen.saturating_add(self.policy.agent_lease_ms));
        Some(granted.max(alive.unwrap_or(0)))
    }

    fn lapse(&self, item: &Item, events: &mut Vec<Event>) {
        let to = Owner::Queue(self.policy.fallback_queue.clone());
        let (cause, trigger) = (Cause::LeaseExpired, Some(Trigger::LeaseExpired));
        events.extend(self.change(item, to, cause).because(trigger).events());
    }

    fn due_decisions(&self, now_ms: u64) -> impl Iterator<Item = Event> {
        let due = self.decisions.open();
        let due = due.filter(move |decision| decision.until_ms <= now_ms);
        due.map(move |decision| {
            let id = decision.id.clone();
            let may_wait = decision.waits_until_ms > now_ms;
            if decision.status == DecisionStatus::Taken && may_wait {
                Event::DecisionReturned { id }
            } else {
                Event::DecisionEnded {
                    id,
                    status: DecisionStatus::Expired,
                }
            }
        })
    }

    fn due_approvals(&self, now_ms: u64) -> impl Iterator<Item = Event> {
        let due = self.approvals.open();
        let due = due.filter(move |approval| approval.until_ms <= now_ms);
        due.map(move |approval| {
            let id = approval.id.clone();
            let is_taken = approval.status == ApprovalStatus::Taken;
            if is_taken && !approval.reversible {
                let reason = UNKNOWN_OUTCOME.to_owned();
                Event::ApprovalFailed { id, reason }
            } else if is_taken && approval.waits_until_ms > now_ms {
                Event::ApprovalReturned { id }
            } else {
                Event::ApprovalExpired { id }
            }
        })
    }
}

/// Why an irreversible action failed whose result nobody told in time.
const UNKNOWN_OUTCOME: &str = "unknown outcome: it was started, and nobody said how it ended; \
    it will not be run again under this approval";
