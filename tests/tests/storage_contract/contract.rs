//! What every adapter does.

use std::{collections::BTreeSet, sync::Arc};

use futures_util::{StreamExt, future::join_all};
use penhold_server::store::{Seq, StoreError};
use proptest::prelude::*;

use crate::{
    bed::{Bed, Memory, Sled, entries, entry, entry_at, loaded, logged, record, snapshot, ws},
    model::{Step, check_history, step},
};

macro_rules! contract {
    ($($test:ident,)*) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&super::Memory::default()).await;
            })*
        }
        mod sled {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(&super::Sled::default()).await;
            })*
        }
    };
}

contract! {
    dur1_acknowledged_entries_are_there_after_reopening,
    dur2_entries_keep_log_order_and_count_from_one,
    dur2_concurrent_appends_stay_whole_and_in_one_row,
    dur3_a_stale_expectation_writes_nothing_and_says_where_the_log_is,
    dur3_of_many_racers_for_a_position_one_wins,
    dur4_a_snapshot_moves_what_it_covers_to_the_archive,
    dur4_a_snapshot_never_shows_half_done,
    dur4_a_snapshot_ahead_of_the_log_or_behind_another_is_refused,
    dur4_a_large_snapshot_comes_back_whole,
    dur6_a_follower_sees_stored_then_live_entries_once,
    dur6_a_follower_from_before_the_trim_reads_the_archive,
    dur6_a_follower_ends_when_the_workspace_is_deleted,
    dur7_an_id_is_created_once,
    dur7_a_list_is_paged_in_id_order,
    dur7_an_unknown_workspace_is_not_found,
    dur8_deletion_leaves_nothing,
    dur9_the_archive_is_kept_for_its_retention,
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
    }
}

async fn dur4_a_snapshot_moves_what_it_covers_to_the_archive(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), entries(1..=10)).await.unwrap();
    store
        .put_snapshot(&ws("a"), snapshot(6, "state at 6"))
        .await
        .unwrap();
    let expected = loaded(Some(snapshot(6, "state at 6")), logged(7, 7..=10));
    assert_eq!(store.load(&ws("a")).await.unwrap(), expected);
    assert_eq!(
        store.archived(&ws("a"), 0, 100).await.unwrap(),
        logged(1, 1..=6)
    );
    assert_eq!(
        store.archived(&ws("a"), 2, 3).await.unwrap(),
        logged(3, 3..=5)
    );

    store
        .put_snapshot(&ws("a"), snapshot(10, "state at 10"))
        .await
        .unwrap();
    store.close().await.unwrap();
    let store = bed.open();
    let expected = loaded(Some(snapshot(10, "state at 10")), vec![]);
    assert_eq!(store.load(&ws("a")).await.unwrap(), expected);
    assert_eq!(
        store.archived(&ws("a"), 0, 100).await.unwrap(),
        logged(1, 1..=10)
    );
    assert_eq!(
        store
            .append(&ws("a"), entries(["next"]), Some(10))
            .await
            .unwrap(),
        11
    );
}

async fn dur4_a_snapshot_never_shows_half_done(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    let writer = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for n in 1..=120 {
                store.append(&ws("a"), entries([n]), None).await.unwrap();
                if n % 5 == 0 {
                    store
                        .put_snapshot(&ws("a"), snapshot(n - 2, &n.to_string()))
                        .await
                        .unwrap();
                }
            }
        })
    };
    let mut newest = 0;
    while !writer.is_finished() {
        let seen = store.load(&ws("a")).await.unwrap();
        assert_eq!(seen.damage, None);
        let base = seen.snapshot.as_ref().map_or(0, |snapshot| snapshot.upto);
        let last = seen.tail.last().map_or(base, |(seq, _)| *seq);
        assert_eq!(seen.tail, logged(base + 1, base + 1..=last));
        assert!(last >= newest, "went back from {newest} to {last}");
        newest = last;
    }
    writer.await.unwrap();
}

async fn dur4_a_snapshot_ahead_of_the_log_or_behind_another_is_refused(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), entries(1..=4)).await.unwrap();
    let ahead = store
        .put_snapshot(&ws("a"), snapshot(5, "from the future"))
        .await;
    assert!(
        matches!(ahead, Err(StoreError::Conflict { at: 4 })),
        "{ahead:?}"
    );
    store
        .put_snapshot(&ws("a"), snapshot(3, "three"))
        .await
        .unwrap();
    let behind = store.put_snapshot(&ws("a"), snapshot(2, "two")).await;
    assert!(
        matches!(behind, Err(StoreError::Conflict { at: 3 })),
        "{behind:?}"
    );
    store
        .put_snapshot(&ws("a"), snapshot(3, "3"))
        .await
        .unwrap();
    let expected = loaded(Some(snapshot(3, "3")), logged(4, [4]));
    assert_eq!(store.load(&ws("a")).await.unwrap(), expected);
}

