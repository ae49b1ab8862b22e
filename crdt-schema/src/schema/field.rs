//! Finding and writing single places of a document.

use std::sync::Arc;

use yrs::{Any, Map, MapRef, Out, ReadTxn, TransactionMut, WriteTxn};

use crate::{
    path::{BadPath, DocPath},
    shape::Shape,
};

/// Why an edit was not made. The document is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The element is not in the document, or no longer.
    #[error("{0} does not exist (it may have been removed meanwhile)")]
    Missing(DocPath),
    /// An element of this id is there already.
    #[error("{0} exists already: choose another id or leave it out")]
    Exists(DocPath),
    /// A range does not lie in the text, or cuts a character in two.
    #[error(
        "{path}: {start}..{end} is not a range of a text of {length} UTF-16 units, or it cuts a character"
    )]
    OutOfRange {
        /// Where the text is.
        path: DocPath,
        /// First unit of the range.
        start: u32,
        /// First unit past the range.
        end: u32,
        /// Length of the text.
        length: u32,
    },
    /// A value lies outside what the schema allows.
    #[error("{path} holds {expected}")]
    Value {
        /// Where the value should have gone.
        path: DocPath,
        /// What may stand there.
        expected: String,
    },
    /// A key is not one that the schema allows.
    #[error(transparent)]
    Key(#[from] BadPath),
}

/// The map at a place, if it is there and is a map.
pub(crate) fn find_map<T: ReadTxn>(txn: &T, path: &DocPath) -> Option<MapRef> {
    match path.resolve(txn)? {
        Out::YMap(map) => Some(map),
        _ => None,
    }
}

/// The map at `keys`, made where the schema has exactly one; elements are never made here.
pub(crate) fn container(
    txn: &mut TransactionMut<'_>,
    keys: &[Arc<str>],
) -> Result<MapRef, EditError> {
    let (root, below) = keys.split_first().expect("a path has at least a root");
    let mut map = root_map(txn, root);
    for (depth, key) in below.iter().enumerate() {
        let path = DocPath::new(keys[..=depth].iter().cloned())?;
        map = match path.shape() {
            Shape::MapOf(_) => match map.get(txn, key) {
                Some(Out::YMap(element)) => element,
                _ => return Err(EditError::Missing(path.join(key))),
            },
            _ => map.get_or_init(txn, key.clone()),
        };
    }
    Ok(map)
}

pub(super) fn root_map(txn: &mut TransactionMut<'_>, root: &str) -> MapRef {
    txn.get_or_insert_map(root)
}

/// Sets plain fields of an element that exists.
pub(super) fn set(
    path: &DocPath,
    txn: &mut TransactionMut<'_>,
    key: &'static str,
    value: Any,
) -> Result<(), EditError> {
    let place = path.join(key);
    if let Shape::Scalar(scalar) = place.shape()
        && !scalar.admits(&value)
    {
        return Err(EditError::Value {
            path: place,
            expected: scalar.expectation(),
        });
    }
    let map = find_map(txn, path).ok_or_else(|| EditError::Missing(path.clone()))?;
    map.try_update(txn, key, value);
    Ok(())
}

/// Sets an optional plain field of an element that exists; `None` removes it.
pub(super) fn set_or_clear(
    path: &DocPath,
    txn: &mut TransactionMut<'_>,
    key: &'static str,
    value: Option<Any>,
) -> Result<(), EditError> {
    if let Some(value) = value {
        return set(path, txn, key, value);
    }
    let map = find_map(txn, path).ok_or_else(|| EditError::Missing(path.clone()))?;
    map.remove(txn, key);
    Ok(())
}

/// Sets plain fields of a map that has no conditions of its own.
pub(super) fn set_fields<const N: usize>(
    map: &MapRef,
    txn: &mut TransactionMut<'_>,
    fields: [(&'static str, Any); N],
) {
    for (key, value) in fields {
        map.try_update(txn, key, value);
    }
}
