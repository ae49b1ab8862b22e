//! APR: nothing is run but what a person approved.

use crdt_schema::{
    ids::ElementId,
    member::Member,
    ownership::{
        Action, ApprovalStatus, Command, NewApproval, Outcome, PLAN_ACTION, Policy, Refusal,
        Verdict,
    },
    schema::{NewStep, Place, Workspace, words::Tier},
};
use serde_json::json;
use yrs::Transact;

use super::support::*;

fn answer(id: &ElementId, verdict: Verdict, seen: Option<String>) -> Command {
    Command::AnswerApproval {
        id: id.clone(),
        verdict,
        note: "I looked at it".into(),
        action: None,
        seen,
    }
}

fn shown(world: &World, id: &ElementId) -> Option<String> {
    let view = world.state.approval_now(id, &world.doc.transact());
    Some(view.unwrap().content.to_string())
}

fn status(world: &World, id: &ElementId) -> ApprovalStatus {
    world.state.approval(id).unwrap().status
}

fn consume(
    world: &mut World,
    by: &Member,
    id: &ElementId,
    grant: &ElementId,
) -> Result<Outcome, Refusal> {
    let command = Command::ConsumeApproval {
        id: id.clone(),
        grant: grant.clone(),
        result: "Sent".into(),
    };
    world.run(by, command)
}

#[test]
fn apr1_an_answer_to_other_content_than_what_is_there_is_refused_with_what_is() {
    let mut world = World::with_plan_at(&planner());
    let id = world.ask(&planner(), mail());
    let before = shown(&world, &id);
    world.set_body("s1", "Ask the dean");
    for verdict in [Verdict::Approve, Verdict::Decline] {
        for seen in [before.clone(), None, Some("a cursor".into())] {
            let refusal = world.run(&rita(), answer(&id, verdict, seen)).unwrap_err();
            let Refusal::ChangedSinceYouLooked { content, .. } = refusal else {
                panic!("{refusal}");
            };
            assert_eq!(Some(content.to_string()), shown(&world, &id));
        }
    }
    let view = world
        .state
        .approval_now(&id, &world.doc.transact())
        .unwrap();
    assert!(view.changed);
    world
        .run(&rita(), answer(&id, Verdict::Approve, shown(&world, &id)))
        .unwrap();
    world.take_approval(&planner(), &id).unwrap();
}

#[test]
fn apr1_an_edit_elsewhere_does_not_matter() {
    let mut world = World::with_plan_at(&planner());
    let id = world.ask(&planner(), mail());
    let before = shown(&world, &id);
    world.set_body("s2", "Something else");
    world
        .run(&rita(), answer(&id, Verdict::Approve, before))
        .unwrap();
    world.set_body("s2", "Something else again");
    assert!(
        world
            .take_approval(&planner(), &id)
            .unwrap()
            .grant
            .is_some()
    );
}

#[test]
fn apr2_people_with_the_role_answer_or_only_those_named_and_always_with_a_note() {
    let mut world = World::with_plan_at(&planner());
    let id = world.ask(&planner(), mail());
    let approve = answer(&id, Verdict::Approve, None);
    let code = |world: &mut World, by: &Member| world.run(by, approve.clone()).unwrap_err();
    assert_eq!(code(&mut world, &planner()).code(), "people_only");
    assert_eq!(code(&mut world, &agent("scout")).code(), "people_only");
    assert_eq!(code(&mut world, &vera()).code(), "role");
    let silent = Command::AnswerApproval {
        id: id.clone(),
        verdict: Verdict::Approve,
        note: "\n".into(),
        action: None,
        seen: None,
    };
    assert_eq!(world.run(&mara(), silent).unwrap_err().code(), "invalid");

    let named = NewApproval {
        named: vec![mara().id],
        ..mail()
    };
    let id = world.ask(&planner(), named);
    let refusal = world.approve(&rita(), &id).unwrap_err();
    assert_eq!(refusal.code(), "not_named");
    assert!(refusal.to_string().contains("Mara"), "{refusal}");
    world.approve(&mara(), &id).unwrap();
    assert_eq!(world.approve(&mara(), &id).unwrap_err().code(), "ended");
}

#[test]
fn apr2_a_reply_leaves_it_open_and_a_decline_ends_it() {
    let mut world = World::with_plan_at(&planner());
    let id = world.ask(&planner(), mail());
    world
        .run(&rita(), answer(&id, Verdict::Reply, None))
        .unwrap();
    assert_eq!(status(&world, &id), ApprovalStatus::Asked);
    assert_eq!(
        world.take_approval(&planner(), &id).unwrap_err().code(),
        "not_yet"
    );
    world
        .run(&rita(), answer(&id, Verdict::Decline, None))
        .unwrap();
    assert_eq!(
        world.take_approval(&planner(), &id).unwrap_err().code(),
        "ended"
    );
    let answers = &world.state.approval(&id).unwrap().answers;
    assert_eq!(answers.len(), 2);
    assert!(answers.iter().all(|answer| answer.note == "I looked at it"));
}

