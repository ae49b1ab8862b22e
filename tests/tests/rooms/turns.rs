//! Nobody's work keeps the others waiting.

use std::sync::Arc;

use crdt_schema::member::Role;
use penhold_server::{
    room::{CommandError, RoomConfig, Rooms},
    store::{Store, memory::MemoryStore},
};
use penhold_tests::{
    faulty_store::FaultyStore,
    guest::Guest,
    harness::{create, member},
};

use super::append;

/// Who made the edits in the log, in its order.
async fn writers(store: &dyn Store) -> Vec<String> {
    let log = store.load(&"plan".parse().unwrap()).await.unwrap().tail;
    log.iter()
        .flat_map(|(_, entry)| &entry.edits)
        .filter_map(|edit| Some(edit.by.as_ref()?.to_string()))
        .collect()
}

#[tokio::test]
async fn syn8_a_burst_waits_for_the_others_turns() {
    let config = RoomConfig {
        batch_updates_max: 10,
        ..RoomConfig::default()
    };
    let store = FaultyStore::new(Arc::new(MemoryStore::new()));
    let rooms = Rooms::new(Arc::new(store.clone()), config);
    create(&rooms, "plan", "").await;
    let mut agent = Guest::join(&rooms, "plan", member("agent", Role::Editor), 100).await;
    let mut person = Guest::join(&rooms, "plan", member("person", Role::Editor), 200).await;
    store.hold_appends();
    agent.edit(append("a")).await;
    store.until_held(1).await;
    for _ in 0..40 {
        let frames = (0..10).map(|_| agent.change(append("a"))).collect();
        agent.say(frames).await;
    }
    person.edit(append("p")).await;
    store.release_appends();
    person.until_saved().await;
    agent.until_saved().await;

    let writers = writers(&store).await;
    let turn = writers.iter().position(|by| by == "person").unwrap();
    assert!(
        turn < 60,
        "the person waited for {turn} of {} edits",
        writers.len()
    );
}

#[tokio::test]
async fn syn8_an_edit_waits_for_one_command_not_for_all_that_are_queued() {
    let store = MemoryStore::new();
    let rooms = Rooms::new(Arc::new(store.clone()), RoomConfig::default());
    create(&rooms, "plan", "").await;
    let mut person = Guest::join(&rooms, "plan", member("person", Role::Editor), 200).await;
    let room = rooms.open(&"plan".parse().unwrap()).await.unwrap();
    let command = || {
        room.change(member("agent", Role::Editor), |txn, _| {
            append("a")(txn);
            Ok::<_, CommandError>(())
        })
    };
    // All are queued before the room looks.
    let (first, second, third, ()) =
        tokio::join!(command(), command(), command(), person.edit(append("p")));
    for done in [first, second, third] {
        done.unwrap();
    }
    person.until_saved().await;
    assert_eq!(
        writers(&store).await[1..],
        ["agent", "person", "agent", "agent"]
    );
}
