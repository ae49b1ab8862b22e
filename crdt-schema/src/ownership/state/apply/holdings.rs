//! Who holds what.

use crate::ownership::{
    event::Event,
    owner::Owner,
    record::Record,
    state::{Held, Since, State},
    views::GateView,
    words::HandoffStatus,
};

pub(super) fn take(state: &mut State, record: &Record, event: &Event) {
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
