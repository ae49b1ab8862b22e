//! Who holds what, and passing the pen.

use crdt_schema::{
    ids::ElementId,
    item::Item,
    ownership::{Mode, Reason, Trigger},
};
use penhold_agent::{ClientError, HandOff, To};
use pyo3::{prelude::*, types::PyDict};
use serde::Deserialize;

use super::Client;
use crate::{
    Awaitable,
    leases::Leases,
    value::{self, Name},
};

/// A handoff as Python words it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    to: To,
    trigger: Trigger,
    #[serde(default)]
    note: String,
    confidence: Option<f64>,
    #[serde(default = "cold")]
    mode: Mode,
    epoch: Option<u64>,
    #[serde(default)]
    emergency: bool,
}

#[pymethods]
impl Client {
    /// Who holds an item, and at which epoch.
    fn item<'py>(&self, py: Python<'py>, item: Name<Item>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.item(&item.0).await })
    }

    /// What this member holds.
    fn held<'py>(&self, py: Python<'py>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.held().await })
    }

    /// Takes an item that is open or waits in a queue. Without an epoch, whoever holds it now.
    #[pyo3(signature = (item, epoch = None))]
    fn claim<'py>(&self, py: Python<'py>, item: Name<Item>, epoch: Option<u64>) -> Awaitable<'py> {
        self.answer(py, |client| async move {
            let epoch = seen(&client, &item.0, epoch).await?;
            client.claim(&item.0, epoch).await
        })
    }

    /// Lets an item go.
    #[pyo3(signature = (item, epoch = None))]
    fn release<'py>(
        &self,
        py: Python<'py>,
        item: Name<Item>,
        epoch: Option<u64>,
    ) -> Awaitable<'py> {
        self.answer(py, |client| async move {
            let epoch = seen(&client, &item.0, epoch).await?;
            client.release(&item.0, epoch).await
        })
    }

    /// Keeps an item for longer; `leases()` does this by itself.
    #[pyo3(signature = (item, epoch = None))]
    fn renew<'py>(&self, py: Python<'py>, item: Name<Item>, epoch: Option<u64>) -> Awaitable<'py> {
        self.answer(py, |client| async move {
            let epoch = seen(&client, &item.0, epoch).await?;
            client.renew(&item.0, epoch).await
        })
    }

    /// Acknowledges what was decided and changed while this agent did not hold the item: what the
    /// item's `gate` names. Until then what it writes there becomes suggestions.
    fn resume<'py>(
        &self,
        py: Python<'py>,
        item: Name<Item>,
        epoch: u64,
        decisions: Vec<Name<ElementId>>,
        cursor: u64,
    ) -> Awaitable<'py> {
        let decisions: Vec<_> = decisions.into_iter().map(|id| id.0).collect();
        self.answer(py, |client| async move {
            client.resume(&item.0, epoch, &decisions, cursor).await
        })
    }

    /// Renews what is given to it, and lets go of it in the end: `async with client.leases()`.
    fn leases(&self) -> Leases {
        Leases::new(&self.0)
    }

    /// Hands an item off, or offers it.
    #[pyo3(signature = (item, **how))]
    fn hand_off<'py>(
        &self,
        py: Python<'py>,
        item: Name<Item>,
        how: Option<&Bound<'py, PyDict>>,
    ) -> Awaitable<'py> {
        let wish: Wish = value::read_keywords(py, how)?;
        self.answer(py, |client| async move {
            let epoch = seen(&client, &item.0, wish.epoch).await?;
            let handoff = HandOff {
                item: item.0,
                to: wish.to,
                mode: wish.mode,
                reason: Reason {
                    trigger: wish.trigger,
                    note: wish.note,
                    confidence: wish.confidence,
                },
                epoch,
                seen: None,
                emergency: wish.emergency,
            };
            client.hand_off(&handoff).await
        })
    }

    /// One handoff.
    fn handoff<'py>(&self, py: Python<'py>, id: Name<ElementId>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.handoff(&id.0).await })
    }

    /// Reads a warm handoff back: what this member has understood.
    fn brief<'py>(&self, py: Python<'py>, id: Name<ElementId>, summary: String) -> Awaitable<'py> {
        self.answer(
            py,
            |client| async move { client.brief(&id.0, &summary).await },
        )
    }

    /// Takes the pen of a warm handoff that was read back.
    fn accept<'py>(&self, py: Python<'py>, id: Name<ElementId>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.accept(&id.0).await })
    }

    /// Says no to a warm handoff.
    fn decline<'py>(&self, py: Python<'py>, id: Name<ElementId>, reason: String) -> Awaitable<'py> {
        self.answer(
            py,
            |client| async move { client.decline(&id.0, &reason).await },
        )
    }

    /// Takes back a warm handoff that this member has offered.
    fn withdraw<'py>(&self, py: Python<'py>, id: Name<ElementId>) -> Awaitable<'py> {
        self.answer(py, |client| async move { client.withdraw(&id.0).await })
    }
}

/// The epoch that the caller saw, or the one of now.
async fn seen(
    client: &penhold_agent::Client,
    item: &Item,
    epoch: Option<u64>,
) -> Result<u64, ClientError> {
    match epoch {
        Some(epoch) => Ok(epoch),
        None => Ok(client.item(item).await?.epoch),
    }
}

fn cold() -> Mode {
    Mode::Cold
}
