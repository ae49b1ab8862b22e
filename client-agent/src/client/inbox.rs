//! Waiting: what has changed since a cursor, and what waits for this member.

use std::{fmt, time::Duration};

use crdt_schema::{
    ids::{MemberId, WorkspaceId},
    ownership::{Event, Pending},
    path::DocPath,
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, DeserializeOwned},
};
use serde_json::Value;
use tokio::time::sleep;

use super::{Client, ClientError, retry::backoff};

/// The longest that the server holds an answer back.
pub const HOLD_MAX: Duration = Duration::from_secs(50);

/// A place in the order of all changes of a workspace. Keep it to go on from there after a
/// restart; the empty one is the present.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Cursor(String);

/// What has changed, and what waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// What has happened since the cursor, oldest first.
    #[serde(deserialize_with = "known")]
    pub items: Vec<ChangeItem>,
    /// Where to go on from.
    pub cursor: Cursor,
    /// What waits for this member now: what cannot be undone first, then what waits longest.
    pub pending: Vec<Pending>,
    /// The cursor was older than what the server keeps: what happened since is not in `items`.
    #[serde(skip_deserializing)]
    pub gap: bool,
}

/// Something that happened. What this client does not know is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChangeItem {
    /// A command was carried out, or time brought something about.
    Record {
        /// Its number in the record.
        no: u64,
        /// When, in milliseconds since the Unix epoch.
        at_ms: u64,
        /// Who commanded it; nobody when time brought it about.
        by: Option<MemberId>,
        /// What happened, in order.
        #[serde(deserialize_with = "known")]
        events: Vec<Event>,
    },
    /// Somebody edited a place.
    Edited {
        /// The place, or one above it.
        path: DocPath,
        /// Who.
        by: MemberId,
        /// When last, in milliseconds since the Unix epoch.
        at_ms: u64,
    },
}

/// What of the changes is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Records and edits.
    Everything,
    /// Records: ownership, decisions, approvals and the like.
    Records,
}

/// Something that waits for this member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InboxEntry {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// That workspace's title.
    pub workspace_title: String,
    /// What waits.
    #[serde(flatten)]
    pub pending: Pending,
}

#[derive(Deserialize)]
struct Inbox {
    needs_you: Vec<InboxEntry>,
}

impl Client {
    /// What has changed since `cursor`; if nothing has, the answer is held back for up to `hold`
    /// (at most [`HOLD_MAX`]) until something does.
    ///
    /// # Errors
    /// [`ClientError`]; `gone` when the cursor is older than what the server keeps.
    pub async fn changes(
        &self,
        cursor: &Cursor,
        scope: Scope,
        hold: Duration,
    ) -> Result<Changes, ClientError> {
        let hold = hold.min(HOLD_MAX);
        let hold_ms = hold.as_millis().to_string();
        let mut query = vec![("only", scope.word()), ("hold", &hold_ms)];
        if !cursor.0.is_empty() {
            query.push(("cursor", &cursor.0));
        }
        self.hold(&["changes"], &query, hold).await
    }

    /// Waits until something has changed since `cursor`, however long that takes and however
    /// often the server restarts. With the empty cursor it answers at once with what waits now.
    /// Cancel safe: ask again with the same cursor, also after a restart of this program.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the server would refuse for ever, such as for a token that
    /// was revoked.
    pub async fn await_change(
        &self,
        cursor: &Cursor,
        scope: Scope,
    ) -> Result<Changes, ClientError> {
        loop {
            let changes = self.changes_at_last(cursor, scope, HOLD_MAX).await?;
            if changes.gap || changes.cursor != *cursor {
                return Ok(changes);
            }
        }
    }

    /// [`Client::changes`], through restarts of the server and gaps.
    pub(crate) async fn changes_at_last(
        &self,
        cursor: &Cursor,
        scope: Scope,
        hold: Duration,
    ) -> Result<Changes, ClientError> {
        match self.persist(|| self.changes(cursor, scope, hold)).await {
            Err(error) if error.is("gone") => {
                let present = Cursor::default();
                let now = self.persist(|| self.changes(&present, scope, hold)).await?;
                Ok(Changes { gap: true, ..now })
            }
            done => done,
        }
    }

    /// What waits for this member, over all workspaces that the token opens.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn inbox(&self) -> Result<Vec<InboxEntry>, ClientError> {
        let inbox: Inbox = self.read(&["inbox"], &[]).await?;
        Ok(inbox.needs_you)
    }

    /// [`Client::inbox`], through restarts of the server.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the server would refuse for ever.
    pub async fn inbox_at_last(&self) -> Result<Vec<InboxEntry>, ClientError> {
        self.persist(|| self.inbox()).await
    }

    /// Asks again for as long as the server is away.
    pub(crate) async fn persist<T, F: Future<Output = Result<T, ClientError>>>(
        &self,
        ask: impl Fn() -> F,
    ) -> Result<T, ClientError> {
        let mut attempt = 0;
        loop {
            match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) if !is_passing(&error) => return Err(error),
                Err(error) => {
                    attempt += 1;
                    tracing::debug!(%error, "waiting for the server");
                    sleep(backoff(attempt, rand::random())).await;
                }
            }
        }
    }
}

/// Whether it may be otherwise later without anybody changing the question.
fn is_passing(error: &ClientError) -> bool {
    match error {
        ClientError::Unreachable(_) => true,
        ClientError::Refused(problem) => problem.status >= 500 || problem.status == 429,
        ClientError::Unreadable(_) => false,
    }
}

impl Scope {
    fn word(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Records => "records",
        }
    }
}

impl Cursor {
    /// The cursor as text, to be kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text or number: what is in it is the server's business.
impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            other => Err(de::Error::custom(format!("{other} is not a cursor"))),
        }
    }
}

/// What can be read of a list; the rest is of a later version.
fn known<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let all = Vec::<Value>::deserialize(deserializer)?.into_iter();
    Ok(all.filter_map(|one| T::deserialize(one).ok()).collect())
}
