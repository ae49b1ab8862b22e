//! Taking events in. Total: an event about what is not there changes nothing.

use std::collections::VecDeque;

use super::State;
use crate::ownership::{
    event::Event,
    limits::REPORTS_KEPT,
    record::Record,
    views::{ActionView, SignalView},
};

mod approvals;
mod decisions;
mod handoffs;
mod holdings;

pub(super) fn event(state: &mut State, record: &Record, event: &Event) {
    match event {
        Event::MemberKnown { member } => {
            state.members.insert(member.id.clone(), member.clone());
        }
        Event::OwnerChanged { .. }
        | Event::LeaseRenewed { .. }
        | Event::Gated { .. }
        | Event::Resumed { .. } => holdings::take(state, record, event),
        Event::HandoffOffered { .. }
        | Event::HandoffBriefed { .. }
        | Event::HandoffEnded { .. } => handoffs::take(state, record, event),
        Event::DecisionPosted { .. }
        | Event::DecisionTaken { .. }
        | Event::DecisionReturned { .. }
        | Event::DecisionConsumed { .. }
        | Event::DecisionFailed { .. }
        | Event::DecisionEnded { .. } => decisions::take(state, record, event),
        Event::ApprovalAsked { .. }
        | Event::ApprovalAnswered { .. }
        | Event::ApprovalTaken { .. }
        | Event::ApprovalReturned { .. }
        | Event::ApprovalVoided { .. }
        | Event::ApprovalConsumed { .. }
        | Event::ApprovalFailed { .. }
        | Event::ApprovalWithdrawn { .. }
        | Event::ApprovalExpired { .. } => approvals::take(state, record, event),
        Event::Reported { id, report } => {
            let view = ActionView {
                id: id.clone(),
                by: record.by.clone(),
                at_ms: record.at_ms,
                report: report.clone(),
            };
            keep(&mut state.actions, view);
        }
        Event::Signalled {
            id,
            signal,
            advice,
            audit,
        } => {
            let view = SignalView {
                id: id.clone(),
                by: record.by.clone(),
                at_ms: record.at_ms,
                signal: signal.clone(),
                advice: *advice,
                audit: *audit,
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

fn keep<T>(kept: &mut VecDeque<T>, new: T) {
    kept.push_back(new);
    if kept.len() > REPORTS_KEPT {
        kept.pop_front();
    }
}
