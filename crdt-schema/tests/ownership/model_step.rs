//! What may happen in a random history.

use crdt_schema::{
    escalation::Signals,
    ids::ElementId,
    member::{Kind, Member},
    ownership::{
        Action, ActionReport, Command, Judgement, Mode, NewApproval, Policy, Queue, Receiver,
        Signal, Verdict,
    },
};
use proptest::{prelude::*, sample::Index};
use serde_json::json;
use yrs::Transact;

use super::{ITEMS, members};
use crate::support::*;

#[derive(Debug, Clone)]
pub(super) enum Step {
    Pass(u64),
    See(Index),
    Edit(Index, String),
    Command(Ask),
}

/// A command, to be made up from what is there when its turn comes.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) who: Index,
    what: u8,
    of: Index,
    pick: Index,
    other: Index,
    is_late: bool,
    pub(super) key: Option<u8>,
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let ask = (
        any::<Index>(),
        0..30_u8,
        any::<Index>(),
        any::<Index>(),
        any::<Index>(),
        prop::bool::weighted(0.1),
        prop::option::weighted(0.3, 0..6_u8),
    );
    let ask = ask.prop_map(|(who, what, of, pick, other, is_late, key)| Ask {
        who,
        what,
        of,
        pick,
        other,
        is_late,
        key,
    });
    let wait = prop_oneof![1..1_000_u64, 1..20 * MINUTE_MS, 1..9 * DAY_MS];
    prop_oneof![
        20 => ask.prop_map(Step::Command),
        2 => wait.prop_map(Step::Pass),
        3 => any::<Index>().prop_map(Step::See),
        1 => (any::<Index>(), "[ab]{0,2}").prop_map(|(which, text)| Step::Edit(which, text)),
    ]
}

/// The command that `ask` stands for now, if there is anything for it.
pub(super) fn command(world: &World, by: &Member, ask: &Ask) -> Option<Command> {
    let state = &world.state;
    let of = item(ITEMS[ask.of.index(ITEMS.len())]);
    let epoch = state.holding(&of).epoch.saturating_sub(ask.is_late.into());
    let others = members();
    let other = ask.other.get(&others);
    let handoff = || pick(ask, state.handoffs().map(|view| &view.id));
    let text = "as it should be".to_owned();
    Some(match ask.what {
        0..=3 => hand_off(world, ask, other),
        4 => Command::Brief {
            handoff: handoff()?,
            summary: text,
        },
        5 | 6 => Command::Accept {
            handoff: handoff()?,
        },
        7 => Command::Decline {
            handoff: handoff()?,
            reason: text,
        },
        8 => Command::Withdraw {
            handoff: handoff()?,
        },
        9 | 10 => Command::Claim { item: of, epoch },
        11 => Command::Release { item: of, epoch },
        12 => Command::Renew { item: of, epoch },
        13 => Command::TakeOver {
            item: of,
            epoch,
            note: text,
        },
        14 => Command::PostDecision {
            item: of,
            question: None,
            title: text.clone(),
            note: text,
        },
        15..=18 => about_decision(world, ask, text)?,
        19 => Command::AskApproval(approval(ask, other)),
        20..=25 => about_approval(world, ask, text)?,
        26 => {
            let gate = state.holding(&of).gate?;
            let keep = usize::from(!ask.is_late) * gate.decisions.len();
            let decisions = gate.decisions[..keep].to_vec();
            Command::Resume {
                item: of,
                epoch,
                decisions,
                cursor: world.cursor,
            }
        }
        27 => policy_or_queue(ask, by),
        28 => Command::Report(ActionReport {
            item: Some(of),
            what: text.clone(),
            result: text,
            risk: 0.5,
            reversible: ask.is_late,
            undo: None,
        }),
        _ => match pick(ask, state.signals().map(|view| &view.id)) {
            Some(signal) if ask.is_late => Command::Judge {
                signal,
                judgement: Judgement::Right,
            },
            _ => Command::Signal(Signal {
                item: of,
                signals: Signals {
                    confidence: Some(0.5),
                    ..Signals::default()
                },
            }),
        },
    })
}

