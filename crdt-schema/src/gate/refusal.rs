//! Why an update was not let in.

/// Why an update was refused. The message tells the sender what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The bytes are no well-formed v1 update.
    #[error("the update is malformed at byte {at}: {what}; send Yjs updates in the v1 encoding")]
    Malformed {
        /// Offset into the update.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// The update holds a kind of content that no workspace document keeps.
    #[error("{what} cannot be kept in a workspace; use shared maps, arrays, text and plain values")]
    Unsupported {
        /// The kind of content.
        what: &'static str,
    },
    /// The update, or the document with it, would be too large.
    #[error("{name} is limited to {limit}, and the update has {found}; send less at once")]
    Limit {
        /// Which of [`super::Limits`].
        name: &'static str,
        /// The largest value allowed.
        limit: usize,
        /// The value found; it may be larger still.
        found: usize,
    },
    /// Something that the update builds on has not arrived.
    #[error(
        "the update builds on clock {clock} of client {client}, which has not arrived; \
         send the whole difference to the server's state vector"
    )]
    Incomplete {
        /// Client id of the missing part.
        client: u64,
        /// First clock known to be missing.
        clock: u32,
    },
    /// The update inserts under a client id that belongs to somebody else.
    #[error("client id {client} belongs to another member; rejoin with a fresh client id")]
    ForeignClient {
        /// The client id.
        client: u64,
    },
    /// The struct at this clock contradicts itself or what is already known.
    #[error(
        "the struct at clock {clock} of client {client} is inconsistent: {what}; \
         discard the local copy and rejoin with a fresh client id"
    )]
    Inconsistent {
        /// Client id of the struct.
        client: u64,
        /// Clock of the struct.
        clock: u32,
        /// What contradicts what.
        what: &'static str,
    },
    /// The writer's role does not allow writing there.
    #[error("{path} may not be written: {reason}")]
    Forbidden {
        /// The place, such as `plan/steps/ab12/body`; `document` when it has no place any more.
        path: String,
        /// Why not.
        reason: &'static str,
    },
    /// The writer may only suggest there. What was written can become suggestions.
    #[error("{path} takes suggestions only: {why}")]
    MaySuggest {
        /// The first place of that kind.
        path: String,
        /// Why not directly, as half a sentence.
        why: String,
        /// All places that the update changes.
        touched: Vec<String>,
    },
    /// The writer does not hold the pen there, and the workspace takes no suggestions from it.
    #[error("{path} may not be written: {why}")]
    NoPen {
        /// The place.
        path: String,
        /// Who holds the pen, and what to do.
        why: String,
    },
    /// The schema has no such place, or not with this content.
    #[error("{path} cannot hold this: {reason}")]
    Shape {
        /// The place.
        path: String,
        /// What may stand there instead.
        reason: String,
    },
}

impl Refusal {
    /// The place that the refusal is about, if it is about one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Forbidden { path, .. }
            | Self::Shape { path, .. }
            | Self::MaySuggest { path, .. }
            | Self::NoPen { path, .. } => Some(path),
            Self::Malformed { .. }
            | Self::Unsupported { .. }
            | Self::Limit { .. }
            | Self::Incomplete { .. }
            | Self::ForeignClient { .. }
            | Self::Inconsistent { .. } => None,
        }
    }
}

/// Refuses when `found` exceeds `limit`.
pub(super) fn within(name: &'static str, limit: usize, found: usize) -> Result<(), Refusal> {
    if found > limit {
        return Err(Refusal::Limit { name, limit, found });
    }
    Ok(())
}
