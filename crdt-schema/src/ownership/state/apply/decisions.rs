//! Decisions.

use crate::{
    ids::ElementId,
    ownership::{
        event::Event, record::Record, state::State, views::DecisionView, words::DecisionStatus,
    },
};

pub(super) fn take(state: &mut State, record: &Record, event: &Event) {
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
