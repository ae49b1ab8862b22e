//! Earlier versions of a document: keeping them, restoring them, taking edits back.
//!
//! A version is what a workspace read as at one moment. It is never put in the place of the
//! document: restoring and undoing are edits like any other, made to the document as it is now.

use std::io::Read;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yrs::ReadTxn;

use crate::{
    attribution::Clocks,
    project::{self, WorkspaceProjection},
};

mod aligned;
pub(crate) mod parts;
mod restore;
mod undo;
mod write;

pub use self::{
    restore::{RestoreError, restore},
    undo::{Kept, Reversal, TakenBack, Undone, Whose, Why, undo_member},
};

/// Most bytes that a version may take up when it is unpacked.
pub const VERSION_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// How much work is put into making a version small; 3 is the library's own choice.
const COMPRESSION: i32 = 3;

/// Why bytes are not a version.
#[derive(Debug, thiserror::Error)]
pub enum BadVersion {
    /// They are not compressed as versions are, or cut short.
    #[error("the version cannot be unpacked: {0}")]
    Packing(#[from] std::io::Error),
    /// They unpack to more than [`VERSION_BYTES_MAX`].
    #[error("the version unpacks to more than {VERSION_BYTES_MAX} bytes")]
    TooLarge,
    /// They unpack to something else.
    #[error("the version does not hold a workspace: {0}")]
    Content(#[from] serde_json::Error),
}

/// What a workspace read as at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// The position in the log of the last entry that it holds.
    pub cursor: u64,
    /// The time, in milliseconds since 1970.
    pub at_ms: u64,
    /// How much of each client's writing it holds.
    pub clocks: Clocks,
    /// What the workspace read as.
    pub projection: WorkspaceProjection,
}

impl Version {
    /// The document as it stands after the log's entry `cursor`.
    pub fn take<T: ReadTxn>(txn: &T, cursor: u64, at_ms: u64) -> Self {
        Self {
            cursor,
            at_ms,
            clocks: Clocks::of(txn),
            projection: project::project(txn),
        }
    }

    /// The version as compressed JSON.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let json = serde_json::to_vec(self).expect("a projection is plain data");
        zstd::encode_all(json.as_slice(), COMPRESSION).expect("memory can be read and written")
    }

    /// Reads what [`Version::encode`] made.
    ///
    /// # Errors
    /// When the bytes are something else, or unpack to too much.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadVersion> {
        let mut json = Vec::new();
        zstd::Decoder::new(bytes)?
            .take(VERSION_BYTES_MAX + 1)
            .read_to_end(&mut json)?;
        if json.len() as u64 > VERSION_BYTES_MAX {
            return Err(BadVersion::TooLarge);
        }
        Ok(serde_json::from_slice(&json)?)
    }
}
