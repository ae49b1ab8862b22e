//! Answers that Python awaits.

use std::future::Future;

use pyo3::{
    prelude::*,
    types::{PyDict, PyTuple},
};
use pyo3_async_runtimes::{
    TaskLocals,
    tokio::{future_into_py_with_locals, get_current_locals},
};

use crate::Awaitable;

/// Has the running event loop await `work`.
pub(crate) fn to_python<'py, F, T>(py: Python<'py>, work: F) -> Awaitable<'py>
where
    F: Future<Output = PyResult<T>> + Send + 'static,
    T: for<'any> IntoPyObject<'any> + Send + 'static,
{
    let locals = get_current_locals(py)?;
    let inner = locals.event_loop(py).unbind();
    let until_closed = Bound::new(py, UntilClosed { inner })?.into_any();
    let locals = TaskLocals::new(until_closed).with_context(locals.context(py));
    future_into_py_with_locals(py, locals, work)
}

/// An event loop as far as an answer uses it. Once it is closed nobody waits for answers any more,
/// and one that comes then is dropped where the loop itself would complain.
#[pyclass(frozen)]
struct UntilClosed {
    inner: Py<PyAny>,
}

#[pymethods]
impl UntilClosed {
    fn create_future<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        self.inner.bind(py).call_method0("create_future")
    }

    #[pyo3(signature = (*args, **kwargs))]
    fn call_soon_threadsafe(
        &self,
        args: &Bound<'_, PyTuple>,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let inner = self.inner.bind(args.py());
        match inner.call_method("call_soon_threadsafe", args, kwargs) {
            Err(_) if inner.call_method0("is_closed")?.is_truthy()? => Ok(()),
            called => called.map(drop),
        }
    }
}
