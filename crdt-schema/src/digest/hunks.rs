//! What changed in one text, in whole words, and who wrote them.

use std::ops::Range;

use super::{Hunk, Words, naming::Names};
use crate::{
    attribution::{Age, Run, Who},
    ids::MemberId,
    path::DocPath,
    schema::{self, utf16_len},
};

/// Most characters of context on each side of a difference.
const CONTEXT_CHARS: usize = 40;

/// Farthest that an insertion is slid to where its writer made it, in characters. `a b` can come
/// from `a` by adding ` b` at the end only, but `a a` in two ways.
const SLIDE_CHARS: usize = 200;

/// One text, before and now.
pub(super) struct Text<'a> {
    pub(super) old: &'a str,
    pub(super) new: &'a str,
    /// Who wrote the text as it is now.
    pub(super) runs: &'a [Run],
}

/// Byte ranges of the old and the new text.
#[derive(Clone)]
struct Span {
    old: Range<usize>,
    new: Range<usize>,
}

impl Text<'_> {
    /// The differences, in order.
    pub(super) fn hunks(&self, names: &Names<'_>, path: &DocPath) -> Vec<Hunk> {
        let touched = names.touched(path);
        let mut at = 0;
        let mut units = 0;
        let mut spans = self.spans().into_iter().peekable();
        let mut floor = 0;
        let mut hunks = Vec::new();
        while let Some(span) = spans.next() {
            let ceiling = spans.peek().map_or(self.new.len(), |next| next.new.start);
            let start = units + utf16_len(&self.new[at..span.new.start]);
            let (span, start) = self.slide(span, start, floor..ceiling);
            hunks.push(self.hunk(&span, start, names, &touched));
            (at, units, floor) = (span.new.start, start, span.new.end);
        }
        hunks
    }

    /// The differences; those with nothing but blanks between them are one.
    fn spans(&self) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for hunk in schema::hunks(self.old, self.new) {
            if let Some(last) = spans.last_mut()
                && self.new[last.new.end..hunk.new.start]
                    .chars()
                    .all(|c| c == ' ' || c == '\t')
            {
                last.old.end = hunk.old.end;
                last.new.end = hunk.new.end;
            } else {
                spans.push(Span {
                    old: hunk.old,
                    new: hunk.new,
                });
            }
        }
        spans
    }

    /// Of the places where an insertion may as well have been made, the one where all of it is
    /// new; `start` is its offset in UTF-16 code units.
    fn slide(&self, span: Span, start: u32, within: Range<usize>) -> (Span, u32) {
        let length = utf16_len(&self.new[span.new.clone()]);
        if !span.old.is_empty() || self.is_new(&(start..start + length)) {
            return (span, start);
        }
        let is_new = |start: u32| self.is_new(&(start..start + length));
        self.up(&span, start, within.start, is_new)
            .or_else(|| self.down(&span, start, within.end, is_new))
            .unwrap_or((span, start))
    }

    fn up(
        &self,
        span: &Span,
        start: u32,
        floor: usize,
        is_right: impl Fn(u32) -> bool,
    ) -> Option<(Span, u32)> {
        let (mut span, mut start) = (span.clone(), start);
        for _ in 0..SLIDE_CHARS {
            let before = self.new[floor..span.new.start].chars().next_back()?;
            let last = self.new[span.new.clone()].chars().next_back()?;
            if before != last {
                return None;
            }
            start -= last.len_utf16() as u32;
            let bytes = last.len_utf8();
            span.new = span.new.start - bytes..span.new.end - bytes;
            span.old = span.old.start - bytes..span.old.end - bytes;
            if is_right(start) {
                return Some((span, start));
            }
        }
        None
    }

    fn down(
        &self,
        span: &Span,
        start: u32,
        ceiling: usize,
        is_right: impl Fn(u32) -> bool,
    ) -> Option<(Span, u32)> {
        let (mut span, mut start) = (span.clone(), start);
        for _ in 0..SLIDE_CHARS {
            let after = self.new[span.new.end..ceiling].chars().next()?;
            let first = self.new[span.new.clone()].chars().next()?;
            if after != first {
                return None;
            }
            start += first.len_utf16() as u32;
            let bytes = first.len_utf8();
            span.new = span.new.start + bytes..span.new.end + bytes;
            span.old = span.old.start + bytes..span.old.end + bytes;
            if is_right(start) {
                return Some((span, start));
            }
        }
        None
    }

    fn is_new(&self, range: &Range<u32>) -> bool {
        self.runs_in(range).iter().all(|run| run.age == Age::Since)
    }

    /// The runs that overlap with a range of UTF-16 code units.
    fn runs_in(&self, range: &Range<u32>) -> &[Run] {
        let first = self
            .runs
            .partition_point(|run| run.range.end <= range.start);
        let last = self.runs.partition_point(|run| run.range.start < range.end);
        &self.runs[first..last.max(first)]
    }

    fn hunk(&self, span: &Span, start: u32, names: &Names<'_>, touched: &[Who]) -> Hunk {
        let removed = self.old[span.old.clone()].to_owned();
        Hunk {
            at: start,
            before: tail(&self.new[..span.new.start]),
            inserted: self.words(&self.new[span.new.clone()], start, names),
            after: head(&self.new[span.new.end..]),
            removed_by: if removed.is_empty() {
                Vec::new()
            } else {
                touched.to_vec()
            },
            removed,
        }
    }

    /// `text`, which stands at `start`, by who wrote it.
    fn words(&self, text: &str, start: u32, names: &Names<'_>) -> Vec<Words> {
        let range = start..start + utf16_len(text);
        let mut pieces: Vec<Piece<'_>> = Vec::new();
        let (mut rest, mut at) = (text, start);
        for run in self.runs_in(&range) {
            let end = run.range.end.min(range.end);
            let cut = schema::byte_at(rest, end - at).unwrap_or(rest.len());
            let (words, after) = rest.split_at(cut);
            (rest, at) = (after, end);
            let piece = Piece {
                text: words.to_owned(),
                by: run.by.as_ref(),
                age: run.age,
            };
            match pieces.last_mut() {
                Some(last) if last.is_one_with(&piece) => last.append(&piece),
                _ => pieces.push(piece),
            }
        }
        pieces
            .into_iter()
            .map(|piece| Words {
                text: piece.text,
                by: piece.by.map(|by| names.who(by)),
            })
            .collect()
    }
}

