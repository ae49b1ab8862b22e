//! The peer and the demo agent against a small server in this process.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod demo;
mod fake_server;
mod peer;
mod text;
