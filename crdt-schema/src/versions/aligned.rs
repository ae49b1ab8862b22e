//! One text then and now, character by character: what is new, whose it is, and what is gone.

use std::{collections::BTreeMap, ops::Range};

use yrs::{In, types::Delta};

use crate::{
    attribution::{Age, Run},
    ids::MemberId,
    schema::{self, utf16_len},
};

/// A text that one member's part is taken out of.
///
/// What is left of the old text is the old text without what was deleted, in the same order,
/// because characters neither move nor come back. A *gap* is a place between two of its
/// characters, counted in bytes of what is left: there stands what is new, and there stood what
/// is gone.
pub(super) struct Aligned<'a> {
    segments: Vec<Segment>,
    gone: BTreeMap<usize, String>,
    gaps: BTreeMap<usize, Gap>,
    /// Whether each deletion could be placed.
    pub(super) is_whole: bool,
    text: &'a str,
}

struct Segment {
    of: Of,
    bytes: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// What is left of the old text.
    Old,
    /// New, and the member's.
    Mine,
    /// New, and somebody else's.
    Others,
}

#[derive(Default)]
struct Gap {
    has_mine: bool,
    has_others: bool,
}

/// What taking a member's part out of a text comes to.
#[derive(Default)]
pub(super) struct TakingOut {
    pub(super) delta: Vec<Delta<In>>,
    /// The member's words that go, in UTF-16 code units.
    pub(super) removed: u32,
    /// The words that come back, in UTF-16 code units.
    pub(super) restored: u32,
    /// What was deleted and stays so, in UTF-16 code units.
    pub(super) left_out: u32,
}

impl TakingOut {
    fn retain(&mut self, text: &str) {
        let units = utf16_len(text);
        if units > 0 {
            self.delta.push(Delta::retain(units));
        }
    }
}

impl<'a> Aligned<'a> {
    /// Lays `now`, whose writers are `runs`, beside what it read then.
    pub(super) fn new(then: &str, now: &'a str, runs: &[Run], member: &MemberId) -> Self {
        let segments = segments(now, runs, member);
        let mut left = String::new();
        let mut gaps: BTreeMap<usize, Gap> = BTreeMap::new();
        for segment in &segments {
            match segment.of {
                Of::Old => left.push_str(&now[segment.bytes.clone()]),
                Of::Mine => gaps.entry(left.len()).or_default().has_mine = true,
                Of::Others => gaps.entry(left.len()).or_default().has_others = true,
            }
        }
        let mut aligned = Self {
            segments,
            gone: BTreeMap::new(),
            gaps,
            is_whole: true,
            text: now,
        };
        aligned.find_gone(then, &left);
        aligned
    }

    /// Takes the member's new words out. What is gone comes back where the member replaced it by
    /// own words, and everywhere when nobody else can have deleted it.
    pub(super) fn take_out(&self, was_alone: bool) -> TakingOut {
        let mut out = TakingOut::default();
        let mut at = 0;
        self.fill(at, was_alone, &mut out);
        for segment in &self.segments {
            let text = &self.text[segment.bytes.clone()];
            match segment.of {
                Of::Old => {
                    let end = at + text.len();
                    let mut done = 0;
                    for gap in self.gone.range(at + 1..=end).map(|(gap, _)| *gap) {
                        out.retain(&text[done..gap - at]);
                        done = gap - at;
                        self.fill(gap, was_alone, &mut out);
                    }
                    out.retain(&text[done..]);
                    at = end;
                }
                Of::Mine => {
                    let units = utf16_len(text);
                    out.removed += units;
                    out.delta.push(Delta::delete(units));
                }
                Of::Others => out.retain(text),
            }
        }
        out
    }

    fn fill(&self, gap: usize, was_alone: bool, out: &mut TakingOut) {
        let Some(gone) = self.gone.get(&gap) else {
            return;
        };
        let units = utf16_len(gone);
        let was_replaced = self
            .gaps
            .get(&gap)
            .is_some_and(|gap| gap.has_mine && !gap.has_others);
        if was_alone || was_replaced {
            out.delta.push(Delta::insert(gone.clone()));
            out.restored += units;
        } else {
            out.left_out += units;
        }
    }

    /// Finds where in `left` each deleted passage of `then` stood: passage by passage, or at once
    /// where the passages that changed by words are not those that lost letters.
    fn find_gone(&mut self, then: &str, left: &str) {
        let by_passage = schema::hunks(then, left).into_iter().map(|hunk| {
            let gone = deletions(&then[hunk.old], &left[hunk.new.clone()])?;
            let shift = move |(at, text)| (hunk.new.start + at, text);
            Some(gone.into_iter().map(shift).collect::<Vec<_>>())
        });
        let by_passage = by_passage.collect::<Option<Vec<_>>>();
        let gone = by_passage.map(|all| all.concat());
        match gone.or_else(|| deletions(then, left)) {
            Some(gone) => {
                for (at, text) in gone {
                    self.gone.entry(at).or_default().push_str(&text);
                }
            }
            None => self.is_whole = false,
        }
    }
}

/// What was deleted from `old` to get `new`, by the byte of `new` where it stood. `None` when
/// deleting alone does not do it.
fn deletions(old: &str, new: &str) -> Option<Vec<(usize, String)>> {
    let mut deletions: Vec<(usize, String)> = Vec::new();
    let mut left = new.char_indices().peekable();
    for c in old.chars() {
        let at = left.peek().map_or(new.len(), |(at, _)| *at);
        if left.next_if(|(_, kept)| *kept == c).is_some() {
            continue;
        }
        match deletions.last_mut() {
            Some((last, text)) if *last == at => text.push(c),
            _ => deletions.push((at, c.to_string())),
        }
    }
    left.next().is_none().then_some(deletions)
}

fn segments(now: &str, runs: &[Run], member: &MemberId) -> Vec<Segment> {
    let mut segments = Vec::with_capacity(runs.len());
    let mut at = 0;
    for run in runs {
        let units = run.range.end - run.range.start;
        let length = schema::byte_at(&now[at..], units).unwrap_or(now.len() - at);
        let of = match run.age {
            Age::Before => Of::Old,
            Age::Since if run.by.as_ref() == Some(member) => Of::Mine,
            Age::Since => Of::Others,
        };
        segments.push(Segment {
            of,
            bytes: at..at + length,
        });
        at += length;
    }
    segments
}
