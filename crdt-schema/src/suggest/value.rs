//! Plain values as text, as suggestions quote and propose them.

use yrs::{Any, Map, Out, ReadTxn, TransactionMut};

use crate::{
    path::DocPath,
    project::Primitive,
    schema::{EditError, container},
    shape::Scalar,
};

/// The value at a place as text; empty when there is none.
///
/// Text stands as it is, unless it could be taken for another kind of value: then as JSON.
pub(super) fn read<T: ReadTxn>(txn: &T, path: &DocPath) -> String {
    let Some(Out::Any(value)) = path.resolve(txn) else {
        return String::new();
    };
    match (path.shape(), Primitive::from_any(&value)) {
        (_, None) => String::new(),
        (_, Some(Primitive::Bool(value))) => value.to_string(),
        (_, Some(Primitive::Number(value))) => value.to_string(),
        (shape, Some(Primitive::Text(text))) => {
            let ambiguous = *shape == crate::shape::Shape::Scalar(Scalar::Primitive)
                && serde_json::from_str::<Primitive>(&text).is_ok();
            if ambiguous {
                serde_json::Value::from(text).to_string()
            } else {
                text
            }
        }
    }
}

/// Puts the value that `text` stands for in a place; nothing when it is empty.
pub(super) fn write(
    txn: &mut TransactionMut<'_>,
    path: &DocPath,
    scalar: Scalar,
    text: &str,
) -> Result<(), EditError> {
    let value = fitting(path, scalar, text)?;
    put(txn, path, value)
}

/// The value that `text` stands for, if it may stand in a place.
pub(super) fn fitting(
    path: &DocPath,
    scalar: Scalar,
    text: &str,
) -> Result<Option<Any>, EditError> {
    let value = parse(scalar, text);
    if value.as_ref().is_some_and(|value| !scalar.admits(value)) {
        return Err(EditError::Value {
            path: path.clone(),
            expected: scalar.expectation(),
        });
    }
    Ok(value)
}

/// Puts a value that may stand there in a place, or takes it away with `None`.
pub(crate) fn put(
    txn: &mut TransactionMut<'_>,
    path: &DocPath,
    value: Option<Any>,
) -> Result<(), EditError> {
    let (key, parents) = path.keys().split_last().expect("a path has a root");
    let map = container(txn, parents)?;
    match value {
        Some(value) => drop(map.try_update(txn, key.clone(), value)),
        None => drop(map.remove(txn, key)),
    }
    Ok(())
}

fn parse(scalar: Scalar, text: &str) -> Option<Any> {
    if text.is_empty() {
        return None;
    }
    Some(match scalar {
        Scalar::String | Scalar::Enum(_) | Scalar::OrderKey | Scalar::Position => text.into(),
        Scalar::Number | Scalar::Fraction | Scalar::Bool | Scalar::True | Scalar::Primitive => {
            match (serde_json::from_str::<Primitive>(text), text.parse::<f64>()) {
                (Ok(Primitive::Number(_)), Ok(exactly)) => exactly.into(),
                (Ok(value), _) => value.into(),
                (Err(_), _) => text.into(),
            }
        }
    })
}
