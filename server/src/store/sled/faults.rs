//! Failures on demand: what a test cannot ask of a real disk.

use std::{fmt, io, sync::Arc};

/// When the store can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A commit's writes are made and not on disk: they are lost.
    BeforeFlush,
    /// A commit's writes are on disk, and nobody was told.
    AfterFlush,
    /// A database that failed is about to be opened anew.
    Reopening,
}

/// Makes the store fail; the default never does.
#[derive(Clone, Default)]
pub struct Faults(Option<Arc<Check>>);

type Check = dyn Fn(Moment) -> io::Result<()> + Send + Sync;

impl Faults {
    /// Asks `check` at each [`Moment`]; what it says is what the disk says.
    pub fn new(check: impl Fn(Moment) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(check)))
    }

    pub(super) fn check(&self, moment: Moment) -> io::Result<()> {
        match &self.0 {
            Some(check) => check(moment),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Faults").field(&self.0.is_some()).finish()
    }
}
