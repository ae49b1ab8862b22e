//! Who holds the pen, and who may receive it.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use crate::{
    ids::{ID_BYTES_MAX, MemberId, is_element_id},
    member::Member,
};

/// Why a string does not name a queue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a queue's name must be 1 to {ID_BYTES_MAX} characters of A-Z, a-z, 0-9, '-' or '_'; got {got:?}"
)]
pub struct BadQueueName {
    /// The rejected text, shortened.
    pub got: String,
}

/// Names a queue of a workspace.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct QueueName(Arc<str>);

impl QueueName {
    /// The queue that every workspace has.
    #[must_use]
    pub fn people() -> Self {
        Self("people".into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who holds an item. In JSON `{"member": id}`, `{"queue": name}` or `null`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(from = "Option<Held>", into = "Option<Held>")]
pub enum Owner {
    /// One member.
    Member(MemberId),
    /// A queue, until somebody claims the item.
    Queue(QueueName),
    /// Nobody: the item is open, and every editor writes.
    #[default]
    Nobody,
}

impl Owner {
    /// The member who holds it, if one does.
    #[must_use]
    pub fn member(&self) -> Option<&MemberId> {
        match self {
            Self::Member(id) => Some(id),
            Self::Queue(_) | Self::Nobody => None,
        }
    }
}

/// Whom an item is handed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// A member, with the card that the server looked up.
    Member(Member),
    /// A queue.
    Queue(QueueName),
}

impl Receiver {
    /// The owner that this receiver becomes.
    #[must_use]
    pub fn owner(&self) -> Owner {
        match self {
            Self::Member(member) => Owner::Member(member.id.clone()),
            Self::Queue(name) => Owner::Queue(name.clone()),
        }
    }

    /// The member, if it is one.
    #[must_use]
    pub fn member(&self) -> Option<&Member> {
        match self {
            Self::Member(member) => Some(member),
            Self::Queue(_) => None,
        }
    }
}

/// Whoever has it, when somebody has.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Held {
    Member(MemberId),
    Queue(QueueName),
}

impl From<Option<Held>> for Owner {
    fn from(held: Option<Held>) -> Self {
        match held {
            Some(Held::Member(id)) => Self::Member(id),
            Some(Held::Queue(name)) => Self::Queue(name),
            None => Self::Nobody,
        }
    }
}

impl From<Owner> for Option<Held> {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::Member(id) => Some(Held::Member(id)),
            Owner::Queue(name) => Some(Held::Queue(name)),
            Owner::Nobody => None,
        }
    }
}

impl PartialSchema for Owner {
    fn schema() -> RefOr<Schema> {
        Option::<Held>::schema()
    }
}

impl ToSchema for Owner {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Option::<Held>::schemas(schemas);
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(id) => write!(f, "{id}"),
            Self::Queue(name) => write!(f, "the queue {name}"),
            Self::Nobody => f.write_str("nobody"),
        }
    }
}

impl FromStr for QueueName {
    type Err = BadQueueName;

    fn from_str(text: &str) -> Result<Self, BadQueueName> {
        if is_element_id(text) {
            Ok(Self(text.into()))
        } else {
            Err(BadQueueName {
                got: text.chars().take(ID_BYTES_MAX).collect(),
            })
        }
    }
}

impl TryFrom<String> for QueueName {
    type Error = BadQueueName;

    fn try_from(text: String) -> Result<Self, BadQueueName> {
        text.parse()
    }
}

impl From<QueueName> for String {
    fn from(name: QueueName) -> String {
        name.0.as_ref().to_owned()
    }
}

impl fmt::Display for QueueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for QueueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}
