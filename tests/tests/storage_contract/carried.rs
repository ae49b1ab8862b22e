//! The chain of records, and workspaces that are carried from one server to another.

use std::sync::Arc;

use bytes::Bytes;
use crdt_schema::{member::Role, ownership::State};
use penhold_server::{
    chain::{self, ChainError},
    store::{Entry, Store as _, memory::MemoryStore},
};
use penhold_tests::harness::House;
use reqwest::Method;
use serde_json::Value;

use crate::bed::{Bed, Memory, Sled, contract, record, snapshot, ws};

contract! {
    dur10_the_first_record_that_does_not_follow_is_named,
}

/// A chain of `count` records for the workspace `id`.
fn chain_of(id: &str, count: u64) -> Vec<Bytes> {
    let directory = record(id);
    let mut state = State::new(&directory.lineage, &directory.created_by);
    let made = (1..=count).map(|at_ms| {
        let next = state.record(at_ms, Some(&directory.created_by), None, vec![]);
        state.apply(&next).unwrap();
        next.to_json().into()
    });
    made.collect()
}

fn log_of(records: Vec<Bytes>) -> Vec<Entry> {
    let entry = |record| Entry {
        at_ms: 1,
        edits: vec![],
        records: vec![record],
    };
    records.into_iter().map(entry).collect()
}

async fn dur10_the_first_record_that_does_not_follow_is_named(bed: &impl Bed) {
    let whole = chain_of("a", 600);
    let cases = [
        ("changed", {
            let mut chain = whole.clone();
            let text = String::from_utf8(chain[299].to_vec()).unwrap();
            chain[299] = text.replace("\"at_ms\":300", "\"at_ms\":301").into();
            (chain, 300)
        }),
        ("dropped", ([&whole[..399], &whole[400..]].concat(), 400)),
        ("doubled", ([&whole[..500], &whole[499..]].concat(), 501)),
        ("swapped", {
            let mut chain = whole.clone();
            chain.swap(9, 10);
            (chain, 10)
        }),
        ("of-another", (chain_of("b", 5), 1)),
        ("no-record", (vec!["hello".into()], 1)),
    ];
    let store = bed.open();
    store.create(record("a"), log_of(whole)).await.unwrap();
    store
        .put_snapshot(&ws("a"), snapshot(450, "state"))
        .await
        .unwrap();
    let end = chain::check(&*store, &record("a")).await.unwrap();
    assert_eq!(end.records, 600);
    let mut named = Vec::new();
    for (id, (chain, number)) in cases {
        let mut directory = record(id);
        directory.lineage = record("a").lineage;
        store
            .create(directory.clone(), log_of(chain))
            .await
            .unwrap();
        let name = format!("record {number} of workspace {id}");
        let found = chain::check(&*store, &directory).await.unwrap_err();
        assert!(
            matches!(&found, ChainError::Broken(damage) if damage.record == name),
            "{found}"
        );
        named.push(name);
    }
    named.sort();
    let found = chain::check_all(&*store).await.unwrap();
    let mut found: Vec<_> = found.into_iter().map(|damage| damage.record).collect();
    found.sort();
    assert_eq!(found, named);
    assert_eq!(store.verify().await.unwrap(), vec![]);
}

