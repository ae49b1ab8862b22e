//! `penhold.Watch`: what happens in a workspace, in sentences.

use std::sync::Arc;

use penhold_agent::{Notice, What};
use pyo3::{exceptions::PyStopAsyncIteration, prelude::*};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{Awaitable, answer::to_python, error, value::Json};

/// A stream of notices; after an error it ends.
#[pyclass(module = "penhold", frozen)]
pub(crate) struct Watch {
    /// Held while somebody waits; one at a time does.
    inner: Arc<Mutex<penhold_agent::Watch>>,
}

impl Watch {
    pub(crate) fn new(watch: penhold_agent::Watch) -> Self {
        let inner = Arc::new(Mutex::new(watch));
        Self { inner }
    }
}

#[pymethods]
impl Watch {
    fn __aiter__(this: Py<Self>) -> Py<Self> {
        this
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        let watch = Arc::clone(&self.inner);
        to_python(py, async move {
            match watch.lock().await.next().await {
                Some(Ok(notice)) => Ok(Json(told(&notice))),
                Some(Err(error)) => Err(error::of_client(error)),
                None => Err(PyStopAsyncIteration::new_err(())),
            }
        })
    }
}

fn told(notice: &Notice) -> Value {
    let text = notice.to_string();
    match &notice.what {
        What::Happened { by, event, cursor } => json!({
            "kind": "happened", "text": text, "by": by, "event": event, "cursor": cursor,
        }),
        What::Edited { path, by } => json!({
            "kind": "edited", "text": text, "path": path, "by": by,
        }),
        What::Gap => json!({ "kind": "gap", "text": text }),
    }
}
