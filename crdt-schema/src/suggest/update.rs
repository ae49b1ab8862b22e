//! What somebody wrote directly where they may only suggest, turned into suggestions.

use std::collections::BTreeSet;

use rand::RngCore;
use yrs::{Doc, ReadTxn, StateVector, Transact, TransactionMut, Update, updates::decoder::Decode};

use super::{
    Maker, between,
    rivals::Rivals,
    target::{element, is_content},
    texts::Texts,
};
use crate::{
    document,
    ids::ElementId,
    path::DocPath,
    project::{CommentProjection, SuggestionProjection, ThreadProjection},
    schema::{
        EditError, NewComment, NewSuggestion, NewThread, Position, Workspace,
        words::SuggestionStatus,
    },
};

/// The update is none, or does not fit the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the update cannot be applied: {0}")]
pub struct BadUpdate(String);

/// What a direct write becomes, to be written by the server.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Turned {
    /// The changes that it would have made, and the suggestions that it made itself.
    pub suggestions: Vec<NewSuggestion>,
    /// Discussions that it began.
    pub threads: Vec<NewThread>,
    /// What it said in discussions that there are.
    pub comments: Vec<(ElementId, NewComment)>,
    /// Discussions that it settled or opened again.
    pub resolved: Vec<(ElementId, bool)>,
    /// Places that it changed and that nothing can be suggested for: what was removed meanwhile,
    /// other members' suggestions and comments, roots of embedding applications.
    pub left_out: Vec<String>,
}

/// Turns updates of one author into suggestions to the document that `txn` reads.
///
/// The updates have passed the gate in everything but permission, in this order; `touched` are
/// the places that they change, as the gate names them. What open suggestions of the same author
/// say already is not said again, so a client may resend. The changes are seen as they would
/// have come out: merged with what others wrote meanwhile.
///
/// # Errors
/// When an update is none.
pub fn from_updates<T: ReadTxn, P: AsRef<str>>(
    txn: &T,
    updates: &[&[u8]],
    touched: &[P],
    maker: &Maker<'_>,
) -> Result<Turned, BadUpdate> {
    let fork = fork(txn);
    for update in updates {
        apply(&mut fork.transact_mut(), update)?;
    }
    let wanted = fork.transact();
    let mut turned = Turned::default();
    let mut changed = BTreeSet::new();
    let mut talk = BTreeSet::new();
    for place in touched {
        let place = place.as_ref();
        match place.parse::<DocPath>() {
            Ok(path) if is_content(&path) => {
                if settle(&path, txn, &wanted).is_none() {
                    turned.left_out.push(place.to_owned());
                }
                changed.insert(path);
            }
            Ok(path) => drop(talk.insert(path)),
            Err(_) => turned.left_out.push(place.to_owned()),
        }
    }
    let settled = outermost(txn, &wanted, &changed);
    turned.suggestions = between(txn, &wanted, settled, maker);
    let mut known = Rivals::of(txn, &turned.suggestions, Texts::default());
    turned
        .suggestions
        .retain(|new| known.saying(txn, new).is_none());
    for place in talk {
        turned.keep_talk(&place, txn, &wanted, maker);
    }
    Ok(turned)
}

impl Turned {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self {
            suggestions,
            threads,
            comments,
            resolved,
            left_out: _,
        } = self;
        suggestions.is_empty() && threads.is_empty() && comments.is_empty() && resolved.is_empty()
    }

    /// Writes it into the document. Returns the ids of the new suggestions, in order.
    ///
    /// # Errors
    /// When what it belongs to has been removed since.
    pub fn write(
        self,
        txn: &mut TransactionMut<'_>,
        rng: &mut dyn RngCore,
    ) -> Result<Vec<ElementId>, EditError> {
        let mut ids = Vec::with_capacity(self.suggestions.len());
        for new in self.suggestions {
            ids.push(Workspace.suggestions().insert(txn, rng, new)?);
        }
        let threads = Workspace.threads();
        for new in self.threads {
            threads.insert(txn, rng, new)?;
        }
        for (thread, new) in self.comments {
            threads.get(&thread).comments().insert(txn, rng, new)?;
        }
        for (thread, resolved) in self.resolved {
            let thread = threads.get(&thread);
            if resolved {
                thread.resolve(txn)?;
            } else {
                thread.reopen(txn)?;
            }
        }
        Ok(ids)
    }

    fn keep_talk<A: ReadTxn, B: ReadTxn>(
        &mut self,
        place: &DocPath,
        current: &A,
        wanted: &B,
        maker: &Maker<'_>,
    ) {
        let keys: Vec<&str> = place.keys().iter().map(|key| &**key).collect();
        let kept = match keys.as_slice() {
            ["suggestions", id, ..] => self.keep_suggestion(id, current, wanted, maker),
            ["threads", id, ..] => self.keep_thread(id, current, wanted, maker),
            _ => None,
        };
        if kept.is_none() {
            self.left_out.push(place.to_string());
        }
    }

    fn keep_suggestion<A: ReadTxn, B: ReadTxn>(
        &mut self,
        id: &str,
        current: &A,
        wanted: &B,
        maker: &Maker<'_>,
    ) -> Option<()> {
        let view = Workspace.suggestions().get(&id.parse().ok()?);
        let new = view.read(wanted)?;
        if view.exists(current) {
            return None;
        }
        let is_kept = |kept: &NewSuggestion| kept.id.as_ref() == Some(&new.id);
        if !self.suggestions.iter().any(is_kept) {
            self.suggestions.push(own_suggestion(current, new, maker));
        }
        Some(())
    }

    fn keep_thread<A: ReadTxn, B: ReadTxn>(
        &mut self,
        id: &str,
        current: &A,
        wanted: &B,
        maker: &Maker<'_>,
    ) -> Option<()> {
        let view = Workspace.threads().get(&id.parse().ok()?);
        let new = view.read(wanted)?;
        let Some(old) = view.read(current) else {
            if !self
                .threads
                .iter()
                .any(|kept| kept.id.as_ref() == Some(&new.id))
            {
                self.threads.push(own_thread(current, new, maker));
            }
            return Some(());
        };
        if self.comments.iter().any(|(thread, _)| *thread == old.id) {
            return Some(());
        }
        let said = new
            .comments
            .iter()
            .filter(|comment| !old.comments.iter().any(|known| known.id == comment.id));
        let said: Vec<_> = said
            .map(|comment| (old.id.clone(), own_comment(comment.clone(), maker)))
            .collect();
        let settled = (old.resolved != new.resolved).then_some((old.id, new.resolved));
        if said.is_empty() && settled.is_none() {
            return None;
        }
        self.comments.extend(said);
        self.resolved.extend(settled);
        Some(())
    }
}

