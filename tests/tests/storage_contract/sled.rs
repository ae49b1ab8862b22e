//! What only a store on disk can be asked.

use std::{fs, sync::Arc, time::Duration};

use futures_util::future::join_all;
use penhold_server::store::{
    Edit, Entry, Store, StoreError,
    sled::{ENTRY_BYTES_MAX, OpenError, SledStore},
};

use crate::bed::{
    Bed, Renewed, Sled, entries, logged, open_sled, prepared, record, sled_config, snapshot, ws,
};

#[tokio::test]
async fn dur3_a_log_that_was_trimmed_empty_still_knows_its_position() {
    let bed = Sled::default();
    let store = bed.open();
    store.create(record("a"), entries(1..=5)).await.unwrap();
    store
        .put_snapshot(&ws("a"), snapshot(5, "state"))
        .await
        .unwrap();
    store.expire_archive(u64::MAX).await.unwrap();
    store.close().await.unwrap();
    let refused = bed.open().append(&ws("a"), entries([1]), Some(0)).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict { at: 5 })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn dur11_one_store_at_a_time_has_the_directory() {
    let bed = Sled::default();
    let first = open_sled(bed.dir());
    let second = SledStore::open(&sled_config(bed.dir())).err().unwrap();
    assert!(matches!(second, OpenError::Locked { .. }), "{second}");
    first.close().await.unwrap();
    let other_process = fs::File::open(bed.dir().join("lock")).unwrap();
    other_process.lock().unwrap();
    let refused = SledStore::open(&sled_config(bed.dir())).err().unwrap();
    assert!(
        refused.to_string().contains("in use by another"),
        "{refused}"
    );
    drop(other_process);
    open_sled(bed.dir()).close().await.unwrap();
}

#[tokio::test]
async fn dur11_a_directory_of_another_format_is_left_alone() {
    let bed = Sled::default();
    open_sled(bed.dir()).close().await.unwrap();
    fs::write(bed.dir().join("format"), "penhold-store 2\n").unwrap();
    let refused = SledStore::open(&sled_config(bed.dir())).err().unwrap();
    assert!(matches!(&refused, OpenError::Format { found, .. } if found == "penhold-store 2"));
    let advice = "export its workspaces with the version that wrote it";
    assert!(refused.to_string().contains(advice), "{refused}");
    fs::remove_file(bed.dir().join("format")).unwrap();
    let refused = SledStore::open(&sled_config(bed.dir())).err().unwrap();
    assert!(matches!(refused, OpenError::Format { .. }), "{refused}");

    let file = bed.dir().join("a-file");
    fs::write(&file, "").unwrap();
    let refused = SledStore::open(&sled_config(&file)).err().unwrap();
    assert!(matches!(refused, OpenError::Unusable { .. }), "{refused}");
}

#[tokio::test]
async fn dur12_a_full_disk_refuses_writes_but_not_reads_or_deletions() {
    let bed = prepared().await;
    let mut config = sled_config(bed.dir());
    config.free_bytes_min = u64::MAX;
    let store = SledStore::open(&config).unwrap();
    let refused = store.append(&ws("a"), entries(["lost"]), None).await;
    assert!(matches!(refused, Err(StoreError::Full(_))), "{refused:?}");
    let refused = store.create(record("c"), vec![]).await;
    assert!(matches!(refused, Err(StoreError::Full(_))), "{refused:?}");
    let refused = store.put_checkpoint(&ws("a"), "id", "lost".into()).await;
    assert!(matches!(refused, Err(StoreError::Full(_))), "{refused:?}");
    assert_eq!(store.load(&ws("a")).await.unwrap().tail, logged(9, 9..=12));
    store.delete(&ws("b")).await.unwrap();
    store.close().await.unwrap();

    let store = bed.open();
    assert_eq!(
        store
            .append(&ws("a"), entries([13]), Some(12))
            .await
            .unwrap(),
        13
    );
    assert!(matches!(
        store.record(&ws("b")).await,
        Err(StoreError::NotFound)
    ));
}

