//! What waits for a member.

use super::State;
use crate::{
    ids::MemberId,
    item::Item,
    member::{Kind, Member, Role},
    ownership::{
        owner::Owner,
        policy::Queue,
        views::{ApprovalView, Briefed, DecisionView, HandoffView, Pending, PendingTask},
        words::{ApprovalStatus, DecisionStatus, HandoffStatus},
    },
};

impl State {
    /// What waits for `member`: what cannot be undone first, then what waits longest.
    #[must_use]
    pub fn pending_for(&self, member: &Member) -> Vec<Pending> {
        let answers = self.approvals.open();
        let answers = answers.filter_map(|approval| self.approval_task(approval, member));
        let handoffs = self.handoffs.open();
        let handoffs = handoffs.filter_map(|handoff| handoff_task(handoff, &member.id));
        let decisions = self.decisions.open();
        let decisions = decisions.filter_map(|decision| self.decision_task(decision, member));
        let claims = self.claim_tasks(member);
        let gates = self.gate_tasks(&member.id);
        let mut pending: Vec<Pending> = answers
            .chain(handoffs)
            .chain(decisions)
            .chain(claims)
            .chain(gates)
            .collect();
        pending.sort_by_key(|pending| (!pending.irreversible, pending.since_ms));
        pending
    }

    /// The items that agents hold, each with the agent and since when.
    pub fn at_work(&self) -> impl Iterator<Item = (&Item, &Member, u64)> {
        self.held.iter().filter_map(|(item, held)| {
            let member = self.member(held.owner.member()?)?;
            (member.kind == Kind::Agent).then_some((item, member, held.since_ms))
        })
    }

    /// Whether `member` may answer an approval.
    pub(in crate::ownership) fn may_answer(approval: &ApprovalView, member: &Member) -> bool {
        member.kind == Kind::Human
            && member.role >= Role::Reviewer
            && (approval.named.is_empty() || approval.named.contains(&member.id))
    }

    /// Why `member` may not claim from a queue, if so.
    pub(in crate::ownership) fn objection(queue: &Queue, member: &Member) -> Option<&'static str> {
        if member.kind == Kind::Agent && !queue.agents {
            Some("it is for people")
        } else if !queue.members.is_empty() && !queue.members.contains(&member.id) {
            Some("you are not one of its members")
        } else {
            None
        }
    }

    fn approval_task(&self, approval: &ApprovalView, member: &Member) -> Option<Pending> {
        let is_own = approval.by.as_ref() == Some(&member.id);
        let task = match approval.status {
            // While it is asked, whatever was said to it is a reply.
            ApprovalStatus::Asked if is_own && !approval.answers.is_empty() => PendingTask::Reply {
                approval: approval.id.clone(),
            },
            ApprovalStatus::Asked if Self::may_answer(approval, member) => PendingTask::Answer {
                approval: approval.id.clone(),
            },
            ApprovalStatus::Approved if is_own => PendingTask::Act {
                approval: approval.id.clone(),
            },
            ApprovalStatus::Asked
            | ApprovalStatus::Approved
            | ApprovalStatus::Declined
            | ApprovalStatus::Taken
            | ApprovalStatus::Consumed
            | ApprovalStatus::Failed
            | ApprovalStatus::Withdrawn
            | ApprovalStatus::Expired
            | ApprovalStatus::Void => return None,
        };
        Some(Pending {
            task,
            title: approval.title.clone(),
            since_ms: approval.at_ms,
            until_ms: Some(approval.until_ms),
            irreversible: !approval.reversible,
        })
    }

    fn decision_task(&self, decision: &DecisionView, member: &Member) -> Option<Pending> {
        let waits = decision.status == DecisionStatus::Decided
            && member.kind == Kind::Agent
            && self.effective(&decision.item).owner.member() == Some(&member.id);
        waits.then(|| Pending {
            task: PendingTask::Decision {
                decision: decision.id.clone(),
                item: decision.item.clone(),
            },
            title: decision.title.clone(),
            since_ms: decision.at_ms,
            until_ms: Some(decision.until_ms),
            irreversible: false,
        })
    }

    fn claim_tasks(&self, member: &Member) -> impl Iterator<Item = Pending> {
        self.held.iter().filter_map(move |(item, held)| {
            let Owner::Queue(name) = &held.owner else {
                return None;
            };
            let queue = self.queues.get(name)?;
            let may = member.role >= Role::Editor && Self::objection(queue, member).is_none();
            may.then(|| waiting(item, held.epoch, held.since_ms, queue))
        })
    }

    fn gate_tasks(&self, member: &MemberId) -> impl Iterator<Item = Pending> {
        self.held.iter().filter_map(move |(item, held)| {
            let gate = held.gate.as_ref()?;
            (held.owner.member() == Some(member)).then(|| Pending {
                task: PendingTask::Resume {
                    item: item.clone(),
                    epoch: held.epoch,
                    decisions: gate.decisions.clone(),
                    cursor: gate.cursor,
                },
                title: format!("catch up on {item}"),
                since_ms: held.since_ms,
                until_ms: None,
                irreversible: false,
            })
        })
    }
}

fn handoff_task(handoff: &HandoffView, member: &MemberId) -> Option<Pending> {
    let briefed = match handoff.status {
        HandoffStatus::Offered => Briefed::No,
        HandoffStatus::Briefed => Briefed::Yes,
        HandoffStatus::Accepted
        | HandoffStatus::Declined
        | HandoffStatus::Withdrawn
        | HandoffStatus::Expired
        | HandoffStatus::Superseded => return None,
    };
    (handoff.to.member() == Some(member)).then(|| Pending {
        task: PendingTask::Receive {
            handoff: handoff.id.clone(),
            item: handoff.item.clone(),
            briefed,
        },
        title: handoff.reason.note.clone(),
        since_ms: handoff.at_ms,
        until_ms: handoff.until_ms,
        irreversible: false,
    })
}

fn waiting(item: &Item, epoch: u64, since_ms: u64, queue: &Queue) -> Pending {
    Pending {
        task: PendingTask::Claim {
            item: item.clone(),
            queue: queue.name.clone(),
            epoch,
        },
        title: format!("{item} waits in the queue {}", queue.name),
        since_ms,
        until_ms: None,
        irreversible: false,
    }
}
