//! The rules of ownership (OWN, HAND, DEC, APR, ESC of docs/SPEC.md), on a workspace that is run
//! as a room runs it.
#![expect(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "helpers of tests fail where something is missing, and take commands as written"
)]

mod approvals;
mod control;
mod decisions;
mod escalation;
mod handoffs;
mod health;
mod holdings;
mod model;
mod records;
mod support;
mod upkeep;
