//! Which changes of a rewrite lie apart from what others changed, and where they go now.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use unicode_segmentation::UnicodeSegmentation;

use super::{Outcome, Texts, Why, moves::runs};
use crate::{
    schema::{Hunk, hunks},
    suggest::{is_little, is_wordless, join},
};

/// One change: the bytes of the three texts that it is about, and what becomes of it.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) base: Range<usize>,
    pub(super) current: Range<usize>,
    pub(super) wanted: Range<usize>,
    pub(super) outcome: Outcome,
}

impl Change {
    pub(super) fn is_applied(&self) -> bool {
        self.outcome == Outcome::Applied
    }

    pub(super) fn suggest(&mut self, why: Why) {
        self.outcome = Outcome::Suggested(why);
    }
}

/// The changes of a rewrite in order, judged by what others changed alone.
pub(super) fn changes(texts: &Texts<'_>) -> Vec<Change> {
    // A blank or a mark between two changes of theirs is a coincidence, not something they kept.
    let theirs = join(hunks(texts.base, texts.current), |one, next| {
        is_wordless(texts.base, one, next)
    });
    let is_same = |hunk: &Hunk| same_change(texts, &theirs, hunk).is_some();
    let ours = join(hunks(texts.base, texts.wanted), |one, next| {
        is_little(texts.base, one, next) && !is_same(one) && !is_same(next)
    });
    let sides = Sides {
        texts,
        theirs: &theirs,
        ours: &ours,
        said: theirs
            .iter()
            .flat_map(|hunk| runs(&texts.current[hunk.new.clone()]))
            .collect(),
    };
    sides
        .clusters()
        .map(|cluster| sides.change(&cluster))
        .collect()
}

/// What both sides changed, of the same base.
struct Sides<'a> {
    texts: &'a Texts<'a>,
    theirs: &'a [Hunk],
    ours: &'a [Hunk],
    /// Runs of words that others wrote, wherever.
    said: HashSet<&'a str>,
}

/// Changes of ours that overlap the same changes of theirs; one of ours alone if it overlaps none.
struct Cluster {
    ours: Range<usize>,
    theirs: Range<usize>,
}

