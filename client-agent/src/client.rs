//! The HTTP interface of a server, typed: what a member asks, reads and waits for.
//!
//! Invariant: a command carries one idempotency key over all its attempts, so however often it
//! is sent it is carried out once. An answer that says no is an answer, and is not asked for
//! again; only silence and "not now" are.

mod answer;
mod approvals;
mod artifacts;
mod call;
mod catching_up;
mod decisions;
mod document;
mod handoffs;
mod inbox;
mod items;
mod remarks;
mod reports;
mod retry;

use std::{fmt, sync::Arc, time::Duration};

use crdt_schema::{ids::WorkspaceId, member::Member};
use reqwest::{Url, header::HeaderMap, redirect};
use serde::Deserialize;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;

pub use self::{
    answer::{ClientError, Problem},
    approvals::Approved,
    artifacts::{Artifact, Found},
    catching_up::{Since, UpTo},
    decisions::TakenDecision,
    document::{Revision, TextAt, Written},
    handoffs::{HandOff, To},
    inbox::{ChangeItem, Changes, Cursor, HOLD_MAX, InboxEntry, Scope},
    remarks::{NewRemark, SuggestionDraft},
};
use crate::Config;

/// A member's hands on one workspace, over HTTP. Cheap to clone.
///
/// ```no_run
/// use crdt_schema::{item::Item, ownership::{Reason, Trigger}};
/// use penhold_agent::{Client, Config, HandOff, To};
///
/// # async fn example() -> anyhow::Result<()> {
/// let config = Config::new("http://127.0.0.1:8787", "launch", "the agent's token")?;
/// let client = Client::new(&config);
///
/// let plan = client.item(&Item::Plan).await?;
/// let reason = Reason {
///     trigger: Trigger::Stakes,
///     note: "The budget needs a call.".into(),
///     confidence: Some(0.6),
/// };
/// let to = To::Queue("people".parse()?);
/// client.hand_off(&HandOff::cold(Item::Plan, plan.epoch, to, reason)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    key: Option<Arc<str>>,
}

struct Shared {
    http: reqwest::Client,
    server: Url,
    workspace: WorkspaceId,
    patience: Duration,
}

impl Client {
    /// A client for the workspace, server and member of `config`. Nothing is asked yet.
    ///
    /// # Panics
    /// When the system's TLS cannot be set up.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, config.bearer().clone())]);
        let http = reqwest::Client::builder()
            .default_headers(headers)
            .connect_timeout(CONNECT_MAX)
            // Elsewhere the token has no business.
            .redirect(redirect::Policy::none())
            .build()
            .expect("the system's TLS can be set up");
        Self {
            shared: Arc::new(Shared {
                http,
                server: config.server().clone(),
                workspace: config.workspace().clone(),
                patience: PATIENCE,
            }),
            key: None,
        }
    }

    /// The same, giving up on a server that does not answer after `patience` instead of a
    /// minute. Waits for people have no such end.
    #[must_use]
    pub fn patient(&self, patience: Duration) -> Self {
        let Shared {
            http,
            server,
            workspace,
            ..
        } = &*self.shared;
        Self {
            shared: Arc::new(Shared {
                http: http.clone(),
                server: server.clone(),
                workspace: workspace.clone(),
                patience,
            }),
            key: self.key.clone(),
        }
    }

    /// The same, for the same server and another workspace.
    #[must_use]
    pub fn in_workspace(&self, workspace: WorkspaceId) -> Self {
        Self {
            shared: Arc::new(Shared {
                http: self.shared.http.clone(),
                server: self.shared.server.clone(),
                workspace,
                patience: self.shared.patience,
            }),
            key: None,
        }
    }

    /// A client whose next command carries this idempotency key instead of a random one: it is
    /// carried out once, even if this program crashes and asks again. One key is for one command;
    /// with another command the server refuses it. 1 to 128 visible ASCII characters.
    ///
    /// ```no_run
    /// # async fn example(client: penhold_agent::Client, ask: crdt_schema::ownership::NewApproval)
    /// # -> Result<(), penhold_agent::ClientError> {
    /// let approval = client.keyed("run-7/send-letter").ask(&ask).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn keyed(&self, key: &str) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            key: Some(key.into()),
        }
    }

    /// The workspace.
    #[must_use]
    pub fn workspace(&self) -> &WorkspaceId {
        &self.shared.workspace
    }

    /// Whom the token stands for.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn me(&self) -> Result<Member, ClientError> {
        let me: Me = self.read(&["me"], &[]).await?;
        Ok(me.member)
    }
}

#[derive(Deserialize)]
struct Me {
    member: Member,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.shared.server.as_str())
            .field("workspace", &self.shared.workspace)
            .finish_non_exhaustive()
    }
}

const CONNECT_MAX: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(60);
