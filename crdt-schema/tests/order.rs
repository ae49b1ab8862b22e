//! Order keys: always room in between, and the same keys as the npm package makes.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

use crdt_schema::order::{self, OrderError};
use proptest::prelude::*;
use serde_json::Value;

const VECTORS: &str = include_str!("vectors/order.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

#[test]
fn sch4_keys_are_those_of_the_npm_package() {
    for case in vectors()["between"].as_array().unwrap() {
        let made = order::between(case[0].as_str(), case[1].as_str());
        assert_eq!(made.as_deref(), Ok(case[2].as_str().unwrap()), "{case}");
    }
    for case in vectors()["many"].as_array().unwrap() {
        let count = usize::try_from(case[2].as_u64().unwrap()).unwrap();
        let made = order::n_between(case[0].as_str(), case[1].as_str(), count).unwrap();
        let expected: Vec<&str> = case[3]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(made, expected, "{case}");
    }
}

#[test]
fn sch4_what_the_npm_package_refuses_is_no_key() {
    for key in vectors()["invalid"].as_array().unwrap() {
        let key = key.as_str().unwrap();
        assert!(!order::is_key(key), "{key:?}");
        assert_eq!(
            order::between(Some(key), None),
            Err(OrderError::NotAKey(key.to_owned()))
        );
    }
}

#[test]
fn sch4_bounds_out_of_order_are_refused() {
    for (lower, upper) in [("a1", "a0"), ("a0", "a0")] {
        assert!(matches!(
            order::between(Some(lower), Some(upper)),
            Err(OrderError::NotAscending(_, _))
        ));
    }
}

proptest! {
    #[test]
    fn sch4_there_is_always_room_in_between(places in prop::collection::vec(any::<prop::sample::Index>(), 1..120)) {
        let mut keys: Vec<String> = Vec::new();
        for place in places {
            let at = place.index(keys.len() + 1);
            let lower = at.checked_sub(1).map(|at| keys[at].clone());
            let upper = keys.get(at).cloned();
            let key = order::between(lower.as_deref(), upper.as_deref()).unwrap();
            prop_assert!(order::is_key(&key));
            prop_assert!(lower.is_none_or(|lower| lower < key));
            prop_assert!(upper.is_none_or(|upper| key < upper));
            keys.insert(at, key);
        }
    }

    #[test]
    fn sch4_many_keys_ascend_within_their_bounds(
        a in 0_usize..20,
        gap in 1_usize..20,
        count in 0_usize..60,
        open in prop::sample::select(vec![(false, false), (true, false), (false, true), (true, true)]),
    ) {
        let ladder = order::n_between(None, None, 40).unwrap();
        let lower = (!open.0).then(|| ladder[a].as_str());
        let upper = (!open.1).then(|| ladder[a + gap].as_str());
        let keys = order::n_between(lower, upper, count).unwrap();
        prop_assert_eq!(keys.len(), count);
        prop_assert!(keys.is_sorted_by(|a, b| a < b));
        prop_assert!(keys.iter().all(|key| order::is_key(key)));
        prop_assert!(keys.first().zip(lower).is_none_or(|(key, lower)| lower < key.as_str()));
        prop_assert!(keys.last().zip(upper).is_none_or(|(key, upper)| key.as_str() < upper));
    }

    #[test]
    fn sch4_no_text_makes_order_keys_panic(a in ".{0,12}", b in "[a-zA-Z0-9]{0,30}") {
        let made = order::between(Some(&b), None);
        prop_assert_eq!(made.is_ok(), order::is_key(&b));
        prop_assert!(order::between(Some(&a), Some(&b)).is_ok_and(|key| key > a) || a >= b || !order::is_key(&a) || !order::is_key(&b));
    }
}