impl Sides<'_> {
    fn clusters(&self) -> impl Iterator<Item = Cluster> {
        let mut clusters: Vec<Cluster> = Vec::with_capacity(self.ours.len());
        for (at, hunk) in self.ours.iter().enumerate() {
            let theirs = if same_change(self.texts, self.theirs, hunk).is_some() {
                0..0
            } else {
                overlapping(self.theirs, hunk)
            };
            match clusters.last_mut() {
                Some(last) if !theirs.is_empty() && last.theirs.end > theirs.start => {
                    last.ours.end = at + 1;
                    last.theirs.end = theirs.end;
                }
                _ => clusters.push(Cluster {
                    ours: at..at + 1,
                    theirs,
                }),
            }
        }
        clusters.into_iter()
    }

    fn change(&self, cluster: &Cluster) -> Change {
        let ours = &self.ours[cluster.ours.clone()];
        if !cluster.theirs.is_empty() {
            return self.conflict(ours, &self.theirs[cluster.theirs.clone()]);
        }
        let hunk = &ours[0];
        if let Some(theirs) = same_change(self.texts, self.theirs, hunk) {
            return Change {
                base: hunk.old.clone(),
                current: theirs.new.clone(),
                wanted: hunk.new.clone(),
                outcome: Outcome::AlreadyThere,
            };
        }
        let (current, gone) = self.place(hunk);
        let outcome = if gone {
            Outcome::Suggested(Why::ContextGone)
        } else if self.was_said(hunk) {
            Outcome::Suggested(Why::SaidAlready)
        } else {
            Outcome::Applied
        };
        Change {
            base: hunk.old.clone(),
            current,
            wanted: hunk.new.clone(),
            outcome,
        }
    }

    /// Both sides changed the same words: the whole stretch is decided at once.
    fn conflict(&self, ours: &[Hunk], theirs: &[Hunk]) -> Change {
        let start = |hunks: &[Hunk]| hunks[0].old.start;
        let end = |hunks: &[Hunk]| hunks[hunks.len() - 1].old.end;
        let base = start(ours).min(start(theirs))..end(ours).max(end(theirs));
        let current = behind(self.theirs, base.start)..before(self.theirs, base.end);
        let wanted = behind(self.ours, base.start)..before(self.ours, base.end);
        let is_same = self.texts.current[current.clone()] == self.texts.wanted[wanted.clone()];
        Change {
            base,
            current,
            wanted,
            outcome: if is_same {
                Outcome::AlreadyThere
            } else {
                Outcome::Suggested(Why::Overlaps)
            },
        }
    }

    /// Where a change that overlaps none of theirs goes in the current text, and whether what it
    /// was put next to is gone.
    ///
    /// An insertion goes right behind what it followed, before anything that others put there; if
    /// that is gone, right before what it preceded. At the ends of the text a line stands alone.
    fn place(&self, hunk: &Hunk) -> (Range<usize>, bool) {
        let Range { start, end } = hunk.old;
        if start < end {
            return (behind(self.theirs, start)..before(self.theirs, end), false);
        }
        let removed = |beside: fn(&Hunk) -> usize| {
            let mut neighbours = self
                .neighbours(hunk)
                .filter(|theirs| !theirs.old.is_empty());
            neighbours.any(|theirs| beside(theirs) == start)
        };
        let left_gone = removed(|theirs| theirs.old.end);
        let right_gone = removed(|theirs| theirs.old.start);
        let new = &self.texts.wanted[hunk.new.clone()];
        let whole = 0..self.texts.base.len();
        let stands_alone = match (start == whole.start, start == whole.end) {
            (true, _) => !right_gone || new.ends_with('\n'),
            (_, true) => !left_gone || new.starts_with('\n'),
            (false, false) => !left_gone || !right_gone,
        };
        let rewritten = !whole.is_empty() && self.theirs.iter().any(|theirs| theirs.old == whole);
        let at = if left_gone {
            behind(self.theirs, start)
        } else {
            before(self.theirs, start)
        };
        (at..at, rewritten || !stands_alone)
    }

    /// Changes of theirs that touch this one of ours without overlapping it.
    fn neighbours(&self, hunk: &Hunk) -> impl Iterator<Item = &Hunk> {
        let first = self
            .theirs
            .partition_point(|theirs| theirs.old.end < hunk.old.start);
        self.theirs[first..]
            .iter()
            .take_while(|theirs| theirs.old.start <= hunk.old.end)
    }

    /// Whether others wrote the same, or right there much the same.
    fn was_said(&self, hunk: &Hunk) -> bool {
        let new = &self.texts.wanted[hunk.new.clone()];
        runs(new).any(|run| self.said.contains(run))
            || self.neighbours(hunk).any(|theirs| self.echo(hunk, theirs))
    }

    /// Whether two changes put largely the same words into the text.
    fn echo(&self, ours: &Hunk, theirs: &Hunk) -> bool {
        let removed = |hunk: &Hunk| word_counts(&self.texts.base[hunk.old.clone()]);
        let added = |new: &str, old: HashMap<String, usize>| {
            let mut counts = word_counts(new);
            counts.retain(|word, count| {
                *count = count.saturating_sub(old.get(word).copied().unwrap_or(0));
                *count > 0
            });
            counts
        };
        let ours = added(&self.texts.wanted[ours.new.clone()], removed(ours));
        let theirs = added(&self.texts.current[theirs.new.clone()], removed(theirs));
        let shared: usize = ours
            .iter()
            .map(|(word, count)| theirs.get(word).map_or(0, |other| *count.min(other)))
            .sum();
        let smaller = ours.values().sum::<usize>().min(theirs.values().sum());
        shared * 2 > smaller
    }
}

/// The change of theirs that is exactly this one of ours.
fn same_change<'a>(texts: &Texts<'_>, theirs: &'a [Hunk], ours: &Hunk) -> Option<&'a Hunk> {
    let found = theirs.binary_search_by_key(&(ours.old.start, ours.old.end), |theirs| {
        (theirs.old.start, theirs.old.end)
    });
    let theirs = &theirs[found.ok()?];
    (texts.current[theirs.new.clone()] == texts.wanted[ours.new.clone()]).then_some(theirs)
}

fn overlapping(theirs: &[Hunk], ours: &Hunk) -> Range<usize> {
    let first = theirs.partition_point(|theirs| !ends_behind(theirs, ours));
    let count = theirs[first..].partition_point(|theirs| ends_behind(ours, theirs));
    first..first + count
}

/// Whether `one` ends behind the start of `other`, or right at it with something of both in it.
fn ends_behind(one: &Hunk, other: &Hunk) -> bool {
    one.old.end > other.old.start
}

/// The place of the base's byte `at` in the changed text, before anything inserted right there.
/// No change has `at` inside it.
fn before(hunks: &[Hunk], at: usize) -> usize {
    shifted(hunks, hunks.partition_point(|hunk| hunk.old.start < at), at)
}

/// The place of the base's byte `at` in the changed text, behind anything inserted right there.
/// No change has `at` inside it.
fn behind(hunks: &[Hunk], at: usize) -> usize {
    shifted(hunks, hunks.partition_point(|hunk| hunk.old.end <= at), at)
}

fn shifted(hunks: &[Hunk], passed: usize, at: usize) -> usize {
    match passed.checked_sub(1).map(|last| &hunks[last]) {
        Some(last) => last.new.end + (at - last.old.end),
        None => at,
    }
}

fn word_counts(text: &str) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in text.unicode_words() {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}
