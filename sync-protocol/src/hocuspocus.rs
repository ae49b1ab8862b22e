//! Frames of the Hocuspocus provider 4: many documents share one socket, so that each frame
//! starts with the address of its document.
//!
//! Exactly one message a frame. Ping and pong belong to the socket and have no address.

use bytes::Bytes;

use crate::{
    FrameError,
    sync::Sync,
    wire::{HEAD_BYTES, Reader, limit, put_buf, put_uint},
};

/// Where a frame belongs: a document, and one of the client's sessions with it.
///
/// Answers carry the address exactly as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address<'a>(&'a str);

impl<'a> Address<'a> {
    /// An address as it stands on the wire: `name`, or `name`, a zero character and `session`.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The address as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// The document's name.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.0.split_once('\0').map_or(self.0, |(name, _)| name)
    }

    /// The client's session, if it keeps several with one document.
    #[must_use]
    pub fn session(self) -> Option<&'a str> {
        self.0.split_once('\0').map(|(_, session)| session)
    }
}

/// One frame of the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message<'a> {
    /// About one document.
    Document {
        /// Which document.
        address: Address<'a>,
        /// What about it.
        frame: Frame<'a>,
    },
    /// Asks whether the other side is alive.
    Ping,
    /// The answer to a ping.
    Pong,
}

