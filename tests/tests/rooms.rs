//! Rooms over a store that fails on command: what is shown when, and what survives.

#![allow(missing_docs, reason = "a test's title says what it holds")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "rooms/durability.rs"]
mod durability;
#[path = "rooms/life.rs"]
mod life;
#[path = "rooms/readers.rs"]
mod readers;
#[path = "rooms/turns.rs"]
mod turns;

use yrs::{Text as _, TransactionMut, WriteTxn as _};

/// An edit that puts `text` at the end of the shared draft.
fn append(text: &str) -> impl FnOnce(&mut TransactionMut<'_>) {
    move |txn| txn.get_or_insert_text("notes").push(txn, text)
}