/// Words that are told as one writer's.
struct Piece<'a> {
    text: String,
    by: Option<&'a MemberId>,
    age: Age,
}

impl<'a> Piece<'a> {
    /// Whether the two have one writer, or one is but a scrap of older text next to the other: a
    /// blank, or the rest of a word that was changed.
    fn is_one_with(&self, next: &Self) -> bool {
        let is_same_word = self.text.ends_with(char::is_alphanumeric)
            && next.text.starts_with(char::is_alphanumeric);
        let is_scrap = |piece: &Self| {
            piece.age == Age::Before
                && (piece.text.trim().is_empty()
                    || is_same_word && !piece.text.contains(char::is_whitespace))
        };
        self.by == next.by || is_scrap(self) || is_scrap(next)
    }

    fn append(&mut self, next: &Piece<'a>) {
        self.text.push_str(&next.text);
        if self.age == Age::Before {
            (self.by, self.age) = (next.by, next.age);
        }
    }
}

/// The end of what stands before a difference: of its last line, in whole words.
fn tail(text: &str) -> String {
    let mut start = text.len();
    for (at, c) in text.char_indices().rev().take(CONTEXT_CHARS) {
        if c == '\n' {
            return text[start..].to_owned();
        }
        start = at;
    }
    let is_cut = !text[..start].ends_with([' ', '\n']) && start > 0;
    let tail = &text[start..];
    match tail.find(' ') {
        Some(blank) if is_cut => tail[blank + 1..].to_owned(),
        _ => tail.to_owned(),
    }
}

/// The start of what stands after a difference: of its first line, in whole words.
fn head(text: &str) -> String {
    let mut end = 0;
    for (at, c) in text.char_indices().take(CONTEXT_CHARS) {
        if c == '\n' {
            return text[..end].to_owned();
        }
        end = at + c.len_utf8();
    }
    let is_cut = !text[end..].starts_with([' ', '\n']) && end < text.len();
    let head = &text[..end];
    match head.rfind(' ') {
        Some(blank) if is_cut => head[..blank].to_owned(),
        _ => head.to_owned(),
    }
}
