//! The Penhold server: the shell around the pure crates.

pub mod store;
