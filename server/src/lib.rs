//! The Penhold server: the shell around the pure crates.

pub mod activity;
pub mod auth;
pub mod board;
pub mod chain;
pub mod cli;
pub mod clock;
pub mod config;
pub mod export;
pub mod health;
pub mod http;
pub mod marks;
mod mcp;
pub mod page;
pub mod reviews;
pub mod room;
pub mod server;
pub mod snoozes;
mod span;
pub mod store;
pub mod telemetry;
pub mod texts;
pub mod versions;
pub mod ws;

pub use self::server::serve;
