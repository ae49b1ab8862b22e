//! Coming back: what changed meanwhile, and what one has to know to go on.

use crdt_schema::{context::Packet, digest::Digest, ids::ElementId};
use serde::{Deserialize, Serialize};

use super::{Client, ClientError};

/// Since when a digest tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// Since this member was here last.
    LastVisit,
    /// Since a handoff was made.
    Handoff(ElementId),
    /// Since a decision was posted.
    Decision(ElementId),
    /// Since an approval was asked.
    Approval(ElementId),
    /// Since a kept version.
    Checkpoint(String),
    /// Since a position in the log; the newest kept version that is not newer counts.
    Position(u64),
}

/// Something that was read, and how far in the log that reads: what [`Client::resume`]
/// acknowledges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UpTo<T> {
    /// The position in the log.
    pub cursor: u64,
    /// What was read.
    #[serde(flatten)]
    pub read: T,
}

impl Client {
    /// What this member needs to go on, and no more: briefing, decisions, open items, what
    /// changed, sources; in third person, within `budget` characters.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn context(&self, budget: usize) -> Result<UpTo<Packet>, ClientError> {
        let budget = budget.to_string();
        self.look(&["context"], &[("for", "me"), ("budget", &budget)])
            .await
    }

    /// The same as Markdown.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn context_markdown(&self, budget: usize) -> Result<String, ClientError> {
        let budget = budget.to_string();
        let query = [("for", "me"), ("budget", &budget), ("format", "markdown")];
        self.text_of(&["context"], &query).await
    }

    /// What changed and by whom, what matters most first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn digest(&self, since: &Since) -> Result<UpTo<Digest>, ClientError> {
        self.look(&["digest"], &[("since", &since.to_string())])
            .await
    }

    /// The same as Markdown of at most `budget` characters.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn digest_markdown(
        &self,
        since: &Since,
        budget: usize,
    ) -> Result<String, ClientError> {
        let (since, budget) = (since.to_string(), budget.to_string());
        let query = [
            ("since", since.as_str()),
            ("budget", &budget),
            ("format", "markdown"),
        ];
        self.text_of(&["digest"], &query).await
    }

    pub(super) async fn text_of(
        &self,
        at: &[&str],
        query: &[(&str, &str)],
    ) -> Result<String, ClientError> {
        let bytes = self.look_raw(at, query).await?;
        String::from_utf8(bytes.into()).map_err(|error| ClientError::Unreadable(error.to_string()))
    }
}

impl std::fmt::Display for Since {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::LastVisit => f.write_str("visit"),
            Self::Handoff(id) => write!(f, "handoff:{id}"),
            Self::Decision(id) => write!(f, "decision:{id}"),
            Self::Approval(id) => write!(f, "approval:{id}"),
            Self::Checkpoint(id) => write!(f, "checkpoint:{id}"),
            Self::Position(position) => write!(f, "{position}"),
        }
    }
}
