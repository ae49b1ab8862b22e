//! What needs an agent, and the wait for it.
//!
//! Most needs are states on the server (something is pending for this member), so none is missed
//! however long an agent was away. Two are events: an answer that was not yes, and an item that
//! somebody handed over. What happened meanwhile of those is found again from the cursor, which
//! moves on only after they were seen to; a crash may tell one twice, and never loses one.

use std::{collections::BTreeSet, io, time::Duration};

use crdt_schema::{
    ids::{ElementId, MemberId},
    item::Item,
    ownership::{
        ApprovalView, Cause, Event, HandoffStatus, HandoffView, Owner, Pending, PendingTask,
        Verdict,
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    ChangeItem, Changes, Client, ClientError, Cursor, CursorFile, HOLD_MAX, Memory, Scope,
};

/// Something that needs an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "need", rename_all = "snake_case")]
pub enum Need {
    /// Something waits for it.
    Pending(Pending),
    /// A person answered what it asked, and the answer was not yes; or nobody answered in time.
    Answered(Box<ApprovalView>),
    /// What it offered came to nothing: the receiver said no, or nothing, in time.
    Unwanted(Box<HandoffView>),
    /// Somebody handed it an item, cold.
    Received {
        /// Which item.
        item: Item,
        /// The item's epoch.
        epoch: u64,
        /// What was said to it.
        note: String,
    },
}

/// Which needs count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// All of them.
    #[default]
    Any,
    /// Decisions to act on.
    Decision,
    /// Answers to what was asked.
    Approval,
    /// Items that are handed over, offered, to be claimed or to be taken up again.
    Handoff,
}

/// Why waiting ended.
#[derive(Debug, thiserror::Error)]
pub enum WaitError {
    /// The server says no.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// What is remembered cannot be read or written.
    #[error("cannot use {path}: {error}")]
    File {
        /// Which file.
        path: String,
        /// Why not.
        error: io::Error,
    },
}

/// Waits for what needs this member, one thing after the other. Each is told again until it was
/// seen to, or is over.
///
/// ```no_run
/// use penhold_agent::{Client, Config, CursorFile, Needs, Wanted};
///
/// # async fn example(config: Config) -> anyhow::Result<()> {
/// let file = CursorFile::new("planner.json");
/// let mut needs = Needs::new(Client::new(&config), Wanted::Any, Some(file)).await?;
/// loop {
///     let need = needs.next().await?;
///     println!("{}", need.sentence());
///     needs.seen_to(&need)?;
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Needs {
    client: Client,
    me: MemberId,
    wanted: Wanted,
    file: Option<CursorFile>,
    memory: Memory,
    /// Up to where changes have been read; ahead of what is remembered while something waits to
    /// be seen to.
    cursor: Cursor,
    /// What events told, oldest first.
    told: Vec<Need>,
}

impl Needs {
    /// Waits on behalf of whoever `client` is. Remembers in `file`, if there is one, what was
    /// seen to; without one it begins anew each time.
    ///
    /// # Errors
    /// When the server does not say who this is, or the file cannot be read.
    pub async fn new(
        client: Client,
        wanted: Wanted,
        file: Option<CursorFile>,
    ) -> Result<Self, WaitError> {
        let memory = match &file {
            Some(file) => file.load().map_err(|error| unusable(file, error))?,
            None => Memory::default(),
        };
        let me = client.me().await?.id;
        Ok(Self {
            client,
            me,
            wanted,
            file,
            cursor: memory.cursor.clone(),
            memory,
            told: Vec::new(),
        })
    }

    /// Waits until something needs this member that was not seen to yet, through restarts of the
    /// server. Cancel safe.
    ///
    /// # Errors
    /// When the server would refuse for ever, or the file cannot be written.
    pub async fn next(&mut self) -> Result<Need, WaitError> {
        let mut hold = Duration::ZERO;
        loop {
            let changes = self
                .client
                .changes_at_last(&self.cursor, Scope::Records, hold)
                .await?;
            self.take_in(&changes).await?;
            if let Some(need) = self.first(&changes.pending) {
                return Ok(need);
            }
            hold = HOLD_MAX;
        }
    }

