//! Taking events in. Total: an event about what is not there changes nothing.

use std::collections::VecDeque;

use super::{Held, Since, State};
use crate::{
    ids::ElementId,
    ownership::{
        event::Event,
        limits::REPORTS_KEPT,
        owner::Owner,
        record::Record,
        views::{
            ActionView, Answer, ApprovalView, DecisionView, GateView, HandoffView, SignalView,
        },
        words::{ApprovalStatus, DecisionStatus, HandoffStatus, Verdict},
    },
};

pub(super) fn event(state: &mut State, record: &Record, event: &Event) {
    match event {
        Event::MemberKnown { member } => {
            state.members.insert(member.id.clone(), member.clone());
        }
        Event::OwnerChanged { .. }
        | Event::LeaseRenewed { .. }
        | Event::Gated { .. }
        | Event::Resumed { .. } => holding(state, record, event),
        Event::HandoffOffered { .. }
        | Event::HandoffBriefed { .. }
        | Event::HandoffEnded { .. } => handoff(state, record, event),
        Event::DecisionPosted { .. }
        | Event::DecisionTaken { .. }
        | Event::DecisionReturned { .. }
        | Event::DecisionConsumed { .. }
        | Event::DecisionFailed { .. }
        | Event::DecisionEnded { .. } => decision(state, record, event),
        Event::ApprovalAsked { .. }
        | Event::ApprovalAnswered { .. }
        | Event::ApprovalTaken { .. }
        | Event::ApprovalReturned { .. }
        | Event::ApprovalVoided { .. }
        | Event::ApprovalConsumed { .. }
        | Event::ApprovalFailed { .. }
        | Event::ApprovalWithdrawn { .. }
        | Event::ApprovalExpired { .. } => approval(state, record, event),
        Event::Reported { id, report } => {
            let view = ActionView {
                id: id.clone(),
                by: record.by.clone(),
                at_ms: record.at_ms,
                report: report.clone(),
            };
            keep(&mut state.actions, view);
        }
        Event::Signalled { id, signal, advice } => {
            let view = SignalView {
                id: id.clone(),
                by: record.by.clone(),
                at_ms: record.at_ms,
                signal: signal.clone(),
                advice: *advice,
                judgement: None,
            };
            keep(&mut state.signals, view);
        }
        Event::Judged { signal, judgement } => {
            let judged = state.signals.iter_mut().find(|view| view.id == *signal);
            if let Some(view) = judged {
                view.judgement = Some(*judgement);
            }
        }
        Event::PolicySet { policy } => state.policy = policy.clone(),
        Event::QueueSet { queue } => {
            state.queues.insert(queue.name.clone(), queue.clone());
        }
        Event::QueueRemoved { name } => {
            state.queues.remove(name);
        }
        Event::Keyed { .. } | Event::Noted { .. } => {}
    }
}

fn holding(state: &mut State, record: &Record, event: &Event) {
    match event {
        Event::OwnerChanged { item, .. } => {
            let held = owner_changed(state, record, event);
            state.held.extend(held.map(|held| (item.clone(), held)));
        }
        Event::LeaseRenewed { item, until_ms } => {
            if let Some(held) = state.held.get_mut(item) {
                held.lease_until_ms = Some(*until_ms);
            }
        }
        Event::Gated {
            item,
            decisions,
            cursor,
            ..
        } => {
            if let Some(held) = state.held.get_mut(item) {
                held.gate = Some(GateView {
                    decisions: decisions.clone(),
                    cursor: *cursor,
                });
            }
        }
        Event::Resumed {
            item,
            member,
            decisions,
            ..
        } => {
            if let Some(held) = state.held.get_mut(item) {
                held.gate = None;
            }
            for id in decisions {
                state.decisions.change(id, |decision| {
                    if !decision.acknowledged.contains(member) {
                        decision.acknowledged.push(member.clone());
                    }
                });
            }
        }
        _ => unreachable!("not about who holds what"),
    }
}

