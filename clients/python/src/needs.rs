//! `penhold.Needs`: what needs an agent, one after the other.

use std::sync::Arc;

use pyo3::prelude::*;
use tokio::sync::Mutex;

use crate::{
    Awaitable,
    answer::to_python,
    error,
    value::{self, Json},
};

/// Waits for what needs this member. Each is told again until it was seen to, or is over.
#[pyclass(module = "penhold", frozen)]
pub(crate) struct Needs {
    /// Held while somebody waits; one at a time does.
    inner: Arc<Mutex<penhold_agent::Needs>>,
}

impl Needs {
    pub(crate) fn new(needs: penhold_agent::Needs) -> Self {
        let inner = Arc::new(Mutex::new(needs));
        Self { inner }
    }
}

#[pymethods]
impl Needs {
    fn __aiter__(this: Py<Self>) -> Py<Self> {
        this
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        let needs = Arc::clone(&self.inner);
        to_python(py, async move {
            let need = needs.lock().await.next().await;
            need.map(Json).map_err(error::of_wait)
        })
    }

    /// This need is dealt with: it is not told again.
    fn seen_to<'py>(&self, py: Python<'py>, need: &Bound<'py, PyAny>) -> Awaitable<'py> {
        let need = value::read(need)?;
        let needs = Arc::clone(&self.inner);
        to_python(py, async move {
            let seen_to = needs.lock().await.seen_to(&need);
            seen_to.map_err(error::of_wait)
        })
    }
}