#[test]
fn apr3_an_approved_action_is_run_once_by_whoever_asked() {
    let mut world = World::with_plan_at(&planner());
    let id = world.ask(&planner(), mail());
    world.approve(&rita(), &id).unwrap();
    assert_eq!(
        world
            .take_approval(&agent("scout"), &id)
            .unwrap_err()
            .code(),
        "not_yours"
    );
    let taken: Vec<_> = (0..100)
        .filter_map(|_| world.take_approval(&planner(), &id).ok())
        .collect();
    let [taken] = &taken[..] else {
        panic!("taken {} times", taken.len());
    };
    let grant = taken.grant.clone().unwrap();
    let guess = "guess".parse().unwrap();
    assert_eq!(
        consume(&mut world, &planner(), &id, &guess)
            .unwrap_err()
            .code(),
        "fenced"
    );
    let first = consume(&mut world, &planner(), &id, &grant).unwrap();
    assert_eq!(consume(&mut world, &planner(), &id, &guess).unwrap(), first);
    assert_eq!(
        world.take_approval(&planner(), &id).unwrap_err().code(),
        "ended"
    );
}

#[test]
fn apr3_an_irreversible_action_without_a_known_end_is_never_run_again() {
    let mut world = World::with_plan_at(&planner());
    let id = world.ask(&planner(), mail());
    world.approve(&rita(), &id).unwrap();
    let grant = world.take_approval(&planner(), &id).unwrap().grant.unwrap();
    world.pass(world.state.policy().decision_lease_ms);
    let view = world.state.approval(&id).unwrap();
    assert_eq!(view.status, ApprovalStatus::Failed);
    assert!(view.result.as_deref().unwrap().contains("unknown outcome"));
    assert_eq!(
        world.take_approval(&planner(), &id).unwrap_err().code(),
        "ended"
    );
    assert_eq!(
        consume(&mut world, &planner(), &id, &grant)
            .unwrap_err()
            .code(),
        "ended"
    );
}

#[test]
fn apr4_a_reversible_action_may_be_taken_again_under_a_new_grant() {
    let mut world = World::with_plan_at(&planner());
    let ask = NewApproval {
        reversible: true,
        ..mail()
    };
    let id = world.ask(&planner(), ask);
    world.approve(&rita(), &id).unwrap();
    let old = world.take_approval(&planner(), &id).unwrap().grant.unwrap();
    world.pass(world.state.policy().decision_lease_ms);
    assert_eq!(status(&world, &id), ApprovalStatus::Approved);
    let new = world.take_approval(&planner(), &id).unwrap().grant.unwrap();
    assert_eq!(
        consume(&mut world, &planner(), &id, &old)
            .unwrap_err()
            .code(),
        "fenced"
    );
    let fail = Command::FailApproval {
        id: id.clone(),
        grant: new,
        reason: "No network".into(),
    };
    world.run(&planner(), fail).unwrap();
    assert_eq!(status(&world, &id), ApprovalStatus::Failed);
}

#[test]
fn apr5_what_changed_after_the_answer_is_void_when_it_is_taken() {
    let mut world = World::with_plan_at(&planner());
    let id = world.ask(&planner(), mail());
    world.approve(&rita(), &id).unwrap();
    world.set_body("s1", "Ask the dean");
    let outcome = world.take_approval(&planner(), &id).unwrap();
    assert!(outcome.void.is_some() && outcome.grant.is_none());
    assert_eq!(status(&world, &id), ApprovalStatus::Void);
    world.set_body("s1", "Ask finance");
    assert_eq!(
        world.take_approval(&planner(), &id).unwrap_err().code(),
        "ended"
    );
}

#[test]
fn apr6_expiry_never_approves_and_a_grant_does_not_wait_for_ever() {
    let mut world = World::with_plan_at(&planner());
    let ask = NewApproval {
        expires_in_ms: Some(MINUTE_MS),
        ..mail()
    };
    let unanswered = world.ask(&planner(), ask);
    let approved = world.ask(&planner(), mail());
    world.approve(&mara(), &approved).unwrap();
    world.now_ms += MINUTE_MS;
    assert_eq!(
        world.approve(&mara(), &unanswered).unwrap_err().code(),
        "ended"
    );
    world.pass(0);
    assert_eq!(status(&world, &unanswered), ApprovalStatus::Expired);
    world.now_ms += world.state.policy().approval_ms;
    assert_eq!(
        world
            .take_approval(&planner(), &approved)
            .unwrap_err()
            .code(),
        "ended"
    );
    world.pass(0);
    assert_eq!(status(&world, &approved), ApprovalStatus::Expired);
    assert_eq!(
        world
            .take_approval(&planner(), &unanswered)
            .unwrap_err()
            .code(),
        "ended"
    );
}

