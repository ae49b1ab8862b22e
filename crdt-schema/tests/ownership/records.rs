//! OWN11, OWN12: commands that are repeated, and the chain of records.

use crdt_schema::ownership::{
    Broken, Command, Owner, Record, State, limits::ANSWERS_KEPT, verify_chain,
};

use super::support::*;

fn claim(of: &str, epoch: u64) -> Command {
    Command::Claim {
        item: item(of),
        epoch,
    }
}

#[test]
fn own11_the_same_command_with_the_same_key_is_done_once_and_answered_alike() {
    let mut world = World::made_by(&mara());
    let first = world.keyed(&planner(), "k1", claim("notes", 0)).unwrap();
    let records = world.records.len();
    let again = world.keyed(&planner(), "k1", claim("notes", 0)).unwrap();
    assert_eq!((again, world.records.len()), (first.clone(), records));
    let other = world
        .keyed(&planner(), "k1", claim("notes", 1))
        .unwrap_err();
    assert_eq!(other.code(), "key_reused");
    let others_key = world.keyed(&ravi(), "k1", claim("notes", 0)).unwrap_err();
    assert_eq!(others_key.code(), "stale");

    // A restart does not forget it.
    let mut state = State::new(LINEAGE, &mara().id);
    world
        .records
        .iter()
        .for_each(|record| state.apply(record).unwrap());
    world.state = state;
    let again = world.keyed(&planner(), "k1", claim("notes", 0)).unwrap();
    assert_eq!(again, first);
}

#[test]
fn own11_a_refused_command_may_be_tried_again_with_its_key() {
    let mut world = World::with_plan_at(&planner());
    assert!(world.keyed(&ravi(), "k", claim("plan", 1)).is_err());
    world
        .run(
            &planner(),
            Command::Release {
                item: item("plan"),
                epoch: 1,
            },
        )
        .unwrap();
    world.keyed(&ravi(), "k", claim("plan", 2)).unwrap();
    assert_eq!(
        world
            .keyed(&ravi(), "", claim("plan", 2))
            .unwrap_err()
            .code(),
        "invalid"
    );
}

#[test]
fn own11_the_newest_answers_are_kept() {
    let mut world = World::with_plan_at(&planner());
    let renew = |epoch| Command::Renew {
        item: item("plan"),
        epoch,
    };
    for n in 0..=ANSWERS_KEPT {
        world.keyed(&planner(), &n.to_string(), renew(1)).unwrap();
    }
    let records = world.records.len();
    world.keyed(&planner(), "1", renew(1)).unwrap();
    assert_eq!(world.records.len(), records, "answered from memory");
    world.keyed(&planner(), "0", renew(1)).unwrap();
    assert_eq!(world.records.len(), records + 1, "forgotten, so done again");
}

/// A workspace with some history.
fn lived() -> World {
    let mut world = World::with_plan_at(&planner());
    let asked = world.ask(&planner(), mail());
    world.approve(&rita(), &asked).unwrap();
    world.decide(&mara(), "plan").unwrap();
    world.pass(DAY_MS);
    world
}

#[test]
fn own12_records_are_numbered_and_chained_from_the_lineage_and_read_as_they_were_written() {
    let world = lived();
    let head = verify_chain(LINEAGE, &world.records).unwrap();
    assert_eq!(head, world.state.head());
    assert_eq!(head.0, world.records.len() as u64);
    for record in &world.records {
        let bytes = record.to_json();
        assert_eq!(Record::from_json(&bytes).as_ref(), Ok(record));
        assert!(bytes.starts_with(br#"{"no":"#));
    }
    assert_eq!(
        verify_chain("another lineage", &world.records),
        Err(Broken::Link { no: 1 })
    );
}

#[test]
fn own12_whatever_is_changed_dropped_swapped_or_added_is_found() {
    let world = lived();
    let verify = |records: &[Record]| verify_chain(LINEAGE, records);
    for at in 0..world.records.len() {
        let no = at as u64 + 1;
        let mut changed = world.records.clone();
        changed[at].at_ms += 1;
        assert_eq!(verify(&changed), Err(Broken::Hash { no }));
        let mut dropped = world.records.clone();
        dropped.remove(at);
        let found = verify(&dropped);
        assert_eq!(found.is_err(), at + 1 < world.records.len(), "{found:?}");
    }
    let mut swapped = world.records.clone();
    swapped.swap(1, 2);
    assert_eq!(
        verify(&swapped),
        Err(Broken::Number {
            expected: 2,
            found: 3
        })
    );

    let mut json = serde_json::to_value(&world.records[0]).unwrap();
    json["by_the_way"] = "nobody noticed".into();
    let more = Record::from_json(&serde_json::to_vec(&json).unwrap());
    assert!(matches!(more, Err(Broken::Unreadable { .. })));
}

#[test]
fn own12_a_record_that_does_not_follow_changes_nothing() {
    let mut world = lived();
    let before = world.state.clone();
    let first = world.records[0].clone();
    assert!(world.state.apply(&first).is_err());
    assert_eq!(world.state, before);
    assert_eq!(world.owner("plan"), Owner::Queue(queue("people")));
}
