//! What every adapter does with logs and the directory.

use std::{collections::BTreeSet, sync::Arc};

use futures_util::{StreamExt, future::join_all};
use penhold_server::store::{Seq, Shelf, StoreError, artifact_hash};
use proptest::prelude::*;

use crate::{
    bed::{
        Bed, Memory, Sled, contract, entries, entry, loaded, logged, record, recorded, snapshot, ws,
    },
    model::{Step, check_history, step},
};

contract! {
    dur1_acknowledged_entries_are_there_after_reopening,
    dur2_entries_keep_log_order_and_count_from_one,
    dur2_concurrent_appends_stay_whole_and_in_one_row,
    dur3_a_stale_expectation_writes_nothing_and_says_where_the_log_is,
    dur3_of_many_racers_for_a_position_one_wins,
    dur7_an_id_is_created_once,
    dur7_a_list_is_paged_in_id_order,
    dur7_an_unknown_workspace_is_not_found,
    dur8_deletion_leaves_nothing,
    dur10_a_healthy_store_has_no_damage,
}

async fn dur1_acknowledged_entries_are_there_after_reopening(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), entries(["one"])).await.unwrap();
    store
        .append(&ws("a"), entries(["two", "three"]), None)
        .await
        .unwrap();
    let mut renamed = record("a");
    renamed.title = "Renamed".to_owned();
    store.set_record(renamed.clone()).await.unwrap();
    store.close().await.unwrap();

    let store = bed.open();
    assert_eq!(store.record(&ws("a")).await.unwrap(), renamed);
    let expected = loaded(None, logged(1, ["one", "two", "three"]));
    assert_eq!(store.load(&ws("a")).await.unwrap(), expected);
    assert_eq!(
        store
            .append(&ws("a"), entries(["four"]), Some(3))
            .await
            .unwrap(),
        4
    );
}

async fn dur2_entries_keep_log_order_and_count_from_one(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    assert_eq!(store.load(&ws("a")).await.unwrap(), loaded(None, vec![]));
    for n in 1..=300 {
        assert_eq!(store.append(&ws("a"), entries([n]), None).await.unwrap(), n);
    }
    assert_eq!(store.append(&ws("a"), vec![], None).await.unwrap(), 300);
    assert_eq!(
        store.load(&ws("a")).await.unwrap(),
        loaded(None, logged(1, 1..=300))
    );
}

async fn dur2_concurrent_appends_stay_whole_and_in_one_row(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    let append = |n: u64| {
        let store = Arc::clone(&store);
        async move {
            store
                .append(&ws("a"), entries([n * 2, n * 2 + 1]), None)
                .await
                .unwrap()
        }
    };
    let lasts: BTreeSet<Seq> = join_all((0..100).map(append)).await.into_iter().collect();
    assert_eq!(lasts, (1..=100).map(|n| n * 2).collect());

    let tail = store.load(&ws("a")).await.unwrap().tail;
    assert_eq!(
        tail.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(),
        (1..=200).collect::<Vec<_>>()
    );
    let firsts: BTreeSet<u64> = tail
        .chunks(2)
        .map(|pair| {
            let n = (0..100)
                .find(|n| pair[0].1 == entry(&(n * 2).to_string()))
                .unwrap();
            assert_eq!(
                pair[1].1,
                entry(&(n * 2 + 1).to_string()),
                "an append was torn apart"
            );
            n
        })
        .collect();
    assert_eq!(firsts.len(), 100, "an append is missing or doubled");
}

async fn dur3_a_stale_expectation_writes_nothing_and_says_where_the_log_is(bed: &impl Bed) {
    let store = bed.open();
    store
        .create(record("a"), entries(["one", "two"]))
        .await
        .unwrap();
    for wrong in [0, 1, 3] {
        let refused = store.append(&ws("a"), entries(["lost"]), Some(wrong)).await;
        assert!(
            matches!(refused, Err(StoreError::Conflict { at: 2 })),
            "{refused:?}"
        );
    }
    assert_eq!(
        store.load(&ws("a")).await.unwrap().tail,
        logged(1, ["one", "two"])
    );
    assert_eq!(
        store.records(&ws("a"), 0, 9).await.unwrap(),
        recorded(&entries(["one", "two"]))
    );
}

async fn dur3_of_many_racers_for_a_position_one_wins(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    for round in 0..10 {
        let race = |racer: usize| {
            let store = Arc::clone(&store);
            async move { store.append(&ws("a"), entries([racer]), Some(round)).await }
        };
        let answers = join_all((0..32).map(race)).await;
        let winners: Vec<_> = (0..32).filter(|racer| answers[*racer].is_ok()).collect();
        let [winner] = winners[..] else {
            panic!("winners: {winners:?}")
        };
        for answer in answers.into_iter().filter_map(Result::err) {
            assert!(
                matches!(answer, StoreError::Conflict { at } if at == round + 1),
                "{answer:?}"
            );
        }
        let tail = store.load(&ws("a")).await.unwrap().tail;
        assert_eq!(tail.last(), Some(&(round + 1, entry(&winner.to_string()))));
        let winners = tail.iter().map(|(_, entry)| entry);
        let records = store.records(&ws("a"), 0, 99).await.unwrap();
        assert_eq!(records, recorded(winners));
    }
}

