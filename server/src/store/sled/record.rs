//! How a record is written: a format version, a checksum, then its content in postcard.
//!
//! The checksum covers the key too, so a record that turns up under another key is damaged.

use serde::{Serialize, de::DeserializeOwned};

const VERSION: u8 = 1;
const HEADER_BYTES: usize = 5;

/// What is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("it is missing")]
    Missing,
    #[error("it is {0} bytes long, too short for a record")]
    Short(usize),
    #[error("it has the record version {0}, this version reads {VERSION}")]
    Version(u8),
    #[error("its checksum does not match")]
    Checksum,
    #[error("its content does not decode: {0}")]
    Content(String),
}

/// A key and the record under it.
pub(super) type Sealed = (Vec<u8>, Vec<u8>);

/// Encodes `content` as the record under `key`.
pub(super) fn seal<T: Serialize>(key: &[u8], content: &T) -> Vec<u8> {
    let record = vec![0; HEADER_BYTES];
    let mut record = postcard::to_extend(content, record)
        .expect("records are plain data with known lengths, which postcard always encodes");
    record[0] = VERSION;
    let sum = checksum(key, &record[HEADER_BYTES..]);
    record[1..HEADER_BYTES].copy_from_slice(&sum.to_le_bytes());
    record
}

/// Checks and decodes the record found under `key`.
pub(super) fn open<T: DeserializeOwned>(key: &[u8], record: &[u8]) -> Result<T, Unreadable> {
    let Some((header, content)) = record.split_first_chunk::<HEADER_BYTES>() else {
        return Err(Unreadable::Short(record.len()));
    };
    if header[0] != VERSION {
        return Err(Unreadable::Version(header[0]));
    }
    if header[1..] != checksum(key, content).to_le_bytes() {
        return Err(Unreadable::Checksum);
    }
    match postcard::take_from_bytes(content) {
        Ok((content, [])) => Ok(content),
        Ok((_, rest)) => Err(Unreadable::Content(format!(
            "{} bytes too many",
            rest.len()
        ))),
        Err(error) => Err(Unreadable::Content(error.to_string())),
    }
}

fn checksum(key: &[u8], content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&[VERSION]);
    hasher.update(&(key.len() as u64).to_le_bytes());
    hasher.update(key);
    hasher.update(content);
    hasher.finalize()
}
