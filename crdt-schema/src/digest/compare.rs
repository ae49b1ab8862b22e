//! Finding the changes.

use std::collections::BTreeSet;

use yrs::TransactionMut;

use super::{Change, Field, Lens, What, hunks::Text, naming::Names, rank::Ranked, review};
use crate::{
    attribution::{self, Clocks},
    path::DocPath,
    project::{self, Primitive},
    versions::{
        Version,
        parts::{self, Leaf, ORDER, Parts},
    },
};

/// All changes since `base`.
pub(super) fn changes(
    txn: &mut TransactionMut<'_>,
    base: &Version,
    lens: &Lens<'_>,
) -> Vec<Ranked> {
    let now = project::project(txn);
    if now == base.projection {
        return Vec::new();
    }
    let (old, new) = parts::pair(&base.projection, &now);
    let mut comparison = Comparison {
        names: Names::new(txn, lens, base.cursor),
        txn,
        clocks: &base.clocks,
        lens,
        old,
        new,
        changes: Vec::new(),
    };
    comparison.elements();
    comparison.leaves();
    let Comparison {
        names, mut changes, ..
    } = comparison;
    review::add(&mut changes, txn, &names, &base.projection, &now);
    changes
        .into_iter()
        .map(|change| Ranked::new(change, &base.projection, &now))
        .collect()
}

struct Comparison<'a, 'txn, 'doc> {
    txn: &'txn mut TransactionMut<'doc>,
    names: Names<'a>,
    clocks: &'a Clocks,
    lens: &'a Lens<'a>,
    old: Parts<'a>,
    new: Parts<'a>,
    changes: Vec<Change>,
}

impl Comparison<'_, '_, '_> {
    fn elements(&mut self) {
        let old: BTreeSet<&DocPath> = self.old.elements.keys().collect();
        let new: BTreeSet<&DocPath> = self.new.elements.keys().collect();
        let found: Vec<Change> = (&old | &new)
            .into_iter()
            .filter_map(|path| self.element(path))
            .collect();
        self.changes.extend(found);
    }

    fn element(&self, path: &DocPath) -> Option<Change> {
        match (self.old.elements.get(path), self.new.elements.get(path)) {
            (None, Some(now)) => {
                let fields = fields(&self.new, path);
                let what = What::Added { fields };
                Some(self.names.made(self.txn, path, now.label, what))
            }
            (Some(before), None) => {
                let fields = fields(&self.old, path);
                let what = What::Removed { fields };
                Some(self.names.set(path, Some(before.label), what))
            }
            (Some(before), Some(now)) => {
                let is_elsewhere = before.shared_before != now.shared_before;
                if !is_elsewhere || !self.has_another_order(path) {
                    return None;
                }
                let after = now.after.map(str::to_owned);
                let order = path.join(ORDER);
                let change = self
                    .names
                    .set(&order, Some(now.label), What::Moved { after });
                let path = path.clone();
                Some(Change { path, ..change })
            }
            (None, None) => None,
        }
    }

    fn has_another_order(&self, element: &DocPath) -> bool {
        let order = element.join(ORDER);
        self.old.leaves.get(&order) != self.new.leaves.get(&order)
    }

    fn leaves(&mut self) {
        let old: BTreeSet<&DocPath> = self.old.leaves.keys().collect();
        let new: BTreeSet<&DocPath> = self.new.leaves.keys().collect();
        let paths: Vec<DocPath> = (&old | &new).into_iter().cloned().collect();
        for path in paths {
            let change = self.leaf(&path);
            self.changes.extend(change);
        }
    }

    /// What changed at a place of the frame, or of an element that is in both.
    fn leaf(&mut self, path: &DocPath) -> Option<Change> {
        let (old, new) = (self.old.leaves.get(path), self.new.leaves.get(path));
        if old == new {
            return None;
        }
        let mut label = None;
        if let Some(element) = parts::element_of(path) {
            self.old.elements.get(&element)?;
            label = Some(self.new.elements.get(&element)?.label);
            if path.keys().last().is_some_and(|key| &**key == ORDER) {
                return None;
            }
        }
        let (Some(Leaf::Text(old)), Some(Leaf::Text(new))) = (old, new) else {
            let (from, to) = (old.map(value), new.map(value));
            return Some(self.names.set(path, label, What::Set { from, to }));
        };
        let runs = attribution::runs(self.txn, path, self.lens.authors, self.clocks);
        let runs = &runs;
        let hunks = Text { old, new, runs }.hunks(&self.names, path);
        Some(self.names.written(path, label, hunks))
    }
}

/// The fields of an element that say something.
fn fields(parts: &Parts<'_>, element: &DocPath) -> Vec<Field> {
    parts
        .fields(element)
        .filter(|(name, leaf)| name != ORDER && **leaf != Leaf::Text(""))
        .map(|(name, leaf)| Field {
            name,
            value: value(leaf),
        })
        .collect()
}

fn value(leaf: &Leaf<'_>) -> Primitive {
    match leaf {
        Leaf::Text(text) => Primitive::Text((*text).to_owned()),
        Leaf::Plain(value) => value.clone(),
    }
}
