//! Who changed which place last: kept exactly while there is room, and never wrong past it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

use std::collections::BTreeMap;

use crdt_schema::{
    ids::MemberId,
    path::DocPath,
    touches::{TOUCHES_MAX, Touch, Touches},
};
use proptest::prelude::*;

const PLACES: [&str; 8] = [
    "notes",
    "plan",
    "plan/goal",
    "plan/steps/a",
    "plan/steps/a/body",
    "plan/steps/ab/body",
    "tasks/a/blocked_by/b",
    "briefing/entities/n~1a",
];

const MEMBERS: [&str; 3] = ["ana", "ben", "planner"];

fn path(text: &str) -> DocPath {
    text.parse().unwrap()
}

fn member(id: &str) -> MemberId {
    id.parse().unwrap()
}

fn plain(touch: Touch<'_>) -> (String, String, u64, u64) {
    let place = touch.path.to_string();
    (place, touch.member.to_string(), touch.seq, touch.at_ms)
}

fn is_within(place: &DocPath, outer: &DocPath) -> bool {
    place.keys().starts_with(outer.keys())
}

fn notes() -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0..PLACES.len(), 0..MEMBERS.len()), 0..40)
}

fn noted(notes: &[(usize, usize)]) -> Touches {
    let mut touches = Touches::default();
    for (at, (place, by)) in notes.iter().enumerate() {
        let seq = at as u64 + 1;
        let at_ms = 1_700_000_000_000 + 10 * seq;
        touches.note(&path(PLACES[*place]), &member(MEMBERS[*by]), seq, at_ms);
    }
    touches
}

proptest! {
    #[test]
    fn dig2_the_latest_change_of_each_place_and_member_is_kept(notes in notes(), since in 0_u64..40) {
        let touches = noted(&notes);
        let mut latest = BTreeMap::new();
        for (at, (place, by)) in notes.iter().enumerate() {
            latest.insert((path(PLACES[*place]), MEMBERS[*by].to_owned()), at as u64 + 1);
        }
        prop_assert_eq!(touches.len(), latest.len());
        let mut expected: Vec<_> = latest
            .iter()
            .filter(|(_, seq)| **seq > since)
            .map(|((place, by), seq)| {
                (place.to_string(), by.clone(), *seq, 1_700_000_000_000 + 10 * seq)
            })
            .collect();
        let mut found: Vec<_> = touches.since(since).map(plain).collect();
        expected.sort();
        found.sort();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn dig2_a_place_is_answered_for_with_what_is_above_and_below_it(
        notes in notes(),
        asked in 0..PLACES.len(),
        since in 0_u64..40,
    ) {
        let touches = noted(&notes);
        let asked = path(PLACES[asked]);
        let mut latest = BTreeMap::new();
        for (at, (place, by)) in notes.iter().enumerate() {
            let (place, seq) = (path(PLACES[*place]), at as u64 + 1);
            if seq > since && (is_within(&place, &asked) || is_within(&asked, &place)) {
                latest.insert(MEMBERS[*by].to_owned(), seq);
            }
        }
        let mut expected: Vec<_> = latest.into_iter().map(|(by, seq)| (seq, by)).collect();
        expected.sort();
        expected.reverse();
        let found: Vec<_> = touches
            .at(&asked, since)
            .into_iter()
            .map(|touch| (touch.seq, touch.member.to_string()))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn dig2_touches_read_back_as_they_were_written(notes in notes()) {
        let touches = noted(&notes);
        prop_assert_eq!(Touches::decode(&touches.encode()).unwrap(), touches);
    }

    #[test]
    fn dig2_other_bytes_are_refused_or_read_but_never_panic(
        notes in notes(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        junk in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut bytes = noted(&notes).encode();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        for bytes in [&bytes[..], &bytes[..at], &junk[..]] {
            if let Ok(touches) = Touches::decode(bytes) {
                prop_assert_eq!(touches.since(0).count(), touches.len());
            }
        }
    }
}

#[test]
fn dig2_past_the_limit_the_oldest_are_lifted_and_nobody_is_forgotten() {
    let mut touches = Touches::default();
    let count = 2 * TOUCHES_MAX as u64;
    let place = |n: u64| {
        path(&format!(
            "plan/steps/s{}/{}",
            n / 2,
            ["title", "body"][(n % 2) as usize]
        ))
    };
    for n in 0..count {
        touches.note(&place(n), &member(MEMBERS[(n % 3) as usize]), n + 1, n);
        assert!(touches.len() <= TOUCHES_MAX);
    }
    for n in (0..count).step_by(501) {
        let found = touches.at(&place(n), 0);
        let by = member(MEMBERS[(n % 3) as usize]);
        assert!(
            found
                .iter()
                .any(|touch| *touch.member == by && touch.seq > n),
            "the change {n} is answered for"
        );
    }
    let latest = touches.at(&place(count - 1), 0);
    assert_eq!(
        latest[0].path,
        &place(count - 1),
        "the latest are not lifted"
    );
    assert_eq!(latest[0].seq, count);
}

#[test]
fn dig2_when_nothing_can_be_lifted_the_oldest_are_forgotten() {
    let mut touches = Touches::default();
    for n in 0..=TOUCHES_MAX as u64 {
        touches.note(&path("notes"), &member(&format!("m{n}")), n, n);
    }
    assert!(touches.len() <= TOUCHES_MAX);
    let oldest = touches.since(0).map(|touch| touch.seq).min().unwrap();
    assert_eq!(touches.len() as u64, TOUCHES_MAX as u64 - oldest + 1);
}
