//! Rewrites of a text as the few insertions and deletions that they are.
//!
//! Replacing a whole text would throw away what others type in it at the same time, and every
//! cursor and anchor in it. A rewrite is compared word by word with what is there, and only the
//! differences are written.

use std::{borrow::Cow, ops::Range};

use imara_diff::{Algorithm, Diff, InternedInput};
use unicode_segmentation::UnicodeSegmentation;
use yrs::{In, Text, TextRef, TransactionMut, types::Delta};

/// The text with line ends as documents hold them: line feeds alone.
#[must_use]
pub fn normalize(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// One difference between two texts, as ranges of their bytes that begin and end between words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hunk {
    /// What it takes away from the old text.
    pub(crate) old: Range<usize>,
    /// What it puts there, as a range of the new text.
    pub(crate) new: Range<usize>,
}

/// What tells `new` from `old`, word by word, in order.
///
/// Lines are compared first, and words only within the lines that changed: that is faster, and
/// does not take a word of one paragraph for the same word of another.
pub(crate) fn hunks(old: &str, new: &str) -> Vec<Hunk> {
    let lines = compare(&lines(old), &lines(new));
    let mut hunks = Vec::new();
    for Hunk { old: from, new: to } in lines {
        let changed = compare(&words(&old[from.clone()]), &words(&new[to.clone()]));
        hunks.extend(changed.into_iter().map(|hunk| Hunk {
            old: from.start + hunk.old.start..from.start + hunk.old.end,
            new: to.start + hunk.new.start..to.start + hunk.new.end,
        }));
    }
    hunks
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split_word_bounds().collect()
}

/// What tells two texts apart, given as the parts that they are made of.
fn compare(old: &[&str], new: &[&str]) -> Vec<Hunk> {
    let mut input: InternedInput<&str> = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    let (old, new) = (starts(old), starts(new));
    let bytes = |starts: &[usize], range: Range<u32>| {
        starts[range.start as usize]..starts[range.end as usize]
    };
    diff.hunks()
        .map(|hunk| Hunk {
            old: bytes(&old, hunk.before),
            new: bytes(&new, hunk.after),
        })
        .collect()
}

/// The byte of `text` at this offset in UTF-16 code units, unless that is past its end or inside
/// a character.
pub(crate) fn byte_at(text: &str, at: u32) -> Option<usize> {
    let mut offset = 0;
    for (byte, c) in text.char_indices() {
        if offset >= at {
            return (offset == at).then_some(byte);
        }
        offset += if c.len_utf16() == 2 { 2 } else { 1 };
    }
    (offset == at).then_some(text.len())
}

/// The length of `text` in UTF-16 code units.
pub(crate) fn utf16_len(text: &str) -> u32 {
    let units: usize = text.chars().map(char::len_utf16).sum();
    u32::try_from(units).expect("texts are far below 2^32 units")
}

/// Changes passages of `text`, which reads `current`: bytes in order that do not overlap, and what
/// they should read. Only the differences are written, all in one go.
pub(super) fn rewrite(
    text: &TextRef,
    txn: &mut TransactionMut<'_>,
    current: &str,
    changes: &[(Range<usize>, Cow<'_, str>)],
) {
    let mut delta = Vec::new();
    let mut done = 0;
    for (range, wanted) in changes {
        push_retain(&mut delta, utf16_len(&current[done..range.start]));
        push_rewrite(&mut delta, &current[range.clone()], wanted);
        done = range.end;
    }
    if delta.iter().any(|part| !matches!(part, Delta::Retain(..))) {
        text.apply_delta(txn, delta);
    }
}

/// Appends what makes `old` read `new`, up to the end of it.
fn push_rewrite(out: &mut Vec<Delta<In>>, old: &str, new: &str) {
    let mut done = 0;
    for hunk in hunks(old, new) {
        push_retain(out, utf16_len(&old[done..hunk.old.start]));
        done = hunk.old.end;
        push_hunk(out, &old[hunk.old], &new[hunk.new]);
    }
    push_retain(out, utf16_len(&old[done..]));
}

/// One difference, without what its two sides begin and end with in common.
fn push_hunk(out: &mut Vec<Delta<In>>, old: &str, new: &str) {
    let head = common_prefix(old, new);
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = common_suffix(old_rest, new_rest);
    push_retain(out, utf16_len(&old[..head]));
    let inserted = &new_rest[..new_rest.len() - tail];
    if !inserted.is_empty() {
        out.push(Delta::insert(inserted.to_owned()));
    }
    let deleted = utf16_len(&old_rest[..old_rest.len() - tail]);
    if deleted > 0 {
        out.push(Delta::delete(deleted));
    }
    push_retain(out, utf16_len(&old_rest[old_rest.len() - tail..]));
}

fn push_retain(out: &mut Vec<Delta<In>>, length: u32) {
    if length == 0 {
        return;
    }
    if let Some(Delta::Retain(last, None)) = out.last_mut() {
        *last += length;
    } else {
        out.push(Delta::retain(length));
    }
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars()
        .zip(b.chars())
        .take_while(|(a, b)| a == b)
        .map(|(c, _)| c.len_utf8())
        .sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    a.chars()
        .rev()
        .zip(b.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(c, _)| c.len_utf8())
        .sum()
}

/// Where each word starts, and where the last one ends, in bytes.
fn starts(words: &[&str]) -> Vec<usize> {
    let mut end = 0;
    let mut starts = vec![0];
    starts.extend(words.iter().map(|word| {
        end += word.len();
        end
    }));
    starts
}
