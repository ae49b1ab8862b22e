//! From opening to sleep, archive and deletion.

use std::{sync::Arc, time::Duration};

use crdt_schema::member::Role;
use penhold_server::{
    room::{OpenError, RoomConfig, RoomError, Rooms},
    store::{Store, memory::MemoryStore},
};
use penhold_tests::{
    client::PATIENCE,
    guest::Guest,
    harness::{House, create, member},
};
use serde_json::json;
use sync_protocol::close;
use tokio::time::timeout;
use yrs::{Map as _, MapPrelim, WriteTxn as _};

use super::append;

/// Rooms over `store` that sleep as soon as nobody is in them.
fn sleepy(store: &MemoryStore) -> Rooms {
    let config = RoomConfig {
        idle: Duration::from_millis(1),
        ..RoomConfig::default()
    };
    Rooms::new(Arc::new(store.clone()), config)
}

/// Waits until no more than `count` rooms are open.
async fn until_open(rooms: &Rooms, count: usize) {
    let fewer = async {
        while rooms.stats().open > count {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, fewer).await.expect("rooms go to sleep");
}

#[tokio::test]
async fn syn9_a_room_without_anybody_sleeps_and_wakes_with_everything() {
    let store = MemoryStore::new();
    let rooms = sleepy(&store);
    create(&rooms, "plan", "start").await;
    for n in 0..5 {
        let mut ada = Guest::join(&rooms, "plan", member("ada", Role::Editor), 100 + n).await;
        ada.edit(append(&format!(" {n}"))).await;
        ada.until_saved().await;
        drop(ada);
        until_open(&rooms, 0).await;
        let stored = store.load(&"plan".parse().unwrap()).await.unwrap();
        assert_eq!(stored.tail, [], "a room that sleeps is compacted");
    }
    let ben = Guest::join(&rooms, "plan", member("ben", Role::Viewer), 200).await;
    assert_eq!(ben.notes(), "start 0 1 2 3 4");
}

#[tokio::test]
async fn syn9_idle_rooms_sleep_earlier_when_together_they_hold_too_much() {
    let config = RoomConfig {
        idle: Duration::from_secs(3_600),
        idle_bytes_max: 1,
        ..RoomConfig::default()
    };
    let rooms = Rooms::new(Arc::new(MemoryStore::new()), config);
    for n in 0..5 {
        let workspace = format!("plan-{n}");
        create(&rooms, &workspace, "start").await;
        drop(Guest::join(&rooms, &workspace, member("ada", Role::Editor), 100).await);
    }
    until_open(&rooms, 1).await;
}

#[tokio::test]
async fn syn9_more_rooms_than_the_limit_are_told_to_come_later() {
    let config = RoomConfig {
        rooms_max: 1,
        ..RoomConfig::default()
    };
    let rooms = Rooms::new(Arc::new(MemoryStore::new()), config);
    create(&rooms, "a", "").await;
    create(&rooms, "b", "").await;
    let _ada = Guest::join(&rooms, "a", member("ada", Role::Editor), 100).await;
    let Err(OpenError::Busy(why)) = rooms.open(&"b".parse().unwrap()).await else {
        panic!("one room too many was opened");
    };
    assert!(why.contains("rooms_max is 1"), "{why}");
}

#[tokio::test]
async fn syn9_a_room_that_fails_starts_again_from_what_is_durable() {
    let rooms = Rooms::new(Arc::new(MemoryStore::new()), RoomConfig::default());
    create(&rooms, "plan", "start").await;
    let room = rooms.open(&"plan".parse().unwrap()).await.unwrap();
    let failed = room.view(|_| panic!("on purpose")).await;
    assert!(matches!(failed, Err(RoomError::Ended)), "{failed:?}");
    let ada = Guest::join(&rooms, "plan", member("ada", Role::Editor), 100).await;
    assert_eq!(ada.notes(), "start");
}

#[tokio::test]
async fn gate2_a_room_forgets_the_containers_that_are_gone_before_they_are_too_many() {
    let config = RoomConfig {
        compact_entries_max: 16,
        ..RoomConfig::default()
    };
    let limit = config.gate.document_containers_max;
    let rooms = Rooms::new(Arc::new(MemoryStore::new()), config);
    create(&rooms, "plan", "").await;
    let mut ada = Guest::join(&rooms, "plan", member("ada", Role::Editor), 100).await;
    for _ in 0..=limit / 1000 {
        ada.edit(|txn| {
            let rows = txn.get_or_insert_map("x-rows");
            for row in 0..1000 {
                rows.insert(txn, row.to_string(), MapPrelim::default());
            }
        })
        .await;
        ada.until_saved().await;
    }
    assert_eq!(ada.goodbye, None, "nothing was refused");
}

#[tokio::test]
async fn dur4_a_long_log_is_replaced_by_a_snapshot_while_the_room_is_used() {
    let store = MemoryStore::new();
    let config = RoomConfig {
        compact_entries_max: 16,
        ..RoomConfig::default()
    };
    let rooms = Rooms::new(Arc::new(store.clone()), config);
    create(&rooms, "plan", "").await;
    let mut ada = Guest::join(&rooms, "plan", member("ada", Role::Editor), 100).await;
    for _ in 0..200 {
        ada.edit(append(".")).await;
        ada.until_saved().await;
    }
    let ws = "plan".parse().unwrap();
    let trimmed = async {
        loop {
            let stored = store.load(&ws).await.unwrap();
            if stored.snapshot.is_some() && stored.tail.len() < 100 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, trimmed)
        .await
        .expect("the log is trimmed");
    rooms.shutdown().await;
    let rooms = sleepy(&store);
    let ben = Guest::join(&rooms, "plan", member("ben", Role::Viewer), 200).await;
    assert_eq!(ben.notes(), ".".repeat(200));
    let archived = store.archived(&ws, 0, 1_000).await.unwrap();
    assert!(
        archived.len() >= 100,
        "{} entries are archived",
        archived.len()
    );
}

#[tokio::test]
async fn aut10_an_archived_workspace_is_read_only_until_it_is_taken_out() {
    let house = House::open().await;
    house.create("plan", "start").await;
    let admin = house.token("Admin", Role::Admin);
    let mut ada = house.join("plan", &house.token("Ada", Role::Editor)).await;
    archive(&house, &admin, true).await;
    ada.until("told", |ada| ada.heard.read_only.is_some()).await;
    ada.edit(append(" late")).await;
    ada.until("denied", |ada| ada.heard.denied.is_some()).await;
    let (_, reason) = ada.heard.denied.clone().unwrap();
    assert!(reason.contains("archived"), "{reason}");
    assert_eq!(house.notes("plan", &admin).await, "start");

    archive(&house, &admin, false).await;
    let mut ada = house.join("plan", &house.token("Ada", Role::Editor)).await;
    ada.edit(append(" again")).await;
    ada.until_saved().await;
    assert_eq!(house.notes("plan", &admin).await, "start again");
}

#[tokio::test]
async fn dur8_a_deleted_workspace_sends_everybody_away_for_good() {
    let house = House::open().await;
    house.create("plan", "start").await;
    let admin = house.token("Admin", Role::Admin);
    let mut ada = house.join("plan", &house.token("Ada", Role::Editor)).await;
    let delete = house.ask(reqwest::Method::DELETE, "/workspaces/plan", &admin, None);
    assert_eq!(delete.await.0, 204);
    assert_eq!(ada.until_closed().await.0, close::NOT_FOUND);
    let mut ben = house.connect("plan", &admin).await;
    assert_eq!(ben.until_closed().await.0, close::NOT_FOUND);

    house.create("plan", "another").await;
    let ben = house.join("plan", &admin).await;
    assert_eq!(ben.notes(), "another");
    assert_ne!(ben.heard.hello, ada.heard.hello, "another history");
}

#[tokio::test]
async fn dur14_a_server_that_stops_sends_everybody_away_and_keeps_everything() {
    let store = Arc::new(MemoryStore::new());
    let house = House::over(store.clone(), |_| {}).await;
    house.create("plan", "start").await;
    let mut ada = house.join("plan", &house.token("Ada", Role::Editor)).await;
    ada.edit(append(" saved")).await;
    let closed = async {
        assert_eq!(ada.until_closed().await.0, close::RESTART);
        ada.heard.acked == ada.sent
    };
    let (was_saved, ()) = tokio::join!(closed, house.stop());
    let house = House::over(store, |_| {}).await;
    let notes = house.notes("plan", &house.token("Ada", Role::Viewer)).await;
    assert!(
        notes == "start saved" || (!was_saved && notes == "start"),
        "{notes}"
    );
}

async fn archive(house: &House, admin: &str, archived: bool) {
    let body = json!({ "archived": archived });
    let (status, answer) = house
        .ask(
            reqwest::Method::PATCH,
            "/workspaces/plan",
            admin,
            Some(body),
        )
        .await;
    assert_eq!(
        (status, &answer["archived"]),
        (200, &json!(archived)),
        "{answer}"
    );
}
