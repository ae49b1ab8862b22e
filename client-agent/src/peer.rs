//! The handle of a peer.

use std::{ops::Range, sync::Arc};

use crdt_schema::schema::TextField;
use serde_json::{Map, Value, json};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use yrs::{Transaction, TransactionMut};

use crate::{
    Change, ChangeStream, Config, Link, PeerError, Present, Status, cursor,
    driver::{Access, Control, Driver},
    outlets::Outlets,
    presence::{CURSOR, FOCUS},
};

/// A peer of one workspace. Cheap to clone; the peer ends when the last handle is dropped.
#[derive(Debug, Clone)]
pub struct Peer {
    access: mpsc::Sender<Access>,
    control: mpsc::Sender<Control>,
    status: watch::Receiver<Status>,
    others: watch::Receiver<Arc<[Present]>>,
    /// Weak, so that readers learn of the peer's end while there are handles.
    changes: broadcast::WeakSender<Change>,
}

impl Peer {
    /// Starts a peer, which connects by itself and again whenever the connection is lost.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    #[must_use]
    pub fn connect(config: Config) -> Self {
        let (access, accesses) = mpsc::channel(COMMANDS_MAX);
        let (control, controls) = mpsc::channel(COMMANDS_MAX);
        let outlets = Outlets::new();
        let status = outlets.status.subscribe();
        let others = outlets.others.subscribe();
        let changes = outlets.changes.downgrade();
        tokio::spawn(Driver::new(config, accesses, controls, outlets).run());
        Self {
            access,
            control,
            status,
            others,
            changes,
        }
    }

    /// Waits until the copy has all that the server has.
    ///
    /// # Errors
    /// When the server closed for good, or the peer is closed.
    pub async fn synced(&self) -> Result<(), PeerError> {
        let mut status = self.status.clone();
        let settled = |status: &Status| matches!(status.link, Link::Live | Link::Stopped(_));
        match status.wait_for(settled).await {
            Ok(status) => match &status.link {
                Link::Stopped(stopped) => Err(PeerError::Stopped(Arc::clone(stopped))),
                Link::Live | Link::Connecting | Link::Syncing | Link::Offline(_) => Ok(()),
            },
            Err(_) => Err(PeerError::Closed),
        }
    }

    /// Reads from the copy. Waits for the first copy, then never for the network.
    ///
    /// `read` runs on the peer's own task: it should be brief and must not block.
    ///
    /// # Errors
    /// When there is no copy and the server closed for good, or the peer is closed.
    pub async fn read<R: Send + 'static>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> R + Send + 'static,
    ) -> Result<R, PeerError> {
        let (reply, answer) = oneshot::channel();
        let access = Access::Read(Box::new(move |txn| drop(reply.send(read(txn)))));
        self.access
            .send(access)
            .await
            .map_err(|_| PeerError::Closed)?;
        answer.await.map_err(|_| self.ended())
    }

    /// Edits the copy in one transaction; others see all of it or nothing. Waits for the first
    /// copy, then never for the network. Use [`Peer::flush`] to know that the server has it.
    ///
    /// There is no way back inside `edit`: what it changed before it returns an error stays.
    /// It runs on the peer's own task: it should be brief and must not block.
    ///
    /// # Errors
    /// When the server closed for good, or the peer is closed.
    pub async fn edit<R: Send + 'static>(
        &self,
        edit: impl FnOnce(&mut TransactionMut<'_>) -> R + Send + 'static,
    ) -> Result<R, PeerError> {
        let (reply, answer) = oneshot::channel();
        let access = Access::Edit(Box::new(move |txn| drop(reply.send(edit(txn)))));
        self.access
            .send(access)
            .await
            .map_err(|_| PeerError::Closed)?;
        answer.await.map_err(|_| self.ended())
    }

    /// Waits until the server has every edit made so far on durable storage, through lost
    /// connections and restarts.
    ///
    /// # Errors
    /// When an edit was refused since the last flush (the last refusal is reported), the server
    /// closed for good, or the peer is closed.
    pub async fn flush(&self) -> Result<(), PeerError> {
        let (reply, answer) = oneshot::channel();
        self.control(Control::Flush(reply)).await?;
        answer.await.unwrap_or_else(|_| Err(self.ended()))
    }

    /// What changes from now on.
    #[must_use]
    pub fn changes(&self) -> ChangeStream {
        let changes = self.changes.upgrade();
        ChangeStream(changes.map_or_else(|| broadcast::channel(1).1, |changes| changes.subscribe()))
    }

    /// How the connection is, to look at or to wait on.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Who else is here, to look at or to wait on.
    #[must_use]
    pub fn others(&self) -> watch::Receiver<Arc<[Present]>> {
        self.others.clone()
    }

    /// Shows others a selection in a text, in UTF-16 code units. It moves along with the letters
    /// around it. Shows none if the text is not there, or not that long.
    ///
    /// # Errors
    /// As for [`Peer::read`].
    pub async fn select(&self, field: &TextField, range: Range<u32>) -> Result<(), PeerError> {
        let wanted = field.clone();
        let selection = self
            .read(move |txn| {
                let text = cursor::text(txn, &wanted)?;
                let anchor = cursor::after(txn, &text, range.start)?;
                let head = cursor::after(txn, &text, range.end)?;
                Some(cursor::selection(&anchor, &head))
            })
            .await?;
        let focus = field.path().to_string();
        self.present([(CURSOR, json!(selection)), (FOCUS, json!(focus))])
            .await
    }

    /// Shows others no selection.
    ///
    /// # Errors
    /// When the peer is closed.
    pub async fn deselect(&self) -> Result<(), PeerError> {
        self.present([(CURSOR, Value::Null), (FOCUS, Value::Null)])
            .await
    }

    /// Sets fields of what others see of this peer; null removes a field. The server decides
    /// what stands in `user`.
    ///
    /// # Errors
    /// When the peer is closed.
    pub async fn present(
        &self,
        fields: impl IntoIterator<Item = (&str, Value)>,
    ) -> Result<(), PeerError> {
        let fields: Map<_, _> = fields
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        self.control(Control::Present(fields)).await
    }

    /// Leaves and waits for the end; at once if the peer is closed already. Edits that are not
    /// saved are lost: [`Peer::flush`] first.
    pub async fn close(&self) {
        // Whoever closed it before has done what is to be done.
        drop(self.control.send(Control::Close).await);
        self.control.closed().await;
    }

    async fn control(&self, control: Control) -> Result<(), PeerError> {
        self.control
            .send(control)
            .await
            .map_err(|_| PeerError::Closed)
    }

    /// Why the peer did not do what it was asked to.
    fn ended(&self) -> PeerError {
        match &self.status.borrow().link {
            Link::Stopped(stopped) => PeerError::Stopped(Arc::clone(stopped)),
            Link::Connecting | Link::Syncing | Link::Live | Link::Offline(_) => PeerError::Closed,
        }
    }
}

/// Commands that may wait; more make their sender wait.
const COMMANDS_MAX: usize = 64;
