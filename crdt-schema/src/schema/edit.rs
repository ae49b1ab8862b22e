//! Rewrites of a text as the few insertions and deletions that they are.
//!
//! Replacing a whole text would throw away what others type in it at the same time, and every
//! cursor and anchor in it. A rewrite is compared word by word with what is there, and only the
//! differences are written.

use std::borrow::Cow;

use imara_diff::{Algorithm, Diff, InternedInput};
use yrs::{GetString, In, Text, TextRef, TransactionMut, types::Delta};

/// The text with line ends as documents hold them: line feeds alone.
#[must_use]
pub fn normalize(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Makes `text` read `wanted` (line ends normalised) with minimal edits.
pub(super) fn rewrite(text: &TextRef, txn: &mut TransactionMut<'_>, wanted: &str) {
    let wanted = normalize(wanted);
    let current = text.get_string(txn);
    if current == *wanted {
        return;
    }
    let delta = delta(&current, &wanted);
    text.apply_delta(txn, delta);
}

fn delta(current: &str, wanted: &str) -> Vec<Delta<In>> {
    let old = words(current);
    let new = words(wanted);
    let mut input: InternedInput<&str> = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let mut out = Vec::new();
    let mut done = 0;
    for hunk in Diff::compute(Algorithm::Histogram, &input).hunks() {
        let before = hunk.before.start as usize..hunk.before.end as usize;
        let after = hunk.after.start as usize..hunk.after.end as usize;
        push_retain(&mut out, utf16_len(&old[done..before.start]));
        done = before.end;
        push_hunk(&mut out, &old[before].concat(), &new[after].concat());
    }
    out
}

/// One difference, without what its two sides begin and end with in common.
fn push_hunk(out: &mut Vec<Delta<In>>, old: &str, new: &str) {
    let head = common_prefix(old, new);
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = common_suffix(old_rest, new_rest);
    push_retain(out, utf16_len(&[&old[..head]]));
    let inserted = &new_rest[..new_rest.len() - tail];
    if !inserted.is_empty() {
        out.push(Delta::insert(inserted.to_owned()));
    }
    let deleted = utf16_len(&[&old_rest[..old_rest.len() - tail]]);
    if deleted > 0 {
        out.push(Delta::delete(deleted));
    }
    push_retain(out, utf16_len(&[&old_rest[old_rest.len() - tail..]]));
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

/// Runs of letters and digits, runs of blanks, and every other character alone.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let class = Class::of(first);
        let end = match class {
            Class::Single => first.len_utf8(),
            Class::Word | Class::Blank => {
                rest.find(|c| Class::of(c) != class).unwrap_or(rest.len())
            }
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Blank,
    Single,
}

impl Class {
    fn of(c: char) -> Self {
        if c.is_alphanumeric() || c == '_' {
            Self::Word
        } else if c.is_whitespace() && c != '\n' {
            Self::Blank
        } else {
            Self::Single
        }
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

fn utf16_len(words: &[&str]) -> u32 {
    let units: usize = words
        .iter()
        .flat_map(|word| word.chars())
        .map(char::len_utf16)
        .sum();
    u32::try_from(units).expect("texts are far below 2^32 units")
}
