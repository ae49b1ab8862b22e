//! How long to wait before the next attempt: exponential, with full jitter, so that peers that
//! lost their server together do not come back together.

use crate::limits::{BACKOFF_FIRST_MS, BACKOFF_MS_MAX};

/// Counts attempts that failed in a row.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// A wait drawn evenly from 0 to the current bound, in milliseconds.
    pub(super) fn next_ms(&mut self, entropy: u64) -> u64 {
        let bound = BACKOFF_FIRST_MS.saturating_mul(1 << self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        entropy % (bound.min(BACKOFF_MS_MAX) + 1)
    }

    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
    }
}
