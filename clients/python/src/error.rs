//! Errors of the SDK as the exceptions of `python/penhold/errors.py`.

use penhold_agent::{ClientError, PeerError, Unsent, WaitError};
use pyo3::{call::PyCallArgs, exceptions::PyOSError, prelude::*};
use serde_json::{Value, json};

use crate::value::Json;

pub(crate) fn of_client(error: ClientError) -> PyErr {
    Python::attach(|py| match error {
        ClientError::Refused(problem) => exception(
            py,
            "Refused",
            (
                problem.detail,
                problem.code,
                problem.status,
                Json(problem.owner),
                problem.owner_name,
                problem.epoch,
                Json(problem.more),
            ),
        ),
        error @ ClientError::Unreachable(_) => exception(py, "Unreachable", (error.to_string(),)),
        error @ ClientError::Unreadable(_) => exception(py, "Unreadable", (error.to_string(),)),
    })
}

pub(crate) fn of_peer(error: PeerError) -> PyErr {
    let text = error.to_string();
    Python::attach(|py| match error {
        PeerError::Denied(denied) => {
            let unsent = Json(unsent(&denied.unsent));
            exception(py, "Denied", (text, denied.path.clone(), unsent))
        }
        PeerError::Stopped(stopped) => {
            let unsent = Json(unsent(&stopped.unsent));
            exception(py, "Stopped", (text, stopped.code, unsent))
        }
        PeerError::Closed => exception(py, "Closed", (text,)),
    })
}

pub(crate) fn of_wait(error: WaitError) -> PyErr {
    match error {
        WaitError::Client(error) => of_client(error),
        error @ WaitError::File { .. } => PyOSError::new_err(error.to_string()),
    }
}

fn unsent(unsent: &[Unsent]) -> Vec<Value> {
    let one = |Unsent { path, content }: &Unsent| json!({ "path": path, "content": content });
    unsent.iter().map(one).collect()
}

/// An exception of the class with this name; or why there is none.
fn exception<'py>(py: Python<'py>, class: &str, told: impl PyCallArgs<'py>) -> PyErr {
    let errors = py.import("penhold.errors");
    let made = errors.and_then(|errors| errors.getattr(class)?.call1(told));
    made.map_or_else(|error| error, PyErr::from_value)
}
