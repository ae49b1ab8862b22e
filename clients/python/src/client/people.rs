//! What people decide and approve, and what an agent tells them.

use crdt_schema::{
    ids::ElementId,
    ownership::{ActionReport, NewApproval, Signal},
};
use pyo3::{prelude::*, types::PyDict};

use super::Client;
use crate::{
    Awaitable,
    value::{self, Name},
};

#[pymethods]
impl Client {
    /// Waits until a person has decided something that this member is to act on, and takes it.
    fn next_decision<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.next_decision().await })
    }

    /// One decision.
    fn decision<'py>(&self, py: Python<'py>, id: Name<ElementId>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.decision(&id.0).await })
    }

    /// Starts acting on a decision: nobody else does, until the lease ends.
    fn take<'py>(&self, py: Python<'py>, id: Name<ElementId>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.take(&id.0).await })
    }

    /// Says what came of a decision. Said twice, the first outcome stands and is answered.
    fn consume<'py>(
        &self,
        py: Python<'py>,
        id: Name<ElementId>,
        lease: Name<ElementId>,
        outcome: String,
    ) -> Awaitable<'py> {
        self.answer(py, |client| async move {
            client.consume(&id.0, &lease.0, &outcome).await
        })
    }

    /// Says that a decision could not be acted on, and why.
    fn fail<'py>(
        &self,
        py: Python<'py>,
        id: Name<ElementId>,
        lease: Name<ElementId>,
        reason: String,
    ) -> Awaitable<'py> {
        self.answer(py, |client| async move {
            client.fail(&id.0, &lease.0, &reason).await
        })
    }

    /// Asks people to approve an action.
    #[pyo3(signature = (**approval))]
    fn ask<'py>(&self, py: Python<'py>, approval: Option<&Bound<'py, PyDict>>) -> Awaitable<'py> {
        let approval: NewApproval = value::read_keywords(py, approval)?;
        self.answer(py, |client| async move { client.ask(&approval).await })
    }

    /// One approval.
    fn approval<'py>(&self, py: Python<'py>, id: Name<ElementId>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.approval(&id.0).await })
    }

    /// Waits until an approval is approved, declined, or over in another way.
    fn await_answer<'py>(&self, py: Python<'py>, id: Name<ElementId>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.await_answer(&id.0).await })
    }

    /// Starts acting on an approval; at most once when the action cannot be undone.
    fn take_approval<'py>(&self, py: Python<'py>, id: Name<ElementId>) -> Awaitable<'py> {
        self.answer(
            py,
            |client| async move { client.take_approval(&id.0).await },
        )
    }

    /// Says what came of the action. Said twice, the first result stands and is answered.
    fn consume_approval<'py>(
        &self,
        py: Python<'py>,
        id: Name<ElementId>,
        grant: Name<ElementId>,
        result: String,
    ) -> Awaitable<'py> {
        self.answer(py, |client| async move {
            client.consume_approval(&id.0, &grant.0, &result).await
        })
    }

    /// Says that the action could not be run, and why.
    fn fail_approval<'py>(
        &self,
        py: Python<'py>,
        id: Name<ElementId>,
        grant: Name<ElementId>,
        reason: String,
    ) -> Awaitable<'py> {
        self.answer(py, |client| async move {
            client.fail_approval(&id.0, &grant.0, &reason).await
        })
    }

    /// Takes back what this member has asked for.
    fn withdraw_approval<'py>(&self, py: Python<'py>, id: Name<ElementId>) -> Awaitable<'py> {
        self.answer(
            py,
            |client| async move { client.withdraw_approval(&id.0).await },
        )
    }

    /// Records an action that was done, for those who look after it.
    #[pyo3(signature = (**action))]
    fn report<'py>(&self, py: Python<'py>, action: Option<&Bound<'py, PyDict>>) -> Awaitable<'py> {
        let action: ActionReport = value::read_keywords(py, action)?;
        self.answer(py, |client| async move { client.report(&action).await })
    }

    /// Tells what this agent notices about its work, and learns whether to ask a person.
    #[pyo3(signature = (**signal))]
    fn signal<'py>(&self, py: Python<'py>, signal: Option<&Bound<'py, PyDict>>) -> Awaitable<'py> {
        let signal: Signal = value::read_keywords(py, signal)?;
        self.answer(py, |client| async move { client.signal(&signal).await })
    }
}
