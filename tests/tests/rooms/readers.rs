//! Readers and writers of every kind in one room.

use std::sync::Arc;

use crdt_schema::member::Role;
use penhold_server::{
    room::{RoomConfig, Rooms},
    store::{Store, memory::MemoryStore},
};
use penhold_tests::{
    client::Client,
    faulty_store::FaultyStore,
    guest::Guest,
    harness::{House, create, member},
};
use sync_protocol::{
    awareness::{self, Entry},
    yws,
};
use yrs::{Text as _, WriteTxn as _};

use super::append;

const OUTBOX_BYTES_MAX: usize = 4 << 10;

#[tokio::test]
async fn syn6_a_slow_reader_is_brought_up_to_date_by_one_difference() {
    let config = RoomConfig {
        outbox_bytes_max: OUTBOX_BYTES_MAX,
        ..RoomConfig::default()
    };
    let rooms = Rooms::new(Arc::new(MemoryStore::new()), config);
    create(&rooms, "plan", "start").await;
    let mut ada = Guest::join(&rooms, "plan", member("ada", Role::Editor), 100).await;
    let mut ben = Guest::join(&rooms, "plan", member("ben", Role::Editor), 200).await;
    let mut slow = Guest::join(&rooms, "plan", member("slow", Role::Viewer), 300).await;
    for _ in 0..500 {
        ada.edit(append(" some words of ada")).await;
        ada.until_saved().await;
    }
    let waiting = slow.hear().await;
    assert!(waiting <= 2 * OUTBOX_BYTES_MAX, "{waiting} bytes waited");
    assert_eq!(slow.resynchronised, 1);

    // What happens between the question and its answer is not lost either, whoever writes it.
    ben.edit(append(" the end")).await;
    ben.until_saved().await;
    ada.until("told", |ada| ada.notes().contains("the end"))
        .await;
    slow.until("up to date", |slow| slow.notes() == ada.notes())
        .await;
    ada.edit(append(" more")).await;
    slow.until("live again", |slow| slow.notes().ends_with(" more"))
        .await;
    assert_eq!(slow.goodbye, None);
}

#[tokio::test]
async fn syn6_what_another_writer_adds_while_a_slow_reader_asks_is_in_the_difference() {
    let config = RoomConfig {
        outbox_bytes_max: 64,
        ..RoomConfig::default()
    };
    let store = FaultyStore::new(Arc::new(MemoryStore::new()));
    let rooms = Rooms::new(Arc::new(store.clone()), config);
    create(&rooms, "plan", "start").await;
    let mut ada = Guest::join(&rooms, "plan", member("ada", Role::Editor), 100).await;
    let mut ben = Guest::join(&rooms, "plan", member("ben", Role::Editor), 200).await;
    let mut slow = Guest::join(&rooms, "plan", member("slow", Role::Viewer), 300).await;
    for _ in 0..4 {
        ada.edit(append(" some words of ada")).await;
        ada.until_saved().await;
    }
    // Ben's first edit makes the server write down who he is: until that is durable, nobody is
    // shown the document, and the slow reader's question waits.
    store.hold_appends();
    ben.edit(append(" ben")).await;
    store.until_held(1).await;
    slow.hear().await;
    assert_eq!(slow.resynchronised, 1);
    store.release_appends();
    slow.until("told of both", |slow| {
        slow.notes().contains("ada") && slow.notes().contains("ben")
    })
    .await;
}

#[tokio::test]
async fn syn6_a_socket_that_is_not_read_stays_open_and_catches_up() {
    let house = House::open().await;
    house.create("plan", "").await;
    let mut ada = house.join("plan", &house.token("Ada", Role::Editor)).await;
    let mut slow = house.join("plan", &house.token("Slow", Role::Viewer)).await;
    let page = "all work and no play ".repeat(3_000);
    for _ in 0..300 {
        ada.edit(|txn| {
            let notes = txn.get_or_insert_text("notes");
            let length = notes.len(txn);
            notes.remove_range(txn, 0, length);
            notes.push(txn, &page);
        })
        .await;
        ada.until_saved().await;
    }
    ada.edit(append("the end")).await;
    ada.until_saved().await;
    slow.until_notes("caught up", |notes| notes.ends_with("the end"))
        .await;
    assert_eq!(slow.notes(), ada.notes());
    let heard: usize = slow.heard.updates.iter().map(bytes::Bytes::len).sum();
    assert!(
        heard < 300 * page.len(),
        "{heard} bytes: nothing was left out"
    );
}

