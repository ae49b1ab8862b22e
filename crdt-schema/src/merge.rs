//! Three-way merge of a text that an agent rewrote.
//!
//! An agent reads a text, thinks, and sends the new text. Meanwhile people typed. What the agent
//! changed (base to wanted) is compared with what others changed (base to current), word by word:
//! what lies apart is written as the few edits that it is, what cannot be told apart safely
//! becomes a suggestion, and nobody's words are lost, brought back, fused or doubled.
//!
//! What others changed is told from the texts alone. Where they removed words, an insertion next to
//! words that stand in the text twice may therefore land at the other place.
//!
//! Everything here is about texts; what an edit of a list or a field means is in [`Edit`].

mod changes;
mod edits;
mod find;
mod moves;
mod people;
mod ruler;
mod seams;
mod section;
mod token;

use std::ops::Range;

use serde::{Deserialize, Serialize};
use yrs::{ReadTxn, TransactionMut};

use self::{changes::Change, moves::Moves, ruler::Ruler};
pub use self::{
    edits::{Edit, EditProblem, Where, apply_all, suggestions},
    find::{FindError, Spot, replace},
    people::{ByPeople, paragraph},
    section::{SectionError, append},
    token::{BadToken, BaseToken},
};
use crate::{
    schema::{EditError, NewSuggestion, TextField, normalize},
    suggest::{self, Maker},
};

/// What became of a rewrite, change by change, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
pub struct Merge {
    /// The changes.
    pub hunks: Vec<MergedHunk>,
}

/// One change of a rewrite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MergedHunk {
    /// Where its passage starts in the current text, in UTF-16 code units.
    pub start: u32,
    /// Where its passage ends.
    pub end: u32,
    /// What the passage reads now.
    pub quote: String,
    /// What it should read.
    pub replacement: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What becomes of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "outcome", content = "why", rename_all = "snake_case")]
#[schema(as = MergeOutcome)]
pub enum Outcome {
    /// It is written.
    Applied,
    /// The text reads so already.
    AlreadyThere,
    /// People decide.
    Suggested(Why),
}

/// Why a change is not written but suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MergeWhy)]
pub enum Why {
    /// A person is at work there.
    Touched,
    /// Others changed the same words meanwhile.
    Overlaps,
    /// Others wrote the same, or much the same at the same place.
    SaidAlready,
    /// What it was put next to is gone.
    ContextGone,
    /// It would join two words into one.
    WouldFuse,
    /// It is part of a move, and another part cannot be written.
    PartOfMove,
    /// It would bring back what others removed.
    BringsBack,
    /// It would remove nearly all that people wrote.
    RemovesNearlyAll,
    /// Its author may only suggest here.
    NotOwner,
}

impl Why {
    /// The reason in a sentence, for the author and for whoever decides.
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Touched => "A person is at work there.",
            Self::Overlaps => "Others changed the same words meanwhile.",
            Self::SaidAlready => "Others wrote much the same meanwhile.",
            Self::ContextGone => "What it was put next to is gone.",
            Self::WouldFuse => "It would join two words into one.",
            Self::PartOfMove => "It is part of a move, and another part cannot be written.",
            Self::BringsBack => "It would bring back what others removed.",
            Self::RemovesNearlyAll => "It would remove nearly all that people wrote.",
            Self::NotOwner => "Its author may only suggest here.",
        }
    }
}

/// Merges a rewrite: `wanted` was made from `base`, and the text reads `current` by now.
#[must_use]
pub fn merge(base: &str, current: &str, wanted: &str, people: &ByPeople<'_>) -> Merge {
    let wanted = normalize(wanted);
    let texts = Texts {
        base,
        current,
        wanted: &wanted,
    };
    let ruler = Ruler::new(current);
    let mut changes = changes::changes(&texts);
    people.spare_touched(&texts, &ruler, &mut changes);
    let moves = Moves::of(&texts, &changes);
    while moves.spare_moves(&mut changes) | seams::spare_seams(&texts, &mut changes) {}
    people.spare_most(&texts, &ruler, &mut changes);
    Merge {
        hunks: changes
            .into_iter()
            .map(|change| change.hunk(&texts, &ruler))
            .collect(),
    }
}

