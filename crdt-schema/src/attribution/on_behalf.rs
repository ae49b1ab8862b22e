//! What the server wrote itself, and for whom.

use std::{collections::VecDeque, ops::Range};

use serde::{Deserialize, Serialize};

use crate::ids::MemberId;

/// Most ranges that are kept; past it the oldest are forgotten, and count as the server's own.
pub const ON_BEHALF_MAX: usize = 100_000;

/// Why bytes are not such ranges.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bytes do not say what the server wrote for whom: {0}")]
pub struct BadOnBehalf(String);

/// The ranges of ids that the server wrote for members, in the order in which they were written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OnBehalf(VecDeque<Written>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Written {
    client: u64,
    clocks: Range<u32>,
    member: MemberId,
}

impl OnBehalf {
    /// Notes that the server wrote `clocks` under its own client id for `member`.
    pub fn note(&mut self, client: u64, clocks: Range<u32>, member: &MemberId) {
        if clocks.is_empty() {
            return;
        }
        if let Some(last) = self.0.back_mut()
            && last.client == client
            && last.clocks.end == clocks.start
            && last.member == *member
        {
            last.clocks.end = clocks.end;
            return;
        }
        if self.0.len() == ON_BEHALF_MAX {
            self.0.pop_front();
        }
        self.0.push_back(Written {
            client,
            clocks,
            member: member.clone(),
        });
    }

    /// All ranges: client id, clocks, member.
    pub fn iter(&self) -> impl Iterator<Item = (u64, Range<u32>, &MemberId)> {
        self.0
            .iter()
            .map(|written| (written.client, written.clocks.clone(), &written.member))
    }

    /// A compact form, to be kept beside a snapshot.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data can be written to memory")
    }

    /// Reads what [`OnBehalf::encode`] made.
    ///
    /// # Errors
    /// When the bytes are something else.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadOnBehalf> {
        postcard::from_bytes(bytes).map_err(|error| BadOnBehalf(error.to_string()))
    }
}
