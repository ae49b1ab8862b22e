//! OWN13: `control` says what the state says.

use crdt_schema::{
    document,
    gate::{self, Gate},
    ownership::project_all,
};
use yrs::{ReadTxn, StateVector, Transact};

use super::support::*;

#[test]
fn own13_control_shows_owners_members_and_only_open_things() {
    let mut world = World::with_plan_at(&planner());
    let offer = world.offer(&planner(), "plan", &ravi());
    let asked = world.ask(&planner(), mail());
    let decided = world.decide(&mara(), "plan").unwrap();
    let shown = control(&world.doc);
    assert_eq!(shown["owners"]["plan"]["member"], "planner");
    assert_eq!(shown["members"]["planner"]["name"], "Planner");
    assert_eq!(shown["owners"]["plan"]["epoch"], 1.0);
    assert_eq!(shown["owners"]["notes"].get("member"), None);
    assert_eq!(shown["handoffs"][offer.as_str()]["status"], "offered");
    assert_eq!(shown["decisions"][decided.as_str()]["title"], "Use plan B");
    assert_eq!(shown["approvals"][asked.as_str()]["reversible"], false);

    world.take_over(&mara(), "plan").unwrap();
    world.approve(&mara(), &asked).unwrap();
    let grant = world
        .take_approval(&planner(), &asked)
        .unwrap()
        .grant
        .unwrap();
    assert!(
        !control(&world.doc).to_string().contains(grant.as_str()),
        "grants are secret"
    );
    world.pass(400 * DAY_MS);
    let shown = control(&world.doc);
    for table in ["handoffs", "approvals", "decisions"] {
        assert_eq!(shown[table], serde_json::json!({}), "{table}");
    }
    assert_eq!(shown["owners"]["plan"].get("lease_until_ms"), None);
}

#[test]
fn own13_what_is_projected_later_is_what_was_projected_record_by_record() {
    let mut world = World::with_plan_at(&planner());
    world.offer(&planner(), "plan", &ravi());
    world.ask(&planner(), mail());
    world.hand_to_queue(&mara(), "task:t1", "people");
    let fresh = document::new_doc(2);
    project_all(&world.state, &mut fresh.transact_mut());
    let mut live = control(&world.doc);
    let mut later = control(&fresh);
    // Only what has been written once is there at first.
    for control in [&mut live, &mut later] {
        let tables = control.as_object_mut().unwrap();
        tables.retain(|_, table| table.as_object().is_some_and(|table| !table.is_empty()));
    }
    assert_eq!(live, later);
}

#[test]
fn own13_the_gate_admits_what_is_projected_and_it_is_the_same_bytes_every_time() {
    let mut world = World::with_plan_at(&planner());
    world.offer(&planner(), "plan", &ravi());
    world.ask(&planner(), mail());
    world.decide(&mara(), "plan").unwrap();
    let update = || {
        let fresh = document::new_doc(2);
        project_all(&world.state, &mut fresh.transact_mut());
        let txn = fresh.transact();
        txn.encode_state_as_update_v1(&StateVector::default())
    };
    let bytes = update();
    assert_eq!(bytes, update());
    let walk = gate::walk(&bytes, &gate::Limits::stored()).unwrap();
    Gate::new().admit_server(&walk).unwrap();
}
