//! Damaged records in a database that is sound.

use std::path::Path;

use futures_util::future::join_all;
use penhold_server::store::{Loaded, Seq, Store, StoreError, sled::SledStore};

use crate::bed::{
    Bed, Sled, entries, entry, loaded, logged, open_sled, prepared, record, recorded, snapshot, ws,
};

/// The number of records in one of the database's leaves.
const LEAF_FANOUT: usize = 64;

type Raw = sled::Db<LEAF_FANOUT>;

#[derive(Clone, Copy)]
enum Damage {
    FlipBit,
    Remove,
}

fn open_raw(dir: &Path) -> Raw {
    let config = sled::Config::new()
        .path(dir.join("db"))
        .flush_every_ms(Some(1_000_000));
    config.open().unwrap()
}

/// Damages the one record of a kind whose key, without the kind, is `wanted`.
fn tamper(dir: &Path, kind: u8, wanted: impl Fn(&[u8]) -> bool, damage: Damage) {
    let raw = open_raw(dir);
    let found: Vec<_> = raw
        .iter()
        .map(Result::unwrap)
        .filter(|(key, _)| key[0] == kind && key[1] != 0 && wanted(&key[1..]))
        .collect();
    let [(key, value)] = &found[..] else {
        panic!("{} records match", found.len())
    };
    match damage {
        Damage::Remove => raw.remove(key).unwrap(),
        Damage::FlipBit => {
            let mut value = value.to_vec();
            *value.last_mut().unwrap() ^= 1;
            raw.insert(key, value).unwrap()
        }
    };
    raw.flush().unwrap();
}

const ARCHIVE: u8 = 1;
const SNAPSHOT: u8 = 2;
const DIRECTORY: u8 = 3;
const RECORD: u8 = 4;
const CHECKPOINT: u8 = 5;
const CHUNK: u8 = 7;
const JOURNAL: u8 = 8;

fn ends_with_seq(seq: Seq) -> impl Fn(&[u8]) -> bool {
    move |key| key.starts_with(b"a\0") && key.ends_with(&seq.to_be_bytes())
}

fn logged_at(seq: Seq) -> impl Fn(&[u8]) -> bool {
    let end = [b"a\0", &seq.to_be_bytes()[..], &0u32.to_be_bytes()].concat();
    move |key| key.ends_with(&end)
}

fn header_at(upto: Seq) -> impl Fn(&[u8]) -> bool {
    let end = [&upto.to_be_bytes()[..], &0u32.to_be_bytes()].concat();
    move |key| key.starts_with(b"a\0") && key.ends_with(&end)
}

async fn names_only(store: &SledStore, record: &str) {
    names(store, &[record]).await;
}

/// `verify` names a damage for each of these and no other.
async fn names(store: &SledStore, records: &[&str]) {
    let damage = store.verify().await.unwrap();
    let named = |record: &&str| damage.iter().any(|d| d.record.contains(*record));
    assert!(records.iter().all(named), "{damage:?}");
    let known = |damage: &str| records.iter().any(|record| damage.contains(record));
    assert!(damage.iter().all(|d| known(&d.record)), "{damage:?}");
}

#[tokio::test]
async fn dur5_a_damaged_entry_ends_the_tail_at_the_last_good_state() {
    let bed = prepared().await;
    tamper(bed.dir(), JOURNAL, logged_at(11), Damage::FlipBit);
    let store = open_sled(bed.dir());
    let seen = store.load(&ws("a")).await.unwrap();
    assert_eq!(seen.snapshot, Some(snapshot(8, "state at 8")));
    assert_eq!(seen.tail, logged(9, 9..=10));
    assert!(
        seen.damage
            .unwrap()
            .record
            .contains("log entry 11 of workspace a")
    );
    names_only(&store, "log entry 11 of workspace a").await;
    let intact = loaded(Some(snapshot(8, "state at 8")), logged(9, 9..=12));
    assert_eq!(store.load(&ws("b")).await.unwrap(), intact);
}

#[tokio::test]
async fn dur5_a_missing_entry_ends_the_tail_at_the_last_good_state() {
    let bed = prepared().await;
    tamper(bed.dir(), JOURNAL, logged_at(10), Damage::Remove);
    let store = open_sled(bed.dir());
    let seen = store.load(&ws("a")).await.unwrap();
    assert_eq!(seen.tail, logged(9, [9]));
    assert!(
        seen.damage
            .unwrap()
            .record
            .contains("log entry 10 of workspace a")
    );
    // Records 1 to 9 are in entries 1 to 9.
    let gone = ["log entry 10 of workspace a", "record 10 of workspace a"];
    names(&store, &gone).await;
}