/// A server with the workspace `plan`, which has records, two checkpoints and two artifacts.
async fn furnished() -> (House, Value) {
    let house = House::open().await;
    let token = house.token("Ada", Role::Admin);
    house.create("plan", "Notes to carry.").await;
    for artifact in ["a transcript", "a table"] {
        let path = "/workspaces/plan/artifacts";
        let (status, body) = house
            .ask(Method::POST, path, &token, Some(artifact.into()))
            .await;
        assert_eq!(status, 201, "{body}");
    }
    for (id, content) in [("0001", "first"), ("0002", "second")] {
        house
            .store
            .put_checkpoint(&ws("plan"), id, content.into())
            .await
            .unwrap();
    }
    let (status, file) = house
        .ask(Method::GET, "/workspaces/plan/export", &token, None)
        .await;
    assert_eq!(status, 200, "{file}");
    (house, file)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dur19_an_imported_workspace_has_what_the_exported_one_had() {
    let (from, file) = furnished().await;
    let bed = Sled::default();
    let to = House::over(bed.open(), |_| {}).await;
    let token = to.token("Bo", Role::Admin);
    let (status, made) = to
        .ask(Method::POST, "/import?id=copy", &token, Some(file))
        .await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(to.notes("copy", &token).await, "Notes to carry.");

    let (plan, copy) = (ws("plan"), ws("copy"));
    let records = from.store.records(&plan, 0, 99).await.unwrap();
    assert!(records.len() >= 2);
    assert_eq!(to.store.records(&copy, 0, 99).await.unwrap(), records);
    assert_eq!(to.store.checkpoints(&copy).await.unwrap(), ["0001", "0002"]);
    assert_eq!(
        to.store.checkpoint(&copy, "0002").await.unwrap(),
        Some("second".into())
    );
    let artifacts = from.store.artifacts(&plan).await.unwrap();
    assert_eq!(artifacts.len(), 2);
    assert_eq!(to.store.artifacts(&copy).await.unwrap(), artifacts);

    // The chain goes on where it ended.
    let (status, body) = to
        .ask(
            Method::POST,
            "/workspaces/copy/artifacts",
            &token,
            Some("another".into()),
        )
        .await;
    assert_eq!(status, 201, "{body}");
    let directory = to.store.record(&copy).await.unwrap();
    let end = chain::check(&to.store, &directory).await.unwrap();
    assert_eq!(end.records, records.len() as u64 + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dur19_a_file_that_was_tampered_with_is_refused_whole() {
    let (_from, file) = furnished().await;
    let to = House::over(Arc::new(MemoryStore::new()), |_| {}).await;
    let token = to.token("Bo", Role::Admin);
    let changed = |pointer: &str, change: &dyn Fn(&mut Value)| {
        let mut file = file.clone();
        change(file.pointer_mut(pointer).unwrap());
        file
    };
    let files = [
        changed("/records/0", &|record| {
            let text = record.as_str().unwrap();
            *record = text.replacen("\"at_ms\":", "\"at_ms\":1", 1).into();
        }),
        changed("/records", &|records| {
            records.as_array_mut().unwrap().remove(0);
        }),
        changed("/workspace/lineage", &|lineage| {
            *lineage = "0123456789abcdef0123456789abcdef".into();
        }),
        changed("/artifacts", &|artifacts| {
            artifacts["no hash"] = "YWJj".into();
        }),
        changed("/checkpoints/0001", &|checkpoint| *checkpoint = "%".into()),
        changed("/version", &|version| *version = 3.into()),
    ];
    for (at, file) in files.into_iter().enumerate() {
        let (status, problem) = to.ask(Method::POST, "/import", &token, Some(file)).await;
        assert_eq!(status, 422, "file {at}: {problem}");
        assert_eq!(to.store.list(None, 9).await.unwrap(), vec![], "file {at}");
    }
    let (status, _) = to.ask(Method::POST, "/import", &token, Some(file)).await;
    assert_eq!(status, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dur19_a_file_of_the_first_version_is_a_workspace_without_a_record() {
    let (_from, mut file) = furnished().await;
    let to = House::open().await;
    let token = to.token("Bo", Role::Admin);
    let fields = file.as_object_mut().unwrap();
    for field in ["records", "checkpoints", "artifacts"] {
        fields.remove(field).unwrap();
    }
    fields.insert("version".to_owned(), 1.into());
    let (status, made) = to.ask(Method::POST, "/import", &token, Some(file)).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(to.notes("plan", &token).await, "Notes to carry.");
}
