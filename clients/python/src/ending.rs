//! The end of the interpreter.
//!
//! Answers are handed to Python by the runtime's blocking threads. One that held the interpreter's
//! lock, or asked for it, while the interpreter ends would take the process down; so these threads
//! are kept from it in time.

use std::{
    process,
    sync::{Arc, Barrier},
    thread,
};

use pyo3::{prelude::*, types::PyCFunction};
use pyo3_async_runtimes::tokio::{get_runtime, init};
use tokio::runtime::Builder;

/// Threads that hand answers over.
const HANDS: usize = 4;

/// Sets the runtime up, and has it rest when the interpreter ends.
pub(crate) fn prepare(py: Python<'_>) -> PyResult<()> {
    let mut builder = Builder::new_multi_thread();
    builder.enable_all().max_blocking_threads(HANDS);
    init(builder);
    let here = process::id();
    let at_exit = PyCFunction::new_closure(py, None, None, move |arguments, _| {
        // A child process has none of the threads.
        if process::id() == here {
            rest(arguments.py());
        }
    })?;
    py.import("atexit")?.call_method1("register", (at_exit,))?;
    Ok(())
}

/// Waits for the answers that are on their way, and holds all later ones back.
fn rest(py: Python<'_>) {
    let all = Arc::new(Barrier::new(HANDS + 1));
    for _ in 0..HANDS {
        let all = Arc::clone(&all);
        get_runtime().spawn_blocking(move || {
            all.wait();
            loop {
                thread::park();
            }
        });
    }
    py.detach(|| all.wait());
}
