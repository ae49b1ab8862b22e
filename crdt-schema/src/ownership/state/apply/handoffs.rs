//! Handoffs.

use crate::ownership::{
    event::Event, record::Record, state::State, views::HandoffView, words::HandoffStatus,
};

pub(super) fn take(state: &mut State, record: &Record, event: &Event) {
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
