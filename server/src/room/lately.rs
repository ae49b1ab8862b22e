//! Where people's carets were a moment ago: whoever just left a paragraph may come right back.

use std::{collections::VecDeque, sync::Arc};

use super::presence::State;

/// How long a caret that moved on counts as being there still, in milliseconds.
const LATELY_MS: u64 = 30_000;
/// The least time between two carets of one client that are remembered, in milliseconds.
const APART_MS: u64 = 250;
/// Longest selection that is remembered, in bytes of JSON; others are not ones that clients write.
const CARET_BYTES_MAX: usize = 1 << 10;
/// Carets that are remembered in a room.
const CARETS_MAX: usize = 1_000;

/// Carets that moved on, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Lately(VecDeque<Left>);

#[derive(Debug)]
struct Left {
    client: u64,
    at_ms: u64,
    caret: Arc<str>,
}

impl Lately {
    /// The caret of `before` has moved on.
    pub(super) fn note(&mut self, client: u64, before: &State, now_ms: u64) {
        let since = now_ms.saturating_sub(LATELY_MS);
        while self.0.front().is_some_and(|left| left.at_ms < since) {
            self.0.pop_front();
        }
        let Some(caret) = before.caret_of_person() else {
            return;
        };
        let mut own = self.0.iter().rev().filter(|left| left.client == client);
        let is_close = own
            .next()
            .is_some_and(|left| now_ms < left.at_ms + APART_MS);
        if is_close || caret.len() > CARET_BYTES_MAX {
            return;
        }
        if self.0.len() >= CARETS_MAX {
            self.0.pop_front();
        }
        self.0.push_back(Left {
            client,
            at_ms: now_ms,
            caret: caret.into(),
        });
    }

    /// The carets that moved on within the last [`LATELY_MS`], as JSON.
    pub(super) fn carets(&self, now_ms: u64) -> impl Iterator<Item = &str> {
        let since = now_ms.saturating_sub(LATELY_MS);
        let left = self.0.iter().filter(move |left| left.at_ms >= since);
        left.map(|left| &*left.caret)
    }
}
