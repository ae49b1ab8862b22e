//! What refers to something unknown.

use crdt_schema::gate::Refusal;

use crate::bytes::{At, Section, text, update};
use crate::hostile::{NOTES, OWN, one, refused};

#[test]
fn gate4_a_clock_gap_is_incomplete() {
    let bytes = update(&[Section(OWN, 3, &[text(NOTES, "a")])], &[]);
    assert_refusal!(
        refused(&bytes),
        Refusal::Incomplete {
            client: OWN,
            clock: 0
        }
    );
}

#[test]
fn gate4_missing_neighbours_and_parents_are_incomplete() {
    for at in [
        At::Beside(Some((5, 9)), None),
        At::Beside(None, Some((5, 9))),
        At::In((5, 9), None),
    ] {
        assert_refusal!(
            refused(&one(text(at, "a"))),
            Refusal::Incomplete {
                client: 5,
                clock: 9
            }
        );
    }
}

#[test]
fn gate4_structs_that_wait_for_each_other_are_incomplete() {
    let bytes = update(
        &[
            Section(OWN, 0, &[text(At::Beside(Some((OWN + 1, 0)), None), "a")]),
            Section(OWN + 1, 0, &[text(At::Beside(Some((OWN, 0)), None), "b")]),
        ],
        &[],
    );
    assert_refusal!(refused(&bytes), Refusal::Incomplete { .. });
    let own = one(text(At::Beside(Some((OWN, 0)), None), "a"));
    assert_refusal!(
        refused(&own),
        Refusal::Incomplete {
            client: OWN,
            clock: 0
        }
    );
}

#[test]
fn gate4_deletes_of_unknown_clocks_are_incomplete() {
    let bytes = update(&[], &[(5, 0, 1)]);
    assert_refusal!(
        refused(&bytes),
        Refusal::Incomplete {
            client: 5,
            clock: 0
        }
    );
    let bytes = update(&[Section(OWN, 0, &[text(NOTES, "ab")])], &[(OWN, 1, 2)]);
    assert_refusal!(
        refused(&bytes),
        Refusal::Incomplete {
            client: OWN,
            clock: 2
        }
    );
}
