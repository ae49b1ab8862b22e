//! A digest in words: who did what, in the third person, a line for each change.

use super::{Change, Digest, Field, Hunk, ItemChanges, Rank, What};
use crate::{
    attribution::Who,
    item::Item,
    project::Primitive,
    schema::words::{SuggestionStatus, Word},
};

/// Most differences of one text that are told.
const HUNKS_TOLD: usize = 4;

/// Most characters of one quoted passage.
const QUOTE_CHARS: usize = 160;

/// The digest as Markdown of at most `budget` characters.
pub(super) fn markdown(digest: &Digest, budget: usize) -> String {
    if digest.is_empty() {
        return excerpt("Nothing has changed.", budget);
    }
    let lines: Vec<String> = digest.items.iter().flat_map(lines).collect();
    fit(&lines, budget, |left_out| {
        let (noun, verb) = match left_out {
            1 => ("change", "was"),
            _ => ("changes", "were"),
        };
        format!("*{left_out} more {noun} {verb} left out.*")
    })
}

/// As many lines as fit into `budget` characters together with what `left_out` says of the rest.
pub(crate) fn fit(lines: &[String], budget: usize, left_out: impl Fn(usize) -> String) -> String {
    let mut used = 0;
    let mut best = None;
    for told in 0..=lines.len() {
        if told > 0 {
            used += lines[told - 1].chars().count() + usize::from(told > 1);
        }
        let rest = lines.len() - told;
        let note = match rest {
            0 => 0,
            _ => left_out(rest).chars().count() + usize::from(told > 0),
        };
        if used > budget {
            break;
        }
        if used + note <= budget {
            best = Some(told);
        }
    }
    let told = best.unwrap_or(0);
    let mut out = lines[..told].join("\n");
    if told < lines.len() {
        if told > 0 {
            out.push('\n');
        }
        out.push_str(&left_out(lines.len() - told));
    }
    cut(&out, budget)
}

/// A passage on one line, cut to at most `most` characters.
pub(crate) fn excerpt(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    cut(&words.join(" "), most)
}

/// A text cut to at most `most` characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    if most > 0 {
        short.push('…');
    }
    short
}

/// One line for each change; the first of an item carries its heading.
fn lines(item: &ItemChanges) -> Vec<String> {
    let mut heading = Some(heading(item));
    item.changes
        .iter()
        .map(|change| {
            let line = format!("- {}", sentence(change, &item.item));
            match heading.take() {
                Some(heading) => format!("{heading}\n{line}"),
                None => line,
            }
        })
        .collect()
}

fn heading(item: &ItemChanges) -> String {
    let title = match excerpt(&item.title, QUOTE_CHARS) {
        title if title.is_empty() => "Untitled".to_owned(),
        title => title,
    };
    let mark = match item.rank {
        Rank::Strategic => " · strategic",
        Rank::Mine => " · the reader's",
        Rank::Others | Rank::Own => "",
    };
    format!("**{title}** (`{}`){mark}", item.item)
}

/// What was done, in the third person, in the light of the item that it was done to.
pub(crate) fn sentence(change: &Change, item: &Item) -> String {
    let by = names(&change.by);
    let place = place(change, item);
    match &change.what {
        What::Added { fields } => format!("{by} added {}.", with_fields(&place, fields)),
        What::Removed { fields } => format!("{by} removed {}.", with_fields(&place, fields)),
        What::Moved { after: Some(after) } => format!("{by} moved {place} after {}.", quote(after)),
        What::Moved { after: None } => format!("{by} moved {place} to the front."),
        What::Set {
            from: Some(from),
            to: Some(to),
        } => format!(
            "{by} changed {place} from {} to {}.",
            value(from),
            value(to)
        ),
        What::Set { from: None, to } => {
            let to = to.as_ref().map(value).unwrap_or_default();
            format!("{by} set {place} to {to}.")
        }
        What::Set {
            from: Some(from),
            to: None,
        } => format!("{by} removed {place}, which was {}.", value(from)),
        What::Text { hunks } => format!("{by} changed {place}: {}", told(hunks, change.by.len())),
        What::Suggestion {
            quote: old,
            replacement,
            status,
            ..
        } => {
            let suggestion = format!("{} → {}", quote(old), quote(replacement));
            match status {
                SuggestionStatus::Open => format!("{by} suggested {suggestion}."),
                SuggestionStatus::Accepted => format!("{by} accepted a suggestion: {suggestion}."),
                SuggestionStatus::Rejected => format!("{by} rejected a suggestion: {suggestion}."),
                SuggestionStatus::Stale => format!("A suggestion went out of date: {suggestion}."),
            }
        }
        What::Comment {
            quote: of, text, ..
        } => {
            format!("{by} commented on {}: {}", quote(of), quote(text))
        }
        What::Settled { quote: of, .. } => format!("{by} settled the discussion of {}.", quote(of)),
    }
}

