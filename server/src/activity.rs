//! When members were last seen: on a socket, or by a request.
//!
//! Leases ask this. It lives in memory: after a start, everybody counts as seen then, for nobody
//! could show up before.

use std::{collections::HashMap, sync::Arc};

use crdt_schema::ids::MemberId;
use parking_lot::RwLock;

/// Signs of life of all members. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Activity {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    started_ms: u64,
    // Held to look up or set one time.
    seen: RwLock<HashMap<MemberId, u64>>,
}

impl Activity {
    /// Nobody has been seen since the start at `now_ms` (milliseconds since the Unix epoch).
    #[must_use]
    pub fn since(now_ms: u64) -> Self {
        let inner = Inner {
            started_ms: now_ms,
            seen: RwLock::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Notes a sign of life at `now_ms`.
    pub fn note(&self, member: &MemberId, now_ms: u64) {
        let is_news = self
            .inner
            .seen
            .read()
            .get(member)
            .is_none_or(|seen| now_ms > seen + STALE_MS_MAX);
        if is_news {
            self.inner.seen.write().insert(member.clone(), now_ms);
        }
    }

    /// When the member was last seen, in milliseconds since the Unix epoch; at the start if never.
    #[must_use]
    pub fn last(&self, member: &MemberId) -> u64 {
        let seen = self.inner.seen.read().get(member).copied();
        seen.unwrap_or(0).max(self.inner.started_ms)
    }
}

/// How old a noted sign of life may be while there are newer ones, in milliseconds.
const STALE_MS_MAX: u64 = 1_000;
