//! Texts as they were read, so that a rewrite can be merged with what happened since.
//!
//! They live in memory, within a bound: a base that is gone is answered with a fresh one.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use crdt_schema::{attribution::Clocks, ids::WorkspaceId, merge::BaseToken};
use parking_lot::Mutex;

/// Bytes of texts that are kept.
const BYTES_MAX: usize = 64 << 20;

/// A text as it was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Base {
    /// What it read.
    pub text: String,
    /// How much of each client's writing it held.
    pub clocks: Clocks,
}

/// The texts that were read lately.
#[derive(Debug, Default)]
pub struct Bases {
    // Held to find or add one text.
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_token: HashMap<Id, Arc<Base>>,
    oldest_first: VecDeque<Id>,
    bytes: usize,
}

type Id = (WorkspaceId, BaseToken);

impl Bases {
    /// Keeps a text that was just read.
    pub fn keep(&self, ws: &WorkspaceId, token: &BaseToken, base: Base) {
        let id = (ws.clone(), token.clone());
        let mut kept = self.kept.lock();
        if kept.by_token.contains_key(&id) {
            return;
        }
        kept.bytes += base.text.len();
        kept.by_token.insert(id.clone(), Arc::new(base));
        kept.oldest_first.push_back(id);
        while kept.bytes > BYTES_MAX
            && let Some(oldest) = kept.oldest_first.pop_front()
        {
            let gone = kept.by_token.remove(&oldest);
            kept.bytes -= gone.map_or(0, |gone| gone.text.len());
        }
    }

    /// The text that a token names, while it is kept.
    #[must_use]
    pub fn find(&self, ws: &WorkspaceId, token: &BaseToken) -> Option<Arc<Base>> {
        let id = (ws.clone(), token.clone());
        self.kept.lock().by_token.get(&id).cloned()
    }
}
