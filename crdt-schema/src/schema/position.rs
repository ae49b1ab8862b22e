//! Positions in a text that stay with the characters around them while the text changes.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use yrs::{
    Any, Assoc, ID, In, IndexedSequence, ReadTxn, StickyIndex,
    branch::{Branch, BranchPtr},
    updates::{decoder::Decode, encoder::Encode},
};

use super::text::TextField;

/// Longest position that is read, in bytes: a client id, a clock and room to spare.
const BYTES_MAX: usize = 64;

/// Client ids lie below this, as everywhere in Yjs.
const CLIENT_END: u64 = 1 << 53;

/// Why a string is not a position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a position is the base64 of at most {BYTES_MAX} bytes")]
pub struct BadPosition;

/// A relative position: the binary form of Yjs, in base64 where it is text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct Position(Vec<u8>);

impl Position {
    /// The position right before the offset `at` of a text, in UTF-16 code units: it moves along
    /// with the character after it or, at the end, with the one before it.
    pub fn of<T: ReadTxn>(txn: &T, text: &TextField, at: u32) -> Option<Self> {
        let text = text.find(txn)?;
        let index = text
            .sticky_index(txn, at, Assoc::After)
            .or_else(|| text.sticky_index(txn, at, Assoc::Before))?;
        Some(Self(index.encode_v1()))
    }

    /// The position right after the character before the offset `at`, with which it moves along;
    /// `None` at the start of a text, where there is no such character.
    pub(crate) fn behind<T: ReadTxn>(txn: &T, text: &TextField, at: u32) -> Option<Self> {
        let index = text.find(txn)?.sticky_index(txn, at, Assoc::Before)?;
        Some(Self(index.encode_v1()))
    }

    /// The offset it has now in `text`, in UTF-16 code units. `None` when it does not lie there.
    pub(crate) fn offset_in<T: ReadTxn>(&self, txn: &T, text: &TextField) -> Option<u32> {
        let text = text.find(txn)?;
        let found = self.index()?.get_offset(txn)?;
        let branch: &Branch = text.as_ref();
        (found.branch == BranchPtr::from(branch)).then_some(found.index)
    }

    /// Whether the character that it moves along with is still in `text`.
    pub(crate) fn stands<T: ReadTxn>(&self, txn: &T, text: &TextField) -> bool {
        let (Some(index), Some(at)) = (self.index(), self.offset_in(txn, text)) else {
            return false;
        };
        let now = text
            .find(txn)
            .and_then(|text| text.sticky_index(txn, at, index.assoc));
        now.is_some_and(|now| now.id() == index.id())
    }

    /// The offset it has now, in UTF-16 code units. `None` when it lies in no known text.
    pub fn offset<T: ReadTxn>(&self, txn: &T) -> Option<u32> {
        Some(self.index()?.get_offset(txn)?.index)
    }

    /// The binary form.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn from_any(value: &Any) -> Option<Self> {
        match value {
            Any::Buffer(bytes) if bytes.len() <= BYTES_MAX => Some(Self(bytes.to_vec())),
            Any::String(text) => text.to_string().try_into().ok(),
            _ => None,
        }
    }

    /// The character that it moves along with, and whether it is behind that one. `None` when it
    /// is at an end of a text.
    pub(super) fn neighbour(&self) -> Option<(ID, bool)> {
        let index = self.index()?;
        Some((*index.id()?, index.assoc == Assoc::Before))
    }

    fn index(&self) -> Option<StickyIndex> {
        if !self.names_a_possible_client() {
            return None;
        }
        StickyIndex::decode_v1(&self.0).ok()
    }

    /// The decoder takes client ids for granted, so they are looked at first.
    fn names_a_possible_client(&self) -> bool {
        let Some((tag, rest)) = self.0.split_first() else {
            return false;
        };
        if !matches!(tag, 0 | 2) {
            return true;
        }
        let mut client: u64 = 0;
        for (at, byte) in rest.iter().take(8).enumerate() {
            client |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                return client < CLIENT_END;
            }
        }
        false
    }
}

impl TryFrom<String> for Position {
    type Error = BadPosition;

    fn try_from(text: String) -> Result<Self, BadPosition> {
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| BadPosition)?;
        if bytes.len() > BYTES_MAX {
            return Err(BadPosition);
        }
        Ok(Self(bytes))
    }
}

impl From<Position> for String {
    fn from(position: Position) -> String {
        BASE64_STANDARD.encode(position.0)
    }
}

impl From<Position> for In {
    fn from(position: Position) -> In {
        In::Any(Any::Buffer(position.0.into()))
    }
}
