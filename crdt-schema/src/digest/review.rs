//! What was proposed and discussed.

use std::collections::HashMap;

use yrs::TransactionMut;

use super::{Change, What, naming::Names};
use crate::{
    ids::{ElementId, MemberId},
    project::{SuggestionProjection, ThreadProjection, WorkspaceProjection},
    schema::{Workspace, words::SuggestionStatus},
};

/// Adds what was proposed, answered, said and settled.
pub(super) fn add(
    changes: &mut Vec<Change>,
    txn: &TransactionMut<'_>,
    names: &Names<'_>,
    old: &WorkspaceProjection,
    new: &WorkspaceProjection,
) {
    let known: HashMap<&ElementId, &SuggestionProjection> =
        old.suggestions.iter().map(|one| (&one.id, one)).collect();
    for suggestion in &new.suggestions {
        let before = known.get(&suggestion.id).map(|one| one.status);
        if before != Some(suggestion.status) {
            changes.push(proposed(txn, names, suggestion));
        }
    }
    let known: HashMap<&ElementId, &ThreadProjection> =
        old.threads.iter().map(|one| (&one.id, one)).collect();
    for thread in &new.threads {
        let before = known.get(&thread.id).copied();
        discussed(changes, txn, names, thread, before);
    }
}

fn proposed(
    txn: &TransactionMut<'_>,
    names: &Names<'_>,
    suggestion: &SuggestionProjection,
) -> Change {
    let path = Workspace.suggestions().path().join(suggestion.id.as_str());
    let what = What::Suggestion {
        target: suggestion.target.clone(),
        quote: suggestion.quote.clone(),
        replacement: suggestion.replacement.clone(),
        reason: suggestion.reason.clone(),
        status: suggestion.status,
    };
    let says = match suggestion.status {
        SuggestionStatus::Open => Some(&suggestion.author),
        SuggestionStatus::Accepted | SuggestionStatus::Rejected => suggestion.decided_by.as_ref(),
        SuggestionStatus::Stale => None,
    };
    let change = match suggestion.status {
        SuggestionStatus::Open => names.made(txn, &path, &suggestion.quote, what),
        SuggestionStatus::Accepted | SuggestionStatus::Rejected | SuggestionStatus::Stale => {
            names.set(&path.join("status"), Some(&suggestion.quote), what)
        }
    };
    or_as_said(Change { path, ..change }, names, says)
}

fn discussed(
    changes: &mut Vec<Change>,
    txn: &TransactionMut<'_>,
    names: &Names<'_>,
    thread: &ThreadProjection,
    before: Option<&ThreadProjection>,
) {
    let path = Workspace.threads().path().join(thread.id.as_str());
    for comment in &thread.comments {
        if before.is_some_and(|thread| thread.comments.iter().any(|one| one.id == comment.id)) {
            continue;
        }
        let what = What::Comment {
            target: thread.target.clone(),
            quote: thread.quote.clone(),
            text: comment.text.clone(),
        };
        let place = path.join("comments").join(comment.id.as_str());
        let change = names.made(txn, &place, &thread.quote, what);
        changes.push(or_as_said(change, names, Some(&comment.author)));
    }
    if thread.resolved && !before.is_some_and(|thread| thread.resolved) {
        let what = What::Settled {
            target: thread.target.clone(),
            quote: thread.quote.clone(),
        };
        let change = names.set(&path.join("resolved"), Some(&thread.quote), what);
        changes.push(Change { path, ..change });
    }
}

/// Where nobody knows better, what the document says of its writer is taken.
fn or_as_said(change: Change, names: &Names<'_>, says: Option<&String>) -> Change {
    if !change.by.is_empty() {
        return change;
    }
    let member: Option<MemberId> = says.and_then(|id| id.parse().ok());
    Change {
        by: member.iter().map(|id| names.who(id)).collect(),
        ..change
    }
}
