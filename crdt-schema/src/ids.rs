//! Identifiers, parsed once at the edge and trusted afterwards.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

mod element;

pub use element::{BadElementId, ElementId, is_element_id};

/// Longest identifier of a workspace, member or element, in bytes.
pub const ID_BYTES_MAX: usize = 64;

/// Why a string is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} must be 1 to {ID_BYTES_MAX} characters of a-z, A-Z, 0-9, '-', '_' or '.', starting with a letter or digit; got {got:?}"
)]
pub struct BadId {
    /// Which kind of identifier was expected, for the reader of the message.
    pub what: &'static str,
    /// The rejected text, shortened.
    pub got: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                if is_id(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(BadId { what: $what, got: text.chars().take(ID_BYTES_MAX).collect() })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;

            fn try_from(text: String) -> Result<Self, BadId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }
    };
}

id!(
    /// Names one workspace, and so one document and one log.
    WorkspaceId,
    "a workspace id"
);
id!(
    /// Names one member: a person or an agent.
    MemberId,
    "a member id"
);

fn is_id(text: &str) -> bool {
    text.len() <= ID_BYTES_MAX
        && text
            .bytes()
            .next()
            .is_some_and(|b| b.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}
