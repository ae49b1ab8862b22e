//! The sync messages that y-websocket and Hocuspocus share.

use crate::{
    FrameError,
    wire::{Reader, put_buf, put_uint},
};

/// One sync message. Payloads are opaque here: state vectors and updates in the v1 encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync<'a> {
    /// The sender's state vector; asks for what the sender misses.
    Step1(&'a [u8]),
    /// The answer to a step 1: an update with everything that was missing.
    Step2(&'a [u8]),
    /// An edit.
    Update(&'a [u8]),
}

impl<'a> Sync<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, FrameError> {
        match reader.uint("the sync type", u64::from(u32::MAX))? {
            STEP1 => Ok(Self::Step1(reader.buf("the state vector")?)),
            STEP2 => Ok(Self::Step2(reader.buf("the update")?)),
            UPDATE => Ok(Self::Update(reader.buf("the update")?)),
            found => Err(FrameError::UnknownType {
                what: "sync type",
                found,
            }),
        }
    }

    pub(crate) fn write(self, out: &mut Vec<u8>) {
        let (kind, payload) = match self {
            Self::Step1(payload) => (STEP1, payload),
            Self::Step2(payload) => (STEP2, payload),
            Self::Update(payload) => (UPDATE, payload),
        };
        put_uint(out, kind);
        put_buf(out, payload);
    }

    pub(crate) fn payload_len(self) -> usize {
        match self {
            Self::Step1(payload) | Self::Step2(payload) | Self::Update(payload) => payload.len(),
        }
    }
}

const STEP1: u64 = 0;
const STEP2: u64 = 1;
const UPDATE: u64 = 2;
