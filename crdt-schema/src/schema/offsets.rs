//! Where each character of a text stands, found in one walk over the text.

use yrs::{ID, IdSet, Out, ReadTxn, Snapshot, StateVector, Text, TextRef, TransactionMut};

use super::{edit::utf16_len, position::Position, text::TextField};

/// The offsets of the characters of a text, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Offsets(Vec<Passage>);

/// Characters that one client wrote in a row.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Passage {
    client: u64,
    clock: u32,
    units: u32,
    offset: u32,
}

impl Offsets {
    /// Nothing is changed: a text's own account of its parts can only be had through a
    /// transaction that could.
    pub(crate) fn of(txn: &mut TransactionMut<'_>, text: &TextField) -> Self {
        let Some(text) = text.find(txn) else {
            return Self::default();
        };
        let mut end = 0;
        let passage = |(id, units): (ID, u32)| {
            let offset = end;
            end += units;
            Passage {
                client: id.client.get(),
                clock: id.clock,
                units,
                offset,
            }
        };
        let mut found: Vec<_> = passages(txn, &text).into_iter().map(passage).collect();
        found.sort_unstable();
        Self(found)
    }

    /// The offset of a position that is next to a character of the text, in UTF-16 code units.
    pub(crate) fn find(&self, position: &Position) -> Option<u32> {
        let (id, is_behind) = position.neighbour()?;
        let (client, clock) = (id.client.get(), id.clock);
        let after = self
            .0
            .partition_point(|passage| (passage.client, passage.clock) <= (client, clock));
        let passage = self.0.get(after.checked_sub(1)?)?;
        let within = clock - passage.clock;
        let is_there = passage.client == client && within < passage.units;
        is_there.then_some(passage.offset + within + u32::from(is_behind))
    }
}

/// The ids and lengths of what a text consists of.
pub(crate) fn passages(txn: &mut TransactionMut<'_>, text: &TextRef) -> Vec<(ID, u32)> {
    let clocks = txn.state_vector();
    let nothing_deleted = Snapshot::new(clocks, IdSet::default());
    let passages = passages_at(txn, text, &nothing_deleted);
    let length: u32 = passages.iter().map(|(_, units)| units).sum();
    if length == text.len(txn) {
        return passages;
    }
    // This transaction has deleted something, and its words are not collected yet.
    let now = txn.snapshot();
    passages_at(txn, text, &now)
}

fn passages_at(txn: &mut TransactionMut<'_>, text: &TextRef, now: &Snapshot) -> Vec<(ID, u32)> {
    let before_all = Snapshot::new(StateVector::default(), IdSet::default());
    text.diff_range(txn, Some(now), Some(&before_all), |change| change.id)
        .into_iter()
        .filter_map(|part| {
            let Out::Any(yrs::Any::String(words)) = &part.insert else {
                return None;
            };
            Some((part.ychange?, utf16_len(words)))
        })
        .collect()
}
