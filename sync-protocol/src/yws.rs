//! Frames of y-websocket: exactly one message a frame.

use bytes::Bytes;

use crate::{
    FrameError, ext,
    sync::Sync,
    wire::{HEAD_BYTES, Reader, limit, put_buf, put_uint},
};

/// One frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// The sender's state vector; asks for what the sender misses.
    Step1(&'a [u8]),
    /// The answer to a step 1: an update.
    Step2(&'a [u8]),
    /// An edit: an update.
    Update(&'a [u8]),
    /// Presence, to be read with [`crate::awareness::decode`].
    Awareness(&'a [u8]),
    /// Access is denied, with the reason. Clients only show it; a close code makes them stop.
    AuthDenied(&'a str),
    /// Asks for everybody's presence.
    QueryAwareness,
    /// Penhold's extension, to peers that opted in.
    Ext(ext::Frame<'a>),
}

/// Reads one frame.
///
/// # Errors
/// What is wrong with the bytes.
pub fn decode(bytes: &[u8]) -> Result<Frame<'_>, FrameError> {
    let mut reader = Reader::new(bytes);
    let frame = match reader.uint("the message type", u64::from(u32::MAX))? {
        SYNC => Sync::read(&mut reader)?.into(),
        AWARENESS => Frame::Awareness(reader.buf("the awareness")?),
        AUTH => read_auth(&mut reader)?,
        QUERY_AWARENESS => Frame::QueryAwareness,
        ext::TYPE => Frame::Ext(ext::Frame::read(&mut reader)?),
        found => {
            return Err(FrameError::UnknownType {
                what: "message type",
                found,
            });
        }
    };
    reader.end()?;
    Ok(frame)
}

/// A frame that asks for what the sender of this state vector misses.
#[must_use]
pub fn step1(state_vector: &[u8]) -> Bytes {
    sync(Sync::Step1(state_vector))
}

/// A frame that answers a step 1.
#[must_use]
pub fn step2(update: &[u8]) -> Bytes {
    sync(Sync::Step2(update))
}

/// A frame with an edit.
#[must_use]
pub fn update(update: &[u8]) -> Bytes {
    sync(Sync::Update(update))
}

/// A frame with an encoded awareness update.
#[must_use]
pub fn awareness(payload: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(HEAD_BYTES + payload.len());
    put_uint(&mut out, AWARENESS);
    put_buf(&mut out, payload);
    out.into()
}

/// A frame that says nothing, so that the other side knows the connection is alive.
#[must_use]
pub const fn keepalive() -> Bytes {
    Bytes::from_static(&[AWARENESS as u8, 1, 0])
}

/// A frame that asks for everybody's presence.
#[must_use]
pub const fn query_awareness() -> Bytes {
    Bytes::from_static(&[QUERY_AWARENESS as u8])
}

/// A frame that denies access.
#[must_use]
pub fn auth_denied(reason: &str) -> Bytes {
    let mut out = Vec::with_capacity(HEAD_BYTES + reason.len());
    put_uint(&mut out, AUTH);
    put_uint(&mut out, AUTH_DENIED);
    put_buf(&mut out, reason.as_bytes());
    out.into()
}

impl<'a> From<Sync<'a>> for Frame<'a> {
    fn from(message: Sync<'a>) -> Self {
        match message {
            Sync::Step1(payload) => Self::Step1(payload),
            Sync::Step2(payload) => Self::Step2(payload),
            Sync::Update(payload) => Self::Update(payload),
        }
    }
}

fn sync(message: Sync<'_>) -> Bytes {
    let mut out = Vec::with_capacity(HEAD_BYTES + message.payload_len());
    put_uint(&mut out, SYNC);
    message.write(&mut out);
    out.into()
}

fn read_auth<'a>(reader: &mut Reader<'a>) -> Result<Frame<'a>, FrameError> {
    match reader.uint("the auth type", u64::from(u32::MAX))? {
        AUTH_DENIED => Ok(Frame::AuthDenied(
            reader.text("the reason", limit!(TEXT_BYTES_MAX))?,
        )),
        found => Err(FrameError::UnknownType {
            what: "auth type",
            found,
        }),
    }
}

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const QUERY_AWARENESS: u64 = 3;

const AUTH_DENIED: u64 = 0;
