//! The client, the peer and the demo agent against small servers in this process.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod client;
mod demo;
mod fake_api;
mod fake_server;
mod leases;
mod needs;
mod peer;
mod text;
mod views;
mod watch;
