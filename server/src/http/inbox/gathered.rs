//! An inbox, gathered from the board.

use std::cmp::Reverse;

use crdt_schema::{
    ids::{MemberId, WorkspaceId},
    member::Member,
    ownership::{PendingTask, State},
};

use super::{AtWork, Inbox, PutOff, Totals, Waiting, id_of};
use crate::{
    auth::Access,
    board::{Board, Notice},
    snoozes::Snoozed,
};

impl Inbox {
    /// Everything that waits for `access` at `now_ms`, and what goes on without it.
    pub(super) fn gather(board: &Board, access: &Access, snoozed: &Snoozed, now_ms: u64) -> Self {
        let mut inbox = Self::default();
        for (ws, notice) in board.notices() {
            if access.may_open(&ws) {
                inbox.add(&ws, &notice, (&access.member, snoozed), now_ms);
            }
        }
        inbox
            .needs_you
            .sort_by_key(|waiting| (!waiting.pending.irreversible, waiting.pending.since_ms));
        inbox
            .working_without_you
            .sort_by_key(|work| Reverse(work.since_ms));
        inbox
            .snoozed
            .sort_by_key(|put_off| put_off.snoozed_until_ms);
        inbox.totals = Totals {
            needs_you: inbox.needs_you.len(),
            working_without_you: inbox.working_without_you.len(),
            snoozed: inbox.snoozed.len(),
        };
        inbox
    }

    /// Leaves the first `limit` things in each list.
    pub(super) fn cut(&mut self, limit: usize) {
        self.needs_you.truncate(limit);
        self.working_without_you.truncate(limit);
        self.snoozed.truncate(limit);
    }

    fn add(
        &mut self,
        ws: &WorkspaceId,
        notice: &Notice,
        (member, snoozed): (&Member, &Snoozed),
        now_ms: u64,
    ) {
        let pending = notice.open.pending_for(member);
        if pending.is_empty() {
            let at_work = notice.open.at_work();
            let at_work = at_work.filter(|(_, agent, _)| agent.id != member.id);
            self.working_without_you
                .extend(at_work.map(|(item, agent, since_ms)| AtWork {
                    workspace: ws.clone(),
                    workspace_title: notice.title.clone(),
                    item: item.clone(),
                    agent: agent.clone(),
                    since_ms,
                }));
        }
        for pending in pending {
            let waiting = Waiting {
                id: id_of(&pending.task),
                workspace: ws.clone(),
                workspace_title: notice.title.clone(),
                by: asker(&notice.open, &pending.task),
                pending,
            };
            let until = snoozed.get(&(ws.clone(), waiting.id.clone()));
            match until.filter(|until| **until > now_ms) {
                Some(&snoozed_until_ms) => self.snoozed.push(PutOff {
                    waiting,
                    snoozed_until_ms,
                }),
                None => self.needs_you.push(waiting),
            }
        }
    }
}

/// Who asks for something to be done.
fn asker(ledger: &State, task: &PendingTask) -> Option<Member> {
    let by: Option<&MemberId> = match task {
        PendingTask::Answer { approval } => ledger.approval(approval)?.by.as_ref(),
        PendingTask::Act { approval } => ledger.approval(approval)?.answers.last()?.by.as_ref(),
        PendingTask::Receive { handoff, .. } => ledger.handoff(handoff)?.by.as_ref(),
        PendingTask::Decision { decision, .. } => ledger.decision(decision)?.by.as_ref(),
        PendingTask::Claim { .. } | PendingTask::Resume { .. } => None,
    };
    ledger.member(by?).cloned()
}
