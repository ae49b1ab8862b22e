//! Edits of lists and fields, all of them or none.

use crdt_schema::{
    item::Item,
    merge::{self, Edit},
    suggest::Maker,
};

use super::{Written, may_only_suggest, suggest, writing::Structured};
use crate::{
    clock::now_ms,
    http::{desk::Desk, problem::Problem},
};

/// Edits of one request, at most.
const EDITS_MAX: usize = 200;

pub(super) async fn write(desk: &Desk, structured: Structured) -> Result<Written, Problem> {
    if structured.edits.len() > EDITS_MAX {
        return Err(Problem::invalid(format!(
            "edits has more than {EDITS_MAX} entries; send them in several requests"
        )));
    }
    let edits: Result<Vec<Edit>, _> = structured.edits.into_iter().map(Edit::from_json).collect();
    let edits = edits?;
    let by = desk.me().clone();
    let reason = structured.reason;
    desk.edit(move |txn, scene| {
        let mut only_suggests = false;
        for item in edits.iter().map(item_of) {
            only_suggests |= may_only_suggest(scene.ledger, &by, &item)?;
        }
        let mut written = Written {
            hunks: Vec::new(),
            changed: Vec::new(),
            suggestions: Vec::new(),
            now: None,
        };
        if only_suggests {
            let maker = Maker {
                author: &by.id,
                at_ms: now_ms(),
                reason: &reason,
            };
            let suggested = merge::suggestions(txn, &mut rand::rng(), &edits, &maker)?;
            written.suggestions = suggest(txn, suggested)?;
        } else {
            written.changed = merge::apply_all(txn, &mut rand::rng(), &edits)?;
        }
        Ok(written)
    })
    .await
}

fn item_of(edit: &Edit) -> Item {
    match edit {
        Edit::Add(edit) => edit.to.item(),
        Edit::Patch(edit) => edit.at.item(),
        Edit::Move(edit) => edit.at.item(),
        Edit::Remove(edit) => edit.at.item(),
    }
}
