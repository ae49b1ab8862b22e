//! `penhold.Peer`: a copy of the document that is live, and keeps on without a connection.

use crdt_schema::{
    path::DocPath,
    project::project,
    schema::{EditError, TextField},
};
use penhold_agent::{Config, Cursor, Present};
use pyo3::prelude::*;
use pyo3_async_runtimes::tokio::get_runtime;
use serde_json::json;
use yrs::TransactionMut;

use crate::{
    Awaitable,
    answer::to_python,
    error,
    value::{Json, Name, unfit},
    watch::Watch,
};

/// A peer of one workspace. It connects by itself, and again whenever the connection is lost.
#[pyclass(module = "penhold", frozen)]
pub(crate) struct Peer {
    inner: penhold_agent::Peer,
    client: penhold_agent::Client,
}

#[pymethods]
impl Peer {
    #[new]
    fn new(url: &str, workspace: &str, token: &str) -> PyResult<Self> {
        let config = Config::new(url, workspace, token).map_err(unfit)?;
        let client = penhold_agent::Client::new(&config);
        let _runtime = get_runtime().enter();
        let inner = penhold_agent::Peer::connect(config);
        Ok(Self { inner, client })
    }

    /// Waits until the copy has all that the server has.
    fn synced<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        let peer = self.inner.clone();
        to_python(
            py,
            async move { peer.synced().await.map_err(error::of_peer) },
        )
    }

    /// The document, from the copy.
    fn document<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        let peer = self.inner.clone();
        to_python(py, async move {
            let document = peer.read(|txn| project(txn)).await;
            document.map(Json).map_err(error::of_peer)
        })
    }

    /// A text, from the copy.
    fn text<'py>(&self, py: Python<'py>, path: Name<DocPath>) -> Awaitable<'py> {
        let (peer, field) = (self.inner.clone(), field(path)?);
        to_python(py, async move {
            let text = peer.read(move |txn| field.read(txn)).await;
            text.map_err(error::of_peer)
        })
    }

    /// Makes a text read `wanted`, with the fewest edits of whole words that do it.
    fn write<'py>(&self, py: Python<'py>, path: Name<DocPath>, wanted: String) -> Awaitable<'py> {
        let field = field(path)?;
        self.edit(py, move |txn| field.set(txn, &wanted))
    }

    /// Adds to the end of a text.
    fn append<'py>(&self, py: Python<'py>, path: Name<DocPath>, chunk: String) -> Awaitable<'py> {
        let field = field(path)?;
        self.edit(py, move |txn| field.push(txn, &chunk))
    }

    /// Waits until the server has every edit made so far on durable storage.
    fn flush<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        let peer = self.inner.clone();
        to_python(
            py,
            async move { peer.flush().await.map_err(error::of_peer) },
        )
    }

    /// Who else is here.
    fn others<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let others = self.inner.others();
        let others = others.borrow();
        let known = others.iter().filter_map(|present: &Present| {
            let user = present.user.as_ref()?;
            let Present { focus, .. } = present;
            Some(json!({ "id": user.id, "name": user.name, "kind": user.kind, "focus": focus }))
        });
        Json(known.collect::<Vec<_>>()).into_pyobject(py)
    }

    /// Tells what happens from now on, or what has happened since `cursor`, in sentences.
    #[pyo3(signature = (cursor = String::new()))]
    fn watch<'py>(&self, py: Python<'py>, cursor: String) -> Awaitable<'py> {
        let (peer, client) = (self.inner.clone(), self.client.clone());
        to_python(py, async move {
            let watch = penhold_agent::Watch::new(&peer, &client, Cursor::from(cursor)).await;
            watch.map(Watch::new).map_err(error::of_client)
        })
    }

    /// Leaves. Edits that are not saved are lost: `flush()` first.
    fn close<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        let peer = self.inner.clone();
        to_python(py, async move {
            peer.close().await;
            Ok(())
        })
    }

    fn __aenter__(this: Py<Self>, py: Python<'_>) -> Awaitable<'_> {
        let peer = this.get().inner.clone();
        to_python(py, async move {
            peer.synced().await.map_err(error::of_peer)?;
            Ok(this)
        })
    }

    /// Saves before it leaves, unless something went wrong.
    fn __aexit__<'py>(
        &self,
        py: Python<'py>,
        kind: &Bound<'py, PyAny>,
        _error: &Bound<'py, PyAny>,
        _trace: &Bound<'py, PyAny>,
    ) -> Awaitable<'py> {
        let (peer, went_well) = (self.inner.clone(), kind.is_none());
        to_python(py, async move {
            let flushed = if went_well {
                peer.flush().await
            } else {
                Ok(())
            };
            peer.close().await;
            flushed.map(|()| false).map_err(error::of_peer)
        })
    }
}

impl Peer {
    fn edit<'py>(
        &self,
        py: Python<'py>,
        edit: impl FnOnce(&mut TransactionMut<'_>) -> Result<(), EditError> + Send + 'static,
    ) -> Awaitable<'py> {
        let peer = self.inner.clone();
        to_python(py, async move {
            let edited = peer.edit(edit).await.map_err(error::of_peer)?;
            edited.map_err(unfit)
        })
    }
}

fn field(path: Name<DocPath>) -> PyResult<TextField> {
    let Name(path) = path;
    let problem = format!("{path} is no text; texts are notes, plan/goal, tasks/ID/notes …");
    TextField::at(path).ok_or_else(|| unfit(problem))
}
