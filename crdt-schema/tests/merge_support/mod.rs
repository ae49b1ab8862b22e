//! A document that keeps what was removed, a person who types in it, and an agent who rewrites.
#![allow(dead_code, reason = "each test file uses its part")]

mod case;

use std::ops::Range;

use crdt_schema::{ids::MemberId, merge::Merge, schema::Workspace, suggest::Maker};
use rand::{Rng, rngs::StdRng, seq::IndexedRandom};
use unicode_segmentation::UnicodeSegmentation;
use yrs::{
    Doc, OffsetKind, Options, Out, ReadTxn, Snapshot, Text, TextRef, Transact,
    types::text::{ChangeKind, YChange},
};

pub(crate) use case::Case;

pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.unicode_words()
}

/// A document whose notes tell exactly what was changed since any version.
pub(crate) struct Oracle {
    doc: Doc,
    text: TextRef,
    start: Snapshot,
}

/// What a person typed, as passages of the text that came of it, in UTF-16 code units.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    pub(crate) ranges: Vec<Range<u32>>,
    /// The passages without the blanks and marks in them.
    pub(crate) words: Vec<Range<u32>>,
    pub(crate) texts: Vec<String>,
}

impl Oracle {
    pub(crate) fn new(text: &str) -> Self {
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            skip_gc: true,
            ..Options::default()
        });
        let notes = doc.get_or_insert_text("notes");
        notes.insert(&mut doc.transact_mut(), 0, text);
        let start = doc.transact().snapshot();
        Self {
            doc,
            text: notes,
            start,
        }
    }

    pub(crate) fn text(&self) -> String {
        Workspace.notes().read(&self.doc.transact())
    }

    /// Writes a merge. Returns the passages of the text before it that it removed.
    pub(crate) fn write(&self, merge: &Merge) -> Vec<Range<u32>> {
        let before = self.doc.transact().snapshot();
        let author: MemberId = "planner".parse().expect("a name");
        let maker = Maker {
            author: &author,
            at_ms: 1,
            reason: "",
        };
        let mut txn = self.doc.transact_mut();
        let made = merge.write(&mut txn, &Workspace.notes(), &maker);
        let made = made.expect("the text is there");
        assert_eq!(made.len(), merge.suggested().count());
        drop(txn);
        let mut at = 0;
        let mut removed = Vec::new();
        for (kind, chunk) in self.changes(&before) {
            let end = at + units(&chunk);
            match kind {
                Some(ChangeKind::Added) => continue,
                Some(ChangeKind::Removed) => removed.push(at..end),
                None => {}
            }
            at = end;
        }
        removed
    }

    fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        let mut at = 0;
        for (kind, chunk) in self.changes(&self.start) {
            let end = at + units(&chunk);
            match kind {
                Some(ChangeKind::Removed) => continue,
                Some(ChangeKind::Added) => {
                    typed.ranges.push(at..end);
                    for (start, word) in chunk.unicode_word_indices() {
                        let start = at + units(&chunk[..start]);
                        typed.words.push(start..start + units(word));
                    }
                    typed.texts.push(chunk);
                }
                None => {}
            }
            at = end;
        }
        typed
    }

    fn changes(&self, since: &Snapshot) -> Vec<(Option<ChangeKind>, String)> {
        let mut txn = self.doc.transact_mut();
        let now = txn.snapshot();
        self.text
            .diff_range(&mut txn, Some(&now), Some(since), YChange::identity)
            .into_iter()
            .filter_map(|chunk| match chunk.insert {
                Out::Any(yrs::Any::String(text)) => {
                    Some((chunk.ychange.map(|change| change.kind), text.to_string()))
                }
                _ => None,
            })
            .collect()
    }
}

pub(crate) fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).expect("short")
}

/// What a person does: each is a passage of the text as it is then, in characters, and what is
/// typed in its place.
pub(crate) struct Person(Vec<(usize, usize, String)>);

impl Person {
    pub(crate) fn random(rng: &mut StdRng, base: &str) -> Self {
        let chars = base.chars().count();
        let edits = (0..rng.random_range(0..5)).map(|n| {
            let at = rng.random_range(0..=chars);
            let removed = match rng.random_range(0..3) {
                0 => 0,
                1 => rng.random_range(0..12),
                _ => rng.random_range(0..60),
            };
            let typed = match rng.random_range(0..5) {
                0 => String::new(),
                1 => format!("t{n}"),
                2 => format!(" tö{n} t{n}y "),
                3 => format!("\n\ntp{n}. 😀"),
                _ => format!(" t{n}z"),
            };
            (at, removed, typed)
        });
        Self(edits.collect())
    }

