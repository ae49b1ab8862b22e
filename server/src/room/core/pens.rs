//! The ledger as the gate asks it.

use crdt_schema::{
    gate::{Pens, Writer},
    item::Item,
    ownership::{Pen, State},
};

/// Who holds the pens, according to a ledger.
#[derive(Debug)]
pub(super) struct Ledger<'a>(pub(super) &'a State);

impl Pens for Ledger<'_> {
    fn pen(&self, writer: &Writer, item: &Item) -> Pen {
        self.0.pen(&writer.member, writer.kind, writer.role, item)
    }
}
