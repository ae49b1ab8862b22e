//! What every adapter does with snapshots, the archive and those who follow a log past them.

use std::sync::Arc;

use futures_util::StreamExt;
use penhold_server::store::{Seq, StoreError};

use crate::bed::{
    Bed, Memory, Sled, contract, entries, entry, entry_at, loaded, logged, record, snapshot, ws,
};

contract! {
    dur4_a_snapshot_moves_what_it_covers_to_the_archive,
    dur4_a_snapshot_never_shows_half_done,
    dur4_a_snapshot_ahead_of_the_log_or_behind_another_is_refused,
    dur4_a_large_snapshot_comes_back_whole,
    dur6_a_follower_sees_stored_then_live_entries_once,
    dur6_a_follower_from_before_the_trim_reads_the_archive,
    dur6_a_follower_ends_when_the_workspace_is_deleted,
    dur9_the_archive_is_kept_for_its_retention,
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
