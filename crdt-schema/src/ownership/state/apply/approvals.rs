//! Approvals.

use crate::{
    ids::ElementId,
    ownership::{
        event::Event,
        record::Record,
        state::State,
        views::{Answer, ApprovalView},
        words::{ApprovalStatus, Verdict},
    },
};

pub(super) fn take(state: &mut State, record: &Record, event: &Event) {
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
