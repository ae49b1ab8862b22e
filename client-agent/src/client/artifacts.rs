//! What is too large for the document: transcripts, logs, tables. They are kept by their hash,
//! and the briefing's sources point to them as `artifact:<hash>`.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Client, ClientError};

/// Bytes that the server keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// The SHA-256 of the bytes, in hexadecimal.
    pub hash: String,
    /// How many.
    pub bytes: u64,
    /// What a source of the briefing names it by.
    pub uri: String,
}

/// A passage of an artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Which artifact.
    pub hash: String,
    /// The first byte of the words found.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The line on which they begin, from 1.
    pub line: usize,
    /// The words and what is around them.
    pub text: String,
}

#[derive(Deserialize)]
struct Passages {
    passages: Vec<Found>,
}

impl Client {
    /// Keeps bytes on the server; `title` is what the record calls them. The same bytes are kept
    /// once.
    ///
    /// # Errors
    /// [`ClientError`]; `too_large` names the limit.
    pub async fn put_artifact(&self, title: &str, bytes: Bytes) -> Result<Artifact, ClientError> {
        self.upload(&["artifacts"], &[("title", title)], bytes)
            .await
    }

    /// What is kept under a hash.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn artifact(&self, hash: &str) -> Result<Bytes, ClientError> {
        self.look_raw(&["artifacts", hash], &[]).await
    }

    /// Where `words` stand in the artifacts of this workspace, in any case.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn search(&self, words: &str) -> Result<Vec<Found>, ClientError> {
        let found: Passages = self.look(&["artifacts"], &[("q", words)]).await?;
        Ok(found.passages)
    }
}
