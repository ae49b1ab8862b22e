//! Proposals for what is no text: fields, new elements, elements that should go.

use yrs::ReadTxn;

use super::{BadTarget, Maker, Refused, decide::check, target::Target, value};
use crate::{path::DocPath, schema::NewSuggestion};

/// A suggestion for the field, collection or element at `target`, quoting what stands there. For
/// a passage of a text see [`super::passage`].
///
/// # Errors
/// When nothing of that kind can be suggested there, or what is suggested could never be taken
/// over: no value of the field, no element of the collection.
pub fn propose<T: ReadTxn>(
    txn: &T,
    target: &DocPath,
    replacement: &str,
    maker: &Maker<'_>,
) -> Result<NewSuggestion, Refused> {
    let proposed = Target::of(&target.to_string())?;
    check(&proposed, replacement)?;
    let quote = match proposed {
        Target::Passage(_) => return Err(BadTarget(target.to_string()).into()),
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
