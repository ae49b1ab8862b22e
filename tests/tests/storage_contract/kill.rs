//! Killing a process that writes, and reading what it left.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::future::join_all;
use penhold_server::store::{Entry, Seq, Snapshot, Store, StoreError, sled::SledStore};

use crate::bed::{entry, open_sled, record, recorded, sled_config, snapshot, ws};

const DIR_VARIABLE: &str = "PENHOLD_TEST_STORE_TO_KILL";
const WORKSPACES: [&str; 4] = ["a", "b", "c", "d"];
const SNAPSHOT_EVERY: Seq = 25;
const CHECKPOINT_EVERY: Seq = 30;

/// What each workspace's log holds at `seq`.
fn content(id: &str, seq: Seq) -> Entry {
    entry(&format!("{id}/{seq}"))
}

fn state(id: &str, upto: Seq) -> Snapshot {
    snapshot(upto, &format!("{id} up to {upto}"))
}

/// What the checkpoint `name` of a workspace holds, in several chunks.
fn checkpointed(id: &str, name: &str) -> Bytes {
    format!("{id} at {name}. ").repeat(3_000).into()
}

/// Not a test: the process that is killed. It prints what the store has acknowledged.
#[tokio::test]
#[ignore = "started, and killed, by another test"]
async fn writer() {
    let Ok(dir) = env::var(DIR_VARIABLE) else {
        return;
    };
    let mut config = sled_config(Path::new(&dir));
    // Opened anew again and again, so that it is killed in the middle of that, too.
    config.renewal.bytes_max = 20_000;
    let store = Arc::new(SledStore::open(&config).unwrap());
    let write = |id: &'static str| {
        let store = Arc::clone(&store);
        async move {
            match store.create(record(id), vec![]).await {
                Ok(()) | Err(StoreError::Exists) => {}
                Err(error) => panic!("{error}"),
            }
            let mut at = store.append(&ws(id), vec![], None).await.unwrap();
            loop {
                if at.is_multiple_of(CHECKPOINT_EVERY) {
                    let name = format!("{at:06}");
                    let content = checkpointed(id, &name);
                    store.put_checkpoint(&ws(id), &name, content).await.unwrap();
                }
                let two = vec![content(id, at + 1), content(id, at + 2)];
                at = store.append(&ws(id), two, Some(at)).await.unwrap();
                writeln!(std::io::stdout(), "acknowledged {id} {at}").unwrap();
                if at.is_multiple_of(SNAPSHOT_EVERY * 2) {
                    let upto = at - SNAPSHOT_EVERY;
                    store.put_snapshot(&ws(id), state(id, upto)).await.unwrap();
                }
            }
        }
    };
    join_all(WORKSPACES.map(write)).await;
}

/// Runs the writer until it has acknowledged `count` appends, kills it, and returns the last
/// position that it acknowledged for each workspace.
fn run_and_kill(dir: &Path, count: usize) -> BTreeMap<String, Seq> {
    let mut writer = Command::new(env::current_exe().unwrap())
        .args(["--exact", "kill::writer", "--ignored", "--nocapture"])
        .env(DIR_VARIABLE, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(writer.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let mut acknowledged = BTreeMap::new();
    let mut seen = 0;
    for line in lines {
        let Some((_, told)) = line.split_once("acknowledged ") else {
            continue;
        };
        let (id, seq) = told.split_once(' ').unwrap();
        acknowledged.insert(id.to_owned(), seq.parse().unwrap());
        seen += 1;
        if seen == count {
            writer.kill().unwrap();
        }
    }
    writer.wait().unwrap();
    assert!(seen >= count, "the writer ended by itself after {seen}");
    acknowledged
}

#[test]
fn dur1_a_killed_process_loses_nothing_that_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for count in [1, 50, 333, 1500, 90] {
        let acknowledged = run_and_kill(dir.path(), count);
        runtime.block_on(async {
            let store = open_sled(dir.path());
            assert_eq!(store.verify().await.unwrap(), vec![]);
            for (id, acknowledged) in &acknowledged {
                let seen = store.load(&ws(id)).await.unwrap();
                assert_eq!(seen.damage, None);
                let base = seen.snapshot.as_ref().map_or(0, |snapshot| snapshot.upto);
                assert_eq!(seen.snapshot, (base > 0).then(|| state(id, base)));
                let last = seen.tail.last().map_or(base, |(seq, _)| *seq);
                assert!(
                    last >= *acknowledged,
                    "{id} is at {last}, not at {acknowledged}"
                );
                assert!(last.is_multiple_of(2), "half an append of {id} was written");
                let expected: Vec<_> = (base + 1..=last)
                    .map(|seq| (seq, content(id, seq)))
                    .collect();
                assert_eq!(seen.tail, expected);
                let archived = store.archived(&ws(id), 0, usize::MAX).await.unwrap();
                let expected: Vec<_> = (1..=base).map(|seq| (seq, content(id, seq))).collect();
                assert_eq!(archived, expected);
                let all: Vec<_> = (1..=last).map(|seq| content(id, seq)).collect();
                let records = store.records(&ws(id), 0, usize::MAX).await.unwrap();
                assert_eq!(records, recorded(&all));
                let kept = store.checkpoints(&ws(id)).await.unwrap();
                let due = (0..*acknowledged).step_by(CHECKPOINT_EVERY as usize);
                for upto in due {
                    assert!(
                        kept.contains(&format!("{upto:06}")),
                        "{upto} of {id} is gone"
                    );
                }
                for checkpoint in kept {
                    let content = store.checkpoint(&ws(id), &checkpoint).await.unwrap();
                    assert_eq!(content, Some(checkpointed(id, &checkpoint)));
                }
            }
            store.close().await.unwrap();
        });
    }
}
