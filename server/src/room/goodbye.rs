//! Why a session is told to go.

use sync_protocol::close;

/// A WebSocket close code with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goodbye {
    /// See [`sync_protocol::close`].
    pub code: u16,
    /// For a person; shortened to what a close frame can carry when sent.
    pub reason: String,
}

impl Goodbye {
    /// With a code and a reason.
    #[must_use]
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
        }
    }

    /// A frame or update that no correct client sends.
    #[must_use]
    pub fn malformed(reason: impl Into<String>) -> Self {
        Self::new(close::MALFORMED, reason)
    }

    /// Over a limit of size or count.
    #[must_use]
    pub fn over(limit: &str, max: usize, found: usize) -> Self {
        Self::new(
            close::TOO_LARGE,
            format!("{limit} is {max}, this is {found}"),
        )
    }
}
