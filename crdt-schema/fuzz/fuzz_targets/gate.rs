//! Feeds the gate a sequence of updates, each behind its length as two bytes, and checks that
//! whatever is admitted can be applied and read.
//!
//! Run with `make fuzz`.
#![no_main]

#[path = "../harness.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod harness;

use crdt_schema::member::Role;
use harness::{Server, writer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut server = Server::new();
    let editor = writer("editor", Role::Editor);
    let mut rest = data;
    while let Some((len, tail)) = rest.split_first_chunk::<2>() {
        let len = usize::from(u16::from_le_bytes(*len)).min(tail.len());
        let (update, tail) = tail.split_at(len);
        if server.offer(update, &editor).is_ok() {
            server.settle();
        }
        rest = tail;
    }
    server.read();
});
