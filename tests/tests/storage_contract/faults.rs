//! The store that fails on command does what its script says.

use std::sync::Arc;

use futures_util::StreamExt;
use penhold_server::store::{Store, StoreError};
use penhold_tests::faulty_store::{FaultyStore, Outcome};

use crate::bed::{Bed, Memory, Sled, entries, entry, loaded, logged, record, snapshot, ws};

async fn faulty(bed: &impl Bed) -> FaultyStore {
    let store = FaultyStore::new(bed.open());
    store.create(record("a"), entries(["one"])).await.unwrap();
    store
}

#[tokio::test]
async fn dur13_a_failed_append_is_wholly_there_or_not_at_all() {
    for (outcome, survivors) in [
        (Outcome::Lost, vec!["one", "after"]),
        (Outcome::Written, vec!["one", "two", "three", "after"]),
    ] {
        let bed = Sled::default();
        let store = faulty(&bed).await;
        store.fail_next_append(outcome);
        let failed = store
            .append(&ws("a"), entries(["two", "three"]), Some(1))
            .await;
        assert!(matches!(failed, Err(StoreError::Failed(_))), "{failed:?}");

        let reloaded = store.load(&ws("a")).await.unwrap().tail.len() as u64;
        store
            .append(&ws("a"), entries(["after"]), Some(reloaded))
            .await
            .unwrap();
        let expected = loaded(None, logged(1, survivors));
        assert_eq!(store.load(&ws("a")).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn dur13_a_held_append_is_not_readable_until_it_is_let_go() {
    let store = faulty(&Memory::default()).await;
    store.hold_appends();
    let appends: Vec<_> = (0..3)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move { store.append(&ws("a"), entries([n]), None).await })
        })
        .collect();
    store.until_held(3).await;
    assert_eq!(
        store.load(&ws("a")).await.unwrap(),
        loaded(None, logged(1, ["one"]))
    );

    store.release_appends();
    for append in appends {
        append.await.unwrap().unwrap();
    }
    assert_eq!(store.load(&ws("a")).await.unwrap().tail.len(), 4);
}

#[tokio::test]
async fn dur12_a_full_disk_refuses_writes_serves_reads_and_recovers() {
    let store = faulty(&Memory::default()).await;
    store.fill_disk();
    let full = |answer: Result<(), StoreError>| {
        assert!(matches!(answer, Err(StoreError::Full(_))), "{answer:?}");
    };
    full(
        store
            .append(&ws("a"), entries(["two"]), None)
            .await
            .map(drop),
    );
    full(store.create(record("b"), vec![]).await);
    full(store.set_record(record("a")).await);
    full(store.put_snapshot(&ws("a"), snapshot(1, "state")).await);
    full(store.put_checkpoint(&ws("a"), "id", "content".into()).await);
    assert_eq!(
        store.load(&ws("a")).await.unwrap(),
        loaded(None, logged(1, ["one"]))
    );

    store.free_disk();
    assert_eq!(
        store
            .append(&ws("a"), entries(["two"]), Some(1))
            .await
            .unwrap(),
        2
    );
}

#[tokio::test]
async fn dur1_a_crash_loses_what_was_held_and_keeps_what_was_acknowledged() {
    let bed = Sled::default();
    let store = faulty(&bed).await;
    let mut follower = store.follow(&ws("a"), 0);
    assert_eq!(follower.next().await.unwrap().unwrap(), (1, entry("one")));
    store.hold_appends();
    let held = {
        let store = store.clone();
        tokio::spawn(async move { store.append(&ws("a"), entries(["lost"]), None).await })
    };
    store.until_held(1).await;
    store.crash();
    assert!(matches!(held.await.unwrap(), Err(StoreError::Failed(_))));
    assert!(matches!(
        follower.next().await,
        Some(Err(StoreError::Failed(_)))
    ));
    assert!(matches!(
        store.load(&ws("a")).await,
        Err(StoreError::Failed(_))
    ));

    let store: Arc<dyn Store> = Arc::new(store.restarted());
    assert_eq!(
        store.load(&ws("a")).await.unwrap(),
        loaded(None, logged(1, ["one"]))
    );
    assert_eq!(
        store
            .append(&ws("a"), entries(["next"]), Some(1))
            .await
            .unwrap(),
        2
    );
}
