//! Named limits of the wire. Sizes are in bytes, times in milliseconds, the rest are counts.
//!
//! Limits on what a document may hold belong to the gate, not here.

/// Largest frame that a server takes from a client. Bounds one offline session's worth of edits.
pub const FRAME_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Largest frame that a client takes from a server: a whole document may be larger than any edit.
pub const SERVER_FRAME_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Client ids are below 2^53, so that every JavaScript peer reads them exactly.
pub const CLIENT_ID_MAX: u64 = (1 << 53) - 1;

/// Most entries in one awareness frame.
pub const AWARENESS_ENTRIES_MAX: usize = 10_000;

/// Largest state of one client in an awareness frame.
pub const AWARENESS_STATE_BYTES_MAX: usize = 16 * 1024;

/// Most clients in a state vector. Every page load adds one to its document.
pub const STATE_VECTOR_ENTRIES_MAX: usize = 1_000_000;

/// Longest Hocuspocus address: a document's name, a zero character and a session.
pub const ADDRESS_BYTES_MAX: usize = 512;

/// Longest token in a Hocuspocus authentication.
pub const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// Longest reason, path, name or version on the wire.
pub const TEXT_BYTES_MAX: usize = 4 * 1024;

/// Longest lineage.
pub const LINEAGE_BYTES_MAX: usize = 128;

/// Longest stateless message.
pub const STATELESS_BYTES_MAX: usize = 64 * 1024;

/// A peer says something at least this often, and renews its awareness with it.
pub const RENEW_MS: u64 = 15_000;

/// A peer that heard nothing for this long takes the connection for dead.
pub const SILENCE_MS_MAX: u64 = 33_000;

/// Awareness that was not renewed for this long is forgotten.
pub const AWARENESS_OUTDATED_MS: u64 = 30_000;

/// A connection that is not open by then is given up.
pub const CONNECT_MS_MAX: u64 = 10_000;

/// Upper bound of the first wait before a reconnect; it doubles with each failure.
pub const BACKOFF_FIRST_MS: u64 = 200;

/// Upper bound of every wait before a reconnect.
pub const BACKOFF_MS_MAX: u64 = 10_000;

/// Most frames of a peer that may wait for their acknowledgement. Past it the peer holds its
/// edits back and then sends them as one difference.
pub const UNACKNOWLEDGED_FRAMES_MAX: usize = 1024;

/// Most bytes of updates that a peer keeps while it waits for the server's first answer.
pub const EARLY_BYTES_MAX: usize = 16 * 1024 * 1024;
