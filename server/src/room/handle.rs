//! How others reach a room: by messages, never by locks.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use crdt_schema::{
    ids::{MemberId, WorkspaceId},
    member::Member,
    ownership::{self, Outcome},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use yrs::{ReadTxn, StateVector, Transact, Transaction, TransactionMut};

use super::{
    Incoming, Out, Outbox, Rooms, SessionId, Visitor,
    core::{Acted, Core, EditReply, Job, Query, Refused, Scene, View},
    goodbye::Goodbye,
    outbox::Missed,
    registry::OpenError,
};
use crate::store::Seq;

/// A change of the document, run in one transaction. What it did before failing is kept.
pub(super) type Change = Box<dyn FnOnce(&mut TransactionMut<'_>) -> Result<(), String> + Send>;

/// What a room is told.
pub(super) enum Command {
    Join(SessionId, Visitor),
    Leave(SessionId),
    Frames {
        session: SessionId,
        frames: Vec<Incoming>,
        credit: OwnedSemaphorePermit,
    },
    Presence(SessionId, Bytes),
    ShowEverybody(SessionId),
    Resync(SessionId, Missed),
    Query(Query),
    /// Run this when the document is what the log says.
    Decide(Job),
    /// Answer when the document holds this.
    Await {
        have: StateVector,
        reply: oneshot::Sender<()>,
    },
    Edit {
        by: MemberId,
        change: Change,
        reply: EditReply,
    },
    SetArchived {
        archived: bool,
        reply: oneshot::Sender<Result<(), RoomError>>,
    },
    /// End if nobody came meanwhile.
    Sleep,
    /// Close every session and end, without touching the store.
    Retire(Goodbye),
    /// Close every session, save what there is, and end.
    Shutdown(Goodbye),
}

/// Why a room did not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RoomError {
    /// The room cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The edit was refused or could not be made durable.
    #[error("{0}")]
    Refused(String),
    /// The room ended before it answered; try again.
    #[error("the workspace was closed meanwhile; try again")]
    Ended,
}

/// Why a command was not carried out.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommandError {
    /// The room did not do it.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// The rules, or the state of the store, say no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The change was made before, under the same idempotency key.
    #[error("this was done before, as record {}", .0.record)]
    Repeated(Box<Outcome>),
    /// What its author had seen did not arrive in time; nothing has changed.
    #[error("the edits that you had seen did not arrive within {} ms; try again", .0.as_millis())]
    Behind(Duration),
}

/// A cheap handle on a room. Opens the room again if it went to sleep meanwhile.
#[derive(Clone)]
pub struct RoomHandle {
    pub(super) rooms: Rooms,
    pub(super) ws: WorkspaceId,
    pub(super) lineage: Arc<str>,
    pub(super) inbox: mpsc::Sender<Command>,
    pub(super) position: watch::Receiver<Seq>,
}

impl RoomHandle {
    /// Which history the document has.
    #[must_use]
    pub fn lineage(&self) -> &str {
        &self.lineage
    }

    /// Reads the document; the answer shows only what is durable.
    ///
    /// # Errors
    /// [`RoomError::Open`] or [`RoomError::Ended`].
    pub async fn read<R: Send + 'static>(
        &self,
        read: impl FnOnce(&Transaction<'_>) -> R + Send + 'static,
    ) -> Result<R, RoomError> {
        self.view(|view| read(&view.doc.transact())).await
    }

