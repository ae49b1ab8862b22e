//! Putting names to changes.

use yrs::{ReadTxn, TransactionMut};

use super::{Change, Hunk, Lens, What};
use crate::{
    attribution::{self, People, Who},
    ids::MemberId,
    path::DocPath,
    touches::Touch,
};

/// Who changed what since a version.
pub(super) struct Names<'a> {
    people: People,
    lens: &'a Lens<'a>,
    since: u64,
}

impl<'a> Names<'a> {
    pub(super) fn new<T: ReadTxn>(txn: &T, lens: &'a Lens<'a>, since: u64) -> Self {
        Self {
            people: People::read(txn),
            lens,
            since,
        }
    }

    pub(super) fn who(&self, id: &MemberId) -> Who {
        self.people.who(id)
    }

    /// Those who changed a place, the latest first.
    pub(super) fn touched(&self, path: &DocPath) -> Vec<Who> {
        let touches = self.touches(path);
        touches.iter().map(|touch| self.who(touch.member)).collect()
    }

    /// A new container's maker is known by its id; who changed the place last is the next guess.
    pub(super) fn made(
        &self,
        txn: &TransactionMut<'_>,
        path: &DocPath,
        label: &str,
        what: What,
    ) -> Change {
        let change = self.set(path, Some(label), what);
        match attribution::maker(txn, path, self.lens.authors) {
            Some(maker) => Change {
                by: vec![self.who(&maker)],
                ..change
            },
            None => change,
        }
    }

    /// What is set as a whole is whose change was the last.
    pub(super) fn set(&self, path: &DocPath, label: Option<&str>, what: What) -> Change {
        let touches = self.touches(path);
        let last = touches.first();
        Change {
            path: path.clone(),
            label: label.map(str::to_owned),
            by: last.iter().map(|touch| self.who(touch.member)).collect(),
            at_ms: last.map(|touch| touch.at_ms),
            what,
        }
    }

    /// A text is changed by all who wrote or took away words.
    pub(super) fn written(&self, path: &DocPath, label: Option<&str>, hunks: Vec<Hunk>) -> Change {
        let mut by: Vec<Who> = Vec::new();
        for hunk in &hunks {
            let writers = hunk.inserted.iter().filter_map(|words| words.by.as_ref());
            for who in writers.chain(&hunk.removed_by) {
                if !by.contains(who) {
                    by.push(who.clone());
                }
            }
        }
        let at_ms = self.touches(path).first().map(|touch| touch.at_ms);
        Change {
            path: path.clone(),
            label: label.map(str::to_owned),
            by,
            at_ms,
            what: What::Text { hunks },
        }
    }

    fn touches(&self, path: &DocPath) -> Vec<Touch<'a>> {
        self.lens.touches.at(path, self.since)
    }
}
