//! Places in a document, such as `plan/steps/ab12/body`.
//!
//! A path is checked against the schema once, when it is parsed. Keys that hold a slash or a
//! tilde (names of entities may) are escaped as in JSON Pointer: `~1` and `~0`.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use yrs::{Map, Out, ReadTxn};

use crate::{
    item::Item,
    shape::{self, Shape},
};

/// Why a string is not a path of the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path:?} is not a place in the document: nothing may stand at {key:?}")]
pub struct BadPath {
    /// The rejected path, shortened.
    pub path: String,
    /// The first key that the schema does not know.
    pub key: String,
}

/// A place in a document that the schema knows: a root, then keys.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocPath(Vec<Arc<str>>);

impl DocPath {
    /// Makes a path from its root and keys, none of them escaped.
    ///
    /// # Errors
    /// When the schema knows no such place.
    pub fn new<K: Into<Arc<str>>>(keys: impl IntoIterator<Item = K>) -> Result<Self, BadPath> {
        let path = Self(keys.into_iter().map(Into::into).collect());
        match path.unknown_key() {
            None => Ok(path),
            Some(key) => Err(BadPath {
                path: path.to_string().chars().take(200).collect(),
                key: key.chars().take(100).collect(),
            }),
        }
    }

    /// The root and the keys below it, unescaped.
    #[must_use]
    pub fn keys(&self) -> &[Arc<str>] {
        &self.0
    }

    /// What may stand here.
    #[must_use]
    pub fn shape(&self) -> &'static Shape {
        shape_of(&self.0).expect("paths are checked when they are made")
    }

    /// The item whose owner has a say over this place.
    #[must_use]
    pub fn item(&self) -> Item {
        Item::of_keys(&self.0)
    }

    /// What stands here now, if anything.
    pub fn resolve<T: ReadTxn>(&self, txn: &T) -> Option<Out> {
        let (root, keys) = self.0.split_first()?;
        let mut out = txn.get(root)?;
        for key in keys {
            let Out::YMap(map) = out else { return None };
            out = map.get(txn, key)?;
        }
        Some(out)
    }

    /// The place of `key` below this one. Only for keys that the schema knows here.
    pub(crate) fn join(&self, key: &str) -> Self {
        debug_assert!(self.shape().child(key).is_some(), "{self} has no {key}");
        Self(self.0.iter().cloned().chain([key.into()]).collect())
    }

    fn unknown_key(&self) -> Option<&str> {
        if self.0.is_empty() {
            return Some("");
        }
        (1..=self.0.len())
            .find(|end| shape_of(&self.0[..*end]).is_none())
            .map(|end| &*self.0[end - 1])
    }
}

impl FromStr for DocPath {
    type Err = BadPath;

    fn from_str(text: &str) -> Result<Self, BadPath> {
        Self::new(text.split('/').map(unescape))
    }
}

impl TryFrom<String> for DocPath {
    type Error = BadPath;

    fn try_from(text: String) -> Result<Self, BadPath> {
        text.parse()
    }
}

impl From<DocPath> for String {
    fn from(path: DocPath) -> String {
        path.to_string()
    }
}

impl fmt::Display for DocPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("/")?;
            }
            f.write_str(&escape(key))?;
        }
        Ok(())
    }
}

impl fmt::Debug for DocPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// A key as it is written in a path.
#[must_use]
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A key as it was before [`escape`].
#[must_use]
pub fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

fn shape_of(keys: &[Arc<str>]) -> Option<&'static Shape> {
    let (root, keys) = keys.split_first()?;
    keys.iter()
        .try_fold(shape::root(root)?, |shape, key| shape.child(key))
}
