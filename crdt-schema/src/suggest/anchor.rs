//! Passages that suggestions and discussions hold on to while the text around them changes.

use std::ops::Range;

use yrs::ReadTxn;

use super::{Maker, texts::Texts};
use crate::{
    path::DocPath,
    project::ThreadProjection,
    schema::{NewSuggestion, Position, TextField, byte_at, normalize, utf16_len},
};

/// A passage: where it starts and ends, and what it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Moves along with its first character; of an empty passage, with the character before it.
    pub start: Option<Position>,
    /// Moves along with its last character; of an empty passage, with the character after it.
    pub end: Option<Position>,
    /// What it reads.
    pub quote: String,
}

/// Anchors a passage, given in UTF-16 code units. `None` when it does not lie in the text, or
/// cuts a character.
///
/// What is typed before the passage or behind it does not become part of it.
pub fn anchor<T: ReadTxn>(txn: &T, text: &TextField, range: Range<u32>) -> Option<Anchor> {
    let current = text.read(txn);
    let bytes = byte_at(&current, range.start)?..byte_at(&current, range.end)?;
    let quote = current.get(bytes)?.to_owned();
    let (start, end) = if range.is_empty() {
        (
            Position::behind(txn, text, range.start).or_else(|| Position::of(txn, text, 0)),
            Position::of(txn, text, range.end),
        )
    } else {
        (
            Position::of(txn, text, range.start),
            Position::behind(txn, text, range.end),
        )
    };
    Some(Anchor { start, end, quote })
}

/// A suggestion that a passage read `replacement`. `None` when the passage does not lie in the
/// text, or cuts a character.
pub fn passage<T: ReadTxn>(
    txn: &T,
    text: &TextField,
    range: Range<u32>,
    replacement: &str,
    maker: &Maker<'_>,
) -> Option<NewSuggestion> {
    let Anchor { start, end, quote } = anchor(txn, text, range)?;
    Some(NewSuggestion {
        start,
        end,
        quote,
        ..maker.suggestion(text.path(), replacement)
    })
}

impl Maker<'_> {
    /// A suggestion that quotes nothing.
    pub(super) fn suggestion(&self, target: &DocPath, replacement: &str) -> NewSuggestion {
        NewSuggestion {
            target: target.to_string(),
            replacement: normalize(replacement).into_owned(),
            reason: self.reason.to_owned(),
            author: self.author.to_string(),
            at: i64::try_from(self.at_ms).unwrap_or(i64::MAX),
            ..NewSuggestion::default()
        }
    }
}

/// Where a passage is now.
pub(super) enum Found {
    /// It stands there, unchanged: a range of UTF-16 code units.
    There(Range<u32>),
    /// It does not; what stands in its place.
    Changed { now: String },
}

/// Looks for what is quoted between two positions of `text`.
///
/// Without positions (imported content has none) a quote is found where it stands once.
pub(super) fn find<T: ReadTxn>(
    txn: &T,
    text: &TextField,
    texts: &mut Texts,
    ends: [Option<&Position>; 2],
    quote: &str,
) -> Found {
    let known = texts.read(txn, text);
    let current = known.current.as_str();
    let [Some(start), Some(end)] = ends.map(|at| known.offset(txn, text, at?)) else {
        return unanchored(current, quote, ends.iter().any(Option::is_some));
    };
    let bytes = byte_at(current, start).zip(byte_at(current, end));
    let now = bytes.and_then(|(start, end)| current.get(start..end));
    let Some(now) = now else {
        return Found::Changed { now: String::new() };
    };
    let kept = if quote.is_empty() {
        ends.iter()
            .any(|at| at.is_some_and(|at| at.stands(txn, text)))
            || current.is_empty()
    } else {
        now.starts_with(quote)
    };
    if kept {
        Found::There(start..start + utf16_len(quote))
    } else {
        Found::Changed {
            now: now.to_owned(),
        }
    }
}

fn unanchored(current: &str, quote: &str, was_anchored: bool) -> Found {
    let changed = Found::Changed { now: String::new() };
    if was_anchored {
        return changed;
    }
    if quote.is_empty() {
        let end = utf16_len(current);
        return Found::There(end..end);
    }
    match current.match_indices(quote).take(2).collect::<Vec<_>>()[..] {
        [(at, _)] => {
            let start = utf16_len(&current[..at]);
            Found::There(start..start + utf16_len(quote))
        }
        _ => changed,
    }
}

/// Where what a discussion is about is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whereabouts {
    /// In a text, a range of UTF-16 code units. It may read otherwise than it did.
    At(Range<u32>),
    /// The whole place, not a passage in it.
    Whole,
    /// The passage or the place is gone; what it read.
    Orphaned {
        /// What the passage read when the discussion began.
        quote: String,
    },
}

/// Finds what a discussion is about.
pub fn whereabouts<T: ReadTxn>(txn: &T, thread: &ThreadProjection) -> Whereabouts {
    let orphaned = || Whereabouts::Orphaned {
        quote: thread.quote.clone(),
    };
    let Ok(path) = thread.target.parse::<DocPath>() else {
        return orphaned();
    };
    if path.resolve(txn).is_none() {
        return orphaned();
    }
    let Some(text) = TextField::at(path).filter(|_| !thread.quote.is_empty()) else {
        return Whereabouts::Whole;
    };
    let ends = [thread.start.as_ref(), thread.end.as_ref()];
    if let [Some(start), Some(end)] = ends.map(|at| at.and_then(|at| at.offset_in(txn, &text)))
        && start < end
    {
        return Whereabouts::At(start..end);
    }
    match find(txn, &text, &mut Texts::default(), ends, &thread.quote) {
        Found::There(range) => Whereabouts::At(range),
        Found::Changed { .. } => orphaned(),
    }
}
