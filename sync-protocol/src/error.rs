//! Why bytes are not a frame.

/// Why bytes are not a frame. Every variant is the sender's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The bytes end inside a field.
    #[error("the frame ends inside {what}")]
    Truncated {
        /// The field that is cut off.
        what: &'static str,
    },
    /// Bytes follow the one message that a frame carries.
    #[error("{extra} bytes follow the message; send one message a frame")]
    Trailing {
        /// How many bytes are too many.
        extra: usize,
    },
    /// A type number that this version does not know.
    #[error("unknown {what} {found}")]
    UnknownType {
        /// Which type number it is.
        what: &'static str,
        /// The number found.
        found: u64,
    },
    /// A number is longer or larger than its field allows.
    #[error("{what} is at most {max}")]
    NumberTooLarge {
        /// The field.
        what: &'static str,
        /// The largest number allowed.
        max: u64,
    },
    /// A string is not UTF-8.
    #[error("{what} is not UTF-8")]
    NotUtf8 {
        /// The field.
        what: &'static str,
    },
    /// A string that must be JSON is not, or nests too deeply.
    #[error("{what} is not JSON, or nests too deeply")]
    NotJson {
        /// The field.
        what: &'static str,
    },
    /// A value that the field does not know.
    #[error("{what} has a value that is not known")]
    BadValue {
        /// The field.
        what: &'static str,
    },
    /// The same client id twice, where each may occur once.
    #[error("client {client} occurs twice")]
    DuplicateClient {
        /// The client id.
        client: u64,
    },
    /// A named limit of [`crate::limits`] is exceeded.
    #[error("{limit} is {max}, found {found}")]
    OverLimit {
        /// Name of the limit.
        limit: &'static str,
        /// Its value.
        max: usize,
        /// What was found.
        found: usize,
    },
}
