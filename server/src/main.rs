//! The `penhold` command.
fn main() {}
