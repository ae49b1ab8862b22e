//! AUT rules and the HTTP face, through its router.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../described/mod.rs"]
mod described;

mod access;
mod description;
mod server;
mod upkeep;
mod workspaces;
