//! The frames that Penhold servers and peers exchange, and the state machine of a peer.
//!
//! Everything here is a function of (state, now, input): no clock, no randomness, no runtime,
//! no input or output. Decoders borrow from the bytes they read, never panic, and allocate at
//! most in proportion to the bytes they were given. What a document *is* stays unknown here:
//! updates and state are opaque bytes.
#![forbid(unsafe_code)]

pub mod awareness;
pub mod close;
mod error;
pub mod ext;
pub mod hocuspocus;
mod json;
pub mod limits;
pub mod peer;
pub mod presence;
pub mod state_vector;
pub mod sync;
mod wire;
pub mod yws;

pub use error::FrameError;
