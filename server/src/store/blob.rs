//! Checkpoints and artifacts: named bytes that a workspace keeps beside its log.

use std::fmt::Write as _;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::{Entry, StoreError};

/// The longest name, in bytes.
const NAME_BYTES_MAX: usize = 128;

/// Where named bytes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shelf {
    /// Versions that somebody wanted kept. Names sort by time, because who makes them sees to it.
    Checkpoint,
    /// Files that the document refers to, under their [`artifact_hash`].
    Artifact,
}

/// What a workspace starts with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// The first entries of its log.
    pub entries: Vec<Entry>,
    /// Checkpoints by id.
    pub checkpoints: Vec<(String, Bytes)>,
    /// Artifacts by hash.
    pub artifacts: Vec<(String, Bytes)>,
}

impl Contents {
    /// Everything that goes to a shelf.
    pub(super) fn blobs<'a>(&'a self) -> impl Iterator<Item = (Shelf, &'a str, &'a Bytes)> {
        let on = |shelf, blobs: &'a [(String, Bytes)]| {
            blobs
                .iter()
                .map(move |(name, content)| (shelf, &**name, content))
        };
        on(Shelf::Checkpoint, &self.checkpoints).chain(on(Shelf::Artifact, &self.artifacts))
    }
}

impl Shelf {
    /// Whether `content` may be stored under `name`.
    ///
    /// # Errors
    /// [`StoreError::Unfit`] if not.
    pub(super) fn check(self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        match self {
            Self::Checkpoint => {
                let fits = (1..=NAME_BYTES_MAX).contains(&name.len())
                    && name.bytes().all(|byte| byte.is_ascii_graphic());
                if fits {
                    return Ok(());
                }
                Err(StoreError::Unfit(format!(
                    "{name:?} is no checkpoint id: it must be 1 to {NAME_BYTES_MAX} visible ASCII \
                     characters"
                )))
            }
            Self::Artifact => {
                let hash = artifact_hash(content);
                if name == hash {
                    return Ok(());
                }
                Err(StoreError::Unfit(format!(
                    "the content's hash is {hash}, not {name:?}"
                )))
            }
        }
    }
}

/// The name of an artifact: the SHA-256 of its content, in lower-case hexadecimal.
#[must_use]
pub fn artifact_hash(content: &[u8]) -> String {
    let mut hash = String::with_capacity(64);
    for byte in Sha256::digest(content) {
        write!(hash, "{byte:02x}").expect("writing to a string cannot fail");
    }
    hash
}
