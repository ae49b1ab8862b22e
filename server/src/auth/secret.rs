//! Random texts that cannot be guessed, and the digests under which they are remembered.

use std::fmt::Write as _;

use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

/// An id of a token: random, but no secret.
pub(super) fn token_id() -> String {
    random_hex::<8>()
}

/// A secret of 128 random bits, as 32 hexadecimal digits.
pub(super) fn code() -> String {
    random_hex::<16>()
}

/// What is stored of a code in its place.
pub(super) fn digest(code: &str) -> String {
    hex(&Sha256::digest(code.as_bytes()))
}

fn random_hex<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    rand::rng().fill_bytes(&mut bytes);
    hex(&bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a string cannot fail");
            text
        })
}
