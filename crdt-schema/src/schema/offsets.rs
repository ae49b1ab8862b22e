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
        let before = self.0[..after].last();
        let passage = before.filter(|passage| passage.client == client)?;
        let within = clock - passage.clock;
        (within < passage.units).then_some(passage.offset + within + u32::from(is_behind))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yrs::{Doc, ReadTxn, Text, Transact, Update, WriteTxn, updates::decoder::Decode};

    use super::{Offsets, Position};
    use crate::{document, schema::Workspace};

    /// At the given fraction of the text: deletes so many characters, then writes some.
    type Change = (bool, f64, u32, String);

    fn changes() -> impl Strategy<Value = Vec<Change>> {
        let change = (any::<bool>(), 0.0..=1.0, 0u32..4, "[ab日]{0,3}");
        prop::collection::vec(change, 1..30)
    }

    fn change(doc: &Doc, (_, place, deleted, written): &Change) {
        let mut txn = doc.transact_mut();
        let text = txn.get_or_insert_text("notes");
        let len = text.len(&txn);
        let at = (f64::from(len) * place) as u32;
        text.remove_range(&mut txn, at, (*deleted).min(len - at));
        text.insert(&mut txn, at, written);
    }

    fn exchange(from: &Doc, to: &Doc) {
        let missing = from
            .transact()
            .encode_diff_v1(&to.transact().state_vector());
        let missing = Update::decode_v1(&missing).unwrap();
        to.transact_mut().apply_update(missing).unwrap();
    }

    /// Every position next to a character of the text.
    fn positions(doc: &Doc) -> Vec<Position> {
        let (txn, notes) = (doc.transact(), Workspace.notes());
        let ends = 0..=notes.len(&txn);
        let both = |at| {
            [
                Position::of(&txn, &notes, at),
                Position::behind(&txn, &notes, at),
            ]
        };
        ends.flat_map(both).flatten().collect()
    }

    proptest! {
        #[test]
        fn a_survey_finds_what_a_look_finds(changes in changes()) {
            let docs = [1, 2].map(document::new_doc);
            let mut known = Vec::new();
            for one in &changes {
                let [here, there] = if one.0 { [&docs[0], &docs[1]] } else { [&docs[1], &docs[0]] };
                change(here, one);
                if one.2 == 0 {
                    exchange(here, there);
                }
                known.extend(positions(here));
            }
            exchange(&docs[0], &docs[1]);
            let notes = Workspace.notes();
            let offsets = Offsets::of(&mut docs[1].transact_mut(), &notes);
            let txn = docs[1].transact();
            for position in positions(&docs[1]) {
                let found = offsets.find(&position);
                prop_assert!(found.is_some() || position.neighbour().is_none());
                known.push(position);
            }
            for position in known {
                if let Some(found) = offsets.find(&position) {
                    prop_assert_eq!(Some(found), position.offset_in(&txn, &notes));
                }
            }
        }
    }
}