async fn dur4_a_large_snapshot_comes_back_whole(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), entries(1..=3)).await.unwrap();
    let large: String = (0..200_000).map(|n| format!("{n:07}")).collect();
    for (upto, state) in [
        (1, &large[..]),
        (2, ""),
        (3, &large[..900_000]),
        (3, &large[..10]),
    ] {
        store
            .put_snapshot(&ws("a"), snapshot(upto, state))
            .await
            .unwrap();
        let seen = store.load(&ws("a")).await.unwrap();
        assert_eq!(seen.snapshot, Some(snapshot(upto, state)));
    }
    assert_eq!(store.verify().await.unwrap(), vec![]);
}

async fn dur6_a_follower_sees_stored_then_live_entries_once(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), entries(1..=300)).await.unwrap();
    let followers = [0, 7, 300].map(|from| {
        let follower = store.follow(&ws("a"), from);
        let texts = move |upto: Seq| logged(from + 1, from + 1..=upto);
        tokio::spawn(async move {
            let wanted = texts(600);
            let seen: Vec<_> = follower
                .take(wanted.len())
                .map(Result::unwrap)
                .collect()
                .await;
            assert_eq!(seen, wanted);
        })
    });
    for n in 301..=600 {
        store.append(&ws("a"), entries([n]), None).await.unwrap();
        if n % 100 == 0 {
            store
                .put_snapshot(&ws("a"), snapshot(n - 50, "state"))
                .await
                .unwrap();
        }
    }
    for follower in followers {
        follower.await.unwrap();
    }
}

async fn dur6_a_follower_from_before_the_trim_reads_the_archive(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), entries(1..=6)).await.unwrap();
    store
        .put_snapshot(&ws("a"), snapshot(4, "state"))
        .await
        .unwrap();
    let seen: Vec<_> = store
        .follow(&ws("a"), 1)
        .take(5)
        .map(Result::unwrap)
        .collect()
        .await;
    assert_eq!(seen, logged(2, 2..=6));

    store.expire_archive(u64::MAX).await.unwrap();
    let gone = store.follow(&ws("a"), 1).next().await;
    assert!(matches!(gone, Some(Err(StoreError::Failed(_)))), "{gone:?}");
}

async fn dur6_a_follower_ends_when_the_workspace_is_deleted(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), entries([1])).await.unwrap();
    let mut follower = store.follow(&ws("a"), 0);
    assert_eq!(follower.next().await.unwrap().unwrap(), (1, entry("1")));
    store.delete(&ws("a")).await.unwrap();
    assert!(matches!(
        follower.next().await,
        Some(Err(StoreError::NotFound))
    ));
    assert!(follower.next().await.is_none());
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

async fn dur9_the_archive_is_kept_for_its_retention(bed: &impl Bed) {
    let store = bed.open();
    let dated = |n: u64| entry_at(&n.to_string(), n * 1_000);
    store
        .create(record("a"), (1..=10).map(dated).collect())
        .await
        .unwrap();
    store
        .put_snapshot(&ws("a"), snapshot(4, "four"))
        .await
        .unwrap();
    store
        .put_snapshot(&ws("a"), snapshot(8, "eight"))
        .await
        .unwrap();
    let archived = |from: Seq, upto: Seq| (from..=upto).map(|n| (n, dated(n))).collect::<Vec<_>>();

    assert_eq!(store.expire_archive(4_000).await.unwrap(), 0);
    assert_eq!(
        store.archived(&ws("a"), 0, 100).await.unwrap(),
        archived(1, 8)
    );
    assert_eq!(store.expire_archive(4_001).await.unwrap(), 1);
    assert_eq!(
        store.archived(&ws("a"), 0, 100).await.unwrap(),
        archived(5, 8)
    );
    assert_eq!(store.expire_archive(u64::MAX).await.unwrap(), 1);
    assert_eq!(store.archived(&ws("a"), 0, 100).await.unwrap(), vec![]);
    let expected = loaded(Some(snapshot(8, "eight")), archived(9, 10));
    assert_eq!(store.load(&ws("a")).await.unwrap(), expected);
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
