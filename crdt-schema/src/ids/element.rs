//! Identifiers of the elements inside a document: steps, tasks, questions, comments.

use std::{fmt, str::FromStr, sync::Arc};

use rand::{Rng, RngCore};
use serde::{Deserialize, Serialize};

use super::ID_BYTES_MAX;

/// Length of the ids made here: 60 bits of randomness.
const RANDOM_CHARS: usize = 10;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Why a string is not the id of an element.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "an element id must be 1 to {ID_BYTES_MAX} characters of A-Z, a-z, 0-9, '-' or '_'; got {got:?}"
)]
pub struct BadElementId {
    /// The rejected text, shortened.
    pub got: String,
}

/// Names one element of a document, such as a step or a task, within its collection.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct ElementId(Arc<str>);

impl ElementId {
    /// Makes a short random id.
    #[must_use]
    pub fn random(rng: &mut dyn RngCore) -> Self {
        let text: String = (0..RANDOM_CHARS)
            .map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())]))
            .collect();
        Self(text.into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ElementId {
    type Err = BadElementId;

    fn from_str(text: &str) -> Result<Self, BadElementId> {
        if is_element_id(text) {
            Ok(Self(text.into()))
        } else {
            Err(BadElementId {
                got: text.chars().take(ID_BYTES_MAX).collect(),
            })
        }
    }
}

impl TryFrom<String> for ElementId {
    type Error = BadElementId;

    fn try_from(text: String) -> Result<Self, BadElementId> {
        text.parse()
    }
}

impl From<ElementId> for String {
    fn from(id: ElementId) -> String {
        id.0.as_ref().to_owned()
    }
}

impl fmt::Display for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

/// Whether `text` may be the key of an element.
#[must_use]
pub fn is_element_id(text: &str) -> bool {
    (1..=ID_BYTES_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
