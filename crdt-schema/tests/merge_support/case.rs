//! One merge and what came of it, judged word by word.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use crdt_schema::merge::Merge;

use super::{Typed, words};

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) base: String,
    pub(crate) current: String,
    pub(crate) wanted: String,
    pub(crate) result: String,
    pub(crate) merge: Merge,
    pub(crate) typed: Typed,
}

impl Case {
    /// What was typed stands; what the rewrite put in stands or is suggested. `removed` are the
    /// passages of the current text that the merge removed.
    pub(crate) fn loses_nothing(&self, removed: &[Range<u32>]) {
        let result = set(&self.result);
        for word in set(&self.current).difference(&set(&self.base)) {
            assert!(
                result.contains(word),
                "{word} was typed and is lost: {self:#?}"
            );
        }
        for gone in removed {
            let mut typed = self.typed.words.iter();
            let lost = typed.find(|typed| typed.start < gone.end && gone.start < typed.end);
            assert_eq!(lost, None, "typed words are removed: {self:#?}");
        }
        let offered: HashSet<&str> = self
            .merge
            .suggested()
            .flat_map(|(hunk, _)| words(&hunk.replacement))
            .collect();
        for word in set(&self.wanted).difference(&set(&self.base)) {
            let is_somewhere = result.contains(word) || offered.contains(word);
            assert!(is_somewhere, "{word} of the rewrite is lost: {self:#?}");
        }
    }

    pub(crate) fn brings_nothing_back(&self) {
        let result = set(&self.result);
        for word in set(&self.base).difference(&set(&self.current)) {
            assert!(
                !result.contains(word),
                "{word} was removed and is back: {self:#?}"
            );
        }
    }

    pub(crate) fn fuses_and_doubles_nothing(&self) {
        let inputs = [&self.base, &self.current, &self.wanted].map(|text| counts(text));
        for (word, count) in counts(&self.result) {
            let most = inputs.iter().filter_map(|counts| counts.get(word)).max();
            let Some(most) = most else {
                panic!("{word} is fused or invented: {self:#?}");
            };
            let doubled = count > *most && !self.is_by_both(word);
            assert!(!doubled, "{word} is doubled: {self:#?}");
        }
    }

    /// What was merged as a whole has the words of the rewrite, but for what others did.
    pub(crate) fn is_as_meant(&self) {
        let [base, current, wanted, result] =
            [&self.base, &self.current, &self.wanted, &self.result].map(|text| set(text));
        if self.merge.suggested().next().is_none() {
            for word in wanted.difference(&result) {
                let is_removed = base.contains(word) && !current.contains(word);
                assert!(is_removed, "{word} was not written: {self:#?}");
            }
            for word in base.difference(&wanted) {
                assert!(!result.contains(word), "{word} should be gone: {self:#?}");
            }
        }
        if self.current == self.base && self.typed.ranges.is_empty() {
            assert_eq!(self.result, self.wanted);
        }
        if self.wanted == self.base || self.wanted == self.current {
            assert_eq!(self.result, self.current);
        }
    }

    /// Two who wrote a word or two of the same in different places both meant it.
    fn is_by_both(&self, word: &str) -> bool {
        let is_new = |text: &str| words(text).any(|other| other == word);
        is_new(&self.current) && is_new(&self.wanted) && !is_new(&self.base)
    }
}

fn set(text: &str) -> HashSet<&str> {
    words(text).collect()
}

fn counts(text: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for word in words(text) {
        *counts.entry(word).or_default() += 1;
    }
    counts
}
