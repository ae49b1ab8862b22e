//! The Model Context Protocol face: raw messages against a server in this process, and the public
//! client, set up as people would set it up, against the real binary.

#![allow(missing_docs, reason = "a test's title says what it holds")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "mcp/agent.rs"]
mod agent;
#[path = "mcp/clients.rs"]
mod clients;
#[path = "mcp/entrance.rs"]
mod entrance;
#[path = "mcp/pen.rs"]
mod pen;
#[path = "mcp/resources.rs"]
mod resources;
#[path = "mcp/tools.rs"]
mod tools;

use penhold_tests::harness::House;

/// A server with the workspace `launch`.
async fn house() -> House {
    let house = House::open().await;
    house.create("launch", "Two venues fit.").await;
    house
}