/// A changed place as a noun, in the light of the heading that it stands under.
fn place(change: &Change, item: &Item) -> String {
    let keys: Vec<&str> = change.path.keys().iter().map(|key| &**key).collect();
    let label = change.label.as_deref().unwrap_or_default();
    match (item, keys.as_slice()) {
        (Item::Step(_), ["plan", "steps", _]) => "the step".to_owned(),
        (Item::Task(_), ["tasks", _]) => "the task".to_owned(),
        (Item::Task(_), ["tasks", _, "blocked_by", id]) => format!("the wait for `task:{id}`"),
        (_, ["briefing", "entities", name]) => format!("the fact {}", quote(name)),
        (_, ["briefing", kind, _]) => format!("the {} {}", singular(kind), quote(label)),
        (_, ["briefing", kind, _, field]) => {
            format!("the {field} of the {} {}", singular(kind), quote(label))
        }
        (_, [.., field]) => format!("the {}", field.replace('_', " ")),
        (_, []) => "it".to_owned(),
    }
}

fn singular(collection: &str) -> &str {
    collection.strip_suffix('s').unwrap_or(collection)
}

/// What an element says, where that is more than its label.
fn with_fields(place: &str, fields: &[Field]) -> String {
    let told: Vec<String> = fields
        .iter()
        .filter(|field| !matches!(field.name.as_str(), "title" | "text"))
        .map(|field| format!("{} {}", field.name.replace('_', " "), value(&field.value)))
        .collect();
    match told.as_slice() {
        [] => place.to_owned(),
        told => format!("{place} ({})", told.join(", ")),
    }
}

fn told(hunks: &[Hunk], writers: usize) -> String {
    let mut told: Vec<String> = hunks
        .iter()
        .take(HUNKS_TOLD)
        .map(|hunk| difference(hunk, writers))
        .collect();
    match hunks.len().saturating_sub(HUNKS_TOLD) {
        0 => {}
        1 => told.push("and in one more place".to_owned()),
        more => told.push(format!("and in {more} more places")),
    }
    told.join("; ")
}

fn difference(hunk: &Hunk, writers: usize) -> String {
    let mut out = format!("“{}", hunk.before.trim_start());
    if !hunk.removed.is_empty() {
        out.push_str(&format!("[-{}-]", excerpt(&hunk.removed, QUOTE_CHARS)));
    }
    for words in &hunk.inserted {
        let by = match &words.by {
            Some(who) if writers > 1 => format!(" ({})", who.name),
            _ => String::new(),
        };
        let text = excerpt(&words.text, QUOTE_CHARS);
        if !text.is_empty() {
            out.push_str(&format!("{{+{text}+}}{by}"));
        }
    }
    out.push_str(hunk.after.trim_end());
    out.push('”');
    out
}

/// The members as the subject of a sentence.
fn names(by: &[Who]) -> String {
    match by {
        [] => "Somebody".to_owned(),
        [one] => one.label(),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(Who::label).collect();
            format!("{} and {}", first.join(", "), last.label())
        }
    }
}

fn quote(text: &str) -> String {
    format!("“{}”", excerpt(text, QUOTE_CHARS))
}

fn value(value: &Primitive) -> String {
    match value {
        Primitive::Bool(value) => value.to_string(),
        Primitive::Number(value) => value.to_string(),
        Primitive::Text(text) if is_word(text) => text.replace('_', " "),
        Primitive::Text(text) => quote(text),
    }
}

/// Whether a value is one of the words of the schema, which need no quotes.
fn is_word(text: &str) -> bool {
    use crate::schema::words::{Outcome, Priority, Sentiment, StepStatus, TaskStatus, Tier};
    [
        StepStatus::WORDS,
        TaskStatus::WORDS,
        Tier::WORDS,
        Priority::WORDS,
        Sentiment::WORDS,
        Outcome::WORDS,
    ]
    .iter()
    .any(|words| words.contains(&text))
}