    /// Reads the workspace: document, ledger and who touched what; only what is durable.
    ///
    /// # Errors
    /// [`RoomError::Open`] or [`RoomError::Ended`].
    pub async fn view<R: Send + 'static>(
        &self,
        read: impl FnOnce(&View<'_>) -> R + Send + 'static,
    ) -> Result<R, RoomError> {
        let (tell, answer) = oneshot::channel();
        let query = move |view: &View<'_>| {
            // Nobody waits for the answer any more: then there is nobody to tell.
            tell.send(read(view)).ok();
        };
        self.send(Command::Query(Box::new(query))).await?;
        answer.await.map_err(|_| RoomError::Ended)
    }

    /// Decides a command for `by`, once for an idempotency `key`; returns when that is durable.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn command(
        &self,
        by: Member,
        key: Option<String>,
        command: ownership::Command,
    ) -> Result<Outcome, CommandError> {
        self.decided(move |core, now_ms| Ok(core.command(&by, key.as_deref(), &command, now_ms)?))
            .await
    }

    /// Changes the document for `by` and records it, in one log entry; returns when that is
    /// durable. `change` must look before it writes: a transaction has no way back.
    ///
    /// # Errors
    /// Those of `change`, and [`CommandError`].
    pub async fn act<T: Send + 'static, E: From<CommandError> + Send + 'static>(
        &self,
        by: Member,
        key: Option<String>,
        change: impl FnOnce(&mut TransactionMut<'_>, &Scene<'_>) -> Result<Acted<T>, E> + Send + 'static,
    ) -> Result<(T, Outcome), E> {
        self.decided(move |core, now_ms| core.act(&by, key.as_deref(), change, now_ms))
            .await
    }

    /// Changes the document for `by`, when it holds every edit that was admitted before; returns
    /// when that is durable. `change` must look before it writes, as for [`RoomHandle::act`].
    ///
    /// # Errors
    /// Those of `change`, and [`CommandError`].
    pub async fn change<T: Send + 'static, E: From<CommandError> + Send + 'static>(
        &self,
        by: Member,
        change: impl FnOnce(&mut TransactionMut<'_>, &Scene<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.decided(move |core, now_ms| core.change(&by, change, now_ms))
            .await
    }

    /// Waits until the document holds everything that `have` names.
    ///
    /// # Errors
    /// [`CommandError::Behind`] when that does not come within `seen_wait`.
    pub async fn await_state(&self, have: StateVector) -> Result<(), CommandError> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Await { have, reply })
            .await
            .map_err(CommandError::Room)?;
        let wait = self.rooms.config().seen_wait;
        match tokio::time::timeout(wait, answer).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(CommandError::Room(RoomError::Ended)),
            Err(_) => Err(CommandError::Behind(wait)),
        }
    }

    /// Where the log is, to look at or to wait on. Ends when the room goes to sleep.
    #[must_use]
    pub fn position(&self) -> watch::Receiver<Seq> {
        self.position.clone()
    }

    /// Runs `decide` when the document is what the log says; tells its outcome when it is durable.
    async fn decided<T: Send + 'static, E: From<CommandError> + Send + 'static>(
        &self,
        decide: impl FnOnce(&mut Core, u64) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (tell, answer) = oneshot::channel();
        let job = move |core: &mut Core, now_ms| {
            let decided = decide(core, now_ms);
            core.when_durable(Box::new(move |saved| {
                let saved = saved.map_err(|why| CommandError::Refused(Refused::ReadOnly(why)));
                let told = decided.and_then(|outcome| Ok(saved.map(|()| outcome)?));
                tell.send(told).ok();
            }));
        };
        self.send(Command::Decide(Box::new(job)))
            .await
            .map_err(CommandError::Room)?;
        answer
            .await
            .unwrap_or_else(|_| Err(CommandError::Room(RoomError::Ended).into()))
    }

    /// Edits the document in one transaction on behalf of `by`; returns when that is durable.
    ///
    /// # Errors
    /// [`RoomError::Refused`] with the reason of `change`, or of the store.
    pub async fn edit(
        &self,
        by: MemberId,
        change: impl FnOnce(&mut TransactionMut<'_>) -> Result<(), String> + Send + 'static,
    ) -> Result<(), RoomError> {
        let (tell, answer) = oneshot::channel();
        let reply: EditReply = Box::new(move |outcome| {
            tell.send(outcome).ok();
        });
        self.send(Command::Edit {
            by,
            change: Box::new(change),
            reply,
        })
        .await?;
        answer
            .await
            .map_err(|_| RoomError::Ended)?
            .map_err(RoomError::Refused)
    }

    /// The whole document as one v1 update.
    ///
    /// # Errors
    /// See [`RoomHandle::read`].
    pub async fn state(&self) -> Result<Bytes, RoomError> {
        self.read(|txn| Bytes::from(txn.encode_diff_v1(&StateVector::default())))
            .await
    }

    /// Archives the workspace, or takes it out of the archive.
    ///
    /// # Errors
    /// [`RoomError::Refused`] if the directory could not be written.
    pub async fn set_archived(&self, archived: bool) -> Result<(), RoomError> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::SetArchived { archived, reply }).await?;
        answer.await.map_err(|_| RoomError::Ended)?
    }

    /// Takes a seat in the room.
    ///
    /// # Errors
    /// [`RoomError::Open`].
    pub async fn join(&self, visitor: Visitor) -> Result<Seat, RoomError> {
        let session = self.rooms.next_session();
        let outbox = Arc::clone(&visitor.outbox);
        let inbox = self.send(Command::Join(session, visitor)).await?;
        let frames_max = self.rooms.config().session_frames_max;
        Ok(Seat {
            session,
            inbox,
            outbox,
            credit: Arc::new(Semaphore::new(frames_max)),
            frames_max,
        })
    }

    /// Sends, to a reopened room if this one ended; returns the inbox that took the command.
    pub(super) async fn send(&self, command: Command) -> Result<mpsc::Sender<Command>, RoomError> {
        match self.inbox.send(command).await {
            Ok(()) => Ok(self.inbox.clone()),
            Err(mpsc::error::SendError(command)) => Ok(self.rooms.send(&self.ws, command).await?),
        }
    }
}

