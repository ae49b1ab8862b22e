//! What the agent adds to the briefing, so that somebody else can go on.

use crdt_schema::{
    ownership::{BriefingPart, missing},
    schema::{NewAction, NewConstraint, Place, Workspace, words},
};
use yrs::{Transaction, TransactionMut};

use super::script::headline;
use crate::{Peer, PeerError};

/// Fills what is missing and can be said without asking. What people left open stays open.
pub(super) async fn complete(peer: &Peer) -> Result<(), PeerError> {
    let parts = peer.read(lacking).await?;
    let filled = peer.edit(move |txn| parts.iter().try_for_each(|part| fill(txn, *part)));
    if let Err(error) = filled.await? {
        tracing::debug!(%error, "the briefing could not be completed");
    }
    Ok(())
}

fn lacking(txn: &Transaction<'_>) -> Vec<BriefingPart> {
    let briefing = Workspace.briefing().read(txn);
    let lacking = missing(&briefing, &|_| true).into_iter();
    lacking.map(|missing| missing.part).collect()
}

fn fill(
    txn: &mut TransactionMut<'_>,
    part: BriefingPart,
) -> Result<(), crdt_schema::schema::EditError> {
    let briefing = Workspace.briefing();
    match part {
        BriefingPart::Intent => {
            let goal = headline(&Workspace.plan().goal().read(txn));
            briefing.intent().push(txn, &goal)
        }
        BriefingPart::Constraints => {
            let none = NewConstraint {
                text: "Nobody has named any so far.".to_owned(),
                ..NewConstraint::default()
            };
            let constraints = briefing.constraints();
            constraints
                .add(txn, &mut rand::rng(), Place::Last, none)
                .map(drop)
        }
        BriefingPart::NextStep => briefing
            .next_step()
            .push(txn, "Decide what is open, then hand the pen back."),
        BriefingPart::Actions => {
            let planned = NewAction {
                text: "Drafted the plan.".to_owned(),
                outcome: words::Outcome::Done,
                ..NewAction::default()
            };
            let actions = briefing.actions();
            actions
                .add(txn, &mut rand::rng(), Place::Last, planned)
                .map(drop)
        }
        BriefingPart::Sources => Ok(()),
    }
}
