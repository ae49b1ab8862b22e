//! What names the version of a text that a rewrite was made from.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{ownership::Hash, path::DocPath};

/// Why a string is not a base token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no base token: read the text again and send back the token that comes with it")]
pub struct BadToken;

/// Names a text as it was read. The text itself is kept by whoever gave the token out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BaseToken {
    /// Where the text is.
    pub path: DocPath,
    /// The hash of what it read.
    pub hash: Hash,
    /// The position in the log that it was read at.
    pub cursor: u64,
}

impl BaseToken {
    /// The token of a text that read `text` at a position in the log.
    #[must_use]
    pub fn new(path: DocPath, text: &str, cursor: u64) -> Self {
        Self {
            path,
            hash: Hash::of(text.as_bytes()),
            cursor,
        }
    }

    /// Whether it is `text` that the token names.
    #[must_use]
    pub fn names(&self, text: &str) -> bool {
        self.hash == Hash::of(text.as_bytes())
    }
}

impl fmt::Display for BaseToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.cursor, self.hash, self.path)
    }
}

impl FromStr for BaseToken {
    type Err = BadToken;

    fn from_str(text: &str) -> Result<Self, BadToken> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(BadToken);
        Ok(Self {
            cursor: part()?.parse().map_err(|_| BadToken)?,
            hash: part()?.parse().map_err(|_| BadToken)?,
            path: part()?.parse().map_err(|_| BadToken)?,
        })
    }
}

impl TryFrom<String> for BaseToken {
    type Error = BadToken;

    fn try_from(text: String) -> Result<Self, BadToken> {
        text.parse()
    }
}

impl From<BaseToken> for String {
    fn from(token: BaseToken) -> String {
        token.to_string()
    }
}

impl utoipa::PartialSchema for BaseToken {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        String::schema()
    }
}

impl utoipa::ToSchema for BaseToken {}