/// How the item is held after the change.
fn owner_changed(state: &mut State, record: &Record, event: &Event) -> Option<Held> {
    let Event::OwnerChanged {
        item,
        owner,
        epoch,
        depth,
        handoff,
        lease_until_ms,
        ..
    } = event
    else {
        return None;
    };
    if let Some(id) = handoff {
        state.handoffs.change(id, |handoff| {
            handoff.status = HandoffStatus::Accepted;
            handoff.ended_ms = Some(record.at_ms);
        });
    }
    let before = state.effective(item).clone();
    let mut parted = before.parted;
    if let Owner::Member(giver) = &before.owner
        && state.is_agent(giver)
    {
        let since = match before.gate {
            Some(_) => Since::HeldByOthers,
            None => Since::Untouched,
        };
        parted.insert(giver.clone(), since);
    }
    if let Owner::Member(receiver) = owner {
        parted.remove(receiver);
        parted
            .values_mut()
            .for_each(|since| *since = Since::HeldByOthers);
    }
    Some(Held {
        owner: owner.clone(),
        epoch: *epoch,
        since_ms: record.at_ms,
        lease_until_ms: *lease_until_ms,
        depth: *depth,
        last: owner.member().cloned().or(before.last),
        gate: None,
        parted,
    })
}

fn handoff(state: &mut State, record: &Record, event: &Event) {
    match event {
        Event::HandoffOffered {
            id,
            item,
            from,
            to,
            mode,
            reason,
            emergency,
            missing,
            until_ms,
        } => {
            let view = HandoffView {
                id: id.clone(),
                item: item.clone(),
                from: from.clone(),
                by: record.by.clone(),
                to: to.clone(),
                mode: *mode,
                reason: reason.clone(),
                emergency: *emergency,
                missing: missing.clone(),
                status: HandoffStatus::Offered,
                at_ms: record.at_ms,
                until_ms: *until_ms,
                summary: None,
                declined_because: None,
                ended_ms: None,
            };
            state.handoffs.add(id, view);
        }
        Event::HandoffBriefed { id, summary } => state.handoffs.change(id, |handoff| {
            handoff.status = HandoffStatus::Briefed;
            handoff.summary = Some(summary.clone());
        }),
        Event::HandoffEnded { id, status, reason } => state.handoffs.change(id, |handoff| {
            handoff.status = *status;
            handoff.declined_because = (*status == HandoffStatus::Declined).then(|| reason.clone());
            handoff.ended_ms = Some(record.at_ms);
        }),
        _ => unreachable!("not about a handoff"),
    }
}

fn decision(state: &mut State, record: &Record, event: &Event) {
    let mut end = |id: &ElementId, status, outcome: Option<&String>| {
        state.decisions.change(id, |decision| {
            decision.status = status;
            decision.outcome = outcome.cloned();
            decision.ended_ms = Some(record.at_ms);
            decision.ended_no = record.no;
        });
    };
    match event {
        Event::DecisionPosted {
            id,
            item,
            question,
            title,
            note,
            until_ms,
        } => {
            let view = DecisionView {
                id: id.clone(),
                item: item.clone(),
                question: question.clone(),
                title: title.clone(),
                note: note.clone(),
                by: record.by.clone(),
                at_ms: record.at_ms,
                status: DecisionStatus::Decided,
                until_ms: *until_ms,
                taken_by: None,
                outcome: None,
                ended_ms: None,
                acknowledged: Vec::new(),
                lease: None,
                waits_until_ms: *until_ms,
                ended_no: 0,
            };
            state.decisions.add(id, view);
        }
        Event::DecisionTaken {
            id,
            lease,
            until_ms,
        } => state.decisions.change(id, |decision| {
            decision.status = DecisionStatus::Taken;
            decision.taken_by = record.by.clone();
            decision.until_ms = *until_ms;
            decision.lease = Some(lease.clone());
            if let Some(by) = &record.by
                && !decision.acknowledged.contains(by)
            {
                decision.acknowledged.push(by.clone());
            }
        }),
        Event::DecisionReturned { id } => state.decisions.change(id, |decision| {
            decision.status = DecisionStatus::Decided;
            decision.taken_by = None;
            decision.until_ms = decision.waits_until_ms;
            decision.lease = None;
        }),
        Event::DecisionConsumed { id, outcome } => {
            end(id, DecisionStatus::Consumed, Some(outcome));
        }
        Event::DecisionFailed { id, reason } => end(id, DecisionStatus::Failed, Some(reason)),
        Event::DecisionEnded { id, status } => end(id, *status, None),
        _ => unreachable!("not about a decision"),
    }
}

