//! Where what is written meets what stands: words must not run into each other there.

use unicode_segmentation::UnicodeSegmentation;

use super::{Texts, Why, changes::Change};

/// Longest part of a word that is looked at on either side of a seam, in characters.
const REACH_CHARS_MAX: usize = 32;

/// Leaves the changes that would join two words to people. Returns whether there were any.
pub(super) fn spare_seams(texts: &Texts<'_>, changes: &mut [Change]) -> bool {
    let is_rewrite_as_sent = texts.base == texts.current && changes.iter().all(Change::is_applied);
    if is_rewrite_as_sent {
        return false;
    }
    let joining = joining(texts, changes);
    for at in &joining {
        changes[*at].suggest(Why::WouldFuse);
    }
    !joining.is_empty()
}

/// The changes that join words, when all that are to be applied are.
fn joining(texts: &Texts<'_>, changes: &[Change]) -> Vec<usize> {
    let mut joining = Vec::new();
    let mut out = Written::default();
    let mut done = 0;
    for (at, change) in changes.iter().enumerate() {
        if !change.is_applied() {
            continue;
        }
        joining.extend(out.push(&texts.current[done..change.current.start], None));
        done = change.current.end;
        out.changed_by = Some(at);
        joining.extend(out.push(&texts.wanted[change.wanted.clone()], Some(at)));
    }
    joining.extend(out.push(&texts.current[done..], None));
    joining.dedup();
    joining
}

/// The end of what has been put together so far.
#[derive(Default)]
struct Written {
    tail: String,
    /// The change that the end was made by, if one was.
    changed_by: Option<usize>,
}

impl Written {
    /// Appends what stands or, `by` a change, what is inserted. Returns the change that joined two
    /// words by that.
    fn push(&mut self, part: &str, by: Option<usize>) -> Option<usize> {
        if part.is_empty() {
            return None;
        }
        let seam = by.or(self.changed_by);
        let joined = seam.filter(|_| fuses(&self.tail, part));
        self.tail.push_str(last(part));
        let cut = self.tail.len() - last(&self.tail).len();
        self.tail.drain(..cut);
        self.changed_by = by;
        joined
    }
}

/// Whether a word spans the seam of two texts.
fn fuses(left: &str, right: &str) -> bool {
    let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    if is_blank(left.chars().next_back()) || is_blank(right.chars().next()) {
        return false;
    }
    let seam = left.len();
    let both = [left, first(right)].concat();
    !both.split_word_bound_indices().any(|(at, _)| at == seam)
}

fn first(text: &str) -> &str {
    let end = text.char_indices().nth(REACH_CHARS_MAX);
    end.map_or(text, |(end, _)| &text[..end])
}

fn last(text: &str) -> &str {
    let start = text.char_indices().rev().nth(REACH_CHARS_MAX - 1);
    start.map_or(text, |(start, _)| &text[start..])
}
