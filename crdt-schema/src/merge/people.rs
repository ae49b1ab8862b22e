//! What people are at work on, and what they wrote: an agent's rewrite spares it.

use std::ops::Range;

use super::{Texts, Why, changes::Change, ruler::Ruler};
use crate::schema::hunks;

/// Of this much of what people wrote, in per cent, a rewrite may remove no more.
const REMOVED_PERCENT_MAX: usize = 90;

/// Passages of the current text that are people's, in UTF-16 code units.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByPeople<'a> {
    /// Where a person typed since the base was read, or had a caret lately (see [`paragraph`]).
    pub touched: &'a [Range<u32>],
    /// What people wrote, whenever.
    pub wrote: &'a [Range<u32>],
}

impl ByPeople<'_> {
    /// Leaves the changes of touched passages to people.
    pub(super) fn spare_touched(&self, texts: &Texts<'_>, ruler: &Ruler, changes: &mut [Change]) {
        let mut touched = bytes(ruler, self.touched);
        touched.sort_unstable_by_key(|range| range.end);
        for change in changes.iter_mut().filter(|change| change.is_applied()) {
            let first = touched.partition_point(|range| range.end < change.current.start);
            let new = &texts.wanted[change.wanted.clone()];
            if touched[first..]
                .iter()
                .any(|range| meets(range, &change.current, new))
            {
                change.suggest(Why::Touched);
            }
        }
    }

    /// Leaves the whole rewrite to people when it would remove nearly all that they wrote.
    pub(super) fn spare_most(&self, texts: &Texts<'_>, ruler: &Ruler, changes: &mut [Change]) {
        if self.wrote.is_empty() || !changes.iter().any(Change::is_applied) {
            return;
        }
        let wrote = visible_in(texts.current, &bytes(ruler, self.wrote));
        let is_nearly_all =
            |removed: usize| removed * 100 > wrote[texts.current.len()] * REMOVED_PERCENT_MAX;
        let applied = || changes.iter().filter(|change| change.is_applied());
        let at_most =
            applied().map(|change| wrote[change.current.end] - wrote[change.current.start]);
        if is_nearly_all(at_most.sum())
            && is_nearly_all(applied().map(|change| removed(texts, change, &wrote)).sum())
        {
            for change in changes.iter_mut().filter(|change| change.is_applied()) {
                change.suggest(Why::RemovesNearlyAll);
            }
        }
    }
}

/// The paragraph around an offset, from its first to its last character: the lines up to the
/// next blank ones. All in UTF-16 code units.
#[must_use]
pub fn paragraph(text: &str, at: u32) -> Range<u32> {
    let ruler = Ruler::new(text);
    let byte = ruler.byte(at);
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |end| at + end);
    let is_blank = |start: usize, end: usize| text[start..end].trim().is_empty();
    let (mut start, mut end) = (line_start(byte), line_end(byte));
    if is_blank(start, end) {
        return ruler.unit(start)..ruler.unit(end);
    }
    while start > 0 && !is_blank(line_start(start - 1), start - 1) {
        start = line_start(start - 1);
    }
    while end < text.len() && !is_blank(end + 1, line_end(end + 1)) {
        end = line_end(end + 1);
    }
    ruler.unit(start)..ruler.unit(end)
}

/// Whether writing `new` in the place of `passage` would change what stands in `touched`, or what
/// a person who types there is about to write. Lines put before or behind it do not.
fn meets(touched: &Range<usize>, passage: &Range<usize>, new: &str) -> bool {
    if !touched.is_empty() && !passage.is_empty() {
        return passage.start < touched.end && touched.start < passage.end;
    }
    let is_line_behind = passage.start == touched.end && new.starts_with('\n');
    let is_line_before = passage.end == touched.start && new.ends_with('\n');
    let touches = passage.start <= touched.end && touched.start <= passage.end;
    touches && !(passage.is_empty() && (is_line_behind || is_line_before))
}

/// How many visible characters up to each byte of `text` lie in the given passages.
fn visible_in(text: &str, passages: &[Range<usize>]) -> Vec<usize> {
    let mut counts = vec![0; text.len() + 1];
    for passage in passages {
        for (at, c) in text[passage.clone()].char_indices() {
            counts[passage.start + at + 1] = usize::from(!c.is_whitespace());
        }
    }
    let mut sum = 0;
    for count in &mut counts {
        sum += *count;
        *count = sum;
    }
    counts
}

fn removed(texts: &Texts<'_>, change: &Change, visible: &[usize]) -> usize {
    let old = &texts.current[change.current.clone()];
    hunks(old, &texts.wanted[change.wanted.clone()])
        .into_iter()
        .map(|hunk| {
            let at = |byte: usize| visible[change.current.start + byte];
            at(hunk.old.end) - at(hunk.old.start)
        })
        .sum()
}

fn bytes(ruler: &Ruler, ranges: &[Range<u32>]) -> Vec<Range<usize>> {
    ranges
        .iter()
        .map(|range| {
            let start = ruler.byte(range.start);
            start..ruler.byte(range.end).max(start)
        })
        .collect()
}
