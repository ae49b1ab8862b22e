//! Tolerant reading of single fields: what is missing or of the wrong type is absent.

use yrs::{Any, GetString, In, Map, MapRef, Out, ReadTxn, TextPrelim, any::Number};

use crate::{
    ids::ElementId,
    order,
    schema::{Position, normalize, words::Word},
};

pub(crate) fn text<T: ReadTxn>(map: &MapRef, txn: &T, key: &str) -> String {
    match map.get(txn, key) {
        Some(Out::YText(text)) => text.get_string(txn),
        Some(Out::Any(Any::String(text))) => text.to_string(),
        _ => String::new(),
    }
}

pub(crate) fn string<T: ReadTxn>(map: &MapRef, txn: &T, key: &str) -> Option<String> {
    match any(map, txn, key)? {
        Any::String(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Whether the field is this string.
pub(crate) fn is<T: ReadTxn>(map: &MapRef, txn: &T, key: &str, wanted: &str) -> bool {
    matches!(any(map, txn, key), Some(Any::String(text)) if *text == *wanted)
}

pub(crate) fn number<T: ReadTxn>(map: &MapRef, txn: &T, key: &str) -> Option<f64> {
    finite(&any(map, txn, key)?)
}

pub(crate) fn integer<T: ReadTxn>(map: &MapRef, txn: &T, key: &str) -> Option<i64> {
    match any(map, txn, key)? {
        Any::Number(number) => number.as_i64(),
        _ => None,
    }
}

pub(crate) fn flag<T: ReadTxn>(map: &MapRef, txn: &T, key: &str) -> bool {
    matches!(any(map, txn, key), Some(Any::Bool(true)))
}

pub(crate) fn word<W: Word, T: ReadTxn>(map: &MapRef, txn: &T, key: &str) -> W {
    match any(map, txn, key) {
        Some(Any::String(word)) => W::from_word(&word).unwrap_or_default(),
        _ => W::default(),
    }
}

/// The order key, or nothing when it is not one.
pub(crate) fn order<T: ReadTxn>(map: &MapRef, txn: &T) -> String {
    string(map, txn, "order")
        .filter(|key| order::is_key(key))
        .unwrap_or_default()
}

pub(crate) fn position<T: ReadTxn>(map: &MapRef, txn: &T, key: &str) -> Option<Position> {
    Position::from_any(&any(map, txn, key)?)
}

/// The members of a set of ids, sorted.
pub(crate) fn id_set<T: ReadTxn>(map: &MapRef, txn: &T, key: &str) -> Vec<ElementId> {
    let Some(Out::YMap(set)) = map.get(txn, key) else {
        return Vec::new();
    };
    let mut ids: Vec<ElementId> = set
        .iter(txn)
        .filter(|(_, out)| matches!(out, Out::Any(Any::Bool(true))))
        .filter_map(|(id, _)| id.parse().ok())
        .collect();
    ids.sort();
    ids
}

/// The number that `value` is, when it is a finite one.
pub(crate) fn finite(value: &Any) -> Option<f64> {
    match value {
        Any::Number(Number::Int(number)) => Some(*number as f64),
        Any::Number(Number::Float(number)) => Some(*number).filter(|number| number.is_finite()),
        _ => None,
    }
}

/// A text to be put into the document, with its line ends normalised.
pub(crate) fn new_text(text: &str) -> In {
    TextPrelim::new(normalize(text).into_owned()).into()
}

fn any<T: ReadTxn>(map: &MapRef, txn: &T, key: &str) -> Option<Any> {
    match map.get(txn, key)? {
        Out::Any(value) => Some(value),
        _ => None,
    }
}
