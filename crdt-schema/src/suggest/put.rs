//! Making suggestions without piling them up.

use rand::RngCore;
use yrs::TransactionMut;

use super::{rivals::Rivals, target::Target, texts::Texts};
use crate::{
    ids::{ElementId, MemberId},
    schema::{EditError, NewSuggestion, TextField, Workspace},
};

/// What became of suggestions that were put.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Put {
    /// The new ones.
    pub made: Vec<ElementId>,
    /// Open ones of the same author that say the same already.
    pub said: Vec<ElementId>,
    /// Open ones of the same author about the same passage or field, or overtaken: the new ones
    /// took their place, and they were removed.
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
    let mut texts = Texts::default();
    for new in &new {
        if let Ok(Target::Passage(text)) = Target::of(&new.target) {
            texts.survey(txn, &text);
        }
    }
    let rivals = Rivals::of(txn, &new, texts);
    put_among(rivals, txn, rng, new)
}

/// Makes the suggestions that `author` has after writing all of `text` anew, as [`put_all`] does.
/// Whoever does so has seen what stands there: what they suggested for it before and does not fit
/// any more is taken back.
///
/// # Errors
/// When a chosen id is taken.
pub fn put_rewrite(
    txn: &mut TransactionMut<'_>,
    rng: &mut dyn RngCore,
    text: &TextField,
    author: &MemberId,
    new: Vec<NewSuggestion>,
) -> Result<Put, EditError> {
    let mut texts = Texts::default();
    texts.survey(txn, text);
    let target = text.path().to_string();
    let mut rivals = Rivals::at(txn, [(author.as_str(), target.as_str())], texts);
    let overtaken = rivals.take_overtaken();
    for id in &overtaken {
        Workspace.suggestions().remove(txn, id);
    }
    let mut put = put_among(rivals, txn, rng, new)?;
    put.replaced.extend(overtaken);
    Ok(put)
}

fn put_among(
    mut rivals: Rivals,
    txn: &mut TransactionMut<'_>,
    rng: &mut dyn RngCore,
    new: Vec<NewSuggestion>,
) -> Result<Put, EditError> {
    let mut put = Put::default();
    for new in new {
        if let Some(said) = rivals.saying(txn, &new) {
            put.said.push(said.clone());
            continue;
        }
        for replaced in rivals.take_excluded(txn, &new) {
            Workspace.suggestions().remove(txn, &replaced);
            put.replaced.push(replaced);
        }
        put.made
            .push(Workspace.suggestions().insert(txn, rng, new)?);
    }
    Ok(put)
}
