//! Records: accepted commands, chained by their hashes.
//!
//! Invariant: a record's hash covers all of it and the hash of the one before, so nothing can be
//! changed, dropped or put in between unseen.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{event::Event, hash::Hash};
use crate::ids::MemberId;

/// What one accepted command, or one point in time, brought about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// Its number in the workspace, from 1.
    pub no: u64,
    /// When it was decided, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// Who commanded it; nobody when time brought it about.
    pub by: Option<MemberId>,
    /// The idempotency key of the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Hash of the record before; of the lineage, for the first.
    pub prev: Hash,
    /// Hash of all the rest.
    pub hash: Hash,
}

/// Why records do not follow from each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The bytes are not a record.
    #[error("these bytes are not a record: {why}")]
    Unreadable {
        /// What is wrong.
        why: String,
    },
    /// A record is missing or stands twice.
    #[error("record {expected} should come next, but record {found} does")]
    Number {
        /// The number that should follow.
        expected: u64,
        /// The number that does.
        found: u64,
    },
    /// A record does not name the one before.
    #[error("record {no} does not follow from the record before it")]
    Link {
        /// Its number.
        no: u64,
    },
    /// A record is not what its hash says.
    #[error("record {no} was changed after it was made")]
    Hash {
        /// Its number.
        no: u64,
    },
}

impl Record {
    /// Makes the record that follows `prev`.
    #[must_use]
    pub(super) fn chained(
        no: u64,
        prev: Hash,
        at_ms: u64,
        author: (Option<&MemberId>, Option<&str>),
        events: Vec<Event>,
    ) -> Self {
        let mut record = Self {
            no,
            at_ms,
            by: author.0.cloned(),
            key: author.1.map(str::to_owned),
            events,
            prev,
            hash: prev,
        };
        record.hash = record.computed_hash();
        record
    }

    /// Reads a record as it is stored. What says more, or says it otherwise, is not one: its hash
    /// would not cover all of it.
    ///
    /// # Errors
    /// When it is not one.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Broken> {
        let unreadable = |why: String| Broken::Unreadable { why };
        let value: Value =
            serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
        let record = Self::deserialize(&value).map_err(|error| unreadable(error.to_string()))?;
        if serde_json::to_value(&record).is_ok_and(|again| again == value) {
            Ok(record)
        } else {
            Err(unreadable(
                "it holds fields that records have not".to_owned(),
            ))
        }
    }

    /// The record as it is stored.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("records are plain data")
    }

    /// Whether this record follows one with number `no` and hash `prev`.
    ///
    /// # Errors
    /// When it does not, or was changed.
    pub fn follows(&self, no: u64, prev: Hash) -> Result<(), Broken> {
        if self.no != no + 1 {
            return Err(Broken::Number {
                expected: no + 1,
                found: self.no,
            });
        }
        if self.prev != prev {
            return Err(Broken::Link { no: self.no });
        }
        if self.hash != self.computed_hash() {
            return Err(Broken::Hash { no: self.no });
        }
        Ok(())
    }

    fn computed_hash(&self) -> Hash {
        let mut value = serde_json::to_value(self).expect("records are plain data");
        if let Value::Object(fields) = &mut value {
            fields.remove("hash");
        }
        Hash::of_json(&value)
    }
}

/// Checks that `records`, from the first on, follow from the lineage and from each other.
/// Answers how many there are and the last one's hash.
///
/// # Errors
/// At the first one that does not.
pub fn verify_chain<'a>(
    lineage: &str,
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<(u64, Hash), Broken> {
    let mut head = (0, Hash::of(lineage.as_bytes()));
    for record in records {
        record.follows(head.0, head.1)?;
        head = (record.no, record.hash);
    }
    Ok(head)
}