#[tokio::test]
async fn dur15_concurrent_appends_share_commits() {
    let bed = Sled::default();
    let mut config = sled_config(bed.dir());
    config.commit_spacing = Duration::from_millis(100);
    let store = SledStore::open(&config).unwrap();
    let rooms: Vec<String> = (0..64).map(|n| format!("room-{n}")).collect();
    join_all(rooms.iter().map(|id| store.create(record(id), vec![]))).await;
    let before = store.commits();
    let appends = rooms.iter().map(|id| {
        let id = ws(id);
        let store = &store;
        async move { store.append(&id, entries([1]), Some(0)).await.unwrap() }
    });
    join_all(appends).await;
    let commits = store.commits() - before;
    assert!((1..=2).contains(&commits), "{commits} commits");
}

fn sized(bytes: usize) -> Entry {
    let update: Vec<u8> = (0..bytes).map(|n| (n * 31 % 251) as u8).collect();
    let update = update.into();
    Entry {
        at_ms: 1,
        edits: vec![Edit { by: None, update }],
        records: Vec::new(),
    }
}

#[tokio::test]
async fn dur16_an_entry_that_is_too_large_is_refused_and_nothing_written() {
    let bed = Sled::default();
    let store = open_sled(bed.dir());
    store.create(record("a"), vec![]).await.unwrap();
    let before = store.commits();
    let both = vec![sized(1), sized(ENTRY_BYTES_MAX)];
    let refused = store.append(&ws("a"), both.clone(), None).await;
    let too_large = |answer: StoreError| matches!(answer, StoreError::TooLarge { bytes, limit } if limit == ENTRY_BYTES_MAX && bytes > limit);
    assert!(too_large(refused.unwrap_err()));
    let refused = store.create(record("b"), both).await;
    assert!(too_large(refused.unwrap_err()));
    assert_eq!(store.commits(), before);
    assert_eq!(store.load(&ws("a")).await.unwrap().tail, vec![]);
    assert!(matches!(
        store.record(&ws("b")).await,
        Err(StoreError::NotFound)
    ));
    assert_eq!(
        store.append(&ws("a"), entries([1]), Some(0)).await.unwrap(),
        1
    );
}

#[tokio::test]
async fn dur2_large_entries_come_back_whole_and_leave_with_their_log() {
    let bed = Sled::default();
    let store = bed.open();
    let mixed: Vec<Entry> = [1, 16_300, 16_400, 70_000, 3, 1_000_000].map(sized).into();
    for id in ["a", "b"] {
        store.create(record(id), mixed.clone()).await.unwrap();
    }
    store.close().await.unwrap();
    let store = bed.open();
    let all: Vec<_> = (1..).zip(mixed).collect();
    assert_eq!(store.load(&ws("a")).await.unwrap().tail, all);
    store
        .put_snapshot(&ws("a"), snapshot(5, "five"))
        .await
        .unwrap();
    assert_eq!(store.archived(&ws("a"), 0, 9).await.unwrap(), all[..5]);
    assert_eq!(store.load(&ws("a")).await.unwrap().tail, all[5..]);
    store.delete(&ws("b")).await.unwrap();
    assert_eq!(store.verify().await.unwrap(), vec![]);
    store.close().await.unwrap();
    let store = bed.open();
    assert_eq!(store.load(&ws("a")).await.unwrap().tail, all[5..]);
    assert_eq!(store.verify().await.unwrap(), vec![]);
}

#[tokio::test]
async fn dur1_a_closed_store_says_so() {
    let bed = Sled::default();
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    store.close().await.unwrap();
    let closed = |answer: Result<(), StoreError>| {
        assert!(matches!(&answer, Err(StoreError::Failed(text)) if text.contains("closed")));
    };
    closed(store.append(&ws("a"), entries([1]), None).await.map(drop));
    closed(store.load(&ws("a")).await.map(drop));
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dur20_nobody_notices_that_memory_is_given_back() {
    let bed = Renewed::default();
    let store = bed.open();
    let names = ["a", "b", "c", "d"];
    let used = names.map(|name| {
        let store = Arc::clone(&store);
        async move {
            store.create(record(name), entries(0..1)).await.unwrap();
            for n in 1..40 {
                let position = store.append(&ws(name), entries([n]), Some(n)).await;
                assert_eq!(position.unwrap(), n + 1);
                let found = store.load(&ws(name)).await.unwrap();
                assert_eq!(found.tail, logged(1, 0..=n));
            }
        }
    });
    join_all(used).await;
    store.close().await.unwrap();
}
