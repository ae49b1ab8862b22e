//! The Python package `penhold`: the SDK `penhold-agent`, awaited by asyncio.
//!
//! Everything that decides (merging, retries, idempotency keys, waiting through restarts) is the
//! SDK's; here values change their form. What goes to Python is plain data, in the shape of the
//! HTTP interface; `python/penhold/types.py` names the shapes.

mod answer;
mod client;
mod ending;
mod error;
mod leases;
mod needs;
mod peer;
mod value;
mod watch;

use pyo3::prelude::*;

/// What `import penhold` gives, besides its exceptions.
#[pymodule(name = "_native")]
mod native {
    use pyo3::{Bound, PyResult, types::PyModule};

    #[pymodule_export]
    use super::{client::Client, leases::Leases, needs::Needs, peer::Peer, watch::Watch};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::ending::prepare(module.py())
    }
}

/// Something to `await` in Python.
type Awaitable<'py> = PyResult<Bound<'py, PyAny>>;
