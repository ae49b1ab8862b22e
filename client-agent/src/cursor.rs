//! Places in a text that stay with the letters around them, and their JSON form.

use crdt_schema::schema::TextField;
use serde_json::{Value, json};
use yrs::{Assoc, ID, IndexScope, IndexedSequence, Out, ReadTxn, StickyIndex, TextRef};

/// The text at a field, if it is there.
pub(crate) fn text<T: ReadTxn>(txn: &T, field: &TextField) -> Option<TextRef> {
    match field.path().resolve(txn)? {
        Out::YText(text) => Some(text),
        _ => None,
    }
}

/// The place right after the letter before `at`: what others insert there comes after it.
pub(crate) fn after<T: ReadTxn>(txn: &T, text: &TextRef, at: u32) -> Option<StickyIndex> {
    text.sticky_index(txn, at, Assoc::Before)
}

/// The JSON of a selection, as y-codemirror.next keeps it in a client's awareness.
pub(crate) fn selection(anchor: &StickyIndex, head: &StickyIndex) -> Value {
    json!({ "anchor": relative_position(anchor), "head": relative_position(head) })
}

/// The JSON of a relative position with all its fields: readers tell null from absent.
fn relative_position(index: &StickyIndex) -> Value {
    let (item, nested, root) = match index.scope() {
        IndexScope::Relative(id) => (Some(id), None, None),
        IndexScope::Nested(id) => (None, Some(id), None),
        IndexScope::Root(name) => (None, None, Some(name)),
    };
    let id = |id: &ID| json!({ "client": id.client.get(), "clock": id.clock });
    json!({
        "type": nested.map(id),
        "tname": root,
        "item": item.map(id),
        "assoc": index.assoc as i8,
    })
}