#[tokio::test]
async fn dur5_a_damaged_snapshot_falls_back_to_the_one_before_and_the_archive() {
    let bed = prepared().await;
    tamper(bed.dir(), SNAPSHOT, header_at(8), Damage::FlipBit);
    let store = open_sled(bed.dir());
    let expected = loaded(Some(snapshot(4, "state at 4")), logged(5, 5..=12));
    assert_eq!(store.load(&ws("a")).await.unwrap(), expected);
    names_only(&store, "snapshot at 8 of workspace a").await;
}

#[tokio::test]
async fn dur5_without_a_readable_snapshot_the_archive_gives_the_whole_history() {
    let bed = prepared().await;
    tamper(bed.dir(), SNAPSHOT, header_at(8), Damage::Remove);
    tamper(bed.dir(), SNAPSHOT, header_at(4), Damage::FlipBit);
    let store = open_sled(bed.dir());
    assert_eq!(
        store.load(&ws("a")).await.unwrap(),
        loaded(None, logged(1, 1..=12))
    );
}

#[tokio::test]
async fn dur5_with_the_archive_gone_an_older_snapshot_is_the_last_good_state() {
    let bed = prepared().await;
    let store = open_sled(bed.dir());
    store.expire_archive(u64::MAX).await.unwrap();
    store.close().await.unwrap();
    tamper(bed.dir(), SNAPSHOT, header_at(8), Damage::FlipBit);

    let store = open_sled(bed.dir());
    let Loaded {
        snapshot: seen,
        tail,
        damage,
    } = store.load(&ws("a")).await.unwrap();
    assert_eq!((seen, tail), (Some(snapshot(4, "state at 4")), vec![]));
    assert!(
        damage
            .unwrap()
            .record
            .contains("snapshot at 8 of workspace a")
    );
    store.close().await.unwrap();

    tamper(bed.dir(), SNAPSHOT, header_at(4), Damage::FlipBit);
    let refused = open_sled(bed.dir()).load(&ws("a")).await;
    let Err(StoreError::Failed(text)) = refused else {
        panic!("{refused:?}")
    };
    assert!(text.contains("snapshot at 8 of workspace a"), "{text}");
}

#[tokio::test]
async fn dur5_a_first_entry_that_is_damaged_is_never_an_empty_document() {
    let bed = Sled::default();
    let store = bed.open();
    store.create(record("a"), entries(1..=3)).await.unwrap();
    store.close().await.unwrap();
    tamper(bed.dir(), JOURNAL, logged_at(1), Damage::FlipBit);
    let refused = open_sled(bed.dir()).load(&ws("a")).await;
    let Err(StoreError::Failed(text)) = refused else {
        panic!("{refused:?}")
    };
    assert!(text.contains("log entry 1 of workspace a"), "{text}");
}

#[tokio::test]
async fn dur10_verify_names_a_damaged_segment_and_directory_entry() {
    let bed = prepared().await;
    tamper(bed.dir(), ARCHIVE, ends_with_seq(4), Damage::FlipBit);
    let store = open_sled(bed.dir());
    names_only(&store, "archive segment ending at 4 of workspace a").await;
    let refused = store.archived(&ws("a"), 0, 10).await;
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    assert_eq!(
        store.archived(&ws("a"), 4, 10).await.unwrap(),
        logged(5, 5..=8)
    );
    store.close().await.unwrap();

    let bed = prepared().await;
    tamper(bed.dir(), DIRECTORY, |key| key == b"a\0", Damage::FlipBit);
    let store = open_sled(bed.dir());
    names_only(&store, "directory entry of workspace a").await;
    assert!(matches!(
        store.record(&ws("a")).await,
        Err(StoreError::Failed(_))
    ));
    assert_eq!(store.list(None, 10).await.unwrap(), [record("b")]);
    assert_eq!(store.load(&ws("a")).await.unwrap().tail, logged(9, 9..=12));
}

#[tokio::test]
async fn dur5_records_end_before_a_damaged_one_and_go_on_after_it() {
    let all = recorded(&entries(1..=12));
    for (damage, problem) in [(Damage::FlipBit, "checksum"), (Damage::Remove, "missing")] {
        for last in [3, 8] {
            let bed = prepared().await;
            tamper(bed.dir(), RECORD, ends_with_seq(last), damage);
            let store = open_sled(bed.dir());
            let name = format!("record {last} of workspace a");
            names_only(&store, &name).await;
            let before = store.records(&ws("a"), 0, 99).await.unwrap();
            assert_eq!(before, all[..last as usize - 1]);
            let refused = store.records(&ws("a"), last - 1, 99).await;
            let Err(StoreError::Failed(text)) = refused else {
                panic!("{refused:?}")
            };
            assert!(text.contains(&name) && text.contains(problem), "{text}");
            let after = store.records(&ws("a"), last, 99).await.unwrap();
            assert_eq!(after, all[last as usize..]);
            assert_eq!(store.records(&ws("b"), 0, 99).await.unwrap(), all);
        }
    }
}

