//! Words that a rewrite takes away in one place and puts in another stand or fall together.
//!
//! Writing only one half of a move would lose the words or double them; putting back what others
//! removed meanwhile would undo their work.

use std::collections::{HashMap, HashSet};

use rustc_hash::FxHashMap;
use unicode_segmentation::UnicodeSegmentation;

use super::{Outcome, Texts, Why, changes::Change};

/// The moves of a rewrite: what one change removes and another one inserts.
///
/// Each is the number of the removing change and that of the inserting one.
pub(super) struct Moves(HashSet<(usize, usize)>);

impl Moves {
    pub(super) fn of(texts: &Texts<'_>, changes: &[Change]) -> Self {
        if changes.len() < 2 {
            return Self(HashSet::new());
        }
        let in_base = counts(texts.base);
        let in_wanted = counts(texts.wanted);
        let is_single =
            |mark: &&str| in_base.get(mark) == Some(&1) && in_wanted.get(mark) == Some(&1);
        let mut removed: HashMap<&str, usize> = HashMap::new();
        for (at, change) in changes.iter().enumerate() {
            let old = marks(&texts.base[change.base.clone()]);
            removed.extend(old.filter(is_single).map(|mark| (mark, at)));
        }
        let mut moves = HashSet::new();
        for (at, change) in changes.iter().enumerate() {
            let new = marks(&texts.wanted[change.wanted.clone()]);
            moves.extend(
                new.filter_map(|mark| removed.get(mark))
                    .filter(|from| **from != at)
                    .map(|from| (*from, at)),
            );
        }
        Self(moves)
    }

    /// Leaves the halves of moves that cannot be written as a whole to people. Returns whether
    /// there were any.
    pub(super) fn spare_moves(&self, changes: &mut [Change]) -> bool {
        let mut spared = false;
        while self.spare_halves(changes) {
            spared = true;
        }
        spared
    }

    fn spare_halves(&self, changes: &mut [Change]) -> bool {
        let mut spared = false;
        for (from, to) in &self.0 {
            let halves = (changes[*from].outcome, changes[*to].outcome);
            let (at, why) = match halves {
                (Outcome::Applied, Outcome::Suggested(_)) => (*from, Why::PartOfMove),
                (Outcome::Suggested(_), Outcome::Applied) => (*to, Why::PartOfMove),
                (Outcome::AlreadyThere, Outcome::Applied) => (*to, Why::BringsBack),
                (Outcome::Applied, Outcome::Applied | Outcome::AlreadyThere)
                | (Outcome::AlreadyThere, Outcome::AlreadyThere | Outcome::Suggested(_))
                | (Outcome::Suggested(_), Outcome::AlreadyThere | Outcome::Suggested(_)) => {
                    continue;
                }
            };
            changes[at].suggest(why);
            spared = true;
        }
        spared
    }
}

fn counts(text: &str) -> FxHashMap<&str, u32> {
    let mut counts = FxHashMap::default();
    for mark in marks(text) {
        *counts.entry(mark).or_default() += 1;
    }
    counts
}

/// What a text is told by: its words, and each run of them.
fn marks(text: &str) -> impl Iterator<Item = &str> {
    text.unicode_words().chain(runs(text))
}

/// Each run of three words, with what stands between them.
pub(super) fn runs(text: &str) -> impl Iterator<Item = &str> {
    let words: Vec<(usize, &str)> = text.unicode_word_indices().collect();
    let run = |at: usize| &text[words[at].0..words[at + 2].0 + words[at + 2].1.len()];
    let runs: Vec<&str> = (0..words.len().saturating_sub(2)).map(run).collect();
    runs.into_iter()
}
