//! What bad input gets: an answer that says what is wrong, and nothing else happens.

#![allow(missing_docs, reason = "a test's title says what it holds")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "bad_input/access.rs"]
mod access;
#[path = "bad_input/limits.rs"]
mod limits;
#[path = "bad_input/start.rs"]
mod start;
#[path = "bad_input/updates.rs"]
mod updates;

use crdt_schema::member::Role;
use penhold_tests::{client::Client, harness::House};
use yrs::{Text as _, TransactionMut, WriteTxn as _};

/// An edit that puts `text` at the end of the shared draft.
fn append(text: &str) -> impl FnOnce(&mut TransactionMut<'_>) {
    move |txn| txn.get_or_insert_text("notes").push(txn, text)
}

/// A bystander in the workspace `plan`, who must notice nothing of what others do wrong.
struct Bystander {
    client: Client,
    updates: usize,
    notes: String,
}

impl Bystander {
    async fn sit_down(house: &House) -> Self {
        let client = house
            .join("plan", &house.token("Bystander", Role::Editor))
            .await;
        Self {
            updates: client.heard.updates.len(),
            notes: client.notes(),
            client,
        }
    }

    /// Nothing came, nothing changed, and everything still works.
    async fn noticed_nothing(mut self, house: &House) {
        self.client.settle().await;
        assert_eq!(self.client.heard.updates.len(), self.updates);
        assert_eq!(self.client.notes(), self.notes);
        let reader = house.token("Reader", Role::Viewer);
        assert_eq!(house.notes("plan", &reader).await, self.notes);
        self.client.edit(append(" and on")).await;
        self.client.until_saved().await;
        assert_eq!(house.notes("plan", &reader).await, self.notes + " and on");
    }
}

/// A server with the workspace `plan`.
async fn house() -> House {
    let house = House::open().await;
    house.create("plan", "start").await;
    house
}