#[tokio::test]
async fn dur5_a_record_in_a_damaged_entry_is_not_skipped() {
    let bed = prepared().await;
    tamper(bed.dir(), JOURNAL, logged_at(9), Damage::FlipBit);
    let store = open_sled(bed.dir());
    let before = store.records(&ws("a"), 0, 99).await.unwrap();
    assert_eq!(before, recorded(&entries(1..=8)));
    let Err(StoreError::Failed(text)) = store.records(&ws("a"), 8, 99).await else {
        panic!("record 9 was read")
    };
    assert!(text.contains("log entry 9 of workspace a"), "{text}");
}

#[tokio::test]
async fn dur17_numbers_go_on_after_a_damaged_snapshot() {
    for damage in [Damage::FlipBit, Damage::Remove] {
        let bed = Sled::default();
        let store = bed.open();
        store.create(record("a"), entries(1..=5)).await.unwrap();
        for upto in [2, 5] {
            let state = snapshot(upto, "state");
            store.put_snapshot(&ws("a"), state).await.unwrap();
        }
        store.close().await.unwrap();
        tamper(bed.dir(), SNAPSHOT, header_at(5), damage);
        let store = bed.open();
        let next = vec![entry("four")];
        store.append(&ws("a"), next.clone(), None).await.unwrap();
        let all = recorded(entries(1..=5).iter().chain(&next));
        assert_eq!(store.records(&ws("a"), 0, 99).await.unwrap(), all);
    }
}

/// A store with a checkpoint in `a` that has two chunks.
async fn checkpointed() -> Sled {
    let bed = prepared().await;
    let store = open_sled(bed.dir());
    for id in ["a", "b"] {
        let content = "x".repeat(20_000).into();
        store
            .put_checkpoint(&ws(id), "then", content)
            .await
            .unwrap();
    }
    store.close().await.unwrap();
    bed
}

fn last_chunk(key: &[u8]) -> bool {
    key.starts_with(b"a\0") && key.ends_with(&1u32.to_be_bytes())
}

#[tokio::test]
async fn dur5_a_damaged_checkpoint_is_named_and_never_half_read() {
    let header = |key: &[u8]| key == b"a\0then";
    for damage in [Damage::FlipBit, Damage::Remove] {
        let bed = checkpointed().await;
        tamper(bed.dir(), CHUNK, last_chunk, damage);
        let store = open_sled(bed.dir());
        names_only(&store, "checkpoint then of workspace a").await;
        let refused = store.checkpoint(&ws("a"), "then").await;
        assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
        store.close().await.unwrap();

        let bed = checkpointed().await;
        tamper(bed.dir(), CHECKPOINT, header, damage);
        let store = open_sled(bed.dir());
        names_only(&store, "checkpoint then of workspace a").await;
        assert_eq!(store.checkpoints(&ws("a")).await.unwrap().len(), 0);
        let intact = store.checkpoint(&ws("b"), "then").await.unwrap();
        assert_eq!(intact.map(|content| content.len()), Some(20_000));
    }
}

#[tokio::test]
async fn dur18_storing_the_same_again_mends_what_is_damaged() {
    let bed = checkpointed().await;
    tamper(bed.dir(), CHUNK, last_chunk, Damage::FlipBit);
    let store = open_sled(bed.dir());
    let content: bytes::Bytes = "x".repeat(20_000).into();
    store
        .put_checkpoint(&ws("a"), "then", content.clone())
        .await
        .unwrap();
    let seen = store.checkpoint(&ws("a"), "then").await.unwrap();
    assert_eq!(seen, Some(content));
    assert_eq!(store.verify().await.unwrap(), vec![]);
}

/// How many log records the journal of a closed store holds.
fn journal_len(dir: &Path) -> usize {
    let raw = open_raw(dir);
    let keys = raw.iter().map(|item| item.unwrap().0);
    keys.filter(|key| key[0] == JOURNAL && key[1] != 0).count()
}

#[tokio::test]
async fn dur4_what_snapshots_cover_leaves_the_journal() {
    let bed = Sled::default();
    let store = bed.open();
    let ids = ["a", "b", "c", "d", "e", "f", "g", "idle"];
    for id in ids {
        store.create(record(id), vec![]).await.unwrap();
    }
    for n in 1..=100 {
        join_all(ids.map(async |id| store.append(&ws(id), entries([n]), None).await.unwrap()))
            .await;
    }
    for id in &ids[..7] {
        let state = snapshot(100, "state");
        store.put_snapshot(&ws(id), state).await.unwrap();
    }
    store.close().await.unwrap();
    let left = journal_len(bed.dir());
    assert!((100..=400).contains(&left), "{left} records for 100");

    let store = bed.open();
    let tail = store.load(&ws("idle")).await.unwrap().tail;
    assert_eq!(tail, logged(1, 1..=100));
    store
        .put_snapshot(&ws("idle"), snapshot(100, "state"))
        .await
        .unwrap();
    store.close().await.unwrap();
    let left = journal_len(bed.dir());
    assert!(left <= 300, "{left} covered records");
}
