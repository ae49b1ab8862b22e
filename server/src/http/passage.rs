//! Naming a passage of a text by its words.

use std::ops::Range;

use crdt_schema::schema::TextField;
use serde_json::{Map, json};
use yrs::ReadTxn;

use super::problem::Problem;

/// The passage of `text` that reads `quote`, which stands in it once; all of an empty text when
/// nothing is quoted. In UTF-16 code units.
///
/// # Errors
/// When it stands there never, or more than once: then with the places.
pub(super) fn find<T: ReadTxn>(
    txn: &T,
    text: &TextField,
    quote: &str,
) -> Result<Range<u32>, Problem> {
    let content = text.read(txn);
    if quote.is_empty() {
        return if content.is_empty() {
            Ok(0..0)
        } else {
            Err(Problem::invalid(
                "quote must hold the words that this is about, as they stand in the text",
            ))
        };
    }
    let starts: Vec<usize> = content.match_indices(quote).map(|(at, _)| at).collect();
    match starts.as_slice() {
        [] => Err(Problem::conflict(format!(
            "{quote:?} does not stand in {}: read it again, and quote it as it stands",
            text.path()
        ))
        .coded("not_found_in_text", Map::new())),
        [start] => {
            let start = units(&content[..*start]);
            Ok(start..start + units(quote))
        }
        [..] => {
            let places: Vec<u32> = starts.iter().map(|at| units(&content[..*at])).collect();
            let detail = format!(
                "{quote:?} stands in {} {} times: quote more of what is around it",
                text.path(),
                places.len()
            );
            let more = Map::from_iter([("places".to_owned(), json!(places))]);
            Err(Problem::conflict(detail).coded("ambiguous", more))
        }
    }
}

fn units(text: &str) -> u32 {
    let units: usize = text.chars().map(char::len_utf16).sum();
    u32::try_from(units).expect("texts are far below 2^32 units")
}