async fn dur7_an_id_is_created_once(bed: &impl Bed) {
    let store = bed.open();
    let create = |n: usize| {
        let store = Arc::clone(&store);
        async move { store.create(record("a"), entries([n])).await }
    };
    let answers = join_all((0..16).map(create)).await;
    let winners: Vec<_> = (0..16).filter(|n| answers[*n].is_ok()).collect();
    let [winner] = winners[..] else {
        panic!("winners: {winners:?}")
    };
    for answer in answers.into_iter().filter_map(Result::err) {
        assert!(matches!(answer, StoreError::Exists), "{answer:?}");
    }
    assert_eq!(
        store.load(&ws("a")).await.unwrap().tail,
        logged(1, [winner])
    );
}

async fn dur7_a_list_is_paged_in_id_order(bed: &impl Bed) {
    let store = bed.open();
    let ids = ["a", "A", "a-b", "a.b", "a0", "ab", "b", "Z", "9"];
    for id in ids {
        store.create(record(id), entries([id])).await.unwrap();
    }
    let mut sorted = ids.map(ws);
    sorted.sort();
    let mut seen = Vec::new();
    loop {
        let page = store.list(seen.last(), 2).await.unwrap();
        assert!(page.len() <= 2);
        if page.is_empty() {
            break;
        }
        seen.extend(page.into_iter().map(|record| record.id));
    }
    assert_eq!(seen, sorted);
    assert_eq!(store.list(None, 100).await.unwrap().len(), ids.len());
}

async fn dur7_an_unknown_workspace_is_not_found(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), entries([1])).await.unwrap();
    store.create(record("c"), entries([1])).await.unwrap();
    let b = ws("b");
    let not_found = |answer: Result<(), StoreError>| {
        assert!(matches!(answer, Err(StoreError::NotFound)), "{answer:?}");
    };
    not_found(store.record(&b).await.map(drop));
    not_found(store.load(&b).await.map(drop));
    not_found(store.append(&b, entries([1]), None).await.map(drop));
    not_found(store.set_record(record("b")).await);
    not_found(store.put_snapshot(&b, snapshot(0, "state")).await);
    not_found(store.archived(&b, 0, 10).await.map(drop));
    not_found(store.records(&b, 0, 10).await.map(drop));
    not_found(store.put_checkpoint(&b, "id", "content".into()).await);
    not_found(store.checkpoint(&b, "id").await.map(drop));
    not_found(store.checkpoints(&b).await.map(drop));
    not_found(store.delete_checkpoint(&b, "id").await);
    not_found(store.delete(&b).await);
    not_found(store.follow(&b, 0).next().await.unwrap().map(drop));
}

async fn dur8_deletion_leaves_nothing(bed: &impl Bed) {
    let store = bed.open();
    for id in ["a", "b", "c"] {
        store.create(record(id), entries(1..=200)).await.unwrap();
        store
            .put_snapshot(&ws(id), snapshot(150, id))
            .await
            .unwrap();
        store
            .put_checkpoint(&ws(id), "kept", "k".repeat(40_000).into())
            .await
            .unwrap();
        let hash = artifact_hash(id.as_bytes());
        store.put_artifact(&ws(id), &hash, id.into()).await.unwrap();
    }
    store.delete(&ws("b")).await.unwrap();
    let ids: Vec<_> = store
        .list(None, 9)
        .await
        .unwrap()
        .into_iter()
        .map(|r| r.id)
        .collect();
    assert_eq!(ids, [ws("a"), ws("c")]);
    store.close().await.unwrap();

    let store = bed.open();
    store.create(record("b"), vec![]).await.unwrap();
    assert_eq!(store.load(&ws("b")).await.unwrap(), loaded(None, vec![]));
    assert_eq!(store.archived(&ws("b"), 0, 1000).await.unwrap(), vec![]);
    assert_eq!(store.records(&ws("b"), 0, 1000).await.unwrap(), vec![]);
    for shelf in [Shelf::Checkpoint, Shelf::Artifact] {
        assert_eq!(store.blobs(&ws("b"), shelf).await.unwrap(), vec![]);
        assert_eq!(store.blobs(&ws("a"), shelf).await.unwrap().len(), 1);
    }
    assert_eq!(
        store.append(&ws("b"), entries([1]), Some(0)).await.unwrap(),
        1
    );
    for id in ["a", "c"] {
        let expected = loaded(Some(snapshot(150, id)), logged(151, 151..=200));
        assert_eq!(store.load(&ws(id)).await.unwrap(), expected);
    }
    assert_eq!(store.verify().await.unwrap(), vec![]);
}

async fn dur10_a_healthy_store_has_no_damage(bed: &impl Bed) {
    let store = bed.open();
    for id in ["a", "b"] {
        store.create(record(id), entries(1..=50)).await.unwrap();
        store.put_snapshot(&ws(id), snapshot(20, id)).await.unwrap();
        store.put_snapshot(&ws(id), snapshot(40, id)).await.unwrap();
    }
    assert_eq!(store.verify().await.unwrap(), vec![]);
}

fn histories() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn dur2_memory_agrees_with_the_model_over_any_history(history in histories()) {
        check_history(&Memory::default(), history)?;
    }

    #[test]
    fn dur2_sled_agrees_with_the_model_over_any_history(history in histories()) {
        check_history(&Sled::default(), history)?;
    }
}
