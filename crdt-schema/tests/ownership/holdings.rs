//! OWN: who holds the pen.

use crdt_schema::{
    ids::ElementId,
    member::{Kind, Role},
    ownership::{
        AgentWrites, Cause, Command, Event, Owner, Pen, Policy, Queue, Refusal, State, Trigger,
    },
};

use super::support::*;

#[test]
fn own1_a_new_workspace_is_its_makers_and_its_notes_are_open() {
    let world = World::made_by(&mara());
    for of in ["workspace", "plan", "briefing", "step:s1", "task:t1"] {
        let holding = world.state.holding(&item(of));
        assert_eq!(holding.owner, owned_by(&mara()), "{of}");
        assert_eq!(holding.epoch, 0, "{of}");
    }
    let step = world.state.holding(&item("step:s1"));
    assert_eq!(step.inherited, Some(item("workspace")));
    assert_eq!(step.owner_name, "Mara");
    let notes = world.state.holding(&item("notes"));
    assert_eq!((notes.owner, notes.inherited), (Owner::Nobody, None));
}

#[test]
fn own1_what_has_no_owner_of_its_own_has_its_parents() {
    let mut world = World::with_plan_at(&planner());
    let step = world.state.holding(&item("step:s1"));
    assert_eq!(step.owner, owned_by(&planner()));
    assert_eq!(step.inherited, Some(item("plan")));
    assert_eq!(world.owner("task:t1"), owned_by(&mara()));

    world.hand(&planner(), "step:s1", &ravi()).unwrap();
    assert_eq!(world.owner("step:s1"), owned_by(&ravi()));
    assert_eq!(world.owner("step:s2"), owned_by(&planner()));
    assert_eq!((world.epoch("step:s1"), world.epoch("plan")), (1, 1));
}

#[test]
fn own2_an_old_epoch_is_refused_with_the_owner_of_now() {
    let mut world = World::with_plan_at(&planner());
    let command = Command::Claim {
        item: item("plan"),
        epoch: 0,
    };
    let refusal = world.run(&ravi(), command).unwrap_err();
    assert_eq!(refusal.code(), "stale");
    assert!(refusal.to_string().contains("Planner"), "{refusal}");
    let stale = Refusal::Stale {
        item: item("plan"),
        owner: owned_by(&planner()),
        owner_name: "Planner".into(),
        epoch: 1,
    };
    assert_eq!(refusal, stale);
    let json = serde_json::to_value(&refusal).unwrap();
    assert_eq!(
        (&json["code"], &json["epoch"]),
        (&"stale".into(), &1.into())
    );
}

#[test]
fn own3_of_fifty_claimers_one_wins_and_the_others_are_told_who() {
    let mut world = World::with_plan_at(&planner());
    world.hand_to_queue(&planner(), "plan", "people");
    let epoch = world.epoch("plan");
    let mut claim = |n: usize| {
        let by = member(&format!("p{n}"), Kind::Human, Role::Editor);
        let item = item("plan");
        world.run(&by, Command::Claim { item, epoch })
    };
    assert_eq!(claim(0).unwrap().epoch, Some(epoch + 1));
    for n in 1..50 {
        let refusal = claim(n).unwrap_err();
        assert_eq!(refusal.code(), "stale");
        assert!(refusal.to_string().contains("P0"), "{refusal}");
    }
}

#[test]
fn own4_queues_admit_whom_they_name_and_agents_only_when_they_say_so() {
    let mut world = World::made_by(&mara());
    let (legal, bots) = (vec![ravi().id], Vec::new());
    for (name, members, agents) in [("legal", legal, false), ("bots", bots, true)] {
        let queue = Queue {
            name: queue(name),
            members,
            agents,
        };
        world.run(&mara(), Command::SetQueue(queue)).unwrap();
    }
    world.hand_to_queue(&mara(), "plan", "legal");
    world.hand_to_queue(&mara(), "task:t1", "bots");
    assert_eq!(
        world.claim(&mara(), "plan").unwrap_err().code(),
        "not_in_queue"
    );
    assert_eq!(
        world.claim(&planner(), "plan").unwrap_err().code(),
        "not_in_queue"
    );
    assert_eq!(world.claim(&rita(), "task:t1").unwrap_err().code(), "role");
    world.claim(&ravi(), "plan").unwrap();
    world.claim(&planner(), "task:t1").unwrap();
    assert_eq!(world.owner("plan"), owned_by(&ravi()));
    assert_eq!(world.owner("task:t1"), owned_by(&planner()));
}

