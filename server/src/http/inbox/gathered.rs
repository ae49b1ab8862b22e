//! An inbox, gathered from the board.

use std::{cmp::Reverse, sync::Arc};

use crdt_schema::{
    ids::{MemberId, WorkspaceId},
    item::Item,
    member::Member,
    ownership::{Pending, PendingTask, State},
};

use super::{AtWork, Inbox, PutOff, Totals, Waiting, id_of};
use crate::{
    auth::Access,
    board::{Board, Notice},
    snoozes::Snoozed,
};

/// What an inbox lists, before it is known how much of it is shown.
#[derive(Default)]
struct Found {
    needs_you: Vec<(Place, Pending)>,
    snoozed: Vec<(u64, Place, Pending)>,
    working_without_you: Vec<(u64, Place, Item)>,
}

/// A workspace and its notice.
type Place = (WorkspaceId, Arc<Notice>);

impl Inbox {
    /// What waits for `access` at `now_ms` and what goes on without it, up to `limit` in each
    /// list.
    pub(super) fn gather(
        board: &Board,
        access: &Access,
        snoozed: &Snoozed,
        (now_ms, limit): (u64, usize),
    ) -> Self {
        let mut found = Found::default();
        let member = &access.member;
        for place in board.notices() {
            if access.may_open(&place.0) {
                found.add(&place, member, |ws, task| {
                    if snoozed.is_empty() {
                        return None;
                    }
                    let until = snoozed.get(&(ws.clone(), id_of(task))).copied();
                    until.filter(|until| *until > now_ms)
                });
            }
        }
        found.sort();
        found.list(limit)
    }
}

impl Found {
    fn add(
        &mut self,
        place: &Place,
        member: &Member,
        snoozed_until: impl Fn(&WorkspaceId, &PendingTask) -> Option<u64>,
    ) {
        let (ws, notice) = place;
        let pending = notice.open.pending_for(member);
        if pending.is_empty() {
            let at_work = notice.open.at_work();
            let others = at_work.filter(|(_, agent, _)| agent.id != member.id);
            let others = others.map(|(item, _, since_ms)| (since_ms, place.clone(), item.clone()));
            self.working_without_you.extend(others);
        }
        for pending in pending {
            match snoozed_until(ws, &pending.task) {
                Some(until) => self.snoozed.push((until, place.clone(), pending)),
                None => self.needs_you.push((place.clone(), pending)),
            }
        }
    }

    fn sort(&mut self) {
        let urgency = |(_, pending): &(Place, Pending)| (!pending.irreversible, pending.since_ms);
        self.needs_you.sort_by_key(urgency);
        self.snoozed.sort_by_key(|(until, ..)| *until);
        self.working_without_you
            .sort_by_key(|(since_ms, ..)| Reverse(*since_ms));
    }

    fn list(self, limit: usize) -> Inbox {
        let totals = Totals {
            needs_you: self.needs_you.len(),
            working_without_you: self.working_without_you.len(),
            snoozed: self.snoozed.len(),
        };
        let needs_you = self.needs_you.into_iter().take(limit);
        let snoozed = self.snoozed.into_iter().take(limit);
        let working = self.working_without_you.iter().take(limit);
        Inbox {
            needs_you: needs_you
                .map(|(place, pending)| waiting(&place, pending))
                .collect(),
            snoozed: snoozed
                .map(|(snoozed_until_ms, place, pending)| PutOff {
                    waiting: waiting(&place, pending),
                    snoozed_until_ms,
                })
                .collect(),
            working_without_you: working
                .filter_map(|(_, place, item)| at_work(place, item))
                .collect(),
            totals,
        }
    }
}

fn waiting((ws, notice): &Place, pending: Pending) -> Waiting {
    Waiting {
        id: id_of(&pending.task),
        workspace: ws.clone(),
        workspace_title: notice.title.clone(),
        by: asker(&notice.open, &pending.task),
        pending,
    }
}

fn at_work((ws, notice): &Place, item: &Item) -> Option<AtWork> {
    let mut at_work = notice.open.at_work();
    let (item, agent, since_ms) = at_work.find(|(held, ..)| *held == item)?;
    Some(AtWork {
        workspace: ws.clone(),
        workspace_title: notice.title.clone(),
        item: item.clone(),
        agent: agent.clone(),
        since_ms,
    })
}

/// Who asks for something to be done.
fn asker(ledger: &State, task: &PendingTask) -> Option<Member> {
    let by: Option<&MemberId> = match task {
        PendingTask::Answer { approval } => ledger.approval(approval)?.by.as_ref(),
        PendingTask::Act { approval } | PendingTask::Reply { approval } => {
            ledger.approval(approval)?.answers.last()?.by.as_ref()
        }
        PendingTask::Receive { handoff, .. } => ledger.handoff(handoff)?.by.as_ref(),
        PendingTask::Decision { decision, .. } => ledger.decision(decision)?.by.as_ref(),
        PendingTask::Claim { .. } | PendingTask::Resume { .. } => None,
    };
    ledger.member(by?).cloned()
}
