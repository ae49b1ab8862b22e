//! Appending to a section of a Markdown text.

use super::Spot;
use crate::{
    content::sections::cut::{Section, cut},
    schema::normalize,
};

/// Why nothing was appended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SectionError {
    /// There is nothing to append.
    #[error("`text` is empty: give what to append")]
    Empty,
    /// No heading reads so.
    #[error("no heading reads {heading:?}; there are: {}", there.join(", "))]
    Missing {
        /// What was looked for.
        heading: String,
        /// The headings that there are.
        there: Vec<String>,
    },
    /// Several headings read so.
    #[error(
        "{count} headings read {heading:?}, first in lines {} and {}: rename one, or replace text there instead",
        spots[0].line,
        spots[1].line
    )]
    Ambiguous {
        /// What was looked for.
        heading: String,
        /// How many there are.
        count: usize,
        /// The first two.
        spots: [Spot; 2],
    },
}

/// The text with `addition` behind what stands below a heading, subsections included; at its end
/// when no heading is named.
///
/// A heading is named by its text, in upper or lower case, with or without its number signs.
///
/// # Errors
/// When no heading reads so, or more than one.
pub fn append(text: &str, heading: Option<&str>, addition: &str) -> Result<String, SectionError> {
    let addition = normalize(addition);
    let addition = addition.trim_matches('\n');
    if addition.trim().is_empty() {
        return Err(SectionError::Empty);
    }
    let end = match heading {
        Some(heading) => end_of(text, heading)?,
        None => text.len(),
    };
    let (above, below) = text.split_at(end);
    let body = above.trim_end();
    let gap = gap(body, addition);
    if below.is_empty() {
        let last = &above[body.len()..];
        return Ok([body, gap, addition, last].concat());
    }
    let blank = &above[body.len()..];
    let blank = if blank.is_empty() { "\n\n" } else { blank };
    Ok([body, gap, addition, blank, below].concat())
}

/// Where the section below a heading ends, in bytes.
fn end_of(text: &str, heading: &str) -> Result<usize, SectionError> {
    let sections = cut(text);
    let mut starts = Vec::with_capacity(sections.len());
    let mut start = 0;
    for section in &sections {
        starts.push(start);
        start += section.whole.len();
    }
    let (level, title) = named(heading);
    let is_named = |section: &Section<'_>| {
        section.level > 0
            && level.is_none_or(|level| level == section.level)
            && section.title.to_lowercase() == title
    };
    let found: Vec<usize> = (0..sections.len())
        .filter(|at| is_named(&sections[*at]))
        .collect();
    match found[..] {
        [] => Err(SectionError::Missing {
            heading: heading.to_owned(),
            there: sections
                .iter()
                .skip(1)
                .map(|one| one.title.clone())
                .collect(),
        }),
        [at] => {
            let inner = |section: &&Section<'_>| section.level > sections[at].level;
            let count = sections[at + 1..].iter().take_while(inner).count();
            Ok(starts.get(at + 1 + count).copied().unwrap_or(text.len()))
        }
        [first, second, ..] => Err(SectionError::Ambiguous {
            heading: heading.to_owned(),
            count: found.len(),
            spots: [first, second].map(|at| Spot::new(text, starts[at])),
        }),
    }
}

/// The level and the text of a heading as it is asked for.
fn named(heading: &str) -> (Option<u8>, String) {
    let heading = heading.trim();
    let text = heading.trim_start_matches('#');
    let level = u8::try_from(heading.len() - text.len()).ok();
    (level.filter(|level| *level > 0), text.trim().to_lowercase())
}

/// What goes between what stands there and what is appended: items of one list stay together.
fn gap(body: &str, addition: &str) -> &'static str {
    let last = body.lines().next_back().unwrap_or_default();
    match (body.is_empty(), is_item(last) && is_item(addition)) {
        (true, _) => "",
        (false, true) => "\n",
        (false, false) => "\n\n",
    }
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
        || numbered.len() < line.len() && (numbered.starts_with(". ") || numbered.starts_with(") "))
}