#[test]
fn own4_what_is_open_goes_to_any_editor_who_claims_it_and_nothing_else_does() {
    let mut world = World::made_by(&mara());
    world.claim(&planner(), "notes").unwrap();
    assert_eq!(world.owner("notes"), owned_by(&planner()));
    assert_eq!(
        world.claim(&ravi(), "notes").unwrap_err().code(),
        "not_claimable"
    );
    assert_eq!(
        world.claim(&planner(), "notes").unwrap_err().code(),
        "already_held"
    );
    assert_eq!(
        world.claim(&ravi(), "step:gone").unwrap_err().code(),
        "no_such_item"
    );
}

#[test]
fn own5_the_owner_or_an_admin_lets_go_and_the_policy_says_where_to() {
    let mut world = World::with_plan_at(&planner());
    assert_eq!(
        world.release(&ravi(), "plan").unwrap_err().code(),
        "not_owner"
    );
    assert_eq!(
        world.hand(&ravi(), "plan", &ravi()).unwrap_err().code(),
        "not_owner"
    );
    world.release(&planner(), "plan").unwrap();
    assert_eq!(world.owner("plan"), Owner::Nobody);
    world.hand(&ravi(), "plan", &planner()).unwrap();

    let policy = Policy {
        release_queue: Some(queue("people")),
        ..Policy::default()
    };
    world.run(&mara(), Command::SetPolicy(policy)).unwrap();
    world.release(&mara(), "plan").unwrap();
    assert_eq!(world.owner("plan"), Owner::Queue(queue("people")));
}

#[test]
fn own6_a_person_takes_over_from_an_agent_or_a_queue_at_once() {
    let mut world = World::with_plan_at(&planner());
    world.see(&planner());
    world.take_over(&ravi(), "plan").unwrap();
    assert_eq!(world.owner("plan"), owned_by(&ravi()));
    world.hand_to_queue(&ravi(), "plan", "people");
    world.take_over(&ravi(), "plan").unwrap();
    assert_eq!(
        world.take_over(&planner(), "plan").unwrap_err().code(),
        "people_only"
    );
    assert_eq!(world.take_over(&rita(), "plan").unwrap_err().code(), "role");
    assert_eq!(
        world.take_over(&ravi(), "plan").unwrap_err().code(),
        "already_held"
    );
}

#[test]
fn own6_from_a_person_only_an_admin_or_once_their_attention_ran_out() {
    let mut world = World::made_by(&mara());
    world.see(&mara());
    let refusal = world.take_over(&ravi(), "plan").unwrap_err();
    assert_eq!(refusal.code(), "attended");
    assert!(refusal.to_string().contains("Mara"), "{refusal}");
    world.pass(world.state.policy().person_attention_ms + 1);
    world.take_over(&ravi(), "plan").unwrap();
    world.see(&ravi());
    world.take_over(&mara(), "plan").unwrap();
    assert_eq!(world.owner("plan"), owned_by(&mara()));
}

#[test]
fn own6_an_agent_that_only_the_document_knows_is_taken_over_from_at_once() {
    let mut world = World::made_by(&mara());
    let silent = agent("silent");
    world.hand(&mara(), "plan", &silent).unwrap();
    // Another state of the same records that has forgotten who the members are.
    let mut state = State::new(LINEAGE, &silent.id);
    std::mem::swap(&mut world.state, &mut state);
    world.records.clear();
    world.see(&silent);
    world.take_over(&ravi(), "task:t1").unwrap();
    assert_eq!(world.owner("task:t1"), owned_by(&ravi()));
}

