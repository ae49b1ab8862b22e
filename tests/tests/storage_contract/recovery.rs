//! A store that failed comes back by itself.

use std::{
    fmt, fs, io,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::StreamExt;
use parking_lot::Mutex;
use penhold_server::store::{
    Store, StoreError,
    sled::{Faults, Moment, SledStore},
};
use tokio::sync::{mpsc, oneshot};

use crate::bed::{
    Bed, Sled, entries, loaded, logged, prepared, record, recorded, sled_config, snapshot, ws,
};

/// A disk that fails at chosen moments.
#[derive(Clone, Default)]
struct Disk {
    broken: Arc<Mutex<Vec<Moment>>>,
    reopened: Arc<AtomicU32>,
}

impl Disk {
    fn breaks(&self, moments: &[Moment]) {
        *self.broken.lock() = moments.to_vec();
    }

    fn heals(&self) {
        self.breaks(&[]);
    }

    fn reopened(&self) -> u32 {
        self.reopened.load(Ordering::SeqCst)
    }

    fn store(&self, bed: &Sled, reopen_delay: Duration) -> SledStore {
        let mut config = sled_config(bed.dir());
        config.reopen_delay = reopen_delay;
        let disk = self.clone();
        config.faults = Faults::new(move |moment| {
            if moment == Moment::Reopening {
                disk.reopened.fetch_add(1, Ordering::SeqCst);
            }
            if disk.broken.lock().contains(&moment) {
                return Err(io::Error::other("the disk is broken"));
            }
            Ok(())
        });
        SledStore::open(&config).unwrap()
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it takes an answer as it comes"
)]
fn failed<R: fmt::Debug>(answer: Result<R, StoreError>) {
    assert!(matches!(answer, Err(StoreError::Failed(_))), "{answer:?}");
}

#[tokio::test]
async fn dur13_a_failed_commit_leaves_what_the_disk_really_holds() {
    for (moment, survivors) in [(Moment::BeforeFlush, 12), (Moment::AfterFlush, 13)] {
        let bed = prepared().await;
        let disk = Disk::default();
        let store = disk.store(&bed, Duration::ZERO);
        disk.breaks(&[moment]);
        failed(store.append(&ws("a"), entries([13]), None).await);
        disk.heals();

        let state = Some(snapshot(8, "state at 8"));
        let held = loaded(state.clone(), logged(9, 9..=survivors));
        assert_eq!(store.load(&ws("a")).await.unwrap(), held, "{moment:?}");
        let untouched = loaded(state.clone(), logged(9, 9..=12));
        assert_eq!(store.load(&ws("b")).await.unwrap(), untouched);
        let next = survivors + 1;
        let appended = store
            .append(&ws("a"), entries([next]), Some(survivors))
            .await;
        assert_eq!(appended.unwrap(), next);
        assert_eq!(store.verify().await.unwrap(), vec![]);
        store.close().await.unwrap();

        let held = loaded(state, logged(9, 9..=next));
        assert_eq!(bed.open().load(&ws("a")).await.unwrap(), held);
    }
}

#[tokio::test]
async fn dur12_creations_deletions_and_snapshots_that_failed_left_nothing_half_done() {
    let bed = prepared().await;
    let disk = Disk::default();
    let store = disk.store(&bed, Duration::ZERO);
    let before = store.load(&ws("a")).await.unwrap();
    disk.breaks(&[Moment::BeforeFlush]);
    failed(store.create(record("c"), entries([1])).await);
    failed(store.delete(&ws("a")).await);
    failed(store.put_snapshot(&ws("a"), snapshot(12, "new")).await);
    disk.heals();
    assert!(matches!(
        store.record(&ws("c")).await,
        Err(StoreError::NotFound)
    ));
    assert_eq!(store.load(&ws("a")).await.unwrap(), before);
    assert_eq!(
        store.archived(&ws("a"), 0, 99).await.unwrap(),
        logged(1, 1..=8)
    );
    store.create(record("c"), entries([1])).await.unwrap();
    store.delete(&ws("a")).await.unwrap();
    assert_eq!(store.verify().await.unwrap(), vec![]);
}

#[tokio::test]
async fn dur18_a_checkpoint_is_there_after_a_failed_commit_if_the_disk_has_it() {
    for (moment, survives) in [(Moment::BeforeFlush, false), (Moment::AfterFlush, true)] {
        let bed = prepared().await;
        let disk = Disk::default();
        let store = disk.store(&bed, Duration::ZERO);
        let content: Bytes = "x".repeat(50_000).into();
        disk.breaks(&[moment]);
        failed(
            store
                .put_checkpoint(&ws("a"), "then", content.clone())
                .await,
        );
        disk.heals();
        let seen = store.checkpoint(&ws("a"), "then").await.unwrap();
        assert_eq!(seen.is_some(), survives);
        assert_eq!(
            store.checkpoints(&ws("a")).await.unwrap().len(),
            usize::from(survives)
        );
        store
            .put_checkpoint(&ws("a"), "then", content.clone())
            .await
            .unwrap();

        disk.breaks(&[moment]);
        failed(store.delete_checkpoint(&ws("a"), "then").await);
        disk.heals();
        let seen = store.checkpoint(&ws("a"), "then").await.unwrap();
        assert_eq!(seen, (!survives).then_some(content));
        assert_eq!(store.verify().await.unwrap(), vec![]);
    }
}

#[tokio::test]
async fn dur17_records_of_a_failed_append_count_if_the_disk_has_them() {
    for (moment, survivors) in [(Moment::BeforeFlush, 12), (Moment::AfterFlush, 13)] {
        let bed = prepared().await;
        let disk = Disk::default();
        let store = disk.store(&bed, Duration::ZERO);
        disk.breaks(&[moment]);
        failed(store.append(&ws("a"), entries([13]), None).await);
        failed(
            store
                .put_snapshot(&ws("b"), snapshot(12, "lost or not"))
                .await,
        );
        disk.heals();
        store.append(&ws("a"), entries([14]), None).await.unwrap();
        let all = recorded(&entries((1..=survivors).chain([14])));
        assert_eq!(store.records(&ws("a"), 0, 99).await.unwrap(), all);
        let all = recorded(&entries(1..=12));
        assert_eq!(store.records(&ws("b"), 0, 99).await.unwrap(), all);
        assert_eq!(store.verify().await.unwrap(), vec![]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dur1_nothing_is_shown_before_it_is_on_disk() {
    let bed = prepared().await;
    let (reached, mut commits) = mpsc::unbounded_channel();
    let mut config = sled_config(bed.dir());
    config.faults = Faults::new(move |moment| {
        let (go_on, gate) = oneshot::channel::<()>();
        if moment == Moment::BeforeFlush && reached.send(go_on).is_ok() {
            drop(gate.blocking_recv());
        }
        Ok(())
    });
    let store = Arc::new(SledStore::open(&config).unwrap());
    let before = store.records(&ws("a"), 0, 99).await.unwrap();
    let append = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.append(&ws("a"), entries([13]), None).await })
    };
    let go_on = commits.recv().await.unwrap();
    assert_eq!(store.records(&ws("a"), 0, 99).await.unwrap(), before);
    drop(go_on);
    append.await.unwrap().unwrap();
    assert_eq!(
        store.records(&ws("a"), 0, 99).await.unwrap().len(),
        before.len() + 2
    );

    let put = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.put_checkpoint(&ws("a"), "id", "x".into()).await })
    };
    let go_on = commits.recv().await.unwrap();
    assert_eq!(store.checkpoint(&ws("a"), "id").await.unwrap(), None);
    assert_eq!(store.checkpoints(&ws("a")).await.unwrap().len(), 0);
    drop(go_on);
    put.await.unwrap().unwrap();
    assert_eq!(store.checkpoints(&ws("a")).await.unwrap(), ["id"]);
}

