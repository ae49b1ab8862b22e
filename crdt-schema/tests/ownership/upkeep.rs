//! OWN14 to OWN18: ends, limits, rules, reports, and what waits for a member.

use crdt_schema::{
    escalation::{Advice, Band},
    member::{Kind, Member, Role},
    ownership::{
        ActionReport, Command, Judgement, NewApproval, PendingTask, Policy, Queue, Signal, Verdict,
        limits::{ACTION_DEPTH_MAX, NOTE_CHARS_MAX, OPEN_APPROVALS_MAX, QUEUES_MAX},
    },
};
use serde_json::{Value, json};

use super::support::*;

#[test]
fn own14_next_due_tells_when_something_ends_and_nothing_does_before() {
    let mut world = World::with_plan_at(&planner());
    world.offer(&planner(), "plan", &ravi());
    world.ask(&planner(), mail());
    let mut ends = 0;
    while let Some(due) = world.next_due() {
        let wait = due.saturating_sub(world.now_ms);
        if wait > 0 {
            world.now_ms += wait - 1;
            assert_eq!(world.due(), []);
            world.now_ms += 1;
        }
        assert_ne!(world.due(), []);
        world.pass(0);
        assert_eq!(world.due(), []);
        ends += 1;
    }
    // The lease, which supersedes the offer, and the approval.
    assert_eq!(ends, 2);
}

#[test]
fn own15_texts_and_open_things_are_bounded_and_the_refusal_names_the_limit() {
    let mut world = World::with_plan_at(&planner());
    let long = NewApproval {
        why: "é".repeat(NOTE_CHARS_MAX + 1),
        ..mail()
    };
    let refusal = world
        .run(&planner(), Command::AskApproval(long))
        .unwrap_err();
    assert!(refusal.to_string().contains("4000"), "{refusal}");
    let fits = NewApproval {
        why: "é".repeat(NOTE_CHARS_MAX),
        ..mail()
    };
    for _ in 0..OPEN_APPROVALS_MAX {
        world.ask(&planner(), fits.clone());
    }
    let refusal = world
        .run(&planner(), Command::AskApproval(mail()))
        .unwrap_err();
    assert_eq!(refusal.code(), "limit");
    assert!(refusal.to_string().contains("200"), "{refusal}");

    for n in 1..QUEUES_MAX {
        world.run(&mara(), set_queue(&format!("q{n}"))).unwrap();
    }
    assert_eq!(
        world
            .run(&mara(), set_queue("one-more"))
            .unwrap_err()
            .code(),
        "limit"
    );
    world.run(&mara(), set_queue("q1")).unwrap();
}

#[test]
fn own15_actions_that_no_record_could_hold_are_refused() {
    let mut world = World::with_plan_at(&planner());
    let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    let ask = |arguments: Value| {
        let mut ask = mail();
        ask.action.arguments = arguments;
        Command::AskApproval(ask)
    };
    world
        .run(&planner(), ask(nested(ACTION_DEPTH_MAX)))
        .unwrap();
    let deep = ask(nested(ACTION_DEPTH_MAX + 1));
    assert_eq!(world.run(&planner(), deep).unwrap_err().code(), "invalid");
    let large = ask("x".repeat(100_000).into());
    assert_eq!(world.run(&planner(), large).unwrap_err().code(), "invalid");
    for risk in [-0.1, 1.1, f64::NAN] {
        let ask = NewApproval { risk, ..mail() };
        let refused = world
            .run(&planner(), Command::AskApproval(ask))
            .unwrap_err();
        assert_eq!(refused.code(), "invalid");
    }
}

fn set_queue(name: &str) -> Command {
    Command::SetQueue(Queue {
        name: queue(name),
        members: Vec::new(),
        agents: false,
    })
}

#[test]
fn own16_admins_set_the_policy_and_editors_the_queues_but_agents_neither() {
    let mut world = World::made_by(&mara());
    let chief = member("chief", Kind::Agent, Role::Admin);
    let policy = |policy| Command::SetPolicy(policy);
    let default = Policy::default;
    assert_eq!(
        world.run(&ravi(), policy(default())).unwrap_err().code(),
        "role"
    );
    assert_eq!(
        world.run(&chief, policy(default())).unwrap_err().code(),
        "people_only"
    );
    assert_eq!(
        world.run(&chief, set_queue("mine")).unwrap_err().code(),
        "people_only"
    );
    let unsound = [
        Policy {
            offer_ms: 0,
            ..default()
        },
        Policy {
            fallback_queue: queue("nowhere"),
            ..default()
        },
        Policy {
            band: Band {
                low: 0.3,
                ..Band::default()
            },
            ..default()
        },
        Policy {
            depth_max: 1_000,
            ..default()
        },
    ];
    for unsound in unsound {
        assert!(world.run(&mara(), policy(unsound)).is_err());
    }
    assert_eq!(world.state.policy(), &default());
}

#[test]
fn own16_a_queue_in_use_stays() {
    let mut world = World::made_by(&mara());
    world.run(&ravi(), set_queue("legal")).unwrap();
    world.hand_to_queue(&mara(), "plan", "legal");
    let remove = |name: &str| Command::RemoveQueue { name: queue(name) };
    assert_eq!(
        world.run(&ravi(), remove("people")).unwrap_err().code(),
        "queue_in_use"
    );
    assert_eq!(
        world.run(&ravi(), remove("legal")).unwrap_err().code(),
        "queue_in_use"
    );
    assert_eq!(
        world.run(&ravi(), remove("nowhere")).unwrap_err().code(),
        "no_such_queue"
    );
    world.claim(&ravi(), "plan").unwrap();
    world.run(&ravi(), remove("legal")).unwrap();
    assert_eq!(world.state.queues().count(), 1);
}

