//! OWN19: how the pen travels, measured from the records.

use crdt_schema::{
    escalation::{Band, Reading},
    ids::WorkspaceId,
    ownership::health::{Figures, Meter, Spread, WaitKind},
};

use super::support::*;

fn figures(world: &World, from_ms: u64) -> Figures {
    let workspace: WorkspaceId = "grant".parse().unwrap();
    let mut meter = Meter::new(workspace, world.state.created_by().clone());
    world.records.iter().for_each(|record| meter.take(record));
    meter.figures(&world.state, from_ms)
}

#[test]
fn own19_the_rate_counts_items_of_agents_that_went_to_people_against_a_band() {
    let mut world = World::made_by(&mara());
    for of in ["plan", "task:t1", "task:t2", "notes", "briefing"] {
        world.hand(&mara(), of, &planner()).unwrap();
    }
    world.pass(MINUTE_MS);
    world.hand(&planner(), "plan", &ravi()).unwrap();
    world.pass(MINUTE_MS);
    world.hand_to_queue(&planner(), "task:t1", "people");
    world.pass(3 * MINUTE_MS);
    world.claim(&ravi(), "task:t1").unwrap();
    world.pass(4 * MINUTE_MS);
    world.hand(&ravi(), "plan", &planner()).unwrap();

    let health = figures(&world, 0).health(DAY_MS, Band::default());
    let escalation = &health.escalation;
    assert_eq!((escalation.worked, escalation.escalated), (5, 2));
    assert_eq!(
        (escalation.rate, escalation.reading),
        (Some(0.4), Reading::Warn)
    );
    assert_eq!(health.triggers["confidence"], 1);
    assert_eq!(health.time_to_claim.median_ms, 3 * MINUTE_MS);
    assert_eq!(health.time_to_resolve.max_ms, 8 * MINUTE_MS);
    assert_eq!(health.handoffs, 8);
    let repeats: Vec<_> = health
        .repeats
        .iter()
        .map(|repeat| repeat.handoffs)
        .collect();
    assert_eq!(repeats, [3, 2]);
    let later = figures(&world, world.now_ms + 1);
    assert_eq!((later.worked, later.escalated, later.handoffs), (4, 0, 0));
}

#[test]
fn own19_quick_answers_depth_and_the_longest_waits_are_told() {
    let mut world = World::with_plan_at(&planner());
    world.hand(&planner(), "plan", &agent("scout")).unwrap();
    for wait_ms in [1_000, 60_000] {
        let asked = world.ask(&planner(), mail());
        world.pass(wait_ms);
        world.approve(&rita(), &asked).unwrap();
    }
    world.hand_to_queue(&mara(), "task:t1", "people");
    world.pass(1);
    world.ask(&planner(), mail());
    let health = figures(&world, 0).health(DAY_MS, Band::default());
    assert_eq!((health.answers.quick, health.answers.time.count), (1, 2));
    assert_eq!(health.depth_max, 1);
    let waits: Vec<_> = health.waits.iter().map(|wait| wait.kind).collect();
    assert_eq!(waits, [WaitKind::Item, WaitKind::Approval]);
}

#[test]
fn own19_figures_of_workspaces_add_up() {
    let mut world = World::with_plan_at(&planner());
    world.hand(&planner(), "plan", &ravi()).unwrap();
    let one = figures(&world, 0);
    let mut sum = one.clone();
    sum.absorb(one.clone());
    assert_eq!(
        (sum.worked, sum.escalated),
        (2 * one.worked, 2 * one.escalated)
    );
    assert_eq!(sum.handoffs, 2 * one.handoffs);
    let empty = Figures::default().health(DAY_MS, Band::default());
    assert_eq!(empty.escalation.reading, Reading::NoData);
    let spread = Spread::of((1..=10).collect());
    assert_eq!((spread.median_ms, spread.p90_ms, spread.max_ms), (5, 9, 10));
}

#[test]
fn own19_the_band_reads_as_configured() {
    let band = Band::default();
    let readings = [
        None,
        Some(0.05),
        Some(0.1),
        Some(0.15),
        Some(0.18),
        Some(0.2),
        Some(0.21),
    ];
    let expected = [
        Reading::NoData,
        Reading::Below,
        Reading::Within,
        Reading::Within,
        Reading::Above,
        Reading::Above,
        Reading::Warn,
    ];
    assert_eq!(readings.map(|rate| band.read(rate)), expected);
}

#[test]
fn own19_what_an_agent_made_and_people_took_counts_as_theirs() {
    let mut world = World::made_by(&planner());
    world.take_over(&ravi(), "plan").unwrap();
    world.claim(&ravi(), "notes").unwrap();
    let figures = figures(&world, 0);
    assert_eq!((figures.worked, figures.escalated), (2, 1));
}
