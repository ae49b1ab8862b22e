//! `penhold.Leases`: keeping what an agent holds while it runs.

use std::collections::BTreeMap;

use crdt_schema::{
    item::Item,
    ownership::{Reason, Trigger},
};
use parking_lot::Mutex;
use penhold_agent::{Parting, To};
use pyo3::{prelude::*, types::PyDict};
use pyo3_async_runtimes::tokio::get_runtime;
use serde::Deserialize;

use crate::{
    Awaitable,
    answer::to_python,
    value::{self, Json, Name},
};

/// Items that this program holds; a task renews them.
#[pyclass(module = "penhold", frozen)]
pub(crate) struct Leases {
    /// `None` once they are closed. Locked for the length of one call, never across an await.
    inner: Mutex<Option<penhold_agent::Leases>>,
}

/// To whom everything goes in the end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Heir {
    to: To,
    trigger: Trigger,
    #[serde(default)]
    note: String,
    confidence: Option<f64>,
}

impl Leases {
    pub(crate) fn new(client: &penhold_agent::Client) -> Self {
        let _runtime = get_runtime().enter();
        let leases = penhold_agent::Leases::new(client.clone());
        Self {
            inner: Mutex::new(Some(leases)),
        }
    }
}

#[pymethods]
impl Leases {
    /// Keeps an item from now on, as the claim or a look at it told.
    fn keep(&self, holding: &Bound<'_, PyAny>) -> PyResult<()> {
        let holding = value::read(holding)?;
        if let Some(leases) = &*self.inner.lock() {
            leases.keep(holding);
        }
        Ok(())
    }

    /// Keeps an item no longer, since it was handed off or released.
    fn forget(&self, item: Name<Item>) {
        let Name(item) = item;
        if let Some(leases) = &*self.inner.lock() {
            leases.forget(&item);
        }
    }

    /// What is held.
    fn held<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let held = self.inner.lock();
        let held = held.as_ref().map(|leases| leases.held().borrow().clone());
        let held: Vec<_> = held.into_iter().flat_map(BTreeMap::into_values).collect();
        Json(held).into_pyobject(py)
    }

    /// Lets go of everything: releases it, or hands it off to whom `heir` names. Answers what could
    /// not be let go of, and why.
    #[pyo3(signature = (**heir))]
    fn close<'py>(&self, py: Python<'py>, heir: Option<&Bound<'py, PyDict>>) -> Awaitable<'py> {
        let parting = match heir {
            None => Parting::Release,
            Some(heir) => value::read::<Heir>(heir.as_any())?.parting(),
        };
        let leases = self.inner.lock().take();
        to_python(py, async move {
            let Some(leases) = leases else {
                return Ok(Json(Vec::new()));
            };
            let failed = leases.close(&parting).await.into_iter();
            let failed = failed.map(|(item, error)| (item.to_string(), error.to_string()));
            Ok(Json(failed.collect::<Vec<_>>()))
        })
    }

    fn __aenter__(this: Py<Self>, py: Python<'_>) -> Awaitable<'_> {
        to_python(py, async move { Ok(this) })
    }

    #[pyo3(signature = (*_how))]
    fn __aexit__<'py>(&self, py: Python<'py>, _how: &Bound<'py, PyAny>) -> Awaitable<'py> {
        let leases = self.inner.lock().take();
        to_python(py, async move {
            if let Some(leases) = leases {
                // What cannot be let go of runs out by itself.
                leases.close(&Parting::Release).await;
            }
            Ok(false)
        })
    }
}

impl Heir {
    fn parting(self) -> Parting {
        Parting::HandOff {
            to: self.to,
            reason: Reason {
                trigger: self.trigger,
                note: self.note,
                confidence: self.confidence,
            },
        }
    }
}
