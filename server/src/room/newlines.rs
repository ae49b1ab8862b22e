//! Line ends: shared text holds LF only, because editors and Yjs disagree about CRLF.

use yrs::{GetString, Map, MapRef, Out, ReadTxn, Text, TextRef, TransactionMut};

/// Turns CRLF and lone CR into LF in the text at `path`, by the smallest edits. Anything else at
/// that path is left alone.
pub(super) fn normalise(txn: &mut TransactionMut<'_>, path: &str) {
    let Some(text) = text_at(txn, path) else {
        return;
    };
    let content: Vec<u16> = text.get_string(txn).encode_utf16().collect();
    for at in (0..content.len()).rev().filter(|&at| content[at] == CR) {
        let index = u32::try_from(at).expect("texts are shorter than 4 GiB");
        text.remove_range(txn, index, 1);
        if content.get(at + 1) != Some(&LF) {
            text.insert(txn, index, "\n");
        }
    }
}

fn text_at(txn: &TransactionMut<'_>, path: &str) -> Option<TextRef> {
    let mut segments = path.split('/');
    let root = segments.next()?;
    let Some(first) = segments.next() else {
        return txn.get_text(root);
    };
    let mut value = txn.get_map(root)?.get(txn, first)?;
    for segment in segments {
        value = MapRef::try_from(value).ok()?.get(txn, segment)?;
    }
    match value {
        Out::YText(text) => Some(text),
        _ => None,
    }
}

const CR: u16 = 0x0d;
const LF: u16 = 0x0a;
