//! OWN, HAND, DEC and APR rules over HTTP, through the router of the real server.
#![allow(clippy::unwrap_used, reason = "tests")]

mod described;

#[path = "ownership_http/actions.rs"]
mod actions;
#[path = "ownership_http/answers.rs"]
mod answers;
#[path = "ownership_http/approvals.rs"]
mod approvals;
#[path = "ownership_http/artifacts.rs"]
mod artifacts;
#[path = "ownership_http/changes.rs"]
mod changes;
#[path = "ownership_http/checkpoints.rs"]
mod checkpoints;
#[path = "ownership_http/context.rs"]
mod context;
#[path = "ownership_http/decisions.rs"]
mod decisions;
#[path = "ownership_http/description.rs"]
mod description;
#[path = "ownership_http/digest.rs"]
mod digest;
#[path = "ownership_http/direct.rs"]
mod direct;
#[path = "ownership_http/edits.rs"]
mod edits;
#[path = "ownership_http/handoffs.rs"]
mod handoffs;
#[path = "ownership_http/health.rs"]
mod health;
#[path = "ownership_http/inbox.rs"]
mod inbox;
#[path = "ownership_http/items.rs"]
mod items;
#[path = "ownership_http/record.rs"]
mod record;
#[path = "ownership_http/review.rs"]
mod review;
#[path = "ownership_http/seen.rs"]
mod seen;
#[path = "ownership_http/server.rs"]
mod server;
#[path = "ownership_http/settings.rs"]
mod settings;
#[path = "ownership_http/suggestions.rs"]
mod suggestions;
#[path = "ownership_http/threads.rs"]
mod threads;
