//! Reading the document, and writing by intent.

use crdt_schema::{
    merge::{BaseToken, Edit},
    path::DocPath,
};
use penhold_agent::{NewRemark, Revision, SuggestionDraft};
use pyo3::prelude::*;
use serde_json::Value;

use super::Client;
use crate::{
    Awaitable,
    value::{self, Name, unfit},
};

#[pymethods]
impl Client {
    /// The whole document.
    fn document<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.document().await })
    }

    /// The whole document, in Markdown.
    fn markdown<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.markdown().await })
    }

    /// A text, with the base that a new version of it needs.
    fn text<'py>(&self, py: Python<'py>, path: Name<DocPath>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.text(&path.0).await })
    }

    /// Sends the whole new text, made from what was read at `base`. It is merged with what others
    /// wrote meanwhile; where a person wrote, it becomes suggestions.
    #[pyo3(signature = (path, text, base, reason = String::new()))]
    fn write<'py>(
        &self,
        py: Python<'py>,
        path: Name<DocPath>,
        text: String,
        base: Name<BaseToken>,
        reason: String,
    ) -> Awaitable<'py> {
        let base = base.0;
        self.revise(py, path, Revision::Whole { base, text }, reason)
    }

    /// Replaces one passage; it must stand in the text exactly once.
    #[pyo3(signature = (path, find, replace, reason = String::new()))]
    fn replace<'py>(
        &self,
        py: Python<'py>,
        path: Name<DocPath>,
        find: String,
        replace: String,
        reason: String,
    ) -> Awaitable<'py> {
        self.revise(py, path, Revision::Replace { find, replace }, reason)
    }

    /// Appends to the section under `heading`, or to the end of the text.
    #[pyo3(signature = (path, text, heading = None, reason = String::new()))]
    fn append<'py>(
        &self,
        py: Python<'py>,
        path: Name<DocPath>,
        text: String,
        heading: Option<String>,
        reason: String,
    ) -> Awaitable<'py> {
        let append = text;
        self.revise(py, path, Revision::Append { append, heading }, reason)
    }

    /// Edits lists and fields: all of `edits` or none.
    #[pyo3(signature = (edits, reason = String::new()))]
    fn edit<'py>(
        &self,
        py: Python<'py>,
        edits: &Bound<'py, PyAny>,
        reason: String,
    ) -> Awaitable<'py> {
        let edits: Vec<Value> = value::read(edits)?;
        let edits = edits.into_iter().enumerate().map(|(at, edit)| {
            Edit::from_json(edit).map_err(|problem| unfit(format!("edits[{at}]: {problem}")))
        });
        let edits = edits.collect::<PyResult<Vec<_>>>()?;
        self.answer(
            py,
            |client| async move { client.edit(&edits, &reason).await },
        )
    }

    /// Suggests a change, for the owner or a person to accept.
    #[pyo3(signature = (target, replacement, quote = String::new(), reason = String::new()))]
    fn suggest<'py>(
        &self,
        py: Python<'py>,
        target: Name<DocPath>,
        replacement: String,
        quote: String,
        reason: String,
    ) -> Awaitable<'py> {
        let draft = SuggestionDraft {
            target: target.0,
            quote,
            replacement,
            reason,
        };
        self.answer(py, |client| async move { client.suggest(&draft).await })
    }

    /// All suggestions.
    fn suggestions<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.suggestions().await })
    }

    /// Starts a thread of comments.
    #[pyo3(signature = (target, text, quote = String::new()))]
    fn comment<'py>(
        &self,
        py: Python<'py>,
        target: Name<DocPath>,
        text: String,
        quote: String,
    ) -> Awaitable<'py> {
        let target = target.0;
        let remark = NewRemark {
            target,
            quote,
            text,
        };
        self.answer(py, |client| async move { client.comment(&remark).await })
    }

    /// Answers in a thread.
    fn reply<'py>(
        &self,
        py: Python<'py>,
        thread: Name<crdt_schema::ids::ElementId>,
        text: String,
    ) -> Awaitable<'py> {
        self.answer(
            py,
            |client| async move { client.reply(&thread.0, &text).await },
        )
    }

    /// All threads.
    fn threads<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.threads().await })
    }
}

impl Client {
    fn revise<'py>(
        &self,
        py: Python<'py>,
        path: Name<DocPath>,
        revision: Revision,
        reason: String,
    ) -> Awaitable<'py> {
        self.answer(py, |client| async move {
            client.write(&path.0, &revision, &reason).await
        })
    }
}
