//! From the id of a character to the member who wrote it.

use std::ops::Range;

use rustc_hash::FxHashMap;
use yrs::{Any, ID, Map, MapRef, Out, ReadTxn};

use super::OnBehalf;
use crate::ids::MemberId;

/// Who wrote under which client id, and what the server wrote for whom.
#[derive(Debug, Clone, Default)]
pub struct Authors {
    clients: FxHashMap<u64, MemberId>,
    on_behalf: FxHashMap<u64, Vec<(Range<u32>, MemberId)>>,
}

impl Authors {
    /// The authors that the document's `control` root records, and those that the server wrote
    /// for.
    pub fn read<T: ReadTxn>(txn: &T, on_behalf: &OnBehalf) -> Self {
        let mut authors = Self::default();
        for (client, member) in recorded(txn) {
            authors.clients.insert(client, member);
        }
        for (client, clocks, member) in on_behalf.iter() {
            let ranges = authors.on_behalf.entry(client).or_default();
            ranges.push((clocks, member.clone()));
        }
        for ranges in authors.on_behalf.values_mut() {
            ranges.sort_by_key(|(clocks, _)| clocks.start);
        }
        authors
    }

    /// Who wrote the character of this id.
    #[must_use]
    pub fn of(&self, id: &ID) -> Option<&MemberId> {
        let mut author = None;
        self.each(id.client.get(), id.clock..id.clock + 1, |_, by| author = by);
        author
    }

    /// Calls `each` for adjoining parts of `clocks`, with who wrote the part.
    pub(super) fn each<'a>(
        &'a self,
        client: u64,
        clocks: Range<u32>,
        mut each: impl FnMut(Range<u32>, Option<&'a MemberId>),
    ) {
        let whole = self.clients.get(&client);
        let mut at = clocks.start;
        let ranges = self.on_behalf.get(&client).map_or(&[][..], Vec::as_slice);
        let first = ranges.partition_point(|(range, _)| range.end <= clocks.start);
        for (range, member) in &ranges[first..] {
            if range.start >= clocks.end {
                break;
            }
            let start = range.start.max(at);
            if at < start {
                each(at..start, whole);
            }
            at = range.end.min(clocks.end).max(start);
            each(start..at, Some(member));
        }
        if at < clocks.end {
            each(at..clocks.end, whole);
        }
    }
}

fn recorded<T: ReadTxn>(txn: &T) -> Vec<(u64, MemberId)> {
    let authors = txn
        .get_map("control")
        .and_then(|control| control.get(txn, "authors"));
    let Some(authors) = authors.and_then(|authors| MapRef::try_from(authors).ok()) else {
        return Vec::new();
    };
    authors
        .iter(txn)
        .filter_map(|(client, member)| match member {
            Out::Any(Any::String(member)) => Some((client.parse().ok()?, member.parse().ok()?)),
            _ => None,
        })
        .collect()
}