fn hand_off(world: &World, ask: &Ask, other: &Member) -> Command {
    let of = ITEMS[ask.of.index(ITEMS.len())];
    let to = match ask.pick.index(5) {
        0 => Receiver::Queue(queue("people")),
        1 => Receiver::Queue(queue("bots")),
        _ => Receiver::Member(other.clone()),
    };
    let mode = match ask.what {
        0 | 1 => Mode::Cold,
        _ => Mode::Warm,
    };
    world.hand_off(of, to, mode)
}

fn about_decision(world: &World, ask: &Ask, text: String) -> Option<Command> {
    let id = pick(ask, world.state.decisions().map(|view| &view.id))?;
    let lease = token(world, ask, &id);
    Some(match ask.what {
        15 | 16 => Command::TakeDecision { id },
        17 => Command::ConsumeDecision {
            id,
            lease,
            outcome: text,
        },
        _ if ask.is_late => Command::WithdrawDecision { id },
        _ => Command::FailDecision {
            id,
            lease,
            reason: text,
        },
    })
}

fn about_approval(world: &World, ask: &Ask, text: String) -> Option<Command> {
    let id = pick(ask, world.state.approvals().map(|view| &view.id))?;
    let grant = token(world, ask, &id);
    Some(match ask.what {
        20 | 21 => {
            let verdicts = [
                Verdict::Approve,
                Verdict::Edit,
                Verdict::Decline,
                Verdict::Reply,
            ];
            let verdict = verdicts[ask.other.index(5).min(4) % 4];
            let view = world.state.approval_now(&id, &world.doc.transact())?;
            Command::AnswerApproval {
                id,
                verdict,
                note: text,
                action: (verdict == Verdict::Edit).then(|| Action {
                    kind: view.action.kind.clone(),
                    arguments: json!(ask.pick.index(3)),
                }),
                // Whoever is late answers what was asked.
                seen: (!ask.is_late).then(|| view.content.to_string()),
            }
        }
        22 | 23 => Command::TakeApproval { id },
        24 => Command::ConsumeApproval {
            id,
            grant,
            result: text,
        },
        _ if ask.is_late => Command::WithdrawApproval { id },
        _ => Command::FailApproval {
            id,
            grant,
            reason: text,
        },
    })
}

fn approval(ask: &Ask, other: &Member) -> NewApproval {
    NewApproval {
        reversible: ask.is_late || ask.of.index(2) == 0,
        named: match (ask.pick.index(4), other.kind) {
            (0, Kind::Human) => vec![other.id.clone()],
            _ => Vec::new(),
        },
        ..mail()
    }
}

fn policy_or_queue(ask: &Ask, by: &Member) -> Command {
    match ask.pick.index(3) {
        0 => Command::SetPolicy(Policy {
            release_queue: ask.is_late.then(|| queue("people")),
            decision_lease_ms: 1_000,
            ..Policy::default()
        }),
        1 => Command::RemoveQueue {
            name: queue("bots"),
        },
        _ => Command::SetQueue(Queue {
            name: queue("bots"),
            members: ask.is_late.then(|| by.id.clone()).into_iter().collect(),
            agents: true,
        }),
    }
}

/// The token that a take gave last, or the one before when late.
fn token(world: &World, ask: &Ask, of: &ElementId) -> ElementId {
    let outcomes = world
        .records
        .iter()
        .map(crdt_schema::ownership::Outcome::of);
    let mut tokens: Vec<ElementId> = outcomes
        .filter(|outcome| outcome.id.as_ref() == Some(of))
        .filter_map(|outcome| outcome.lease.or(outcome.grant))
        .collect();
    if ask.is_late {
        tokens.pop();
    }
    tokens.pop().unwrap_or_else(|| id("none"))
}

fn pick<'a>(ask: &Ask, ids: impl Iterator<Item = &'a ElementId>) -> Option<ElementId> {
    let ids: Vec<_> = ids.collect();
    (!ids.is_empty()).then(|| (*ask.pick.get(&ids)).clone())
}
