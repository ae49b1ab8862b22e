//! Penhold's extension of y-websocket: message type 80, only to peers that opted in with the
//! query parameter `penhold=1`.
//!
//! Layout: type 80, a subtype, then the fields in the order they are declared; strings and
//! buffers are length-prefixed. An optional client id is a count (0 or 1) and the id.

use bytes::Bytes;

use crate::{
    FrameError,
    limits::CLIENT_ID_MAX,
    wire::{HEAD_BYTES, Reader, limit, put_buf, put_uint},
};

/// The query parameter and value with which a client opts in.
pub const OPT_IN: (&str, &str) = ("penhold", "1");

/// The y-websocket message type of the extension.
pub const TYPE: u64 = 80;

/// One message of the extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Server, first thing on a connection: what it serves and to whom.
    Hello {
        /// The document's history. A client keeps it beside its copy.
        lineage: &'a str,
        /// The member that the server takes the client for.
        member: &'a str,
        /// The member's role.
        role: &'a str,
    },
    /// Client, before its step 1, if it holds a copy: the history of that copy. The server
    /// closes with [`crate::close::LINEAGE`] if it is another one.
    Lineage(&'a str),
    /// Server: the first `updates` update and step 2 frames of this connection are durable,
    /// those included that carried nothing new. Never decreases.
    Ack {
        /// How many frames, since the connection opened.
        updates: u64,
    },
    /// Server: an edit was refused and nothing of it applied. The client drops its copy, or at
    /// least every edit that this client id made since the last acknowledgement, and rejoins
    /// under a fresh client id.
    Denied {
        /// The client id that is refused from now on, if the refusal ends one.
        client: Option<u64>,
        /// Where the edit would have written, such as `plan/steps/ab12/body`; empty if the
        /// refusal is not about one place.
        path: &'a str,
        /// What to do about it, for a person.
        reason: &'a str,
    },
    /// Server: storage takes no edits just now. They stay with the client, unacknowledged.
    ReadOnly {
        /// Why, for a person.
        reason: &'a str,
    },
    /// Server: storage takes edits again.
    Writable,
}

impl<'a> Frame<'a> {
    /// The whole frame, message type included.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        let mut out = Vec::with_capacity(4 * HEAD_BYTES);
        put_uint(&mut out, TYPE);
        match *self {
            Self::Hello {
                lineage,
                member,
                role,
            } => {
                put_uint(&mut out, HELLO);
                for text in [lineage, member, role] {
                    put_buf(&mut out, text.as_bytes());
                }
            }
            Self::Lineage(lineage) => {
                put_uint(&mut out, LINEAGE);
                put_buf(&mut out, lineage.as_bytes());
            }
            Self::Ack { updates } => {
                put_uint(&mut out, ACK);
                put_uint(&mut out, updates);
            }
            Self::Denied {
                client,
                path,
                reason,
            } => {
                put_uint(&mut out, DENIED);
                put_uint(&mut out, u64::from(client.is_some()));
                if let Some(client) = client {
                    put_uint(&mut out, client);
                }
                put_buf(&mut out, path.as_bytes());
                put_buf(&mut out, reason.as_bytes());
            }
            Self::ReadOnly { reason } => {
                put_uint(&mut out, READ_ONLY);
                put_buf(&mut out, reason.as_bytes());
            }
            Self::Writable => put_uint(&mut out, WRITABLE),
        }
        out.into()
    }

    /// Reads what follows the message type.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, FrameError> {
        match reader.uint("the extension type", u64::from(u32::MAX))? {
            HELLO => Ok(Self::Hello {
                lineage: reader.text("the lineage", limit!(LINEAGE_BYTES_MAX))?,
                member: reader.text("the member", limit!(TEXT_BYTES_MAX))?,
                role: reader.text("the role", limit!(TEXT_BYTES_MAX))?,
            }),
            LINEAGE => Ok(Self::Lineage(
                reader.text("the lineage", limit!(LINEAGE_BYTES_MAX))?,
            )),
            ACK => Ok(Self::Ack {
                updates: reader.uint("the count of updates", CLIENT_ID_MAX)?,
            }),
            DENIED => Ok(Self::Denied {
                client: read_client(reader)?,
                path: reader.text("the path", limit!(TEXT_BYTES_MAX))?,
                reason: reader.text("the reason", limit!(TEXT_BYTES_MAX))?,
            }),
            READ_ONLY => Ok(Self::ReadOnly {
                reason: reader.text("the reason", limit!(TEXT_BYTES_MAX))?,
            }),
            WRITABLE => Ok(Self::Writable),
            found => Err(FrameError::UnknownType {
                what: "extension type",
                found,
            }),
        }
    }
}

fn read_client(reader: &mut Reader<'_>) -> Result<Option<u64>, FrameError> {
    match reader.uint("the count of clients", 1)? {
        0 => Ok(None),
        _ => reader.uint("the client id", CLIENT_ID_MAX).map(Some),
    }
}

const HELLO: u64 = 0;
const LINEAGE: u64 = 1;
const ACK: u64 = 2;
const DENIED: u64 = 3;
const READ_ONLY: u64 = 4;
const WRITABLE: u64 = 5;
