//! The difference between two states of a document, as suggestions to the first.

use std::collections::BTreeSet;

use yrs::{Map, ReadTxn};

use super::{
    Elements, Maker, passage,
    readable::{at_most, readable},
    target::{element, is_content},
    value,
};
use crate::{
    ids::ElementId,
    path::DocPath,
    schema::{NewSuggestion, TextField, find_map, utf16_len},
    shape::Shape,
};

/// At most so many suggestions are made for one text; beyond that, neighbours are joined.
const SUGGESTIONS_PER_TEXT_MAX: usize = 40;

/// What would have to change at `places` of `current` for it to read there as `wanted` does.
///
/// Both are states of one document. The suggestions hold on to the text of `current`.
pub fn between<A: ReadTxn, B: ReadTxn>(
    current: &A,
    wanted: &B,
    places: impl IntoIterator<Item = DocPath>,
    maker: &Maker<'_>,
) -> Vec<NewSuggestion> {
    let mut comparison = Comparison {
        current,
        wanted,
        maker,
        found: Vec::new(),
    };
    for place in places {
        comparison.place(&place);
    }
    comparison.found
}

struct Comparison<'a, A, B> {
    current: &'a A,
    wanted: &'a B,
    maker: &'a Maker<'a>,
    found: Vec<NewSuggestion>,
}

impl<A: ReadTxn, B: ReadTxn> Comparison<'_, A, B> {
    fn place(&mut self, path: &DocPath) {
        if !is_content(path) {
            return;
        }
        match path.shape() {
            Shape::Text => self.text(path),
            Shape::Scalar(_) => self.value(path),
            Shape::Map(fields) => match element(path) {
                Some((kind, id)) => self.element(path, kind, &id),
                None => self.children(path, fields.iter().map(|(key, _)| (*key).to_owned())),
            },
            Shape::MapOf(_) | Shape::Dict(_) => {
                let both = &keys(self.current, path) | &keys(self.wanted, path);
                self.children(path, both);
            }
            Shape::Free => {}
        }
    }

    fn children(&mut self, path: &DocPath, keys: impl IntoIterator<Item = String>) {
        for key in keys {
            if path.shape().child(&key).is_some() {
                self.place(&path.join(&key));
            }
        }
    }

    fn text(&mut self, path: &DocPath) {
        let text = TextField::at(path.clone()).expect("the shape is a text");
        let (old, new) = (text.read(self.current), text.read(self.wanted));
        let (mut bytes, mut units) = (0, 0);
        for hunk in at_most(SUGGESTIONS_PER_TEXT_MAX, readable(&old, &new)) {
            let start = units + utf16_len(&old[bytes..hunk.old.start]);
            let end = start + utf16_len(&old[hunk.old.clone()]);
            (bytes, units) = (hunk.old.end, end);
            self.found.extend(passage(
                self.current,
                &text,
                start..end,
                &new[hunk.new],
                self.maker,
            ));
        }
    }

    fn value(&mut self, path: &DocPath) {
        let (quote, replacement) = (
            value::read(self.current, path),
            value::read(self.wanted, path),
        );
        if quote == replacement {
            return;
        }
        let mut suggestion = NewSuggestion {
            quote,
            ..self.maker.suggestion(path, &replacement)
        };
        if let Some(what) = self.movement(path) {
            suggestion.reason = format!("{what} {}", suggestion.reason)
                .trim_end()
                .to_owned();
        }
        self.found.push(suggestion);
    }

    /// What a new order key means, in words.
    fn movement(&self, path: &DocPath) -> Option<String> {
        let (key, parents) = path.keys().split_last()?;
        if &**key != "order" {
            return None;
        }
        let (kind, id) = element(&DocPath::new(parents.iter().cloned()).ok()?)?;
        let ids = kind.ids(self.wanted);
        let at = ids.iter().position(|other| *other == id)?;
        let name = kind.label(self.wanted, &id);
        Some(match at.checked_sub(1) {
            None => format!("Move “{name}” to the front."),
            Some(before) => {
                let before = kind.label(self.wanted, &ids[before]);
                format!("Move “{name}” after “{before}”.")
            }
        })
    }

    fn element(&mut self, path: &DocPath, kind: Elements, id: &ElementId) {
        let there = kind.contains(self.current, id);
        match (there, kind.json(self.wanted, id)) {
            (true, Some(_)) => {
                let Shape::Map(fields) = path.shape() else {
                    return;
                };
                self.children(path, fields.iter().map(|(key, _)| (*key).to_owned()));
            }
            (true, None) => {
                let quote = kind.markdown(self.current, id).unwrap_or_default();
                self.found.push(NewSuggestion {
                    quote,
                    ..self.maker.suggestion(path, "")
                });
            }
            (false, Some(json)) => {
                let added = self.maker.suggestion(&kind.path(), &json.to_string());
                self.found.push(added);
            }
            (false, None) => {}
        }
    }
}

/// The keys that there are in the map at a place.
pub(crate) fn keys<T: ReadTxn>(txn: &T, path: &DocPath) -> BTreeSet<String> {
    let Some(map) = find_map(txn, path) else {
        return BTreeSet::new();
    };
    map.keys(txn).map(str::to_owned).collect()
}