#[test]
fn apr7_an_edited_action_is_what_is_approved() {
    let mut world = World::with_plan_at(&planner());
    let id = world.ask(&planner(), mail());
    let edit = |kind: &str, arguments| Command::AnswerApproval {
        id: id.clone(),
        verdict: Verdict::Edit,
        note: "One copy does".into(),
        action: Some(Action {
            kind: kind.into(),
            arguments,
        }),
        seen: None,
    };
    let bare = answer(&id, Verdict::Edit, None);
    assert_eq!(world.run(&rita(), bare).unwrap_err().code(), "invalid");
    assert_eq!(
        world
            .run(&rita(), edit("wire", json!({})))
            .unwrap_err()
            .code(),
        "invalid"
    );
    world
        .run(&rita(), edit("mail", json!({"copies": 1})))
        .unwrap();
    let view = world.state.approval(&id).unwrap();
    assert_eq!(view.action.arguments, json!({"copies": 1}));
    assert!(
        world
            .take_approval(&planner(), &id)
            .unwrap()
            .grant
            .is_some()
    );
}

#[test]
fn apr8_tasks_wait_until_the_plans_strategic_fields_are_approved_as_they_are() {
    let mut world = World::with_plan_at(&planner());
    let task = id("t1");
    let may_start = |world: &World| world.state.dispatchable(&task, &world.doc.transact());
    assert!(may_start(&world));
    let policy = Policy {
        plan_approval: true,
        ..Policy::default()
    };
    world.run(&mara(), Command::SetPolicy(policy)).unwrap();
    assert!(!may_start(&world));

    let mut plan = mail();
    plan.action.kind = PLAN_ACTION.into();
    let asked = world.ask(&planner(), plan);
    let scope = &world.state.approval(&asked).unwrap().scope;
    let scope: Vec<String> = scope.iter().map(ToString::to_string).collect();
    let strategic = ["plan/goal", "plan/steps/s1/body", "plan/steps/s1/title"];
    assert_eq!(scope, strategic);
    world.approve(&rita(), &asked).unwrap();
    assert!(may_start(&world));
    world.set_body("s2", "A tactical change");
    assert!(may_start(&world));

    world.edit(|txn| {
        let mut rng = <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(1);
        let step = NewStep {
            title: "A new direction".into(),
            tier: Tier::Strategic,
            ..NewStep::default()
        };
        let steps = Workspace.plan().steps();
        steps.add(txn, &mut rng, Place::Last, step).unwrap();
    });
    assert!(!may_start(&world));
}

#[test]
fn apr8_a_task_that_is_blocked_or_begun_does_not_start() {
    let mut world = World::made_by(&mara());
    let tasks = Workspace.tasks();
    world.edit(|txn| tasks.get(&id("t1")).block_by(txn, &id("t2")).unwrap());
    let may_start =
        |world: &World, task| world.state.dispatchable(&id(task), &world.doc.transact());
    assert!(!may_start(&world, "t1") && may_start(&world, "t2"));
    let done = crdt_schema::schema::words::TaskStatus::Done;
    world.edit(|txn| tasks.get(&id("t2")).set_status(txn, done).unwrap());
    assert!(may_start(&world, "t1") && !may_start(&world, "t2") && !may_start(&world, "t9"));
}

#[test]
fn apr9_only_the_asker_or_an_admin_takes_it_back_and_not_while_it_runs() {
    let mut world = World::with_plan_at(&planner());
    let asked = world.ask(&planner(), mail());
    let withdraw = Command::WithdrawApproval { id: asked.clone() };
    assert_eq!(
        world.run(&ravi(), withdraw.clone()).unwrap_err().code(),
        "not_yours"
    );
    world.approve(&mara(), &asked).unwrap();
    world.take_approval(&planner(), &asked).unwrap();
    assert_eq!(world.run(&planner(), withdraw).unwrap_err().code(), "taken");
    let asked = world.ask(&planner(), mail());
    let withdraw = Command::WithdrawApproval { id: asked.clone() };
    world.run(&planner(), withdraw).unwrap();
    assert_eq!(status(&world, &asked), ApprovalStatus::Withdrawn);
}
