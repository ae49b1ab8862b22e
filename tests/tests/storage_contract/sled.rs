//! What only a store on disk can be asked.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use penhold_server::store::{
    Edit, Entry, Loaded, Seq, Store, StoreError,
    sled::{ENTRY_BYTES_MAX, OpenError, SledStore},
};

use crate::bed::{
    Bed, Sled, entries, loaded, logged, open_sled, record, sled_config, snapshot, ws,
};

/// The number of records in one of the database's leaves.
const LEAF_FANOUT: usize = 32;

type Raw = sled::Db<LEAF_FANOUT>;

/// Copies the directory as a crash would leave it.
fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    copy_into(from, to.path());
    to
}

fn copy_into(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let target = to.join(file.file_name());
        if file.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_into(&file.path(), &target);
        } else {
            fs::copy(file.path(), target).unwrap();
        }
    }
}

#[derive(Clone, Copy)]
enum Damage {
    FlipBit,
    Remove,
}

/// Damages the one record of a kind whose key, without the kind, is `wanted`.
fn tamper(dir: &Path, kind: u8, wanted: impl Fn(&[u8]) -> bool, damage: Damage) {
    let config = sled::Config::new()
        .path(dir.join("db"))
        .flush_every_ms(Some(1_000_000));
    let raw: Raw = config.open().unwrap();
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
const LOG: u8 = 4;

/// A closed store with workspace `a`: snapshots at 4 and 8, a log up to 12; and workspace `b`.
async fn prepared() -> Sled {
    let bed = Sled::default();
    let store = bed.open();
    for id in ["a", "b"] {
        store.create(record(id), entries(1..=12)).await.unwrap();
        store
            .put_snapshot(&ws(id), snapshot(4, "state at 4"))
            .await
            .unwrap();
        store
            .put_snapshot(&ws(id), snapshot(8, "state at 8"))
            .await
            .unwrap();
    }
    store.close().await.unwrap();
    bed
}

fn ends_with_seq(seq: Seq) -> impl Fn(&[u8]) -> bool {
    move |key| key.starts_with(b"a\0") && key.ends_with(&seq.to_be_bytes())
}

fn header_at(upto: Seq) -> impl Fn(&[u8]) -> bool {
    let end = [&upto.to_be_bytes()[..], &0u32.to_be_bytes()].concat();
    move |key| key.starts_with(b"a\0") && key.ends_with(&end)
}

async fn names_only(store: &SledStore, record: &str) {
    let damage = store.verify().await.unwrap();
    assert!(
        !damage.is_empty() && damage.iter().all(|d| d.record.contains(record)),
        "{damage:?}"
    );
}

#[tokio::test]
async fn dur1_a_copy_of_the_running_store_has_all_that_was_acknowledged() {
    let bed = Sled::default();
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    for n in 1..=40 {
        store.append(&ws("a"), entries([n]), None).await.unwrap();
        if n == 20 {
            store
                .put_snapshot(&ws("a"), snapshot(15, "state"))
                .await
                .unwrap();
        }
        if n % 8 == 0 {
            let crashed = copy(bed.dir());
            let reopened = open_sled(crashed.path());
            let seen = reopened.load(&ws("a")).await.unwrap();
            assert_eq!(seen, store.load(&ws("a")).await.unwrap());
            assert_eq!(seen.tail.last(), logged(n, [n]).last());
        }
    }
}

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
async fn dur5_a_damaged_entry_ends_the_tail_at_the_last_good_state() {
    let bed = prepared().await;
    tamper(bed.dir(), LOG, ends_with_seq(11), Damage::FlipBit);
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
    tamper(bed.dir(), LOG, ends_with_seq(10), Damage::Remove);
    let store = open_sled(bed.dir());
    let seen = store.load(&ws("a")).await.unwrap();
    assert_eq!(seen.tail, logged(9, [9]));
    assert!(
        seen.damage
            .unwrap()
            .record
            .contains("log entry 10 of workspace a")
    );
    names_only(&store, "log entry 10 of workspace a").await;
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
    tamper(bed.dir(), LOG, ends_with_seq(1), Damage::FlipBit);
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

/// The files of the database, with their sizes.
fn files(dir: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    for file in fs::read_dir(dir).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_dir() {
            found.extend(files(&file.path()));
        } else {
            found.push((file.path(), file.metadata().unwrap().len()));
        }
    }
    found.sort();
    found
}

/// A running store's directory after 60 acknowledged entries, and the entries.
async fn crashed() -> (tempfile::TempDir, Vec<(Seq, Entry)>) {
    let bed = Sled::default();
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    for n in 1..=60 {
        store.append(&ws("a"), entries([n]), None).await.unwrap();
    }
    (copy(bed.dir()), logged(1, 1..=60))
}

/// Opens the store and checks that what it says is a beginning of `history`, or that it says no.
async fn never_invents(dir: &Path, history: &[(Seq, Entry)]) -> Option<usize> {
    let Ok(store) = SledStore::open(&sled_config(dir)) else {
        return None;
    };
    let read = match store.load(&ws("a")).await {
        Ok(Loaded {
            snapshot: None,
            tail,
            ..
        }) => {
            assert_eq!(tail, history[..tail.len()]);
            Some(tail.len())
        }
        Ok(other) => panic!("invented {other:?}"),
        Err(StoreError::NotFound | StoreError::Failed(_)) => None,
        Err(other) => panic!("{other:?}"),
    };
    drop(store.verify().await);
    store.close().await.unwrap();
    read
}

#[tokio::test]
async fn dur5_a_torn_last_write_is_dropped_and_the_rest_is_whole() {
    let (crash, history) = crashed().await;
    for cut in [1, 3, 20] {
        let torn = copy(crash.path());
        let (log, size) = files(&torn.path().join("db/metadata"))
            .into_iter()
            .find(|(file, _)| {
                file.file_name()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .starts_with("log_")
            })
            .unwrap();
        fs::File::options()
            .write(true)
            .open(log)
            .unwrap()
            .set_len(size - cut)
            .unwrap();
        assert_eq!(never_invents(torn.path(), &history).await, Some(59));
    }
}

#[tokio::test]
async fn dur5_bytes_flipped_anywhere_never_invent_content() {
    let (crash, history) = crashed().await;
    let whole = never_invents(copy(crash.path()).path(), &history).await;
    assert_eq!(whole, Some(60));
    for (file, size) in files(crash.path())
        .into_iter()
        .filter(|(_, size)| *size > 0)
    {
        for at in [0, size / 3, size / 2, size - 1] {
            let flipped = copy(crash.path());
            let target = flipped
                .path()
                .join(file.strip_prefix(crash.path()).unwrap());
            let mut bytes = fs::read(&target).unwrap();
            bytes[at as usize] ^= 0x10;
            fs::write(&target, bytes).unwrap();
            let r = never_invents(flipped.path(), &history).await;
            eprintln!("XX {} {at} {r:?}", file.display());
        }
    }
}

#[tokio::test]
async fn dur5_a_database_that_lost_its_blocks_says_so_and_stays_down() {
    let (crash, _) = crashed().await;
    for (slab, size) in files(&crash.path().join("db/slabs")) {
        fs::write(slab, vec![0xEE; size as usize]).unwrap();
    }
    match SledStore::open(&sled_config(crash.path())) {
        Err(OpenError::Damaged { .. }) => {}
        Err(other) => panic!("{other}"),
        Ok(store) => {
            assert!(matches!(
                store.load(&ws("a")).await,
                Err(StoreError::Failed(_))
            ));
            let refused = store.append(&ws("a"), entries([1]), None).await;
            assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
            store.close().await.unwrap();
        }
    }
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
    let store = Arc::new(SledStore::open(&config).unwrap());
    store.create(record("a"), vec![]).await.unwrap();
    let start = Instant::now();
    let append = |n: u64| {
        let store = Arc::clone(&store);
        async move { store.append(&ws("a"), entries([n]), None).await.unwrap() }
    };
    join_all((0..64).map(append)).await;
    let one_by_one = Duration::from_millis(100) * 64;
    assert!(
        start.elapsed() < one_by_one / 4,
        "took {:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn dur16_an_entry_that_is_too_large_is_refused() {
    let bed = Sled::default();
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    let update = vec![7; ENTRY_BYTES_MAX].into();
    let large = Entry {
        at_ms: 1,
        edits: vec![Edit { by: None, update }],
    };
    let refused = store.append(&ws("a"), vec![large], None).await;
    assert!(matches!(
        refused,
        Err(StoreError::TooLarge {
            limit: ENTRY_BYTES_MAX,
            ..
        })
    ));
    assert_eq!(
        store.append(&ws("a"), entries([1]), Some(0)).await.unwrap(),
        1
    );
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
