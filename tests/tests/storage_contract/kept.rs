//! What every adapter does with checkpoints and artifacts, and with a workspace that is brought in.

use bytes::Bytes;
use futures_util::future::join_all;
use penhold_server::store::{Contents, StoreError, artifact_hash};

use crate::bed::{Bed, Memory, Sled, contract, entries, loaded, logged, record, recorded, ws};

contract! {
    dur18_checkpoints_come_back_in_the_order_of_their_ids,
    dur18_a_name_never_comes_to_mean_something_else,
    dur18_an_artifact_is_kept_under_its_hash_alone,
    dur18_large_and_empty_contents_come_back_whole,
    dur19_an_import_brings_everything_or_nothing,
}

async fn dur18_checkpoints_come_back_in_the_order_of_their_ids(bed: &impl Bed) {
    let store = bed.open();
    for id in ["a", "a-1"] {
        store.create(record(id), vec![]).await.unwrap();
    }
    assert_eq!(store.checkpoints(&ws("a")).await.unwrap().len(), 0);
    for id in ["b", "a/2", "10", "a", "1", "B", "ab"] {
        let content = format!("at {id}").into();
        store.put_checkpoint(&ws("a"), id, content).await.unwrap();
    }
    store
        .put_checkpoint(&ws("a-1"), "x", "y".into())
        .await
        .unwrap();
    store.delete_checkpoint(&ws("a"), "B").await.unwrap();
    store
        .delete_checkpoint(&ws("a"), "never there")
        .await
        .unwrap();
    store.close().await.unwrap();

    let store = bed.open();
    let ids = store.checkpoints(&ws("a")).await.unwrap();
    assert_eq!(ids, ["1", "10", "a", "a/2", "ab", "b"]);
    for id in ids {
        let content = store.checkpoint(&ws("a"), &id).await.unwrap();
        assert_eq!(content, Some(format!("at {id}").into()));
    }
    for other in ["B", "", "a/", "a\0"] {
        assert_eq!(store.checkpoint(&ws("a"), other).await.unwrap(), None);
    }
}

async fn dur18_a_name_never_comes_to_mean_something_else(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    let put = async |content: &'static str| {
        let content = content.as_bytes().into();
        store.put_checkpoint(&ws("a"), "id", content).await
    };
    let answers = join_all(["one", "two", "three", "one"].map(put)).await;
    let stored = store.checkpoint(&ws("a"), "id").await.unwrap().unwrap();
    for (text, answer) in ["one", "two", "three", "one"].into_iter().zip(answers) {
        match answer {
            Ok(()) => assert_eq!(stored, text),
            Err(StoreError::Exists) => assert_ne!(stored, text),
            Err(other) => panic!("{other}"),
        }
    }
    store.delete_checkpoint(&ws("a"), "id").await.unwrap();
    put("new").await.unwrap();
    let stored = store.checkpoint(&ws("a"), "id").await.unwrap();
    assert_eq!(stored, Some("new".into()));
}

async fn dur18_an_artifact_is_kept_under_its_hash_alone(bed: &impl Bed) {
    let store = bed.open();
    store.create(record("a"), vec![]).await.unwrap();
    let hash = artifact_hash(b"abc");
    assert_eq!(
        hash,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    let unfit = |answer: Result<(), StoreError>| {
        assert!(matches!(answer, Err(StoreError::Unfit(_))), "{answer:?}");
    };
    unfit(store.put_artifact(&ws("a"), &hash, "abd".into()).await);
    unfit(
        store
            .put_artifact(&ws("a"), &hash.to_uppercase(), "abc".into())
            .await,
    );
    let long = "x".repeat(129);
    for id in ["", "a b", "a\0", "caf\u{e9}", &long] {
        unfit(store.put_checkpoint(&ws("a"), id, "content".into()).await);
    }
    store
        .put_artifact(&ws("a"), &hash, "abc".into())
        .await
        .unwrap();
    store
        .put_artifact(&ws("a"), &hash, "abc".into())
        .await
        .unwrap();
    assert_eq!(
        store.artifacts(&ws("a")).await.unwrap(),
        [(hash.clone(), 3)]
    );
    assert_eq!(store.checkpoints(&ws("a")).await.unwrap().len(), 0);
    assert_eq!(
        store.artifact(&ws("a"), &hash).await.unwrap(),
        Some("abc".into())
    );
    store.delete_artifact(&ws("a"), &hash).await.unwrap();
    assert_eq!(store.artifact(&ws("a"), &hash).await.unwrap(), None);
}

async fn dur18_large_and_empty_contents_come_back_whole(bed: &impl Bed) {
    let noise = |bytes: usize| (0..bytes).map(|_| rand::random::<u8>()).collect::<Bytes>();
    let contents: Vec<Bytes> = [0, 1, 16_384, 16_385, 3_000_000].map(noise).into();
    let store = bed.open();
    store.create(record("a"), entries([1])).await.unwrap();
    for content in &contents {
        let hash = artifact_hash(content);
        store
            .put_artifact(&ws("a"), &hash, content.clone())
            .await
            .unwrap();
    }
    store.close().await.unwrap();
    let store = bed.open();
    for content in &contents {
        let hash = artifact_hash(content);
        let seen = store.artifact(&ws("a"), &hash).await.unwrap();
        assert!(seen.as_ref() == Some(content), "{} bytes", content.len());
    }
    assert_eq!(store.artifacts(&ws("a")).await.unwrap().len(), 5);
    assert_eq!(store.verify().await.unwrap(), vec![]);
}

async fn dur19_an_import_brings_everything_or_nothing(bed: &impl Bed) {
    let store = bed.open();
    let mut contents = Contents {
        entries: entries(1..=3),
        checkpoints: vec![("then".to_owned(), "x".repeat(50_000).into())],
        artifacts: vec![("no hash".to_owned(), "abc".into())],
    };
    let refused = store.import(record("a"), contents.clone()).await;
    assert!(matches!(refused, Err(StoreError::Unfit(_))), "{refused:?}");
    assert!(matches!(
        store.record(&ws("a")).await,
        Err(StoreError::NotFound)
    ));

    contents.artifacts[0].0 = artifact_hash(b"abc");
    store.import(record("a"), contents.clone()).await.unwrap();
    let again = store.import(record("a"), Contents::default()).await;
    assert!(matches!(again, Err(StoreError::Exists)), "{again:?}");
    store.close().await.unwrap();
    let store = bed.open();
    let Contents {
        checkpoints,
        artifacts,
        ..
    } = contents;
    let expected = loaded(None, logged(1, 1..=3));
    assert_eq!(store.load(&ws("a")).await.unwrap(), expected);
    assert_eq!(
        store.records(&ws("a"), 0, 9).await.unwrap(),
        recorded(&entries(1..=3))
    );
    let [(id, content)] = &checkpoints[..] else {
        panic!("one checkpoint was brought")
    };
    let seen = store.checkpoint(&ws("a"), id).await.unwrap();
    assert_eq!(seen.as_ref(), Some(content));
    let seen = store.artifact(&ws("a"), &artifacts[0].0).await.unwrap();
    assert_eq!(seen, Some("abc".into()));
}
