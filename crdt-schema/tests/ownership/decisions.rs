//! DEC: what people decide is acted on once.

use crdt_schema::{
    ids::ElementId,
    ownership::{Command, DecisionStatus, PendingTask},
};

use super::support::*;

fn consume(id: &ElementId, lease: &ElementId) -> Command {
    Command::ConsumeDecision {
        id: id.clone(),
        lease: lease.clone(),
        outcome: "Plan B it is".into(),
    }
}

#[test]
fn dec1_people_decide_with_a_note_and_agents_never_do() {
    let mut world = World::with_plan_at(&planner());
    assert_eq!(
        world.decide(&planner(), "plan").unwrap_err().code(),
        "people_only"
    );
    assert_eq!(world.decide(&vera(), "plan").unwrap_err().code(), "role");
    let silent = Command::PostDecision {
        item: item("plan"),
        question: None,
        title: "No".into(),
        note: " ".into(),
    };
    assert_eq!(world.run(&mara(), silent).unwrap_err().code(), "invalid");
    let id = world.decide(&rita(), "plan").unwrap();
    assert_eq!(world.state.decision(&id).unwrap().by, Some(rita().id));
}

#[test]
fn dec2_the_owner_takes_it_under_a_lease_and_nobody_else_does() {
    let mut world = World::with_plan_at(&planner());
    let id = world.decide(&mara(), "step:s1").unwrap();
    assert_eq!(
        world
            .take_decision(&agent("scout"), &id)
            .unwrap_err()
            .code(),
        "not_owner"
    );
    world.take_decision(&planner(), &id).unwrap();
    assert_eq!(
        world.take_decision(&planner(), &id).unwrap_err().code(),
        "taken"
    );
    let withdraw = Command::WithdrawDecision { id: id.clone() };
    assert_eq!(world.run(&mara(), withdraw).unwrap_err().code(), "taken");
}

#[test]
fn dec2_a_crashed_agents_decision_is_there_again_after_its_lease() {
    let mut world = World::with_plan_at(&planner());
    let id = world.decide(&mara(), "plan").unwrap();
    let first = world.take_decision(&planner(), &id).unwrap();
    let waits = |world: &World| {
        let pending = world.state.pending_for(&planner());
        pending.iter().any(
            |pending| matches!(&pending.task, PendingTask::Decision { decision, .. } if *decision == id),
        )
    };
    assert!(!waits(&world));
    world.see(&planner());
    world.pass(world.state.policy().decision_lease_ms);
    assert!(waits(&world));
    let second = world.take_decision(&planner(), &id).unwrap();
    assert_ne!(first, second);
    assert_eq!(
        world
            .run(&planner(), consume(&id, &first))
            .unwrap_err()
            .code(),
        "fenced"
    );
    world.run(&planner(), consume(&id, &second)).unwrap();
}

#[test]
fn dec3_consuming_twice_answers_what_came_of_it_first() {
    let mut world = World::with_plan_at(&planner());
    let id = world.decide(&mara(), "plan").unwrap();
    let lease = world.take_decision(&planner(), &id).unwrap();
    let first = world.run(&planner(), consume(&id, &lease)).unwrap();
    let records = world.records.len();
    let other = Command::ConsumeDecision {
        id: id.clone(),
        lease,
        outcome: "Something else".into(),
    };
    assert_eq!(world.run(&planner(), other).unwrap(), first);
    assert_eq!(world.records.len(), records);
    assert_eq!(first.result.as_deref(), Some("Plan B it is"));
}

#[test]
fn dec4_only_the_current_lease_of_whoever_took_it_ends_it() {
    let mut world = World::with_plan_at(&planner());
    let decision = world.decide(&mara(), "plan").unwrap();
    let fail = |lease: &ElementId| Command::FailDecision {
        id: decision.clone(),
        lease: lease.clone(),
        reason: "No budget".into(),
    };
    assert_eq!(
        world
            .run(&planner(), fail(&id("guess")))
            .unwrap_err()
            .code(),
        "fenced"
    );
    let lease = world.take_decision(&planner(), &decision).unwrap();
    assert_eq!(
        world
            .run(&planner(), fail(&id("guess")))
            .unwrap_err()
            .code(),
        "fenced"
    );
    assert_eq!(
        world.run(&agent("scout"), fail(&lease)).unwrap_err().code(),
        "fenced"
    );
    world.now_ms += world.state.policy().decision_lease_ms;
    assert_eq!(
        world.run(&planner(), fail(&lease)).unwrap_err().code(),
        "fenced"
    );
    world.see(&planner());
    world.pass(0);
    let lease = world.take_decision(&planner(), &decision).unwrap();
    world.run(&planner(), fail(&lease)).unwrap();
    let view = world.state.decision(&decision).unwrap();
    assert_eq!(view.status, DecisionStatus::Failed);
    assert_eq!(view.outcome.as_deref(), Some("No budget"));
    assert_eq!(
        world
            .take_decision(&planner(), &decision)
            .unwrap_err()
            .code(),
        "ended"
    );
}

#[test]
fn dec5_a_decision_that_nobody_acts_on_is_withdrawn_or_expires() {
    let mut world = World::made_by(&mara());
    let unheard = world.decide(&mara(), "plan").unwrap();
    let withdrawn = world.decide(&rita(), "plan").unwrap();
    let withdraw = |id: &ElementId| Command::WithdrawDecision { id: id.clone() };
    assert_eq!(
        world.run(&rita(), withdraw(&unheard)).unwrap_err().code(),
        "not_yours"
    );
    world.run(&rita(), withdraw(&withdrawn)).unwrap();
    world.pass(world.state.policy().decision_ms);
    let status = |id: &ElementId| world.state.decision(id).unwrap().status;
    assert_eq!(status(&withdrawn), DecisionStatus::Withdrawn);
    assert_eq!(status(&unheard), DecisionStatus::Expired);
}
