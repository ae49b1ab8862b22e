//! Presence: the entries of an awareness update.
//!
//! A client's entry with a higher clock replaces the one before; the state `null` removes it.

use crate::{
    FrameError,
    limits::CLIENT_ID_MAX,
    wire::{Limit, Reader, limit, put_buf, put_uint},
};

/// The state that removes an entry.
pub const REMOVED: &str = "null";

/// One client's presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The client id.
    pub client: u64,
    /// Grows with every change or renewal; below 2^32.
    pub clock: u64,
    /// JSON; [`REMOVED`] when the client left.
    pub state: &'a str,
}

impl Entry<'_> {
    /// Whether the client left.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.state == REMOVED
    }
}

/// Reads the payload of an awareness frame.
///
/// # Errors
/// What is wrong with the bytes.
pub fn decode(payload: &[u8]) -> Result<Vec<Entry<'_>>, FrameError> {
    let mut reader = Reader::new(payload);
    let count = reader.uint("the count of entries", u64::from(u32::MAX))?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    limit!(AWARENESS_ENTRIES_MAX).check(count)?;
    let mut entries = Vec::with_capacity(count.min(reader.left() / ENTRY_BYTES_MIN));
    for _ in 0..count {
        entries.push(read_entry(&mut reader)?);
    }
    reader.end()?;
    Ok(entries)
}

/// Writes the payload of an awareness frame.
#[must_use]
pub fn encode<'a>(entries: impl ExactSizeIterator<Item = Entry<'a>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * entries.len() + 1);
    put_uint(&mut out, entries.len() as u64);
    for Entry {
        client,
        clock,
        state,
    } in entries
    {
        put_uint(&mut out, client);
        put_uint(&mut out, clock);
        put_buf(&mut out, state.as_bytes());
    }
    out
}

fn read_entry<'a>(reader: &mut Reader<'a>) -> Result<Entry<'a>, FrameError> {
    let entry = Entry {
        client: reader.uint("the client id", CLIENT_ID_MAX)?,
        clock: reader.uint("the awareness clock", u64::from(u32::MAX))?,
        state: reader.text(STATE, STATE_LIMIT)?,
    };
    if !crate::json::is_json(entry.state) {
        return Err(FrameError::NotJson { what: STATE });
    }
    Ok(entry)
}

const STATE: &str = "the awareness state";
const STATE_LIMIT: Limit = limit!(AWARENESS_STATE_BYTES_MAX);

/// A client id, a clock and the length of a state.
const ENTRY_BYTES_MIN: usize = 3;
