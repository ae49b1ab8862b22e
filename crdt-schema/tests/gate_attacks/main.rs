//! One hostile update each: the gate refuses it, says why, and nothing of it remains.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    reason = "tests and their own support modules"
)]

#[path = "../gate_support/bytes.rs"]
mod bytes;
#[path = "../../fuzz/harness.rs"]
mod harness;

macro_rules! assert_refusal {
    ($refusal:expr, $pattern:pat $(if $guard:expr)?) => {
        let refusal = $refusal;
        assert!(matches!(&refusal, $pattern $(if $guard)?), "{refusal:?}");
    };
}

mod hostile;

mod authors;
mod completeness;
mod content;
mod limits;
mod malformed;
mod roles;
mod structure;
