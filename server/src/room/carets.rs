//! Where people's carets are, as their presence tells.

use crdt_schema::schema::TextField;
use serde_json::Value;
use yrs::{
    Assoc, ID, IndexScope, Out, ReadTxn, StickyIndex,
    block::ClientID,
    branch::{Branch, BranchPtr},
};

/// Client ids lie below this, as everywhere in Yjs.
const CLIENT_END: u64 = 1 << 53;

/// The offsets in `field` (UTF-16 code units) at which these selections, in JSON, begin and end.
pub(super) fn carets_in<'a, T: ReadTxn>(
    txn: &T,
    field: &TextField,
    selections: impl Iterator<Item = &'a str>,
) -> Vec<u32> {
    let Some(Out::YText(text)) = field.path().resolve(txn) else {
        return Vec::new();
    };
    let branch = BranchPtr::from(AsRef::<Branch>::as_ref(&text));
    selections
        .filter_map(|selection| serde_json::from_str::<Value>(selection).ok())
        .flat_map(|mut selection| [selection["anchor"].take(), selection["head"].take()])
        .filter_map(|position| {
            let offset = index(&position)?.get_offset(txn)?;
            (offset.branch == branch).then_some(offset.index)
        })
        .collect()
}

/// A relative position, as Yjs clients write it in JSON.
fn index(position: &Value) -> Option<StickyIndex> {
    let id = |value: &Value| {
        let client = value["client"].as_u64().filter(|id| *id < CLIENT_END)?;
        let clock = u32::try_from(value["clock"].as_u64()?).ok()?;
        Some(ID::new(ClientID::new(client), clock))
    };
    let scope = if let Some(item) = id(&position["item"]) {
        IndexScope::Relative(item)
    } else if let Some(nested) = id(&position["type"]) {
        IndexScope::Nested(nested)
    } else {
        IndexScope::Root(position["tname"].as_str()?.into())
    };
    let assoc = match position["assoc"].as_i64() {
        Some(assoc) if assoc < 0 => Assoc::Before,
        Some(_) | None => Assoc::After,
    };
    Some(StickyIndex::new(scope, assoc))
}
