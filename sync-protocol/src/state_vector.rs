//! State vectors in the v1 encoding: how far each client's edits are known.

use crate::{
    FrameError,
    limits::CLIENT_ID_MAX,
    wire::{Reader, limit, put_uint},
};

/// How many items of each client are known. Clients are unique and in ascending order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateVector(Vec<(u64, u32)>);

impl StateVector {
    /// Reads an encoded state vector.
    ///
    /// # Errors
    /// What is wrong with the bytes; the same client twice is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let mut reader = Reader::new(bytes);
        let count = reader.uint("the count of clients", u64::from(u32::MAX))?;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        limit!(STATE_VECTOR_ENTRIES_MAX).check(count)?;
        let mut clocks = Vec::with_capacity(count.min(reader.left() / ENTRY_BYTES_MIN));
        for _ in 0..count {
            let client = reader.uint("the client id", CLIENT_ID_MAX)?;
            let clock = reader.uint("the clock", u64::from(u32::MAX))?;
            clocks.push((client, u32::try_from(clock).expect("bounded when read")));
        }
        reader.end()?;
        Self::unique(clocks)
    }

    /// The v1 encoding, highest client first, as Yjs writes it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1 + 12 * self.0.len());
        put_uint(&mut out, self.0.len() as u64);
        for &(client, clock) in self.0.iter().rev() {
            put_uint(&mut out, client);
            put_uint(&mut out, u64::from(clock));
        }
        out
    }

    /// Makes a state vector of (client, clock) pairs.
    ///
    /// # Errors
    /// [`FrameError::DuplicateClient`] if a client occurs twice.
    pub fn unique(mut clocks: Vec<(u64, u32)>) -> Result<Self, FrameError> {
        clocks.sort_unstable();
        match clocks.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(pair) => Err(FrameError::DuplicateClient { client: pair[0].0 }),
            None => Ok(Self(clocks)),
        }
    }

    /// How many items of a client are known; 0 for an unknown client.
    #[must_use]
    pub fn clock(&self, client: u64) -> u32 {
        let found = self.0.binary_search_by_key(&client, |&(client, _)| client);
        found.map_or(0, |at| self.0[at].1)
    }

    /// Whether everything that `other` knows is known here too. Deletions are not compared.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other
            .iter()
            .all(|(client, clock)| self.clock(client) >= clock)
    }

    /// Each client and its clock, in ascending order of clients.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u64, u32)> + '_ {
        self.0.iter().copied()
    }

    /// Whether nothing at all is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&(_, clock)| clock == 0)
    }
}

/// A client id and a clock.
const ENTRY_BYTES_MIN: usize = 2;
