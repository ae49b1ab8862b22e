//! Reading and writing of the fields that frames are made of, as lib0 encodes them.
//!
//! Invariant: a [`Reader`] never reads past its bytes and never allocates.

use std::str;

use crate::FrameError;

/// Reads fields off the front of a frame.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Bytes not read yet.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    /// A variable-length unsigned number of at most `max`.
    pub(crate) fn uint(&mut self, what: &'static str, max: u64) -> Result<u64, FrameError> {
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let Some((&byte, rest)) = self.rest.split_first() else {
                return Err(FrameError::Truncated { what });
            };
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return if number <= max {
                    Ok(number)
                } else {
                    Err(FrameError::NumberTooLarge { what, max })
                };
            }
        }
        Err(FrameError::NumberTooLarge { what, max })
    }

    /// A length-prefixed run of bytes.
    pub(crate) fn buf(&mut self, what: &'static str) -> Result<&'a [u8], FrameError> {
        let len = self.uint(what, u64::from(u32::MAX))?;
        let taken = usize::try_from(len)
            .ok()
            .and_then(|len| self.rest.split_at_checked(len));
        let Some((buf, rest)) = taken else {
            return Err(FrameError::Truncated { what });
        };
        self.rest = rest;
        Ok(buf)
    }

    /// A length-prefixed string of at most `limit` bytes.
    pub(crate) fn text(&mut self, what: &'static str, limit: Limit) -> Result<&'a str, FrameError> {
        let buf = self.buf(what)?;
        limit.check(buf.len())?;
        str::from_utf8(buf).map_err(|_| FrameError::NotUtf8 { what })
    }

    /// Ends the frame: nothing may be left.
    pub(crate) fn end(&self) -> Result<(), FrameError> {
        match self.rest.len() {
            0 => Ok(()),
            extra => Err(FrameError::Trailing { extra }),
        }
    }
}

/// A limit and its name, as the sender is told when it is exceeded.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) name: &'static str,
    pub(crate) max: usize,
}

impl Limit {
    pub(crate) fn check(self, found: usize) -> Result<(), FrameError> {
        if found <= self.max {
            return Ok(());
        }
        Err(FrameError::OverLimit {
            limit: self.name,
            max: self.max,
            found,
        })
    }
}

/// Names a constant of [`crate::limits`] as a [`Limit`].
macro_rules! limit {
    ($name:ident) => {
        $crate::wire::Limit {
            name: stringify!($name),
            max: $crate::limits::$name,
        }
    };
}
pub(crate) use limit;

pub(crate) fn put_uint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub(crate) fn put_buf(out: &mut Vec<u8>, buf: &[u8]) {
    put_uint(out, buf.len() as u64);
    out.extend_from_slice(buf);
}

/// Room for a type, a subtype and a length in front of a payload.
pub(crate) const HEAD_BYTES: usize = 12;
