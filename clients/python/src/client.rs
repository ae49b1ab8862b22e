//! `penhold.Client`: what a member asks, reads and waits for.

mod document;
mod pen;
mod people;
mod waiting;

use std::{future::Future, time::Duration};

use crdt_schema::ids::WorkspaceId;
use penhold_agent::{ClientError, Config};
use pyo3::prelude::*;
use serde::Serialize;

use crate::{
    Awaitable,
    answer::to_python,
    error,
    value::{Json, Name, unfit},
};

/// A member's hands on one workspace, over HTTP.
#[pyclass(module = "penhold", frozen)]
pub(crate) struct Client(pub(crate) penhold_agent::Client);

#[pymethods]
impl Client {
    #[new]
    fn new(url: &str, workspace: &str, token: &str) -> PyResult<Self> {
        let config = Config::new(url, workspace, token).map_err(unfit)?;
        Ok(Self(penhold_agent::Client::new(&config)))
    }

    /// The same client, whose next command carries this idempotency key: it is carried out once,
    /// however often it is sent, also after a crash. One key is for one command.
    fn keyed(&self, key: &str) -> Self {
        Self(self.0.keyed(key))
    }

    /// The same client, giving up on a server that does not answer after so many seconds instead
    /// of 60. Waits for people have no such end.
    fn patient(&self, seconds: f64) -> PyResult<Self> {
        let patience = Duration::try_from_secs_f64(seconds).map_err(unfit)?;
        Ok(Self(self.0.patient(patience)))
    }

    /// The same server and member, another workspace.
    fn in_workspace(&self, workspace: Name<WorkspaceId>) -> Self {
        Self(self.0.in_workspace(workspace.0))
    }

    /// The workspace's id.
    #[getter]
    fn workspace(&self) -> &str {
        self.0.workspace().as_str()
    }

    /// Whom the token stands for.
    fn me<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.me().await })
    }

    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}

impl Client {
    /// Lets Python await what the SDK answers, as plain data.
    fn answer<'py, T, F>(
        &self,
        py: Python<'py>,
        ask: impl FnOnce(penhold_agent::Client) -> F,
    ) -> Awaitable<'py>
    where
        T: Serialize + Send + 'static,
        F: Future<Output = Result<T, ClientError>> + Send + 'static,
    {
        let answer = ask(self.0.clone());
        to_python(py, async move {
            answer.await.map(Json).map_err(error::of_client)
        })
    }
}