#[tokio::test]
async fn syn7_presence_carries_the_servers_word_and_goes_with_the_socket() {
    let house = House::open().await;
    house.create("plan", "").await;
    let mut ada = house
        .join("plan", &house.token("Ada", Role::Reviewer))
        .await;
    let mut ben = house.join("plan", &house.token("Ben", Role::Editor)).await;
    let state = r#"{"user":{"name":"Mallory","role":"admin"},"cursor":3}"#;
    ada.send(presence(100, 1, state)).await;
    for client in [&mut ada, &mut ben] {
        client
            .until("told who is here", |client| {
                client.heard.present.contains_key(&100)
            })
            .await;
        let seen = &client.heard.present[&100];
        assert_eq!(seen["user"]["name"], "Ada");
        assert_eq!(seen["user"]["role"], "reviewer");
        assert_eq!(seen["cursor"], 3);
    }
    // Nobody speaks for somebody else's client.
    ben.send(presence(100, 9, r#"{"cursor":7}"#)).await;
    ben.send(presence(100, 10, "null")).await;
    ben.send(presence(200, 1, "{}")).await;
    ben.until("here", |ben| ben.heard.present.contains_key(&200))
        .await;
    assert_eq!(ben.heard.present[&100]["cursor"], 3);

    let mut cem = house.join("plan", &house.token("Cem", Role::Viewer)).await;
    cem.until("told who is here", |cem| cem.heard.present.len() == 2)
        .await;
    drop(ada);
    ben.until("told who left", |ben| !ben.heard.present.contains_key(&100))
        .await;
    cem.until("told who left", |cem| !cem.heard.present.contains_key(&100))
        .await;
}

#[tokio::test]
async fn syn11_carriage_returns_become_line_feeds_for_everybody() {
    let house = House::open().await;
    house.create("plan", "").await;
    let mut ada = house.join("plan", &house.token("Ada", Role::Editor)).await;
    let mut ben = house
        .connect_plain("plan", &house.token("Ben", Role::Editor))
        .await;
    ben.sync().await;
    ada.edit(append("one\r\ntwo\rthree\n")).await;
    for client in [&mut ada, &mut ben] {
        client
            .until_notes("normal", |notes| notes == "one\ntwo\nthree\n")
            .await;
    }
    // Also in a text that comes with the step that it is in.
    let goal = |txn: &mut yrs::TransactionMut<'_>| {
        let new = crdt_schema::schema::NewStep::default();
        let steps = crdt_schema::schema::Workspace.plan().steps();
        let mut rng = rand::rng();
        let id = steps
            .add(txn, &mut rng, crdt_schema::schema::Place::Last, new)
            .unwrap();
        let yrs::Out::YText(title) = steps.get(&id).title().path().resolve(txn).unwrap() else {
            panic!("titles are texts");
        };
        title.insert(txn, 0, "a\r\nb");
        id
    };
    let id = ada.edit(goal).await;
    let title = |client: &Client| {
        use yrs::Transact as _;
        let txn = client.doc.transact();
        crdt_schema::schema::Workspace
            .plan()
            .steps()
            .get(&id)
            .title()
            .read(&txn)
    };
    ben.until("normal", |ben| title(ben) == "a\nb").await;
}

#[tokio::test]
async fn syn4_acknowledgements_never_run_ahead_and_never_go_back() {
    let house = House::open().await;
    house.create("plan", "").await;
    let mut ada = house.join("plan", &house.token("Ada", Role::Editor)).await;
    let mut last = ada.heard.acked;
    for _ in 0..200 {
        ada.edit(append(".")).await;
    }
    while ada.heard.acked < ada.sent {
        ada.until("acknowledged", |ada| ada.heard.acked != last)
            .await;
        assert!(ada.heard.acked > last && ada.heard.acked <= ada.sent);
        last = ada.heard.acked;
    }
    assert_eq!(
        house.notes("plan", &house.token("Ben", Role::Viewer)).await,
        ".".repeat(200)
    );
}

#[tokio::test]
async fn syn3_a_newcomer_is_served_the_stored_state_and_the_updates_since() {
    let store = MemoryStore::new();
    let rooms = Rooms::new(Arc::new(store.clone()), RoomConfig::default());
    create(&rooms, "plan", "start").await;
    let mut ada = Guest::join(&rooms, "plan", member("ada", Role::Editor), 100).await;
    ada.edit(append(" one")).await;
    ada.until_saved().await;
    rooms.shutdown().await;

    let stored = store.load(&"plan".parse().unwrap()).await.unwrap();
    let snapshot = stored.snapshot.expect("a room that closes is compacted");
    assert_eq!(stored.tail, []);
    let rooms = Rooms::new(Arc::new(store), RoomConfig::default());
    let ben = Guest::join(&rooms, "plan", member("ben", Role::Editor), 200).await;
    assert!(
        ben.frames.contains(&yws::step2(&snapshot.state)),
        "the stored bytes as they are"
    );
    let mut ada = Guest::join(&rooms, "plan", member("ada", Role::Editor), 101).await;
    ada.edit(append(" two")).await;
    ada.until_saved().await;
    let cem = Guest::join(&rooms, "plan", member("cem", Role::Viewer), 300).await;
    assert!(
        cem.frames.contains(&yws::update(&snapshot.state)),
        "the stored bytes as they are"
    );
    assert_eq!(cem.notes(), "start one two");
}

fn presence(client: u64, clock: u64, state: &str) -> bytes::Bytes {
    let entry = Entry {
        client,
        clock,
        state,
    };
    yws::awareness(&awareness::encode([entry].into_iter()))
}
