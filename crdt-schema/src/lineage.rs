//! Which history a document has.
//!
//! A lineage is made once, with the document. Two documents that hold the same words but were
//! made apart have two lineages; merging them would double every word, so a peer that holds
//! another lineage is refused.

use std::{fmt, str::FromStr};

use rand::{Rng, RngCore};
use serde::{Deserialize, Serialize};
use yrs::{Map, ReadTxn, TransactionMut, WriteTxn};

const BYTES: usize = 16;
const CONTROL: &str = "control";
const KEY: &str = "lineage";

/// Why a string is not a lineage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a lineage is 32 lower-case hexadecimal digits")]
pub struct BadLineage;

/// The random identity of one document's history.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct Lineage([u8; BYTES]);

impl Lineage {
    /// Makes the lineage of a new document.
    #[must_use]
    pub fn random(rng: &mut dyn RngCore) -> Self {
        Self(rng.random())
    }

    /// The lineage that the document carries, if it carries one.
    pub fn read<T: ReadTxn>(txn: &T) -> Option<Self> {
        txn.get_map(CONTROL)?
            .get(txn, KEY)?
            .to_string(txn)
            .parse()
            .ok()
    }

    /// Writes the lineage into the document. Only the server does this, once.
    pub fn write(self, txn: &mut TransactionMut<'_>) {
        txn.get_or_insert_map(CONTROL)
            .try_update(txn, KEY, self.to_string());
    }
}

impl FromStr for Lineage {
    type Err = BadLineage;

    fn from_str(text: &str) -> Result<Self, BadLineage> {
        let is_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 2 * BYTES || !text.bytes().all(is_hex) {
            return Err(BadLineage);
        }
        u128::from_str_radix(text, 16)
            .map(|bits| Self(bits.to_be_bytes()))
            .map_err(|_| BadLineage)
    }
}

impl TryFrom<String> for Lineage {
    type Error = BadLineage;

    fn try_from(text: String) -> Result<Self, BadLineage> {
        text.parse()
    }
}

impl From<Lineage> for String {
    fn from(lineage: Lineage) -> String {
        lineage.to_string()
    }
}

impl fmt::Display for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
