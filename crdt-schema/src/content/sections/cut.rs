//! Markdown cut at its headings.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag};

use super::item::Item;

/// A heading with what stands below it, up to the next heading.
pub(crate) struct Section<'a> {
    /// 0 for what stands before the first heading.
    pub(crate) level: u8,
    pub(crate) title: String,
    /// Heading and body as they stand in the source.
    pub(crate) whole: &'a str,
    pub(super) body: &'a str,
    /// The lists of the body, each with the source of its items.
    lists: Vec<(Range<usize>, Vec<&'a str>)>,
}

impl Section<'_> {
    /// The body without its lists.
    pub(super) fn prose(&self) -> String {
        let mut out = String::new();
        let mut done = 0;
        for (range, _) in &self.lists {
            out.push_str(&self.body[done..range.start]);
            done = range.end;
        }
        out.push_str(&self.body[done..]);
        out.trim().to_owned()
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Item> {
        self.lists
            .iter()
            .flat_map(|(_, items)| items)
            .map(|item| Item::read(item))
    }
}

/// Cuts the source at its headings. Headings inside lists and quotes do not count.
pub(crate) fn cut(source: &str) -> Vec<Section<'_>> {
    let mut headings: Vec<(u8, Range<usize>)> = vec![(0, 0..0)];
    let mut lists: Vec<(Range<usize>, Vec<Range<usize>>)> = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new(source).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                match (depth, tag) {
                    (0, Tag::Heading { level, .. }) => headings.push((number(level), range)),
                    (0, Tag::List(_)) => lists.push((range, Vec::new())),
                    (1, Tag::Item) => lists
                        .last_mut()
                        .expect("an item stands in a list")
                        .1
                        .push(range),
                    _ => {}
                }
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    let ends = headings.iter().skip(1).map(|(_, range)| range.start);
    let ends: Vec<usize> = ends.chain([source.len()]).collect();
    headings
        .into_iter()
        .zip(ends)
        .map(|((level, heading), end)| section(source, level, heading, end, &lists))
        .collect()
}

fn section<'a>(
    source: &'a str,
    level: u8,
    heading: Range<usize>,
    end: usize,
    lists: &[(Range<usize>, Vec<Range<usize>>)],
) -> Section<'a> {
    let body = heading.end..end;
    let inside = lists
        .iter()
        .filter(|(list, _)| body.start <= list.start && list.end <= body.end)
        .map(|(list, items)| {
            let items = items.iter().map(|item| &source[item.clone()]).collect();
            (list.start - body.start..list.end - body.start, items)
        })
        .collect();
    Section {
        level,
        title: heading_text(&source[heading.clone()]),
        whole: &source[heading.start..end],
        body: &source[body],
        lists: inside,
    }
}

/// The text of a heading, whether it is marked by number signs or underlined.
fn heading_text(heading: &str) -> String {
    let heading = heading.trim();
    if heading.starts_with('#') {
        let text = heading.trim_start_matches('#').trim();
        let open = text.trim_end_matches('#');
        let is_closed = open.is_empty() || open.ends_with(char::is_whitespace);
        return (if is_closed { open } else { text }).trim().to_owned();
    }
    let lines: Vec<&str> = heading.lines().collect();
    let (_, text) = lines.split_last().unwrap_or((&"", &[]));
    text.join(" ")
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
