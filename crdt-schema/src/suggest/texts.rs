//! The texts that suggestions are about.

use std::collections::HashMap;

use yrs::{ReadTxn, TransactionMut};

use crate::{
    path::DocPath,
    schema::{Offsets, Position, TextField},
};

/// Texts as they stand, each read once.
#[derive(Default)]
pub(super) struct Texts(HashMap<DocPath, Known>);

/// What is known of one text.
pub(super) struct Known {
    pub(super) current: String,
    offsets: Offsets,
}

impl Texts {
    /// Finds out where every character of a text stands, for many positions in it.
    pub(super) fn survey(&mut self, txn: &mut TransactionMut<'_>, text: &TextField) {
        self.0.entry(text.path().clone()).or_insert_with(|| Known {
            offsets: Offsets::of(txn, text),
            current: text.read(txn),
        });
    }

    pub(super) fn read<T: ReadTxn>(&mut self, txn: &T, text: &TextField) -> &Known {
        self.0.entry(text.path().clone()).or_insert_with(|| Known {
            current: text.read(txn),
            offsets: Offsets::default(),
        })
    }
}

impl Known {
    /// The offset of a position in `text`, which this is.
    pub(super) fn offset<T: ReadTxn>(
        &self,
        txn: &T,
        text: &TextField,
        at: &Position,
    ) -> Option<u32> {
        self.offsets.find(at).or_else(|| at.offset_in(txn, text))
    }
}
