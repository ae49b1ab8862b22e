//! Proposals for what is no text: fields, new elements, elements that should go.

use yrs::ReadTxn;

use super::{BadTarget, Maker, target::Target, value};
use crate::{path::DocPath, schema::NewSuggestion};

/// A suggestion for the field, collection or element at `target`, quoting what stands there. For
/// a passage of a text see [`super::passage`].
///
/// # Errors
/// When nothing of that kind can be suggested there.
pub fn propose<T: ReadTxn>(
    txn: &T,
    target: &DocPath,
    replacement: &str,
    maker: &Maker<'_>,
) -> Result<NewSuggestion, BadTarget> {
    let quote = match Target::of(&target.to_string())? {
        Target::Passage(_) => return Err(BadTarget(target.to_string())),
        Target::Value(path, _) => value::read(txn, &path),
        Target::Addition(_) => String::new(),
        Target::Removal(kind, id) => kind
            .markdown(txn, &id)
            .ok_or_else(|| BadTarget(target.to_string()))?,
    };
    Ok(NewSuggestion {
        quote,
        ..maker.suggestion(target, replacement)
    })
}
