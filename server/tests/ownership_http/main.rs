//! OWN, HAND, DEC and APR rules over HTTP, through the router of the real server.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../described/mod.rs"]
mod described;

mod actions;
mod answers;
mod approvals;
mod artifacts;
mod changes;
mod checkpoints;
mod context;
mod decisions;
mod description;
mod digest;
mod direct;
mod edits;
mod handoffs;
mod health;
mod inbox;
mod items;
mod record;
mod review;
mod seen;
mod server;
mod settings;
mod suggestions;
mod threads;