#[test]
fn own7_an_agents_holding_lapses_to_the_fallback_queue_unless_it_shows_life() {
    let mut world = World::with_plan_at(&planner());
    let lease_ms = world.state.policy().agent_lease_ms;
    world.pass(lease_ms / 2);
    world.see(&planner());
    world.pass(lease_ms - 1);
    assert_eq!(world.owner("plan"), owned_by(&planner()));
    let renew = Command::Renew {
        item: item("plan"),
        epoch: 1,
    };
    world.run(&planner(), renew.clone()).unwrap();
    world.pass(lease_ms - 1);
    assert_eq!(world.next_due(), Some(world.now_ms + 1));
    world.pass(1);
    assert_eq!(world.owner("plan"), Owner::Queue(queue("people")));
    assert!(matches!(
        world.last()[..],
        [Event::OwnerChanged {
            cause: Cause::LeaseExpired,
            trigger: Some(Trigger::LeaseExpired),
            epoch: 2,
            ..
        }]
    ));
    assert_eq!(world.run(&planner(), renew).unwrap_err().code(), "stale");
}

#[test]
fn own7_people_have_no_lease_and_an_agent_that_made_the_workspace_has_one() {
    let mut world = World::made_by(&mara());
    world.pass(366 * DAY_MS);
    assert_eq!(world.owner("workspace"), owned_by(&mara()));
    let renew = Command::Renew {
        item: item("plan"),
        epoch: 0,
    };
    assert_eq!(world.run(&mara(), renew).unwrap_err().code(), "invalid");

    let mut world = World::made_by(&planner());
    world.pass(world.state.policy().agent_lease_ms);
    assert_eq!(world.owner("plan"), Owner::Queue(queue("people")));
}

#[test]
fn own8_the_fourth_handoff_between_agents_passes_and_the_fifth_names_the_queue() {
    let agents: Vec<_> = (0..6).map(|n| agent(&format!("agent{n}"))).collect();
    let mut world = World::with_plan_at(&agents[0]);
    for pair in agents.windows(2).take(4) {
        world.hand(&pair[0], "plan", &pair[1]).unwrap();
    }
    let refusal = world.hand(&agents[4], "plan", &agents[5]).unwrap_err();
    assert_eq!(refusal.code(), "too_deep");
    assert!(refusal.to_string().contains("queue people"), "{refusal}");
    // Not by way of being open either, and not for a part of it.
    assert!(world.hand(&agents[4], "step:s1", &agents[5]).is_err());
    world.hand_to_queue(&agents[4], "plan", "people");
    world.claim(&ravi(), "plan").unwrap();
    world.hand(&ravi(), "plan", &agents[5]).unwrap();
    assert_eq!(world.state.holding(&item("plan")).depth, 0);
}

#[test]
fn own8_the_limit_is_the_policys_and_a_return_from_a_queue_is_no_step() {
    let mut world = World::with_plan_at(&planner());
    let policy = Policy {
        depth_max: 0,
        ..Policy::default()
    };
    world.run(&mara(), Command::SetPolicy(policy)).unwrap();
    let bots = Queue {
        name: queue("bots"),
        members: Vec::new(),
        agents: true,
    };
    world.run(&mara(), Command::SetQueue(bots)).unwrap();
    assert_eq!(
        world
            .hand(&planner(), "plan", &agent("scout"))
            .unwrap_err()
            .code(),
        "too_deep"
    );
    world.hand_to_queue(&planner(), "plan", "bots");
    assert_eq!(
        world.claim(&agent("scout"), "plan").unwrap_err().code(),
        "too_deep"
    );
    world.claim(&planner(), "plan").unwrap();
}

