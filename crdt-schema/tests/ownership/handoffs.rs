//! HAND: how the pen passes.

use crdt_schema::ownership::{
    BriefingPart, Command, Event, HandoffStatus, Mode, Receiver, Refusal, Trigger,
};
use serde_json::json;

use super::support::*;

#[test]
fn hand1_a_cold_handoff_changes_the_owner_at_once_and_tells_why() {
    let mut world = World::with_plan_at(&planner());
    let outcome = world.hand(&planner(), "plan", &ravi()).unwrap();
    assert_eq!(outcome.epoch, Some(2));
    assert_eq!(world.owner("plan"), owned_by(&ravi()));
    let handoff = world.state.handoff(&outcome.id.unwrap()).unwrap();
    assert_eq!(handoff.status, HandoffStatus::Accepted);
    assert_eq!(handoff.from, owned_by(&planner()));
    assert_eq!(handoff.reason, reason());
    assert!(matches!(
        world.last()[1],
        Event::OwnerChanged { trigger: Some(Trigger::Confidence), note, .. }
            if note == "The budget needs a call"
    ));
}

#[test]
fn hand2_a_warm_handoff_leaves_the_pen_until_the_receiver_has_read_back_and_accepted() {
    let mut world = World::with_plan_at(&planner());
    let scout = agent("scout");
    let handoff = world.offer(&planner(), "plan", &scout);
    assert_eq!(world.owner("plan"), owned_by(&planner()));
    let accept = Command::Accept {
        handoff: handoff.clone(),
    };
    let brief = |summary: &str| Command::Brief {
        handoff: handoff.clone(),
        summary: summary.into(),
    };
    assert_eq!(
        world.run(&scout, accept.clone()).unwrap_err().code(),
        "not_briefed"
    );
    assert_eq!(world.run(&scout, brief(" ")).unwrap_err().code(), "invalid");
    assert_eq!(
        world.run(&ravi(), brief("ok")).unwrap_err().code(),
        "not_yours"
    );
    world.run(&scout, brief("The budget is open")).unwrap();
    assert_eq!(
        world.run(&ravi(), accept.clone()).unwrap_err().code(),
        "not_yours"
    );
    assert_eq!(world.owner("plan"), owned_by(&planner()));
    world.run(&scout, accept.clone()).unwrap();
    assert_eq!(world.owner("plan"), owned_by(&scout));
    assert_eq!(world.run(&scout, accept).unwrap_err().code(), "ended");
    let view = world.state.handoff(&handoff).unwrap();
    assert_eq!(view.status, HandoffStatus::Accepted);
    assert_eq!(view.summary.as_deref(), Some("The budget is open"));
}

#[test]
fn hand3_declined_withdrawn_or_expired_the_owner_never_changed() {
    let mut world = World::with_plan_at(&planner());
    let handoff = world.offer(&planner(), "plan", &ravi());
    world.set_body("s1", "Both edit meanwhile");
    let decline = |reason: &str| Command::Decline {
        handoff: handoff.clone(),
        reason: reason.into(),
    };
    assert_eq!(
        world.run(&ravi(), decline("")).unwrap_err().code(),
        "invalid"
    );
    world.run(&ravi(), decline("On leave")).unwrap();
    let view = world.state.handoff(&handoff).unwrap();
    assert_eq!(view.status, HandoffStatus::Declined);
    assert_eq!(view.declined_because.as_deref(), Some("On leave"));

    let handoff = world.offer(&planner(), "plan", &ravi());
    let withdraw = Command::Withdraw {
        handoff: handoff.clone(),
    };
    assert_eq!(
        world.run(&ravi(), withdraw.clone()).unwrap_err().code(),
        "not_yours"
    );
    world.run(&planner(), withdraw).unwrap();
    assert_eq!(
        world.state.handoff(&handoff).unwrap().status,
        HandoffStatus::Withdrawn
    );

    let handoff = world.offer(&planner(), "plan", &ravi());
    let accept = Command::Accept {
        handoff: handoff.clone(),
    };
    world.now_ms += world.state.policy().offer_ms;
    assert_eq!(world.run(&ravi(), accept).unwrap_err().code(), "ended");
    world.see(&planner());
    world.pass(0);
    assert_eq!(
        world.state.handoff(&handoff).unwrap().status,
        HandoffStatus::Expired
    );
    assert_eq!(
        (world.owner("plan"), world.epoch("plan")),
        (owned_by(&planner()), 1)
    );
}

