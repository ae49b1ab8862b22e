//! Large contents, cut into chunks: sled rewrites a leaf of records as a whole, so none is large.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{
    database::{Database, ReadError, damaged},
    record::{self, Sealed, Unreadable},
};

/// What must be known to put chunks together again.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Chunked {
    pub(super) bytes: u64,
    pub(super) chunks: u32,
}

/// Cuts `content` and seals each chunk under the key that `key` gives its index.
pub(super) fn cut(
    content: &Bytes,
    chunk_bytes: usize,
    key: impl Fn(u32) -> Vec<u8>,
) -> (Chunked, Vec<Sealed>) {
    let sealed: Vec<_> = (0..)
        .zip(content.chunks(chunk_bytes))
        .map(|(index, chunk)| {
            let key = key(index);
            let record = record::seal(&key, &content.slice_ref(chunk));
            (key, record)
        })
        .collect();
    let chunked = Chunked {
        bytes: content.len() as u64,
        chunks: u32::try_from(sealed.len()).expect("what is in memory has fewer chunks"),
    };
    (chunked, sealed)
}

/// Reads all chunks; `header` is the key of the record that told how many there are.
pub(super) fn join(
    db: &Database,
    header: &[u8],
    chunked: &Chunked,
    key: impl Fn(u32) -> Vec<u8>,
) -> Result<Bytes, ReadError> {
    let mut content = Vec::new();
    for index in 0..chunked.chunks {
        let chunk: Bytes = db.read(&key(index))?;
        content.extend_from_slice(&chunk);
    }
    if content.len() as u64 != chunked.bytes {
        let problem = format!("{} bytes instead of {}", content.len(), chunked.bytes);
        return Err(damaged(header, &Unreadable::Content(problem)));
    }
    Ok(content.into())
}
