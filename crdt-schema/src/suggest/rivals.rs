//! What new suggestions repeat or exclude of what the same authors suggested before.

use std::ops::Range;

use yrs::ReadTxn;

use super::{BadTarget, Staleness, decide::Proposal, texts::Texts};
use crate::{
    ids::ElementId,
    project::SuggestionProjection,
    schema::{NewSuggestion, Workspace},
};

/// The open suggestions of the authors of new ones, about the same texts and fields. Each is
/// looked up once: nothing that they are about changes while suggestions are made.
pub(super) struct Rivals {
    texts: Texts,
    open: Vec<Rival>,
}

struct Rival {
    suggestion: SuggestionProjection,
    standing: Standing,
}

impl Rivals {
    pub(super) fn of<T: ReadTxn>(txn: &T, new: &[NewSuggestion], texts: Texts) -> Self {
        let mut places: Vec<_> = new.iter().map(|new| (&*new.author, &*new.target)).collect();
        places.sort_unstable();
        places.dedup();
        Self::at(txn, places, texts)
    }

    /// Those of the authors about the targets named next to them.
    pub(super) fn at<'a, T: ReadTxn>(
        txn: &T,
        places: impl IntoIterator<Item = (&'a str, &'a str)>,
        mut texts: Texts,
    ) -> Self {
        let of_place = |(author, target)| Workspace.suggestions().open(txn, author, target);
        let open = places.into_iter().flat_map(of_place);
        let open = open.map(|suggestion| Rival {
            standing: Standing::of(txn, &(&suggestion).into(), &mut texts),
            suggestion,
        });
        Self {
            open: open.collect(),
            texts,
        }
    }

    /// Forgets those that do not fit any more. Returns which they are.
    pub(super) fn take_overtaken(&mut self) -> Vec<ElementId> {
        let taken = self.open.extract_if(.., |old| !old.standing.fits_still());
        taken.map(|old| old.suggestion.id).collect()
    }

    /// The one that proposes the same change of the same passage or field.
    pub(super) fn saying<T: ReadTxn>(
        &mut self,
        txn: &T,
        new: &NewSuggestion,
    ) -> Option<&ElementId> {
        let Self { texts, open } = self;
        let mut alike = open.iter().filter(|old| old.reads_like(new)).peekable();
        alike.peek()?;
        let wanted = Standing::of(txn, &new.into(), texts);
        let said = alike.find(|old| old.standing == wanted)?;
        Some(&said.suggestion.id)
    }

    /// Forgets those that cannot be taken over as well as `new`. Returns which they are.
    pub(super) fn take_excluded<T: ReadTxn>(
        &mut self,
        txn: &T,
        new: &NewSuggestion,
    ) -> Vec<ElementId> {
        let wanted = Standing::of(txn, &new.into(), &mut self.texts);
        let excluded = |old: &mut Rival| old.is_about(new) && old.standing.meets(&wanted);
        let taken = self.open.extract_if(.., excluded);
        taken.map(|old| old.suggestion.id).collect()
    }
}

impl Rival {
    fn is_about(&self, new: &NewSuggestion) -> bool {
        let old = &self.suggestion;
        (&old.author, &old.target) == (&new.author, &new.target)
    }

    fn reads_like(&self, new: &NewSuggestion) -> bool {
        let old = &self.suggestion;
        self.is_about(new) && (&old.quote, &old.replacement) == (&new.quote, &new.replacement)
    }
}

/// How a suggestion fits the document as it stands.
#[derive(PartialEq)]
struct Standing {
    /// Whether it is about all of a field or element, not about a passage.
    is_whole: bool,
    fits: Result<Staleness, BadTarget>,
}

impl Standing {
    fn of<T: ReadTxn>(txn: &T, proposal: &Proposal<'_>, texts: &mut Texts) -> Self {
        Self {
            is_whole: proposal.is_whole(),
            fits: proposal.staleness(txn, texts),
        }
    }

    /// Whether two suggestions for one target are about the same part of it.
    fn meets(&self, other: &Self) -> bool {
        let ranges = [self, other].map(Self::range);
        self.is_whole
            || matches!(ranges, [Some(one), Some(other)] if one == other
                || one.start < other.end && other.start < one.end)
    }

    fn fits_still(&self) -> bool {
        matches!(self.fits, Ok(Staleness::Fresh { .. }))
    }

    fn range(&self) -> Option<&Range<u32>> {
        match &self.fits {
            Ok(Staleness::Fresh { range }) => range.as_ref(),
            Ok(Staleness::Stale { .. }) | Err(_) => None,
        }
    }
}