    /// This need is dealt with: it is not told again, unless it ends and then comes back.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn seen_to(&mut self, need: &Need) -> Result<(), WaitError> {
        self.told.retain(|told| told != need);
        if let Need::Pending(pending) = need {
            self.memory.seen_to.insert(identity(pending));
        }
        self.remember()
    }

    async fn take_in(&mut self, changes: &Changes) -> Result<(), WaitError> {
        // Without a cursor, what has happened is no news.
        if !self.cursor.as_str().is_empty() {
            for event in changes.items.iter().flat_map(events) {
                self.told.extend(self.need_of(event).await?);
            }
        }
        self.cursor = changes.cursor.clone();
        let waiting: BTreeSet<String> = changes.pending.iter().map(identity).collect();
        let before = self.memory.seen_to.len();
        self.memory.seen_to.retain(|seen| waiting.contains(seen));
        let is_news = self.memory.cursor != self.cursor || self.memory.seen_to.len() != before;
        if is_news { self.remember() } else { Ok(()) }
    }

    fn first(&self, pending: &[Pending]) -> Option<Need> {
        let mut fresh = pending.iter().filter(|pending| {
            self.wanted.includes(&pending.task) && !self.memory.seen_to.contains(&identity(pending))
        });
        let pending = fresh.next().cloned().map(Need::Pending);
        pending.or_else(|| self.told.first().cloned())
    }

    async fn need_of(&self, event: &Event) -> Result<Option<Need>, ClientError> {
        match event {
            Event::OwnerChanged {
                item,
                owner: Owner::Member(owner),
                epoch,
                cause: Cause::HandedOff,
                note,
                ..
            } if *owner == self.me => Ok(self.wanted.handoffs().then(|| Need::Received {
                item: item.clone(),
                epoch: *epoch,
                note: note.clone(),
            })),
            Event::ApprovalAnswered {
                id,
                verdict: Verdict::Decline | Verdict::Reply,
                ..
            }
            | Event::ApprovalExpired { id } => self.answered(id).await,
            Event::HandoffEnded {
                id,
                status: HandoffStatus::Declined | HandoffStatus::Expired,
                ..
            } => self.unwanted(id).await,
            _ => Ok(None),
        }
    }

    async fn answered(&self, id: &ElementId) -> Result<Option<Need>, ClientError> {
        if !self.wanted.approvals() {
            return Ok(None);
        }
        let approval = self.client.approval(id).await?;
        let is_mine = approval.by.as_ref() == Some(&self.me);
        Ok(is_mine.then(|| Need::Answered(Box::new(approval))))
    }

    async fn unwanted(&self, id: &ElementId) -> Result<Option<Need>, ClientError> {
        if !self.wanted.handoffs() {
            return Ok(None);
        }
        let handoff = self.client.handoff(id).await?;
        let is_mine = handoff.by.as_ref() == Some(&self.me);
        Ok(is_mine.then(|| Need::Unwanted(Box::new(handoff))))
    }

    fn remember(&mut self) -> Result<(), WaitError> {
        if self.told.is_empty() {
            self.memory.cursor = self.cursor.clone();
        }
        match &self.file {
            Some(file) => file
                .save(&self.memory)
                .map_err(|error| unusable(file, error)),
            None => Ok(()),
        }
    }
}

impl Wanted {
    /// Whether something that waits counts.
    #[must_use]
    pub fn includes(self, task: &PendingTask) -> bool {
        match task {
            PendingTask::Decision { .. } => matches!(self, Self::Any | Self::Decision),
            PendingTask::Act { .. } | PendingTask::Answer { .. } => self.approvals(),
            // Each reply is told when it comes, see [`Need::Answered`].
            PendingTask::Reply { .. } => false,
            PendingTask::Receive { .. }
            | PendingTask::Claim { .. }
            | PendingTask::Resume { .. } => self.handoffs(),
        }
    }

    fn approvals(self) -> bool {
        matches!(self, Self::Any | Self::Approval)
    }

    fn handoffs(self) -> bool {
        matches!(self, Self::Any | Self::Handoff)
    }
}

impl Need {
    /// The item that it is about, if it is about one.
    #[must_use]
    pub fn item(&self) -> Option<&Item> {
        match self {
            Self::Pending(pending) => match &pending.task {
                PendingTask::Receive { item, .. }
                | PendingTask::Claim { item, .. }
                | PendingTask::Decision { item, .. }
                | PendingTask::Resume { item, .. } => Some(item),
                PendingTask::Answer { .. }
                | PendingTask::Act { .. }
                | PendingTask::Reply { .. } => None,
            },
            Self::Received { item, .. } => Some(item),
            Self::Unwanted(handoff) => Some(&handoff.item),
            Self::Answered(_) => None,
        }
    }

    /// What needs to be done, in a line.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Pending(Pending { task, title, .. }) => match task {
                PendingTask::Answer { .. } => format!("answer: {title}"),
                PendingTask::Receive { item, .. } => format!("{item} is offered to you: {title}"),
                PendingTask::Claim { item, queue, .. } => {
                    format!("{item} waits in the queue {queue}")
                }
                PendingTask::Decision { item, .. } => format!("decided about {item}: {title}"),
                PendingTask::Act { .. } => format!("approved: {title}"),
                PendingTask::Reply { .. } => format!("somebody replied: {title}"),
                PendingTask::Resume { item, .. } => {
                    format!("{item} is yours again; catch up first")
                }
            },
            Self::Unwanted(handoff) => {
                let why = handoff.declined_because.as_deref().unwrap_or_default();
                format!(
                    "your offer of {} was {}: {why}",
                    handoff.item, handoff.status
                )
            }
            Self::Answered(approval) => format!("{}: {}", approval.status, approval.title),
            Self::Received { item, note, .. } => format!("{item} is yours: {note}"),
        }
    }
}

fn events(item: &ChangeItem) -> &[Event] {
    match item {
        ChangeItem::Record { events, .. } => events,
        ChangeItem::Edited { .. } => &[],
    }
}

/// What tells two things that wait apart.
fn identity(pending: &Pending) -> String {
    serde_json::to_string(&(&pending.task, pending.since_ms)).expect("tasks are plain data")
}

fn unusable(file: &CursorFile, error: io::Error) -> WaitError {
    WaitError::File {
        path: file.path().display().to_string(),
        error,
    }
}
