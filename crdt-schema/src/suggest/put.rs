//! Making suggestions without piling them up.

use std::{collections::HashMap, ops::Range};

use rand::RngCore;
use yrs::{ReadTxn, TransactionMut};

use super::{
    Staleness,
    decide::{Proposal, same_proposal},
    target::Target,
};
use crate::{
    ids::ElementId,
    project::SuggestionProjection,
    schema::{EditError, NewSuggestion, Workspace, words::SuggestionStatus},
};

/// What became of suggestions that were put.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Put {
    /// The new ones.
    pub made: Vec<ElementId>,
    /// Open ones of the same author that say the same already.
    pub said: Vec<ElementId>,
    /// Open ones of the same author about the same passage or field: the new ones took their
    /// place, and they were removed.
    pub replaced: Vec<ElementId>,
}

/// Makes suggestions. An author who suggests the same again is heard once, and who suggests
/// something else for the same passage or field takes back what they suggested before.
///
/// # Errors
/// When a chosen id is taken.
pub fn put_all(
    txn: &mut TransactionMut<'_>,
    rng: &mut dyn RngCore,
    new: Vec<NewSuggestion>,
) -> Result<Put, EditError> {
    let mut put = Put::default();
    let all = Workspace.suggestions();
    let mut open = all.read(txn);
    open.retain(|old| old.status == SuggestionStatus::Open);
    for new in new {
        let mut own = open.iter().filter(|old| old.author == new.author);
        if let Some(old) = own.find(|old| same_proposal(txn, old, &new)) {
            put.said.push(old.id.clone());
            continue;
        }
        open.retain(|old| {
            let is_replaced = old.author == new.author && same_place(txn, old, &new);
            if is_replaced {
                all.remove(txn, &old.id);
                put.replaced.push(old.id.clone());
            }
            !is_replaced
        });
        put.made.push(all.insert(txn, rng, new)?);
    }
    Ok(put)
}

/// Whether two suggestions cannot both be taken over.
fn same_place<T: ReadTxn>(txn: &T, old: &SuggestionProjection, new: &NewSuggestion) -> bool {
    if old.target != new.target {
        return false;
    }
    match Target::of(&new.target) {
        Ok(Target::Passage(_)) => {
            let ranges = [range(txn, &old.into()), range(txn, &new.into())];
            matches!(ranges, [Some(old), Some(new)] if old == new
                || old.start < new.end && new.start < old.end)
        }
        Ok(Target::Value(..) | Target::Removal(..)) => true,
        Ok(Target::Addition(_)) | Err(_) => false,
    }
}

fn range<T: ReadTxn>(txn: &T, proposal: &Proposal<'_>) -> Option<Range<u32>> {
    match proposal.staleness(txn, &mut HashMap::new()) {
        Ok(Staleness::Fresh { range }) => range,
        Ok(Staleness::Stale { .. }) | Err(_) => None,
    }
}
