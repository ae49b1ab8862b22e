//! The Penhold server: the shell around the pure crates.

pub mod auth;
pub mod store;
