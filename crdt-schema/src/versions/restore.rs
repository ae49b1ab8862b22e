//! Making a document read as it did.

use std::collections::BTreeSet;

use yrs::TransactionMut;

use super::{
    parts::{self, Parts},
    write,
};
use crate::{
    path::DocPath,
    project::{self, WorkspaceProjection},
    schema::EditError,
};

/// The roots that can be restored. The others are a record of what happened, or not ours.
const RESTORABLE: [&str; 5] = ["meta", "plan", "briefing", "tasks", "notes"];

/// Why nothing was restored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// The part is no content: suggestions, discussions and control keep what happened.
    #[error("{0} cannot be restored: choose a part of meta, plan, briefing, tasks or notes")]
    NotContent(DocPath),
    /// The element that the part belongs to is not in both the version and the document.
    #[error("{0} is in only one of the version and the document: restore it as a whole")]
    OnlyInOne(DocPath),
    /// The document does not take the edit.
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// Makes the document, or a part of it, read as it did in `base`: texts by their differences
/// alone, elements under their ids. Suggestions, discussions and `control` stay as they are.
///
/// Returns the places that were changed; none when it reads so already.
///
/// # Errors
/// When `part` is no content, or a part of an element that cannot be restored without it.
pub fn restore(
    txn: &mut TransactionMut<'_>,
    base: &WorkspaceProjection,
    part: Option<&DocPath>,
) -> Result<Vec<DocPath>, RestoreError> {
    let now = project::project(txn);
    let (then, now) = parts::pair(base, &now);
    if let Some(part) = part {
        check(part, &then, &now)?;
    }
    let is_wanted = |path: &DocPath| part.is_none_or(|part| path.keys().starts_with(part.keys()));
    let mut changed = Vec::new();
    let elements = union(then.elements.keys(), now.elements.keys());
    for path in elements.into_iter().filter(|path| is_wanted(path)) {
        match (
            then.elements.contains_key(path),
            now.elements.contains_key(path),
        ) {
            (true, false) => write::put_element(txn, &then, path)?,
            (false, true) => write::remove(txn, path),
            (true, true) | (false, false) => continue,
        }
        changed.push(path.clone());
    }
    let leaves = union(then.leaves.keys(), now.leaves.keys());
    for path in leaves.into_iter().filter(|path| is_wanted(path)) {
        let leaf = then.leaves.get(path);
        if leaf != now.leaves.get(path) && is_in_both(path, &then, &now) {
            write::put_leaf(txn, path, leaf)?;
            changed.push(path.clone());
        }
    }
    Ok(changed)
}

fn check(part: &DocPath, then: &Parts<'_>, now: &Parts<'_>) -> Result<(), RestoreError> {
    if !part
        .keys()
        .first()
        .is_some_and(|root| RESTORABLE.contains(&&**root))
    {
        return Err(RestoreError::NotContent(part.clone()));
    }
    match parts::element_of(part) {
        Some(element) if element != *part && is_in_one(&element, then, now) => {
            Err(RestoreError::OnlyInOne(element))
        }
        _ => Ok(()),
    }
}

fn is_in_one(element: &DocPath, then: &Parts<'_>, now: &Parts<'_>) -> bool {
    then.elements.contains_key(element) != now.elements.contains_key(element)
}

/// Whether a field belongs to the frame, or to an element that both have.
pub(super) fn is_in_both(path: &DocPath, then: &Parts<'_>, now: &Parts<'_>) -> bool {
    parts::element_of(path).is_none_or(|element| !is_in_one(&element, then, now))
}

pub(super) fn union<'a>(
    a: impl Iterator<Item = &'a DocPath>,
    b: impl Iterator<Item = &'a DocPath>,
) -> BTreeSet<&'a DocPath> {
    a.chain(b).collect()
}