#[test]
fn hand4_one_offer_an_item_and_it_ends_when_the_pen_goes_elsewhere() {
    let mut world = World::with_plan_at(&planner());
    let of_plan = world.offer(&planner(), "plan", &ravi());
    let of_step = world.offer(&planner(), "step:s1", &agent("scout"));
    let refusal = world.hand(&planner(), "plan", &mara()).unwrap_err();
    assert_eq!(refusal.code(), "offered");
    assert!(refusal.to_string().contains("Ravi"), "{refusal}");
    world.take_over(&mara(), "plan").unwrap();
    for handoff in [of_plan, of_step] {
        let view = world.state.handoff(&handoff).unwrap();
        assert_eq!(view.status, HandoffStatus::Superseded);
    }
}

#[test]
fn hand4_a_part_that_goes_leaves_the_offer_of_the_whole_open() {
    let mut world = World::with_plan_at(&planner());
    let of_plan = world.offer(&planner(), "plan", &ravi());
    world.take_over(&mara(), "step:s1").unwrap();
    assert_eq!(
        world.state.handoff(&of_plan).unwrap().status,
        HandoffStatus::Offered
    );
}

#[test]
fn hand5_an_incomplete_briefing_is_refused_with_what_is_missing_for_a_queue_too() {
    let content = json!({"briefing": {
        "actions": [{"text": "Called finance"}],
        "sources": [
            {"title": "Log", "uri": "artifact:lost", "kind": "log"},
            {"title": "Mail", "uri": "artifact:kept", "kind": "mail"},
            {"title": "Page", "uri": "https://example.org", "kind": "page"},
            {"title": "None", "uri": " ", "kind": "page"},
        ],
    }});
    let mut world = World::with(&mara(), content);
    let receivers = [Receiver::Member(ravi()), Receiver::Queue(queue("people"))];
    for to in receivers {
        let command = world.hand_off("plan", to, Mode::Warm);
        let Err(Refusal::Incomplete { missing }) = world.run(&mara(), command) else {
            panic!("the briefing is incomplete");
        };
        let parts: Vec<_> = missing.iter().map(|missing| missing.part).collect();
        let expected = [
            BriefingPart::Intent,
            BriefingPart::Actions,
            BriefingPart::Constraints,
            BriefingPart::NextStep,
            BriefingPart::Sources,
            BriefingPart::Sources,
        ];
        assert_eq!(parts, expected);
        assert!(missing[4].what.contains("Log"), "{missing:?}");
    }
    assert_eq!(world.owner("plan"), owned_by(&mara()));
}

#[test]
fn hand5_an_open_question_does_for_a_next_step_and_an_answered_one_does_not() {
    let mut content = content();
    content["briefing"]["next_step"] = "".into();
    content["briefing"]["questions"] = json!([{"text": "Who pays?", "answer": "Finance"}]);
    let mut world = World::with(&mara(), content.clone());
    assert_eq!(
        world.hand(&mara(), "plan", &ravi()).unwrap_err().code(),
        "incomplete"
    );
    content["briefing"]["questions"] = json!([{"text": "Who pays?"}]);
    let mut world = World::with(&mara(), content);
    world.hand(&mara(), "plan", &ravi()).unwrap();
}

#[test]
fn hand5_an_emergency_passes_and_is_recorded_as_such() {
    let mut world = World::with(&planner(), json!({}));
    let command = Command::HandOff {
        item: item("workspace"),
        to: Receiver::Queue(queue("people")),
        mode: Mode::Cold,
        reason: reason(),
        epoch: 0,
        emergency: true,
    };
    let id = world.run(&planner(), command).unwrap().id.unwrap();
    let view = world.state.handoff(&id).unwrap();
    assert!(view.emergency);
    assert_eq!(view.missing.len(), 4);
}

#[test]
fn hand6_only_who_may_write_and_queues_that_exist_receive() {
    let mut world = World::made_by(&mara());
    let refusal = world.hand(&mara(), "plan", &rita()).unwrap_err();
    assert_eq!(refusal.code(), "receiver");
    let command = world.hand_off("plan", Receiver::Queue(queue("nowhere")), Mode::Cold);
    assert_eq!(
        world.run(&mara(), command).unwrap_err().code(),
        "no_such_queue"
    );
    assert_eq!(
        world.hand(&mara(), "plan", &mara()).unwrap_err().code(),
        "already_held"
    );
    assert_eq!(
        world.hand(&mara(), "task:t9", &ravi()).unwrap_err().code(),
        "no_such_item"
    );
}

#[test]
fn hand6_a_handoff_to_a_queue_is_always_cold() {
    let mut world = World::made_by(&mara());
    let command = world.hand_off("plan", Receiver::Queue(queue("people")), Mode::Warm);
    let outcome = world.run(&mara(), command).unwrap();
    assert_eq!(outcome.epoch, Some(1));
    assert_eq!(
        world.state.handoff(&outcome.id.unwrap()).unwrap().mode,
        Mode::Cold
    );
}