    /// Makes the edits, each character by itself, as typing does.
    pub(crate) fn at_work(self, oracle: &Oracle) -> Typed {
        let notes = Workspace.notes();
        for (at, removed, typed) in self.0 {
            let text: Vec<char> = oracle.text().chars().collect();
            let at = at.min(text.len());
            let end = (at + removed).min(text.len());
            let start: String = text[..at].iter().collect();
            let gone: String = text[at..end].iter().collect();
            let mut at = units(&start);
            let mut txn = oracle.doc.transact_mut();
            notes
                .delete(&mut txn, at..at + units(&gone))
                .expect("whole characters");
            for c in typed.chars() {
                let typed = c.to_string();
                notes
                    .insert(&mut txn, at, &typed)
                    .expect("whole characters");
                at += units(&typed);
            }
        }
        oracle.typed()
    }
}

/// What an agent makes of a text.
pub(crate) struct Rewrite;

impl Rewrite {
    /// Words that it takes from what the person typed are the only ones that both write.
    pub(crate) fn random(rng: &mut StdRng, base: &str, typed: &Typed) -> String {
        let mut tokens: Vec<String> = base.split_word_bounds().map(str::to_owned).collect();
        for n in 0..rng.random_range(0..6) {
            let len = tokens.len();
            let at = rng.random_range(0..=len);
            let end = (at + rng.random_range(0..8)).min(len);
            let new = match rng.random_range(0..4) {
                0 => format!(" a{n} "),
                1 => format!(" aß{n} a{n}q. "),
                2 => format!("\n\na{n}p 🐢.\n"),
                _ => format!(" a{n}w"),
            };
            match rng.random_range(0..6) {
                0 | 1 => drop(tokens.splice(at..at, [new])),
                2 => drop(tokens.splice(at..end, [new])),
                3 => drop(tokens.drain(at..end)),
                _ => {
                    let moved: Vec<String> = tokens.drain(at..end).collect();
                    let to = rng.random_range(0..=tokens.len());
                    let to = if rng.random_bool(0.5) {
                        to
                    } else {
                        whole_line(&tokens, to)
                    };
                    tokens.splice(to..to, moved);
                }
            }
        }
        let mut wanted = tokens.concat();
        if rng.random_bool(0.15)
            && let Some(same) = typed.texts.choose(rng)
            && !same.trim().is_empty()
            && words(same).all(|word| !wanted.contains(word))
        {
            wanted = format!("{wanted} {same}");
        }
        distinct(&wanted)
    }

    /// Of a text whose words repeat.
    pub(crate) fn repetitive(rng: &mut StdRng, base: &str) -> String {
        let mut tokens: Vec<&str> = base.split_word_bounds().collect();
        for _ in 0..rng.random_range(0..6) {
            let at = rng.random_range(0..=tokens.len());
            let end = (at + rng.random_range(0..6)).min(tokens.len());
            let new = repetitive_token(rng);
            match rng.random_range(0..3) {
                0 => drop(tokens.splice(at..at, [" ", new, " "])),
                1 => drop(tokens.splice(at..end, [new])),
                _ => drop(tokens.drain(at..end)),
            }
        }
        tokens.concat()
    }
}

/// The start of the line that a token stands in.
fn whole_line(tokens: &[String], at: usize) -> usize {
    tokens[..at]
        .iter()
        .rposition(|token| token.contains('\n'))
        .map_or(0, |end| end + 1)
}

/// A rewrite that glues words together makes new ones; they are told apart from all others.
fn distinct(text: &str) -> String {
    let mut seen = std::collections::HashSet::new();
    text.split_word_bounds()
        .filter(|token| !token.contains(char::is_alphanumeric) || seen.insert(token.to_owned()))
        .collect()
}

/// A text of words that each stand in it once.
pub(crate) fn text(rng: &mut StdRng) -> String {
    let mut text = String::new();
    for n in 0..rng.random_range(0..60_usize) {
        let word = word(n);
        match rng.random_range(0..5) {
            0 => text.push_str(&format!("{word}é")),
            1 => text.push_str(&format!("*{word}*")),
            _ => text.push_str(&word),
        }
        let behind = [
            " ", " ", " ", " ", ", ", ". ", " 😀 ", "\n", ".\n\n", "\n- ", ".\n\n## ",
        ];
        text.push_str(behind.choose(rng).expect("not empty"));
    }
    text
}

/// A word that no cutting of others is likely to make.
fn word(n: usize) -> String {
    let mut rest = n * 7919 + 100_003;
    let letters = std::iter::from_fn(|| {
        let letter = u8::try_from(rest % 26).expect("small");
        rest /= 26;
        (rest > 0).then_some(char::from(b'a' + letter))
    });
    letters.collect()
}

/// A text of few words, again and again.
pub(crate) fn repetitive(rng: &mut StdRng) -> String {
    (0..rng.random_range(0..40))
        .map(|_| format!("{} ", repetitive_token(rng)))
        .collect()
}

fn repetitive_token(rng: &mut StdRng) -> &'static str {
    ["the", "ein", "größe", "😀", "a", ".", "\n"]
        .choose(rng)
        .expect("not empty")
}