fn approval(state: &mut State, record: &Record, event: &Event) {
    let mut end = |id: &ElementId, status, result: Option<&String>| {
        state.approvals.change(id, |approval| {
            approval.status = status;
            approval.result = result.cloned();
            approval.ended_ms = Some(record.at_ms);
            approval.ended_no = record.no;
        });
    };
    match event {
        Event::ApprovalAsked { id, .. } => {
            if let Some(view) = asked(record, event) {
                state.approvals.add(id, view);
            }
        }
        Event::ApprovalAnswered { id, .. } => state
            .approvals
            .change(id, |approval| answered(approval, record, event)),
        Event::ApprovalTaken {
            id,
            grant,
            until_ms,
        } => state.approvals.change(id, |approval| {
            approval.status = ApprovalStatus::Taken;
            approval.until_ms = *until_ms;
            approval.grant = Some(grant.clone());
        }),
        Event::ApprovalReturned { id } => state.approvals.change(id, |approval| {
            approval.status = ApprovalStatus::Approved;
            approval.until_ms = approval.waits_until_ms;
            approval.grant = None;
        }),
        Event::ApprovalVoided { id, content } => {
            end(id, ApprovalStatus::Void, None);
            state
                .approvals
                .change(id, |approval| approval.content = *content);
        }
        Event::ApprovalConsumed { id, result } => {
            end(id, ApprovalStatus::Consumed, Some(result));
        }
        Event::ApprovalFailed { id, reason } => end(id, ApprovalStatus::Failed, Some(reason)),
        Event::ApprovalWithdrawn { id } => end(id, ApprovalStatus::Withdrawn, None),
        Event::ApprovalExpired { id } => end(id, ApprovalStatus::Expired, None),
        _ => unreachable!("not about an approval"),
    }
}

fn asked(record: &Record, event: &Event) -> Option<ApprovalView> {
    let Event::ApprovalAsked {
        id,
        ask,
        scope_hash,
        content,
        until_ms,
    } = event
    else {
        return None;
    };
    Some(ApprovalView {
        id: id.clone(),
        title: ask.title.clone(),
        action: ask.action.clone(),
        why: ask.why.clone(),
        if_approved: ask.if_approved.clone(),
        if_declined: ask.if_declined.clone(),
        reversible: ask.reversible,
        risk: ask.risk,
        scope: ask.scope.clone(),
        named: ask.named.clone(),
        by: record.by.clone(),
        at_ms: record.at_ms,
        status: ApprovalStatus::Asked,
        until_ms: *until_ms,
        content: *content,
        changed: false,
        answers: Vec::new(),
        result: None,
        ended_ms: None,
        scope_hash: Some(*scope_hash),
        grant: None,
        waits_until_ms: *until_ms,
        ended_no: 0,
    })
}

fn answered(approval: &mut ApprovalView, record: &Record, event: &Event) {
    let Event::ApprovalAnswered {
        verdict,
        note,
        action,
        scope_hash,
        content,
        until_ms,
        ..
    } = event
    else {
        return;
    };
    approval.answers.push(Answer {
        by: record.by.clone(),
        at_ms: record.at_ms,
        verdict: *verdict,
        note: note.clone(),
    });
    match verdict {
        Verdict::Reply => {}
        Verdict::Decline => {
            approval.status = ApprovalStatus::Declined;
            approval.ended_ms = Some(record.at_ms);
            approval.ended_no = record.no;
        }
        Verdict::Approve | Verdict::Edit => {
            approval.status = ApprovalStatus::Approved;
            approval.scope_hash = Some(*scope_hash);
            approval.content = *content;
            if let Some(action) = action {
                approval.action = action.clone();
            }
            if let Some(until_ms) = until_ms {
                approval.until_ms = *until_ms;
                approval.waits_until_ms = *until_ms;
            }
        }
    }
}

fn keep<T>(kept: &mut VecDeque<T>, new: T) {
    kept.push_back(new);
    if kept.len() > REPORTS_KEPT {
        kept.pop_front();
    }
}