#[test]
fn own17_reports_are_listed_riskiest_first_then_lasting_then_newest() {
    let mut world = World::made_by(&mara());
    for (what, risk, reversible) in [
        ("a", 0.2, true),
        ("b", 0.9, true),
        ("c", 0.9, false),
        ("d", 0.2, true),
    ] {
        let report = ActionReport {
            item: None,
            what: what.into(),
            result: "done".into(),
            risk,
            reversible,
            undo: None,
        };
        world.run(&planner(), Command::Report(report)).unwrap();
    }
    let order: Vec<_> = world
        .state
        .actions()
        .iter()
        .map(|view| view.report.what.clone())
        .collect();
    assert_eq!(order, ["c", "b", "d", "a"]);
}

/// The kinds of what waits for a member, in order.
fn kinds(world: &World, member: &Member) -> Vec<String> {
    let pending = world.state.pending_for(member).into_iter();
    let json = pending.map(|pending| serde_json::to_value(&pending).unwrap());
    json.map(|json| json["kind"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn own18_what_waits_for_a_member_is_listed_irreversible_first_then_oldest() {
    let mut world = World::with_plan_at(&planner());
    world.hand_to_queue(&mara(), "task:t1", "people");
    world.pass(1);
    world.offer(&planner(), "plan", &ravi());
    world.pass(1);
    let ask = NewApproval {
        reversible: true,
        ..mail()
    };
    world.ask(&planner(), ask);
    world.pass(1);
    world.ask(&planner(), mail());
    assert_eq!(
        kinds(&world, &ravi()),
        ["answer", "claim", "receive", "answer"]
    );
    assert!(world.state.pending_for(&ravi())[0].irreversible);
    assert_eq!(kinds(&world, &rita()), ["answer", "answer"]);
    assert!(kinds(&world, &vera()).is_empty() && kinds(&world, &planner()).is_empty());
    let asked = world.state.approvals().next().unwrap().id.clone();
    let reply = Command::AnswerApproval {
        id: asked,
        verdict: Verdict::Reply,
        note: "To whom exactly?".into(),
        action: None,
        seen: None,
    };
    world.run(&rita(), reply).unwrap();
    assert_eq!(kinds(&world, &planner()), ["reply"]);
    assert_eq!(kinds(&world, &rita()), ["answer", "answer"]);

    world.take_over(&mara(), "plan").unwrap();
    world.decide(&mara(), "plan").unwrap();
    world.hand(&mara(), "plan", &planner()).unwrap();
    let mut waits = kinds(&world, &planner());
    waits.retain(|kind| kind != "reply");
    assert_eq!(waits, ["decision", "resume"]);
    let pending = world.state.pending_for(&planner());
    let resume = pending.iter().find_map(|pending| match &pending.task {
        PendingTask::Resume {
            item,
            epoch,
            decisions,
            cursor,
        } => Some(Command::Resume {
            item: item.clone(),
            epoch: *epoch,
            decisions: decisions.clone(),
            cursor: *cursor,
        }),
        _ => None,
    });
    world.run(&planner(), resume.unwrap()).unwrap();
    assert_eq!(kinds(&world, &planner()), ["reply", "decision"]);
}

#[test]
fn esc6_of_what_agents_did_not_ask_about_people_judge_a_random_share() {
    let mut world = World::made_by(&mara());
    let signal = |confidence: f64| {
        let signal = Signal {
            item: item("plan"),
            signals: serde_json::from_value(json!({ "confidence": confidence })).unwrap(),
        };
        Command::Signal(signal)
    };
    let audited = |world: &World| world.state.signals().filter(|view| view.audit).count();
    for _ in 0..100 {
        world.run(&planner(), signal(0.9)).unwrap();
    }
    assert_eq!(audited(&world), 0, "off, if nobody asks for it");
    let share = |audit_share| {
        Command::SetPolicy(Policy {
            audit_share,
            ..Policy::default()
        })
    };
    for beyond in [-0.1, 1.1, f64::NAN] {
        let refused = world.run(&mara(), share(beyond)).unwrap_err();
        assert!(refused.to_string().contains("audit_share"), "{refused}");
    }
    world.run(&mara(), share(0.3)).unwrap();
    for _ in 0..200 {
        world.run(&planner(), signal(0.9)).unwrap();
        world.run(&planner(), signal(0.1)).unwrap();
    }
    assert!((30..=90).contains(&audited(&world)), "{}", audited(&world));
    let mut audited = world.state.signals().filter(|view| view.audit);
    assert!(audited.all(|view| view.advice == Advice::GoOn));
}

#[test]
fn esc5_people_judge_how_sure_agents_were_and_agents_do_not() {
    let mut world = World::made_by(&mara());
    let signal = Signal {
        item: item("plan"),
        signals: serde_json::from_value(json!({"confidence": 0.9})).unwrap(),
    };
    let outcome = world.run(&planner(), Command::Signal(signal)).unwrap();
    let judge = |judgement| Command::Judge {
        signal: outcome.id.clone().unwrap(),
        judgement,
    };
    let by_agent = world.run(&planner(), judge(Judgement::Right)).unwrap_err();
    assert_eq!(by_agent.code(), "people_only");
    world.run(&rita(), judge(Judgement::Wrong)).unwrap();
    let view = world.state.signals().next().unwrap();
    assert_eq!(view.judgement, Some(Judgement::Wrong));
}
