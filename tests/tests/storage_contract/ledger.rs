//! What every adapter does with the records that entries bring.

use std::sync::Arc;

use bytes::Bytes;
use penhold_server::store::Entry;

use crate::bed::{
    Bed, Memory, Sled, contract, entries, entry, logged, record, recorded, snapshot, ws,
};

contract! {
    dur17_records_are_numbered_in_log_order_and_paged,
    dur17_records_outlive_the_log_and_the_archive,
    dur17_records_are_whole_while_snapshots_move_them,
    dur17_large_records_come_back_whole,
}

async fn dur17_records_are_numbered_in_log_order_and_paged(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), entries(1..=5)).await.unwrap();
    store
        .create(record("a-1"), entries(["other"]))
        .await
        .unwrap();
    store.append(&ws("a"), entries(6..=40), None).await.unwrap();
    let all = recorded(&entries(1..=40));
    assert_eq!(store.records(&ws("a"), 0, usize::MAX).await.unwrap(), all);
    for upto in [0, 3, 30, 40] {
        store
            .put_snapshot(&ws("a"), snapshot(upto, "state"))
            .await
            .unwrap();
        let mut seen: Vec<(u64, Bytes)> = Vec::new();
        loop {
            let last = seen.last().map_or(0, |(number, _)| *number);
            let page = store.records(&ws("a"), last, 7).await.unwrap();
            assert!(page.len() <= 7);
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        assert_eq!(seen, all, "with a snapshot at {upto}");
    }
    let far = store.records(&ws("a"), u64::MAX, 9).await.unwrap();
    assert_eq!(far, vec![]);
    assert_eq!(store.records(&ws("a"), 0, 0).await.unwrap(), vec![]);
}

async fn dur17_records_outlive_the_log_and_the_archive(bed: &impl Bed) {
    let mut written = Vec::new();
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    store.close().await.unwrap();
    for round in 1..=4u64 {
        let store = bed.open();
        let more = entries((0..10).map(|n| format!("{round}/{n}")));
        written.extend(more.clone());
        let at = store.append(&ws("a"), more, None).await.unwrap();
        // At last everything has left the log.
        let upto = if round == 4 { at } else { at - 4 };
        store
            .put_snapshot(&ws("a"), snapshot(upto, "state"))
            .await
            .unwrap();
        store.expire_archive(u64::MAX).await.unwrap();
        let all = recorded(&written);
        assert_eq!(store.records(&ws("a"), 0, usize::MAX).await.unwrap(), all);
        store.close().await.unwrap();
    }
    let store = bed.open();
    written.push(entry("next"));
    store
        .append(&ws("a"), entries(["next"]), Some(40))
        .await
        .unwrap();
    let all = recorded(&written);
    assert_eq!(store.records(&ws("a"), 0, usize::MAX).await.unwrap(), all);
    assert_eq!(store.verify().await.unwrap(), vec![]);
}

async fn dur17_records_are_whole_while_snapshots_move_them(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    let writer = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for n in 1..=120 {
                store.append(&ws("a"), entries([n]), None).await.unwrap();
                if n % 5 == 0 {
                    let state = snapshot(n - 2, &n.to_string());
                    store.put_snapshot(&ws("a"), state).await.unwrap();
                }
            }
        })
    };
    let all = recorded(&entries(1..=120));
    let mut known = 0;
    while !writer.is_finished() {
        let seen = store.records(&ws("a"), 0, usize::MAX).await.unwrap();
        assert_eq!(seen, all[..seen.len()]);
        assert!(seen.len() >= known, "went back to {}", seen.len());
        known = seen.len();
    }
    writer.await.unwrap();
}

async fn dur17_large_records_come_back_whole(bed: &impl Bed) {
    let large = |bytes: usize| Entry {
        at_ms: 1,
        edits: vec![],
        records: vec![
            "before".into(),
            (0..bytes).map(|n| (n * 31 % 251) as u8).collect(),
        ],
    };
    let all: Vec<Entry> = [10, 20_000, 1_000_000].map(large).into();
    let store = bed.open();
    store.create(record("a"), all.clone()).await.unwrap();
    for upto in [0, 2, 3] {
        store
            .put_snapshot(&ws("a"), snapshot(upto, "state"))
            .await
            .unwrap();
        let records = store.records(&ws("a"), 0, usize::MAX).await.unwrap();
        assert_eq!(records, recorded(&all));
    }
    store.append(&ws("a"), entries(["x"]), None).await.unwrap();
    let tail = store.load(&ws("a")).await.unwrap().tail;
    assert_eq!(tail, logged(4, ["x"]));
    assert_eq!(store.verify().await.unwrap(), vec![]);
}