/// What a frame says about its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Synchronisation. The server answers a step 1 with its own step 1 and a step 2, and every
    /// step 2 and update with one [`Frame::SyncStatus`].
    Sync(Sync<'a>),
    /// Presence, to be read with [`crate::awareness::decode`].
    Awareness(&'a [u8]),
    /// Authentication.
    Auth(Auth<'a>),
    /// Asks for everybody's presence.
    QueryAwareness,
    /// Synchronisation whose step 1 must not be answered with another step 1.
    SyncReply(Sync<'a>),
    /// An application's message.
    Stateless(&'a str),
    /// An application's message between servers; refuse it from a client.
    Broadcast(&'a str),
    /// Ends the session with this document; the socket stays. Only the server gives a reason.
    Close {
        /// Why, for a person.
        reason: Option<&'a str>,
    },
    /// Server: what became of one step 2 or update.
    SyncStatus {
        /// Whether it is saved. A client that is told no stays unsynchronised for good.
        saved: bool,
    },
}

/// Steps of the authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth<'a> {
    /// Client: its token, and its version since 3.
    Token {
        /// The token.
        token: &'a str,
        /// The provider's version.
        version: Option<&'a str>,
    },
    /// Server: asks for a fresh token.
    TokenRequest,
    /// Server: no.
    Denied {
        /// Why, for a person.
        reason: &'a str,
    },
    /// Server: yes.
    Authenticated(Scope),
}

/// What an authenticated client may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// It may read; its edits get `SyncStatus { saved: false }`.
    ReadOnly,
    /// It may read and write.
    ReadWrite,
}

/// Reads one frame.
///
/// # Errors
/// What is wrong with the bytes.
pub fn decode(bytes: &[u8]) -> Result<Message<'_>, FrameError> {
    match bytes {
        [PING] => return Ok(Message::Ping),
        [PONG] => return Ok(Message::Pong),
        _ => {}
    }
    let mut reader = Reader::new(bytes);
    let address = Address(reader.text("the address", limit!(ADDRESS_BYTES_MAX))?);
    let frame = Frame::read(&mut reader)?;
    reader.end()?;
    Ok(Message::Document { address, frame })
}

/// A y-websocket frame for the document at `address`: the two protocols share the bytes of
/// synchronisation and presence, so that one encoding serves the readers of both.
#[must_use]
pub fn addressed(address: Address<'_>, frame: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(HEAD_BYTES + address.0.len() + frame.len());
    put_buf(&mut out, address.0.as_bytes());
    out.extend_from_slice(frame);
    out.into()
}

/// The bytes that ask whether the other side is alive.
#[must_use]
pub const fn ping() -> Bytes {
    Bytes::from_static(&[PING])
}

/// The bytes that answer a ping.
#[must_use]
pub const fn pong() -> Bytes {
    Bytes::from_static(&[PONG])
}

impl<'a> Frame<'a> {
    /// The whole frame for the document at `address`.
    #[must_use]
    pub fn encode(&self, address: Address<'_>) -> Bytes {
        let mut out = Vec::with_capacity(2 * HEAD_BYTES + address.0.len() + self.payload_len());
        put_buf(&mut out, address.0.as_bytes());
        match *self {
            Self::Sync(message) => {
                put_uint(&mut out, SYNC);
                message.write(&mut out);
            }
            Self::SyncReply(message) => {
                put_uint(&mut out, SYNC_REPLY);
                message.write(&mut out);
            }
            Self::Awareness(payload) => put_typed(&mut out, AWARENESS, payload),
            Self::Auth(auth) => {
                put_uint(&mut out, AUTH);
                auth.write(&mut out);
            }
            Self::QueryAwareness => put_uint(&mut out, QUERY_AWARENESS),
            Self::Stateless(text) => put_typed(&mut out, STATELESS, text.as_bytes()),
            Self::Broadcast(text) => put_typed(&mut out, BROADCAST, text.as_bytes()),
            Self::Close { reason: None } => put_uint(&mut out, CLOSE),
            Self::Close {
                reason: Some(reason),
            } => put_typed(&mut out, CLOSE, reason.as_bytes()),
            Self::SyncStatus { saved } => {
                put_uint(&mut out, SYNC_STATUS);
                put_uint(&mut out, u64::from(saved));
            }
        }
        out.into()
    }

    fn read(reader: &mut Reader<'a>) -> Result<Self, FrameError> {
        match reader.uint("the message type", u64::from(u32::MAX))? {
            SYNC => Ok(Self::Sync(Sync::read(reader)?)),
            AWARENESS => Ok(Self::Awareness(reader.buf("the awareness")?)),
            AUTH => Ok(Self::Auth(Auth::read(reader)?)),
            QUERY_AWARENESS => Ok(Self::QueryAwareness),
            SYNC_REPLY => Ok(Self::SyncReply(Sync::read(reader)?)),
            STATELESS => Ok(Self::Stateless(
                reader.text("the message", limit!(STATELESS_BYTES_MAX))?,
            )),
            BROADCAST => Ok(Self::Broadcast(
                reader.text("the message", limit!(STATELESS_BYTES_MAX))?,
            )),
            CLOSE if reader.is_empty() => Ok(Self::Close { reason: None }),
            CLOSE => Ok(Self::Close {
                reason: Some(reader.text("the reason", limit!(TEXT_BYTES_MAX))?),
            }),
            SYNC_STATUS => Ok(Self::SyncStatus {
                saved: reader.uint("the sync status", 1)? == 1,
            }),
            found => Err(FrameError::UnknownType {
                what: "message type",
                found,
            }),
        }
    }

    fn payload_len(&self) -> usize {
        match *self {
            Self::Sync(message) | Self::SyncReply(message) => message.payload_len(),
            Self::Awareness(payload) => payload.len(),
            Self::Stateless(text) | Self::Broadcast(text) => text.len(),
            Self::Close { reason } => reason.map_or(0, str::len),
            Self::Auth(Auth::Token { token, version }) => token.len() + version.map_or(0, str::len),
            Self::Auth(Auth::Denied { reason }) => reason.len(),
            Self::Auth(Auth::TokenRequest | Auth::Authenticated(_))
            | Self::QueryAwareness
            | Self::SyncStatus { .. } => 0,
        }
    }
}

impl<'a> Auth<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, FrameError> {
        match reader.uint("the auth type", u64::from(u32::MAX))? {
            TOKEN if reader.is_empty() => Ok(Self::TokenRequest),
            TOKEN => Ok(Self::Token {
                token: reader.text("the token", limit!(TOKEN_BYTES_MAX))?,
                version: match reader.is_empty() {
                    true => None,
                    false => Some(reader.text("the version", limit!(TEXT_BYTES_MAX))?),
                },
            }),
            DENIED => Ok(Self::Denied {
                reason: reader.text("the reason", limit!(TEXT_BYTES_MAX))?,
            }),
            AUTHENTICATED => match reader.text("the scope", limit!(TEXT_BYTES_MAX))? {
                READ_ONLY => Ok(Self::Authenticated(Scope::ReadOnly)),
                READ_WRITE => Ok(Self::Authenticated(Scope::ReadWrite)),
                _ => Err(FrameError::BadValue { what: "the scope" }),
            },
            found => Err(FrameError::UnknownType {
                what: "auth type",
                found,
            }),
        }
    }

    fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Token { token, version } => {
                put_typed(out, TOKEN, token.as_bytes());
                if let Some(version) = version {
                    put_buf(out, version.as_bytes());
                }
            }
            Self::TokenRequest => put_uint(out, TOKEN),
            Self::Denied { reason } => put_typed(out, DENIED, reason.as_bytes()),
            Self::Authenticated(Scope::ReadOnly) => {
                put_typed(out, AUTHENTICATED, READ_ONLY.as_bytes());
            }
            Self::Authenticated(Scope::ReadWrite) => {
                put_typed(out, AUTHENTICATED, READ_WRITE.as_bytes());
            }
        }
    }
}

fn put_typed(out: &mut Vec<u8>, kind: u64, payload: &[u8]) {
    put_uint(out, kind);
    put_buf(out, payload);
}

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const QUERY_AWARENESS: u64 = 3;
const SYNC_REPLY: u64 = 4;
const STATELESS: u64 = 5;
const BROADCAST: u64 = 6;
const CLOSE: u64 = 7;
const SYNC_STATUS: u64 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

const TOKEN: u64 = 0;
const DENIED: u64 = 1;
const AUTHENTICATED: u64 = 2;

const READ_ONLY: &str = "readonly";
const READ_WRITE: &str = "read-write";