/// A document of the same state, to try things on.
pub(crate) fn fork<T: ReadTxn>(txn: &T) -> Doc {
    let fork = document::new_doc(FORK_CLIENT);
    let state = txn.encode_state_as_update_v1(&StateVector::default());
    let copied = apply(&mut fork.transact_mut(), &state);
    copied.expect("a document's own state can be applied");
    fork
}

fn apply(txn: &mut TransactionMut<'_>, update: &[u8]) -> Result<(), BadUpdate> {
    let update = Update::decode_v1(update).map_err(|error| BadUpdate(error.to_string()))?;
    txn.apply_update(update)
        .map_err(|error| BadUpdate(error.to_string()))
}

/// The place to compare for a changed place: what lies in an element that only one of the two
/// states has stands and falls with it. `None` when it lies in an element that neither has.
fn settle<A: ReadTxn, B: ReadTxn>(path: &DocPath, current: &A, wanted: &B) -> Option<DocPath> {
    for depth in 1..=path.keys().len() {
        let outer = DocPath::new(path.keys()[..depth].iter().cloned()).ok()?;
        if let Some((kind, id)) = element(&outer) {
            return match (kind.contains(current, &id), kind.contains(wanted, &id)) {
                (true, true) => Some(path.clone()),
                (false, false) => None,
                (true, false) | (false, true) => Some(outer),
            };
        }
    }
    Some(path.clone())
}

/// The places to compare for changed places, none inside another.
pub(crate) fn outermost<A: ReadTxn, B: ReadTxn>(
    current: &A,
    wanted: &B,
    changed: &BTreeSet<DocPath>,
) -> BTreeSet<DocPath> {
    let settled: BTreeSet<DocPath> = changed
        .iter()
        .filter_map(|path| settle(path, current, wanted))
        .collect();
    let is_inside = |path: &DocPath| settled.iter().any(|outer| contains(outer, path));
    settled
        .iter()
        .filter(|path| !is_inside(path))
        .cloned()
        .collect()
}

fn contains(outer: &DocPath, path: &DocPath) -> bool {
    outer.keys().len() < path.keys().len() && path.keys().starts_with(outer.keys())
}

/// A suggestion that the update itself makes: its author is who sent it, and nobody has answered.
fn own_suggestion<T: ReadTxn>(
    current: &T,
    new: SuggestionProjection,
    maker: &Maker<'_>,
) -> NewSuggestion {
    NewSuggestion {
        id: Some(new.id),
        target: new.target,
        start: known(current, new.start),
        end: known(current, new.end),
        quote: new.quote,
        replacement: new.replacement,
        reason: new.reason,
        author: maker.author.to_string(),
        at: new.at,
        status: SuggestionStatus::Open,
        decided_by: None,
    }
}

fn own_thread<T: ReadTxn>(current: &T, new: ThreadProjection, maker: &Maker<'_>) -> NewThread {
    NewThread {
        id: Some(new.id),
        target: new.target,
        start: known(current, new.start),
        end: known(current, new.end),
        quote: new.quote,
        at: new.at,
        resolved: new.resolved,
        comments: new
            .comments
            .into_iter()
            .map(|comment| own_comment(comment, maker))
            .collect(),
    }
}

fn own_comment(new: CommentProjection, maker: &Maker<'_>) -> NewComment {
    NewComment {
        id: Some(new.id),
        author: maker.author.to_string(),
        at: new.at,
        text: new.text,
    }
}

/// A position, unless it is next to a character that the document never gets.
fn known<T: ReadTxn>(current: &T, position: Option<Position>) -> Option<Position> {
    position.filter(|position| position.offset(current).is_some())
}

/// What is written under it goes nowhere: forks are thrown away.
const FORK_CLIENT: u64 = 0;
