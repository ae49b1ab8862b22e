//! Waiting for what changes, and catching up with it.

use std::{path::PathBuf, time::Duration};

use penhold_agent::{Cursor, CursorFile, Scope, Since, Wanted};
use pyo3::prelude::*;

use super::Client;
use crate::{
    Awaitable,
    answer::to_python,
    error,
    needs::Needs,
    value::{unfit, word},
};

#[pymethods]
impl Client {
    /// What has changed since `cursor`; if nothing has, waits for up to `hold` seconds, 50 at most.
    #[pyo3(signature = (cursor = String::new(), only = "everything", hold = 0.0))]
    fn changes<'py>(
        &self,
        py: Python<'py>,
        cursor: String,
        only: &str,
        hold: f64,
    ) -> Awaitable<'py> {
        let (cursor, scope) = (Cursor::from(cursor), scope(only)?);
        let hold = Duration::try_from_secs_f64(hold).map_err(unfit)?;
        self.answer(py, |client| async move {
            client.changes(&cursor, scope, hold).await
        })
    }

    /// Waits until something has changed since `cursor`, however long that takes. Without a cursor
    /// it answers at once with what waits now.
    #[pyo3(signature = (cursor = String::new(), only = "records"))]
    fn await_change<'py>(&self, py: Python<'py>, cursor: String, only: &str) -> Awaitable<'py> {
        let (cursor, scope) = (Cursor::from(cursor), scope(only)?);
        self.answer(py, |client| async move {
            client.await_change(&cursor, scope).await
        })
    }

    /// What waits for this member, over all workspaces that the token opens.
    fn inbox<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.inbox().await })
    }

    /// What needs this member, one after the other. `file` remembers what was seen to.
    #[pyo3(signature = (wanted = "any", file = None))]
    fn needs<'py>(&self, py: Python<'py>, wanted: &str, file: Option<PathBuf>) -> Awaitable<'py> {
        let wanted = word("wanted", wanted, &WANTED)?;
        let client = self.0.clone();
        to_python(py, async move {
            let needs = penhold_agent::Needs::new(client, wanted, file.map(CursorFile::new)).await;
            needs.map(Needs::new).map_err(error::of_wait)
        })
    }

    /// What this member needs to go on, within `budget` characters.
    #[pyo3(signature = (budget = BUDGET))]
    fn context<'py>(&self, py: Python<'py>, budget: usize) -> Awaitable<'py> {
        self.answer(
            py,
            move |client| async move { client.context(budget).await },
        )
    }

    /// The same, in Markdown.
    #[pyo3(signature = (budget = BUDGET))]
    fn context_markdown<'py>(&self, py: Python<'py>, budget: usize) -> Awaitable<'py> {
        self.answer(py, move |client| async move {
            client.context_markdown(budget).await
        })
    }

    /// What changed and by whom since `visit`, `handoff:ID`, `decision:ID`, `approval:ID`,
    /// `checkpoint:ID` or a position in the log.
    #[pyo3(signature = (since = "visit"))]
    fn digest<'py>(&self, py: Python<'py>, since: &str) -> Awaitable<'py> {
        let since = moment(since)?;
        self.answer(py, |client| async move { client.digest(&since).await })
    }

    /// The same, in Markdown of at most `budget` characters.
    #[pyo3(signature = (since = "visit", budget = BUDGET))]
    fn digest_markdown<'py>(&self, py: Python<'py>, since: &str, budget: usize) -> Awaitable<'py> {
        let since = moment(since)?;
        self.answer(py, move |client| async move {
            client.digest_markdown(&since, budget).await
        })
    }

    /// Keeps bytes on the server; `title` is what the record calls them.
    fn put_artifact<'py>(&self, py: Python<'py>, title: String, data: Vec<u8>) -> Awaitable<'py> {
        self.answer(py, |client| async move {
            client.put_artifact(&title, data.into()).await
        })
    }

    /// What is kept under a hash.
    fn artifact<'py>(&self, py: Python<'py>, hash: String) -> Awaitable<'py> {
        let client = self.0.clone();
        to_python(py, async move {
            let bytes = client.artifact(&hash).await.map_err(error::of_client)?;
            Ok(Vec::from(bytes))
        })
    }

    /// Where `words` stand in the artifacts of this workspace, in any case.
    fn search<'py>(&self, py: Python<'py>, words: String) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.search(&words).await })
    }
}

fn scope(word: &str) -> PyResult<Scope> {
    let scopes = [
        ("everything", Scope::Everything),
        ("records", Scope::Records),
    ];
    crate::value::word("only", word, &scopes)
}

fn moment(text: &str) -> PyResult<Since> {
    let (kind, id) = text.split_once(':').unwrap_or((text, ""));
    let id = || id.parse().map_err(unfit);
    Ok(match kind {
        "visit" => Since::LastVisit,
        "handoff" => Since::Handoff(id()?),
        "decision" => Since::Decision(id()?),
        "approval" => Since::Approval(id()?),
        "checkpoint" => Since::Checkpoint(text["checkpoint:".len()..].to_owned()),
        position => Since::Position(position.parse().map_err(|_| {
            unfit(format!(
                "since: {text:?} is none of visit, handoff:ID, decision:ID, approval:ID, \
                 checkpoint:ID or a position"
            ))
        })?),
    })
}

const WANTED: [(&str, Wanted); 4] = [
    ("any", Wanted::Any),
    ("decision", Wanted::Decision),
    ("approval", Wanted::Approval),
    ("handoff", Wanted::Handoff),
];

/// Characters of a packet or a digest.
const BUDGET: usize = 8_000;