#[test]
fn own9_an_agent_that_gets_the_pen_back_suggests_until_it_has_caught_up() {
    let mut world = World::with_plan_at(&planner());
    let early = world.decide(&rita(), "step:s1").unwrap();
    world.take_over(&mara(), "plan").unwrap();
    let late = world.decide(&mara(), "plan").unwrap();
    let elsewhere = world.decide(&mara(), "task:t1").unwrap();
    world.set_body("s1", "Asked already");
    let cursor = world.cursor;
    world.hand(&mara(), "plan", &planner()).unwrap();
    let epoch = world.epoch("plan");
    assert!(matches!(
        world.pen(&planner(), "step:s1"),
        Pen::Suggest { .. }
    ));

    let resume = |decisions: &[&ElementId], cursor| Command::Resume {
        item: item("plan"),
        epoch,
        decisions: decisions.iter().map(|id| (*id).clone()).collect(),
        cursor,
    };
    let refusal = world.run(&planner(), resume(&[&late], cursor)).unwrap_err();
    let missing = Refusal::Unacknowledged {
        decisions: vec![early.clone()],
        cursor,
    };
    assert_eq!(refusal, missing);
    let behind = resume(&[&early, &late], cursor - 1);
    assert_eq!(
        world.run(&planner(), behind).unwrap_err().code(),
        "unacknowledged"
    );
    assert!(matches!(world.pen(&planner(), "plan"), Pen::Suggest { .. }));

    let full = resume(&[&early, &late, &elsewhere], cursor);
    world.run(&planner(), full.clone()).unwrap();
    assert_eq!(world.pen(&planner(), "step:s1"), Pen::Direct);
    let records = world.records.len();
    world.run(&planner(), full).unwrap();
    assert_eq!(
        world.records.len(),
        records,
        "nothing is left to acknowledge"
    );
}

#[test]
fn own9_who_gets_it_for_the_first_time_or_missed_nothing_is_not_held_up() {
    let mut world = World::with_plan_at(&planner());
    world.decide(&mara(), "plan").unwrap();
    world.hand(&planner(), "plan", &agent("scout")).unwrap();
    assert_eq!(world.pen(&agent("scout"), "plan"), Pen::Direct);

    let mut world = World::with_plan_at(&planner());
    world.release(&planner(), "plan").unwrap();
    world.claim(&planner(), "plan").unwrap();
    assert_eq!(world.pen(&planner(), "plan"), Pen::Direct);
}

#[test]
fn own9_losing_the_pen_again_does_not_lose_what_was_to_be_acknowledged() {
    let mut world = World::with_plan_at(&planner());
    world.take_over(&mara(), "plan").unwrap();
    world.hand(&mara(), "plan", &planner()).unwrap();
    world.release(&planner(), "plan").unwrap();
    world.claim(&planner(), "plan").unwrap();
    assert!(matches!(world.pen(&planner(), "plan"), Pen::Suggest { .. }));
}

#[test]
fn own10_people_write_where_their_role_allows_and_agents_where_they_hold_the_pen() {
    let mut world = World::with_plan_at(&planner());
    assert_eq!(world.pen(&ravi(), "plan"), Pen::Direct);
    assert!(matches!(world.pen(&rita(), "plan"), Pen::Suggest { .. }));
    assert!(matches!(world.pen(&vera(), "plan"), Pen::Refuse { .. }));
    assert_eq!(world.pen(&planner(), "step:s1"), Pen::Direct);
    assert_eq!(world.pen(&agent("scout"), "notes"), Pen::Direct);
    for (writes, expected) in [
        (AgentWrites::Suggest, "suggest"),
        (AgentWrites::Merge, "direct"),
        (AgentWrites::Refuse, "refuse"),
    ] {
        let policy = Policy {
            agent_writes: writes,
            ..Policy::default()
        };
        world.run(&mara(), Command::SetPolicy(policy)).unwrap();
        let found = match world.pen(&agent("scout"), "plan") {
            Pen::Direct => "direct",
            Pen::Suggest { why } => {
                assert!(why.contains("Planner holds plan"), "{why}");
                "suggest"
            }
            Pen::Refuse { .. } => "refuse",
        };
        assert_eq!(found, expected);
    }
}
