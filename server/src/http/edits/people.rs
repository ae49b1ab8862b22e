//! Which passages of a text are people's.

use std::ops::Range;

use crdt_schema::{
    attribution::{Age, Authors, Clocks, People, runs},
    ids::MemberId,
    member::Kind,
    merge::paragraph,
    schema::TextField,
};
use yrs::TransactionMut;

use crate::room::Scene;

/// Passages of a text that are people's, in UTF-16 code units.
pub(super) struct Passages {
    /// Where people typed since the base was read, and the paragraphs that their carets are in.
    pub(super) touched: Vec<Range<u32>>,
    /// What people wrote, whenever.
    pub(super) wrote: Vec<Range<u32>>,
}

/// The passages of `field` that are people's, `since` the base was read.
pub(super) fn passages(
    txn: &mut TransactionMut<'_>,
    scene: &Scene<'_>,
    field: &TextField,
    known: &Authors,
    since: &Clocks,
) -> Passages {
    let people = People::read(txn);
    let is_person = |member: &MemberId| match scene.ledger.member(member) {
        Some(card) => card.kind == Kind::Human,
        None => people.who(member).kind == Some(Kind::Human),
    };
    let mut passages = Passages {
        touched: Vec::new(),
        wrote: Vec::new(),
    };
    for run in runs(txn, field.path(), known, since) {
        if run.by.as_ref().is_some_and(is_person) {
            passages.wrote.push(run.range.clone());
            match run.age {
                Age::Since => passages.touched.push(run.range),
                Age::Before => {}
            }
        }
    }
    let text = field.read(txn);
    let carets = scene.carets(txn, field);
    let under_carets = carets.into_iter().map(|at| paragraph(&text, at));
    passages.touched.extend(under_carets);
    passages
}
