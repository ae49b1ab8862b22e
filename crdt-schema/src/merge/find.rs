//! Find and replace of visible text.

use std::ops::Range;

use serde::Serialize;

use crate::schema::{normalize, utf16_len};

/// Longest excerpt that shows where something was found, in characters.
const EXCERPT_CHARS_MAX: usize = 120;

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Spot {
    /// Where it starts, in UTF-16 code units.
    pub at: u32,
    /// Its line, counted from 1.
    pub line: usize,
    /// What the line reads, shortened.
    pub excerpt: String,
}

impl Spot {
    pub(super) fn new(text: &str, byte: usize) -> Self {
        let start = text[..byte].rfind('\n').map_or(0, |end| end + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        Self {
            at: utf16_len(&text[..byte]),
            line: text[..byte].matches('\n').count() + 1,
            excerpt: line.chars().take(EXCERPT_CHARS_MAX).collect(),
        }
    }
}

/// Why nothing was replaced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// There is nothing to look for.
    #[error(
        "`find` is empty: give the words to replace, with enough of their surroundings to stand once in the text"
    )]
    Empty,
    /// It does not stand in the text.
    #[error("{find:?} does not stand in the text: read it again, and quote it as it stands")]
    Missing {
        /// What was looked for.
        find: String,
    },
    /// It stands in the text more than once.
    #[error(
        "{find:?} stands in the text {count} times, first in lines {} and {}: quote more of the surroundings",
        spots[0].line,
        spots[1].line
    )]
    Ambiguous {
        /// What was looked for.
        find: String,
        /// How often it stands there.
        count: usize,
        /// The first two places.
        spots: [Spot; 2],
    },
}

/// The text with `find`, which stands in it once, replaced.
///
/// What cannot be found as it is is looked for as a reader sees it: whatever the white space, and
/// without the signs of emphasis and code.
///
/// # Errors
/// When it does not stand in the text, or more than once.
pub fn replace(text: &str, find: &str, replacement: &str) -> Result<String, FindError> {
    let find = normalize(find);
    if find.trim().is_empty() {
        return Err(FindError::Empty);
    }
    let mut found = exactly(text, &find);
    if found.is_empty() {
        found = visibly(text, &find);
    }
    let find = || find.clone().into_owned();
    match found.as_slice() {
        [] => Err(FindError::Missing { find: find() }),
        [range] => {
            let replacement = normalize(replacement);
            Ok([&text[..range.start], &replacement, &text[range.end..]].concat())
        }
        [first, second, ..] => Err(FindError::Ambiguous {
            find: find(),
            count: found.len(),
            spots: [first, second].map(|range| Spot::new(text, range.start)),
        }),
    }
}

/// Every place where `find` stands, overlapping ones too.
fn exactly(text: &str, find: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(find) {
        let start = from + at;
        found.push(start..start + find.len());
        from = start + text[start..].chars().next().map_or(1, char::len_utf8);
    }
    found
}

fn visibly(text: &str, find: &str) -> Vec<Range<usize>> {
    let text = Visible::of(text);
    let find = Visible::of(find.trim());
    if find.text.is_empty() {
        return Vec::new();
    }
    exactly(&text.text, &find.text)
        .into_iter()
        .map(|range| text.source[range.start].start..text.source[range.end - 1].end)
        .collect()
}

/// A text as a reader sees it.
struct Visible {
    text: String,
    /// The source of each byte of the text.
    source: Vec<Range<usize>>,
}

impl Visible {
    fn of(source: &str) -> Self {
        let mut visible = Self {
            text: String::new(),
            source: Vec::new(),
        };
        for (at, c) in source.char_indices() {
            let range = at..at + c.len_utf8();
            match c {
                '*' | '_' | '`' | '~' => {}
                c if c.is_whitespace() => visible.push_blank(range),
                c => visible.push(c, &range),
            }
        }
        visible
    }

    fn push(&mut self, c: char, source: &Range<usize>) {
        self.text.push(c);
        let bytes = std::iter::repeat_n(source.clone(), c.len_utf8());
        self.source.extend(bytes);
    }

    /// White space counts as one blank.
    fn push_blank(&mut self, source: Range<usize>) {
        match self.source.last_mut() {
            Some(last) if self.text.ends_with(' ') => last.end = source.end,
            _ => self.push(' ', &source),
        }
    }
}
