//! The `penhold` command.

use std::process::ExitCode;

/// Many small allocations on many threads, and memory given back when rooms go to sleep.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    penhold_server::cli::run()
}
