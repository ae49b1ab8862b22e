//! When to open the database anew although nothing is wrong with it.
//!
//! sled 1.0.0-alpha.124 keeps in memory every leaf that it wrote, whatever its cache may hold: a
//! written leaf is marked with its last flush, the mark is never taken away, and what is marked is
//! not evicted. So its memory grows with all that was ever written, a leaf being up to 64 records.
//! Opening the same files anew gives that memory back, and takes milliseconds.

use std::time::Duration;

/// When the database gives back the memory of what it wrote.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// How long nothing was committed before. Default 5 s.
    pub quiet: Duration,
    /// What was written at least, in bytes, before a quiet moment is used for it. Default 2 MiB.
    pub quiet_bytes: usize,
    /// What was written, in bytes, when no quiet moment is waited for any longer. Default 128 MiB.
    pub bytes_max: usize,
}

impl Default for Renewal {
    fn default() -> Self {
        Self {
            quiet: Duration::from_secs(5),
            quiet_bytes: 2 * 1024 * 1024,
            bytes_max: 128 * 1024 * 1024,
        }
    }
}

/// What the database has written since it was opened.
pub(super) struct Footprint {
    renewal: Renewal,
    written: usize,
}

impl Footprint {
    pub(super) fn new(renewal: Renewal) -> Self {
        Self {
            renewal,
            written: 0,
        }
    }

    pub(super) fn add(&mut self, bytes: usize) {
        self.written = self.written.saturating_add(bytes);
    }

    pub(super) fn clear(&mut self) {
        self.written = 0;
    }

    /// How long to wait for quiet; `None` when there is little to give back.
    pub(super) fn quiet(&self) -> Option<Duration> {
        (self.written >= self.renewal.quiet_bytes).then_some(self.renewal.quiet)
    }

    /// Whether memory is to be given back now, quiet or not.
    pub(super) fn is_large(&self) -> bool {
        self.written >= self.renewal.bytes_max
    }
}
