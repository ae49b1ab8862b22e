//! Line ends: shared text holds LF only, because editors and Yjs disagree about CRLF.
//!
//! Roots outside the schema belong to applications and are left alone.

use crdt_schema::shape;
use yrs::{Doc, GetString, Map, MapRef, Out, ReadTxn, Text, TextRef, Transact, TransactionMut};

/// Turns CRLF and lone CR into LF in every text at or below `path`, by the smallest edits.
pub(super) fn normalise(txn: &mut TransactionMut<'_>, path: &str) {
    let mut texts = Vec::new();
    if let Some(value) = value_at(txn, path) {
        collect(txn, value, &mut texts);
    }
    texts.iter().for_each(|text| normalise_text(txn, text));
}

/// The roots that hold a carriage return somewhere.
pub(super) fn unnormalised_roots(doc: &Doc) -> Vec<String> {
    let txn = doc.transact();
    let roots = shape::ROOTS.iter().filter(|(name, _)| {
        let mut texts = Vec::new();
        if let Some(value) = txn.get(name) {
            collect(&txn, value, &mut texts);
        }
        texts
            .iter()
            .any(|text| text.get_string(&txn).contains('\r'))
    });
    roots.map(|(name, _)| (*name).to_owned()).collect()
}

fn normalise_text(txn: &mut TransactionMut<'_>, text: &TextRef) {
    let content: Vec<u16> = text.get_string(txn).encode_utf16().collect();
    for at in (0..content.len()).rev().filter(|&at| content[at] == CR) {
        let index = u32::try_from(at).expect("texts are shorter than 4 GiB");
        text.remove_range(txn, index, 1);
        if content.get(at + 1) != Some(&LF) {
            text.insert(txn, index, "\n");
        }
    }
}

fn value_at(txn: &TransactionMut<'_>, path: &str) -> Option<Out> {
    let mut segments = path.split('/');
    let root = segments.next()?;
    shape::ROOTS.iter().find(|(name, _)| *name == root)?;
    segments.try_fold(txn.get(root)?, |value, segment| {
        MapRef::try_from(value).ok()?.get(txn, segment)
    })
}

fn collect<T: ReadTxn>(txn: &T, value: Out, texts: &mut Vec<TextRef>) {
    match value {
        Out::YText(text) => texts.push(text),
        Out::YMap(map) => map
            .iter(txn)
            .for_each(|(_, value)| collect(txn, value, texts)),
        _ => {}
    }
}

const CR: u16 = 0x0d;
const LF: u16 = 0x0a;
