//! Damaged files, and a directory as a crash leaves it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use futures_util::future::join_all;
use penhold_server::store::{
    Entry, Loaded, Seq, Store, StoreError,
    sled::{OpenError, SledStore},
};

use crate::bed::{
    Bed, Sled, entries, loaded, logged, open_sled, record, sled_config, snapshot, ws,
};

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
            never_invents(flipped.path(), &history).await;
        }
    }
}

/// Damages every block of at least this size.
fn damage_blocks(dir: &Path, bytes_min: usize) {
    for (slab, size) in files(&dir.join("db/slabs")) {
        let block: usize = slab.file_name().unwrap().to_str().unwrap().parse().unwrap();
        if block >= bytes_min && size > 0 {
            let mut bytes = fs::read(&slab).unwrap();
            bytes.iter_mut().step_by(1000).for_each(|byte| *byte ^= 1);
            fs::write(&slab, bytes).unwrap();
        }
    }
}

#[tokio::test]
async fn dur5_a_damaged_block_leaves_the_workspaces_outside_it_served() {
    let bed = Sled::default();
    let store = bed.open();
    let ids: Vec<String> = (10..90).map(|n| format!("w{n}")).collect();
    // It does not compress, so its block is larger than the others.
    let noise: Vec<u8> = (0..120_000).map(|_| rand::random()).collect();
    join_all(ids.iter().map(async |id| {
        store.create(record(id), entries(1..=3)).await.unwrap();
        let mut state = snapshot(2, id);
        if id == "w50" {
            state.state = noise.clone().into();
        }
        store.put_snapshot(&ws(id), state).await.unwrap();
    }))
    .await;
    store.close().await.unwrap();
    damage_blocks(bed.dir(), 98_304);

    let store = open_sled(bed.dir());
    let mut served = 0;
    for id in &ids {
        let mut seen = store.load(&ws(id)).await;
        // After a failure the store asks anew, once for all and once for this one alone.
        for _ in 0..2 {
            if seen.is_err() {
                seen = store.load(&ws(id)).await;
            }
        }
        match seen {
            Ok(seen) => {
                assert_eq!(seen, loaded(Some(snapshot(2, id)), logged(3, [3])));
                let append = async || store.append(&ws(id), entries([4]), Some(3)).await;
                let mut appended = append().await;
                if appended.is_err() && served == 0 {
                    // The first commit may come upon the block while it tidies up; none does after.
                    appended = append().await;
                }
                assert_eq!(appended.unwrap(), 4);
                served += 1;
            }
            Err(error) => assert!(error.to_string().contains("cannot be read"), "{error}"),
        }
    }
    assert!((40..80).contains(&served), "{served} of 80 are served");
    let text = store.load(&ws("w50")).await.unwrap_err().to_string();
    assert!(text.contains("workspace w50"), "{text}");
    assert!(!store.verify().await.unwrap().is_empty());
    assert_eq!(store.list(None, 100).await.unwrap().len(), ids.len());
    store.close().await.unwrap();
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
