//! What may happen in a random history.

use crdt_schema::{
    escalation::Signals,
    ids::{ElementId, MemberId},
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
    who: Index,
    what: u8,
    of: Index,
    pick: Index,
    other: Index,
    is_late: bool,
    /// Whether the one concerned gives the command, if there is one.
    is_apt: bool,
    pub(super) key: Option<u8>,
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let ask = (
        any::<Index>(),
        what(),
        any::<Index>(),
        any::<Index>(),
        any::<Index>(),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.7),
        prop::option::weighted(0.3, 0..6_u8),
    );
    let ask = ask.prop_map(|(who, what, of, pick, other, is_late, is_apt, key)| Ask {
        who,
        what,
        of,
        pick,
        other,
        is_late,
        is_apt,
        key,
    });
    let wait = prop_oneof![8 => 1..1_000_u64, 4 => 1..8 * MINUTE_MS, 1 => 1..9 * DAY_MS];
    prop_oneof![
        20 => ask.prop_map(Step::Command),
        2 => wait.prop_map(Step::Pass),
        3 => any::<Index>().prop_map(Step::See),
        1 => (any::<Index>(), "[ab]{0,2}").prop_map(|(which, text)| Step::Edit(which, text)),
    ]
}

/// Which command; those that follow on others come more often.
fn what() -> impl Strategy<Value = u8> {
    prop_oneof![
        4 => 0..=3_u8,
        5 => 4..=6_u8,
        1 => 7..=8_u8,
        3 => 9..=13_u8,
        3 => Just(14_u8),
        6 => 15..=18_u8,
        3 => Just(19_u8),
        4 => 20..=21_u8,
        6 => 22..=25_u8,
        4 => Just(26_u8),
        1 => 27..30_u8,
    ]
}

/// Which item; the plan more often than others.
fn of(ask: &Ask) -> &'static str {
    ITEMS
        .get(ask.of.index(2 * ITEMS.len()))
        .unwrap_or(&ITEMS[0])
}

/// Who gives the command.
pub(super) fn author(world: &World, ask: &Ask) -> Member {
    let all = members();
    let concerned = concerned(world, ask).filter(|_| ask.is_apt);
    let concerned = concerned.and_then(|id| all.iter().find(|member| member.id == id));
    concerned.unwrap_or_else(|| ask.who.get(&all)).clone()
}

/// The one who may give it, where that is one member.
fn concerned(world: &World, ask: &Ask) -> Option<MemberId> {
    let state = &world.state;
    let owner = |of| state.holding(of).owner.member().cloned();
    match ask.what {
        0..=3 | 11 | 12 | 26 => owner(&item(of(ask))),
        4..=7 => {
            let id = handoff(world, ask)?;
            state.handoff(&id)?.to.member().cloned()
        }
        15..=18 => {
            let id = decision(world, ask)?;
            owner(&state.decision(&id)?.item)
        }
        20 | 21 => {
            let id = asked(world, ask)?;
            let named = state.approval(&id)?.named.first().cloned();
            named.or(Some(rita().id))
        }
        22..=25 => {
            let id = asked(world, ask)?;
            state.approval(&id)?.by.clone()
        }
        _ => None,
    }
}

/// The command that `ask` stands for now, if there is anything for it.
pub(super) fn command(world: &World, by: &Member, ask: &Ask) -> Option<Command> {
    let state = &world.state;
    let of = item(of(ask));
    let epoch = state.holding(&of).epoch.saturating_sub(ask.is_late.into());
    let others = members();
    let other = ask.other.get(&others);
    let handoff = || handoff(world, ask);
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
    let of = of(ask);
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
    let id = decision(world, ask)?;
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
    let id = asked(world, ask)?;
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

fn handoff(world: &World, ask: &Ask) -> Option<ElementId> {
    let some = world.state.handoffs();
    let some = some.filter(|view| ask.is_late || view.status.is_open());
    pick(ask, some.map(|view| &view.id))
}

fn decision(world: &World, ask: &Ask) -> Option<ElementId> {
    let some = world.state.decisions();
    let some = some.filter(|view| ask.is_late || view.status.is_open());
    pick(ask, some.map(|view| &view.id))
}

fn asked(world: &World, ask: &Ask) -> Option<ElementId> {
    let some = world.state.approvals();
    let some = some.filter(|view| ask.is_late || view.status.is_open());
    pick(ask, some.map(|view| &view.id))
}

fn pick<'a>(ask: &Ask, ids: impl Iterator<Item = &'a ElementId>) -> Option<ElementId> {
    let ids: Vec<_> = ids.collect();
    (!ids.is_empty()).then(|| (*ask.pick.get(&ids)).clone())
}
