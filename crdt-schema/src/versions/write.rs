//! Writing places as another version has them.

use yrs::{Any, In, Map, MapPrelim, TransactionMut};

use super::parts::{Leaf, Parts};
use crate::{
    path::DocPath,
    project::read,
    schema::{self, EditError, TextField},
    shape::Shape,
};

/// Makes the element at `path`, with all that it has in `parts`.
pub(super) fn put_element(
    txn: &mut TransactionMut<'_>,
    parts: &Parts<'_>,
    path: &DocPath,
) -> Result<(), EditError> {
    let Shape::Map(fields) = path.shape() else {
        return Ok(());
    };
    let prelim: MapPrelim = fields
        .iter()
        .filter_map(|(key, shape)| Some((*key, field(parts, &path.join(key), shape)?)))
        .collect();
    if let Some((id, collection)) = path.keys().split_last() {
        schema::container(txn, collection)?.insert(txn, id.clone(), prelim);
    }
    Ok(())
}

/// Removes what stands at `path`.
pub(super) fn remove(txn: &mut TransactionMut<'_>, path: &DocPath) {
    if let Some((key, parent)) = path.keys().split_last()
        && let Ok(parent) = DocPath::new(parent.iter().cloned())
        && let Some(map) = schema::find_map(txn, &parent)
    {
        map.remove(txn, key);
    }
}

/// Makes a field hold `leaf`, or nothing.
pub(super) fn put_leaf(
    txn: &mut TransactionMut<'_>,
    path: &DocPath,
    leaf: Option<&Leaf<'_>>,
) -> Result<(), EditError> {
    match (leaf, path.keys().split_last()) {
        (Some(Leaf::Text(text)), _) => match TextField::at(path.clone()) {
            Some(field) => field.set(txn, text),
            None => Ok(()),
        },
        (Some(Leaf::Plain(value)), Some((key, parent))) => {
            let map = schema::container(txn, parent)?;
            map.try_update(txn, key.clone(), Any::from(value.clone()));
            Ok(())
        }
        (None | Some(Leaf::Plain(_)), _) => {
            remove(txn, path);
            Ok(())
        }
    }
}

fn field(parts: &Parts<'_>, path: &DocPath, shape: &Shape) -> Option<In> {
    match (shape, parts.leaves.get(path)) {
        (Shape::Text, Some(Leaf::Text(text))) => Some(read::new_text(text)),
        (Shape::Text, _) => Some(read::new_text("")),
        (Shape::Scalar(_), Some(Leaf::Plain(value))) => Some(In::Any(value.clone().into())),
        (Shape::MapOf(_) | Shape::Dict(_) | Shape::Map(_), _) => {
            let entries = parts.fields(path).filter_map(|(key, leaf)| match leaf {
                Leaf::Plain(value) => Some((key, In::Any(value.clone().into()))),
                Leaf::Text(_) => None,
            });
            Some(entries.collect::<MapPrelim>().into())
        }
        (Shape::Scalar(_) | Shape::Free, _) => None,
    }
}
