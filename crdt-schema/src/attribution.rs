//! Who wrote what: each range of a text, each element, each plain value.
//!
//! What a peer wrote carries the peer's client id, and the document's `control` root says whose
//! that is. What the server wrote for a member carries the server's own client id; those ranges
//! are kept beside the document, see [`OnBehalf`].

use std::{collections::BTreeMap, ops::Range};

use serde::{Deserialize, Serialize};
use yrs::{BranchID, Out, ReadTxn, TransactionMut, branch::Branch};

use crate::{
    ids::MemberId,
    path::DocPath,
    schema::passages,
    touches::{Touch, Touches},
};

mod authors;
mod on_behalf;
mod people;

pub use self::{
    authors::Authors,
    on_behalf::{BadOnBehalf, ON_BEHALF_MAX, OnBehalf},
    people::{People, Who},
};

/// How much of each client's writing a version holds: its next clock, by client id. Tells what
/// was written before the version from what was written since.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = BTreeMap<String, u32>)]
pub struct Clocks(BTreeMap<u64, u32>);

impl Clocks {
    /// The clocks of the document as it stands.
    pub fn of<T: ReadTxn>(txn: &T) -> Self {
        let clocks = txn.state_vector();
        Self(clocks.iter().map(|(id, at)| (id.get(), *at)).collect())
    }

    /// The next clock of a client: 0 when it wrote nothing.
    #[must_use]
    pub fn get(&self, client: u64) -> u32 {
        self.0.get(&client).copied().unwrap_or(0)
    }
}

/// Whether something was written before a version or since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// The version holds it.
    Before,
    /// It is newer than the version.
    Since,
}

/// A passage of a text that one member wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Where it stands, in UTF-16 code units.
    pub range: Range<u32>,
    /// Who wrote it; `None` when the server did, or nobody knows.
    pub by: Option<MemberId>,
    /// Whether it is newer than the version that was asked about.
    pub age: Age,
}

/// Who wrote the text at `path`, as adjoining runs from its start to its end. Empty when there is
/// no text. `before` is the version that the age of a run refers to.
///
/// Nothing is changed: the text's own account of its parts can only be had through a transaction
/// that could.
pub fn runs(
    txn: &mut TransactionMut<'_>,
    path: &DocPath,
    authors: &Authors,
    before: &Clocks,
) -> Vec<Run> {
    let Some(Out::YText(text)) = path.resolve(txn) else {
        return Vec::new();
    };
    let mut runs = Runs::default();
    for (id, units) in passages(txn, &text) {
        let end = id.clock + units;
        let new = before.get(id.client.get()).clamp(id.clock, end);
        for (clocks, age) in [(id.clock..new, Age::Before), (new..end, Age::Since)] {
            authors.each(id.client.get(), clocks, |clocks, by| {
                runs.push(clocks.end - clocks.start, by, age);
            });
        }
    }
    runs.done
}

/// Who made the container at `path`: an element, or a text. `None` when the server did, nobody
/// knows, or there is none.
pub fn maker<T: ReadTxn>(txn: &T, path: &DocPath, authors: &Authors) -> Option<MemberId> {
    let id = match path.resolve(txn)? {
        Out::YMap(map) => AsRef::<Branch>::as_ref(&map).id(),
        Out::YText(text) => AsRef::<Branch>::as_ref(&text).id(),
        _ => return None,
    };
    match id {
        BranchID::Nested(id) => authors.of(&id).cloned(),
        BranchID::Root(_) => None,
    }
}

/// Who set the plain value at `path` last, after the log position `seq`.
#[must_use]
pub fn last_writer<'a>(touches: &'a Touches, path: &DocPath, seq: u64) -> Option<Touch<'a>> {
    touches.at(path, seq).into_iter().next()
}

#[derive(Default)]
struct Runs {
    done: Vec<Run>,
    at: u32,
}

impl Runs {
    fn push(&mut self, units: u32, by: Option<&MemberId>, age: Age) {
        if units == 0 {
            return;
        }
        let start = self.at;
        self.at += units;
        if let Some(last) = self.done.last_mut()
            && last.by.as_ref() == by
            && last.age == age
        {
            last.range.end = self.at;
            return;
        }
        self.done.push(Run {
            range: start..self.at,
            by: by.cloned(),
            age,
        });
    }
}