/// A session's place in a room. Leaves when dropped.
pub struct Seat {
    session: SessionId,
    inbox: mpsc::Sender<Command>,
    outbox: Arc<Outbox>,
    credit: Arc<Semaphore>,
    frames_max: usize,
}

impl Seat {
    /// Says something in the room; waits while too much of this session is waiting already.
    ///
    /// # Errors
    /// [`RoomError::Ended`]: the session is over.
    pub async fn say(&self, mut frames: Vec<Incoming>) -> Result<(), RoomError> {
        frames.truncate(self.frames_max);
        let count = u32::try_from(frames.len()).expect("a limit far below 2^32");
        let credit = Arc::clone(&self.credit)
            .acquire_many_owned(count)
            .await
            .map_err(|_| RoomError::Ended)?;
        self.send(Command::Frames {
            session: self.session,
            frames,
            credit,
        })
        .await
    }

    /// Shows presence (the payload of an awareness frame).
    ///
    /// # Errors
    /// [`RoomError::Ended`].
    pub async fn show(&self, payload: Bytes) -> Result<(), RoomError> {
        self.send(Command::Presence(self.session, payload)).await
    }

    /// Asks for everybody's presence.
    ///
    /// # Errors
    /// [`RoomError::Ended`].
    pub async fn show_everybody(&self) -> Result<(), RoomError> {
        self.send(Command::ShowEverybody(self.session)).await
    }

    /// Asks for what this session was not sent.
    ///
    /// # Errors
    /// [`RoomError::Ended`].
    pub async fn resynchronise(&self, missed: Missed) -> Result<(), RoomError> {
        self.send(Command::Resync(self.session, missed)).await
    }

    /// Where this session is told things.
    #[must_use]
    pub fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    async fn send(&self, command: Command) -> Result<(), RoomError> {
        self.inbox.send(command).await.map_err(|_| RoomError::Ended)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let leave = Command::Leave(self.session);
        if let Err(mpsc::error::TrySendError::Full(leave)) = self.inbox.try_send(leave) {
            let inbox = self.inbox.clone();
            // The room is busy; the goodbye must not be lost, or the room would never sleep.
            tokio::spawn(async move { inbox.send(leave).await.ok() });
        }
    }
}

/// Shown by rooms in logs.
impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Join(..) => "join",
            Self::Leave(_) => "leave",
            Self::Frames { .. } => "frames",
            Self::Presence(..) => "presence",
            Self::ShowEverybody(_) => "show everybody",
            Self::Resync(..) => "resync",
            Self::Query(_) => "query",
            Self::Decide(_) => "decide",
            Self::Await { .. } => "await",
            Self::Edit { .. } => "edit",
            Self::SetArchived { .. } => "set archived",
            Self::Sleep => "sleep",
            Self::Retire(_) => "retire",
            Self::Shutdown(_) => "shutdown",
        })
    }
}

/// A goodbye, as something to send.
impl From<Goodbye> for Out {
    fn from(goodbye: Goodbye) -> Self {
        Self::Close(goodbye)
    }
}
