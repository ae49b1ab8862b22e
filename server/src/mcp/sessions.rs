//! Sessions of clients that begin with `initialize`.
//!
//! Invariant: a session is its member's: to everybody else it does not exist.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use crdt_schema::ids::MemberId;
use parking_lot::Mutex;
use rmcp::transport::streamable_http_server::session::{
    SessionId, SessionManager as _,
    local::{LocalSessionManager, SessionConfig},
};

/// Sessions of one member; beyond that the oldest ends. Clients that crash leave theirs behind.
const SESSIONS_PER_MEMBER_MAX: usize = 32;
/// A session in which nothing was said for so long ends; its client is told to begin anew.
const IDLE: Duration = Duration::from_secs(60 * 60);

/// Whose each session is.
pub(super) struct Sessions {
    manager: Arc<LocalSessionManager>,
    /// Oldest first. Never held across an await.
    owned: Mutex<VecDeque<Owned>>,
}

struct Owned {
    id: SessionId,
    member: MemberId,
}

/// Keeps sessions in memory.
pub(super) fn manager() -> LocalSessionManager {
    let mut config = SessionConfig::default();
    config.keep_alive = Some(IDLE);
    let mut manager = LocalSessionManager::default();
    manager.session_config = config;
    manager
}

impl Sessions {
    pub(super) fn new(manager: Arc<LocalSessionManager>) -> Self {
        Self {
            manager,
            owned: Mutex::default(),
        }
    }

    /// Whether `member` began the session `id`.
    pub(super) fn is_of(&self, id: &str, member: &MemberId) -> bool {
        let owned = self.owned.lock();
        owned
            .iter()
            .any(|owned| &*owned.id == id && owned.member == *member)
    }

    /// Notes that `member` began the session `id`, and ends the oldest one that is too many.
    pub(super) async fn began(&self, id: &str, member: &MemberId) {
        let live: Vec<SessionId> = self.manager.sessions.read().await.keys().cloned().collect();
        let surplus = {
            let mut owned = self.owned.lock();
            owned.retain(|owned| live.contains(&owned.id));
            owned.push_back(Owned {
                id: id.into(),
                member: member.clone(),
            });
            surplus(&mut owned, member)
        };
        if let Some(id) = surplus
            && let Err(error) = self.manager.close_session(&id).await
        {
            tracing::debug!(%error, "a session was over already");
        }
    }
}

/// Takes out the oldest session of `member` if there are too many.
fn surplus(owned: &mut VecDeque<Owned>, member: &MemberId) -> Option<SessionId> {
    let theirs = owned.iter().filter(|owned| owned.member == *member).count();
    if theirs <= SESSIONS_PER_MEMBER_MAX {
        return None;
    }
    let oldest = owned.iter().position(|owned| owned.member == *member)?;
    owned.remove(oldest).map(|owned| owned.id)
}
