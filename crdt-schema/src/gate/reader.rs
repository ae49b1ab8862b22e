//! A bounded reader of lib0 primitives. It never trusts a length and never allocates.

use super::refusal::Refusal;

/// Client ids are JavaScript integers.
const CLIENT_BITS: u32 = 53;
/// Clocks stay below this, so that sums of two never leave 32 bits.
pub(super) const CLOCK_END: u32 = 1 << 31;

/// Names one inserted element of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Id {
    pub(super) client: u64,
    pub(super) clock: u32,
}

pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn malformed(&self, what: &'static str) -> Refusal {
        Refusal::Malformed { at: self.at, what }
    }

    pub(super) fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, Refusal> {
        let byte = *self
            .bytes
            .get(self.at)
            .ok_or_else(|| self.malformed("it ends too early"))?;
        self.at += 1;
        Ok(byte)
    }

    #[inline]
    pub(super) fn varint(&mut self) -> Result<u64, Refusal> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        let mut value = u64::from(first & 0x7f);
        for shift in (7..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.malformed("a number is too long"))
    }

    /// A signed varint as lib0 writes it: six bits and the sign first, then seven bits a byte.
    pub(super) fn signed_varint(&mut self) -> Result<i64, Refusal> {
        let first = self.byte()?;
        let sign = if first & 0x40 == 0 { 1 } else { -1 };
        let mut value = i64::from(first & 0x3f);
        if first < 0x80 {
            return Ok(sign * value);
        }
        for shift in (6..55).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(sign * value);
            }
        }
        Err(self.malformed("an integer is too long"))
    }

    #[inline]
    pub(super) fn client(&mut self) -> Result<u64, Refusal> {
        let client = self.varint()?;
        if client >> CLIENT_BITS != 0 {
            return Err(self.malformed("a client id is 2^53 or more"));
        }
        Ok(client)
    }

    #[inline]
    pub(super) fn clock(&mut self) -> Result<u32, Refusal> {
        let clock = self.varint()?;
        u32::try_from(clock)
            .ok()
            .filter(|clock| *clock < CLOCK_END)
            .ok_or_else(|| self.malformed("a clock is 2^31 or more"))
    }

    #[inline]
    pub(super) fn id(&mut self) -> Result<Id, Refusal> {
        Ok(Id {
            client: self.client()?,
            clock: self.clock()?,
        })
    }

    /// A number of things of which each takes at least `bytes_each`.
    pub(super) fn count(&mut self, bytes_each: usize) -> Result<usize, Refusal> {
        let count = self.varint()?;
        usize::try_from(count)
            .ok()
            .filter(|count| *count <= self.remaining() / bytes_each)
            .ok_or_else(|| self.malformed("a count exceeds the bytes that are left"))
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Refusal> {
        if len > self.remaining() {
            return Err(self.malformed("a length exceeds the bytes that are left"));
        }
        let taken = &self.bytes[self.at..self.at + len];
        self.at += len;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let bytes = self.take(N)?;
        Ok(bytes.try_into().expect("take returns what was asked for"))
    }

    pub(super) fn buffer(&mut self) -> Result<&'a [u8], Refusal> {
        let len = self.count(1)?;
        self.take(len)
    }

    pub(super) fn string(&mut self) -> Result<&'a str, Refusal> {
        let bytes = self.buffer()?;
        std::str::from_utf8(bytes).map_err(|_| self.malformed("a string is not UTF-8"))
    }
}
