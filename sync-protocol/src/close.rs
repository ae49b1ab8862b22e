//! Close codes of a WebSocket, as Penhold uses them.
//!
//! Yjs clients take 4400 to 4499 as final and stop reconnecting; every other code is retried.

/// The client left.
pub const NORMAL: u16 = 1000;
/// The server restarts or shuts down; come back.
pub const RESTART: u16 = 1012;
/// The server cannot serve this workspace just now; come back later.
pub const TRY_LATER: u16 = 1013;
/// A frame or an update that no correct client sends.
pub const MALFORMED: u16 = 4400;
/// No token, or one that is wrong, expired or revoked.
pub const UNAUTHENTICATED: u16 = 4401;
/// The member may not do this.
pub const FORBIDDEN: u16 = 4403;
/// No such workspace.
pub const NOT_FOUND: u16 = 4404;
/// The client holds another history of this document; it must drop its copy.
pub const LINEAGE: u16 = 4409;
/// Over a limit of size, depth or count.
pub const TOO_LARGE: u16 = 4413;
/// Over a limit of rate.
pub const RATE: u16 = 4429;

/// Whether a client must not reconnect after this code.
#[must_use]
pub const fn is_final(code: u16) -> bool {
    matches!(code, 4400..=4499)
}