/// The three sides of a merge.
struct Texts<'a> {
    base: &'a str,
    current: &'a str,
    wanted: &'a str,
}

impl Merge {
    /// The changes that people have to decide.
    pub fn suggested(&self) -> impl Iterator<Item = (&MergedHunk, Why)> {
        self.hunks.iter().filter_map(|hunk| match hunk.outcome {
            Outcome::Suggested(why) => Some((hunk, why)),
            Outcome::Applied | Outcome::AlreadyThere => None,
        })
    }

    /// Leaves all that would be written to people to decide.
    #[must_use]
    pub fn suggest_all(mut self, why: Why) -> Self {
        for hunk in &mut self.hunks {
            match hunk.outcome {
                Outcome::Applied => hunk.outcome = Outcome::Suggested(why),
                Outcome::AlreadyThere | Outcome::Suggested(_) => {}
            }
        }
        self
    }

    /// What the text reads once the merge is written; `current` is what was merged.
    ///
    /// # Panics
    /// When `current` is another text.
    #[must_use]
    pub fn text(&self, current: &str) -> String {
        let ruler = Ruler::new(current);
        let mut out = String::with_capacity(current.len());
        let mut done = 0;
        for (range, replacement) in self.written() {
            out.push_str(&current[done..ruler.byte(range.start)]);
            out.push_str(replacement);
            done = ruler.byte(range.end);
        }
        out.push_str(&current[done..]);
        out
    }

    /// Writes what can be written into `text`, which reads what was merged, and gives back what
    /// is to be suggested, anchored in it.
    ///
    /// # Errors
    /// When the element that the text belongs to does not exist, or the text reads otherwise and
    /// is too short. Nothing is changed then.
    pub fn write(
        &self,
        txn: &mut TransactionMut<'_>,
        text: &TextField,
        maker: &Maker<'_>,
    ) -> Result<Vec<NewSuggestion>, EditError> {
        let suggestions = self.suggestions(txn, text, maker);
        let written: Vec<_> = self.written().collect();
        if !written.is_empty() {
            text.rewrite(txn, &written)?;
        }
        Ok(suggestions)
    }

    /// What is to be suggested, anchored in `text`, which reads what was merged. The reason of
    /// each says why it was not written.
    pub fn suggestions<T: ReadTxn>(
        &self,
        txn: &T,
        text: &TextField,
        maker: &Maker<'_>,
    ) -> Vec<NewSuggestion> {
        self.suggested()
            .filter_map(|(hunk, why)| {
                let reason = [maker.reason, why.says()].join(" ");
                let maker = Maker {
                    reason: reason.trim_start(),
                    ..*maker
                };
                suggest::passage(txn, text, hunk.range(), &hunk.replacement, &maker)
            })
            .collect()
    }

    fn written(&self) -> impl Iterator<Item = (Range<u32>, &str)> {
        self.hunks.iter().filter_map(|hunk| match hunk.outcome {
            Outcome::Applied => Some((hunk.range(), hunk.replacement.as_str())),
            Outcome::AlreadyThere | Outcome::Suggested(_) => None,
        })
    }
}

impl MergedHunk {
    /// Its passage in the current text, in UTF-16 code units.
    #[must_use]
    pub fn range(&self) -> Range<u32> {
        self.start..self.end
    }
}

impl Change {
    fn hunk(self, texts: &Texts<'_>, ruler: &Ruler) -> MergedHunk {
        MergedHunk {
            start: ruler.unit(self.current.start),
            end: ruler.unit(self.current.end),
            quote: texts.current[self.current].to_owned(),
            replacement: texts.wanted[self.wanted].to_owned(),
            outcome: self.outcome,
        }
    }
}