#[tokio::test]
async fn dur12_while_the_disk_is_broken_all_is_refused_and_then_all_is_served() {
    let bed = prepared().await;
    let disk = Disk::default();
    let store = disk.store(&bed, Duration::ZERO);
    disk.breaks(&[Moment::BeforeFlush, Moment::Reopening]);
    for _ in 0..20 {
        failed(store.append(&ws("a"), entries([13]), None).await);
        failed(store.load(&ws("a")).await);
        failed(store.list(None, 9).await);
    }
    disk.heals();
    assert_eq!(store.list(None, 9).await.unwrap().len(), 2);
    let appended = store.append(&ws("a"), entries([13]), Some(12)).await;
    assert_eq!(appended.unwrap(), 13);
}

#[tokio::test]
async fn dur12_a_broken_disk_is_tried_only_so_often() {
    let bed = prepared().await;
    let disk = Disk::default();
    let store = disk.store(&bed, Duration::from_secs(3600));
    disk.breaks(&[Moment::BeforeFlush, Moment::Reopening]);
    for _ in 0..20 {
        failed(store.append(&ws("a"), entries([13]), None).await);
        failed(store.load(&ws("a")).await);
    }
    assert_eq!(disk.reopened(), 1);
    store.close().await.unwrap();
}

#[tokio::test]
async fn dur6_followers_live_through_a_failure() {
    let bed = prepared().await;
    let disk = Disk::default();
    let store = disk.store(&bed, Duration::ZERO);
    let mut follower = store.follow(&ws("a"), 11);
    let mut next = async || follower.next().await.unwrap().unwrap();
    assert_eq!(next().await, logged(12, [12])[0]);
    disk.breaks(&[Moment::AfterFlush]);
    failed(store.append(&ws("a"), entries([13]), None).await);
    disk.heals();
    store.append(&ws("a"), entries([14]), None).await.unwrap();
    assert_eq!(next().await, logged(13, [13])[0]);
    assert_eq!(next().await, logged(14, [14])[0]);
}

#[tokio::test]
async fn dur12_one_copy_of_the_database_is_left() {
    let bed = prepared().await;
    let disk = Disk::default();
    let store = disk.store(&bed, Duration::ZERO);
    for n in 0..3 {
        disk.breaks(&[Moment::BeforeFlush]);
        failed(store.append(&ws("a"), entries(["lost"]), None).await);
        disk.heals();
        let appended = store
            .append(&ws("a"), entries([13 + n]), Some(12 + n))
            .await;
        assert_eq!(appended.unwrap(), 13 + n);
    }
    let mut names: Vec<_> = fs::read_dir(bed.dir())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["db.3", "format", "lock"]);
}
