//! Taking back one member's edits since a version, and nobody else's.

use yrs::{Text, TransactionMut};

mod report;

pub use self::report::{Kept, Reversal, TakenBack, Undone, Why};

use super::{
    Version,
    aligned::Aligned,
    parts::{self, Leaf, Parts},
    restore::{is_in_both, union},
    write,
};
use crate::{
    attribution::{self, Authors},
    ids::MemberId,
    path::DocPath,
    project,
    schema::{EditError, TextField},
    touches::{Touch, Touches},
};

/// Whose edits are taken back, and what is known about who did what.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// The member whose edits are taken back.
    pub member: &'a MemberId,
    /// Who wrote what.
    pub authors: &'a Authors,
    /// Who changed which place since the version.
    pub touches: &'a Touches,
}

/// Takes back what one member did to the document since `base`; what others wrote always stays.
///
/// Words that a member replaced by own words count as deleted by that member. Other deletions
/// come back only where nobody else changed the text. Suggestions and discussions are left alone.
///
/// # Errors
/// When the document does not take an edit, which no sound document refuses.
pub fn undo_member(
    txn: &mut TransactionMut<'_>,
    base: &Version,
    whose: Whose<'_>,
) -> Result<Undone, EditError> {
    let now = project::project(txn);
    let (then, now) = parts::pair(&base.projection, &now);
    let mut undo = Undo {
        txn,
        base,
        whose,
        then: &then,
        now: &now,
        done: Undone::default(),
    };
    for path in union(then.elements.keys(), now.elements.keys()) {
        undo.element(path)?;
    }
    for path in union(then.leaves.keys(), now.leaves.keys()) {
        if then.leaves.get(path) != now.leaves.get(path) && is_in_both(path, &then, &now) {
            undo.leaf(path)?;
        }
    }
    Ok(undo.done)
}

struct Undo<'a, 'txn, 'doc> {
    txn: &'txn mut TransactionMut<'doc>,
    base: &'a Version,
    whose: Whose<'a>,
    then: &'a Parts<'a>,
    now: &'a Parts<'a>,
    done: Undone,
}

impl<'a> Undo<'a, '_, '_> {
    fn element(&mut self, path: &DocPath) -> Result<(), EditError> {
        let was = self.then.elements.contains_key(path);
        match (was, self.now.elements.contains_key(path)) {
            (false, true) => self.added(path),
            (true, false) => self.removed(path),
            (true, true) | (false, false) => Ok(()),
        }
    }

    fn added(&mut self, path: &DocPath) -> Result<(), EditError> {
        let maker = attribution::maker(self.txn, path, self.whose.authors);
        if maker.as_ref() != Some(self.whose.member) {
            return self.added_by_another(path);
        }
        let others = self.others(path);
        if others.is_empty() {
            write::remove(self.txn, path);
            self.took_back(path, Reversal::Removed);
        } else {
            self.keep(path, Why::AlsoChanged { by: others });
        }
        Ok(())
    }

    /// In an element that somebody else added, only the member's words can be told.
    fn added_by_another(&mut self, element: &DocPath) -> Result<(), EditError> {
        let now = self.now;
        for (path, leaf) in now.below(element) {
            match leaf {
                Leaf::Text(text) => self.text(path, "", text),
                Leaf::Plain(_) if self.is_last(path) => self.keep(path, Why::NoEarlierValue),
                Leaf::Plain(_) => {}
            }
        }
        Ok(())
    }

    fn removed(&mut self, path: &DocPath) -> Result<(), EditError> {
        if self.is_last(path) {
            write::put_element(self.txn, self.then, path)?;
            self.took_back(path, Reversal::PutBack);
        } else {
            self.keep_if_touched(path);
        }
        Ok(())
    }

    fn leaf(&mut self, path: &DocPath) -> Result<(), EditError> {
        match (self.then.leaves.get(path), self.now.leaves.get(path)) {
            (Some(Leaf::Text(then)), Some(Leaf::Text(now))) => self.text(path, then, now),
            (then, _) if self.is_last(path) => {
                write::put_leaf(self.txn, path, then)?;
                self.took_back(path, Reversal::Reset);
            }
            _ => self.keep_if_touched(path),
        }
        Ok(())
    }

    fn text(&mut self, path: &DocPath, then: &str, now: &str) {
        let (authors, clocks) = (self.whose.authors, &self.base.clocks);
        let runs = attribution::runs(self.txn, path, authors, clocks);
        let others = self.others(path);
        let is_touched = self.touches(path).iter().any(|touch| self.is_mine(touch));
        let aligned = Aligned::new(then, now, &runs, self.whose.member);
        let out = aligned.take_out(is_touched && others.is_empty());
        if out.removed + out.restored > 0
            && let Some(text) = TextField::at(path.clone()).and_then(|field| field.find(self.txn))
        {
            text.apply_delta(self.txn, out.delta);
            let how = Reversal::Text {
                removed: out.removed,
                restored: out.restored,
            };
            self.took_back(path, how);
        }
        if is_touched && (out.left_out > 0 || !aligned.is_whole) {
            self.keep(path, Why::DeletedBySomebody { by: others });
        }
    }

    fn keep_if_touched(&mut self, path: &DocPath) {
        let touches = self.touches(path);
        let (Some(last), true) = (
            touches.first(),
            touches.iter().any(|touch| self.is_mine(touch)),
        ) else {
            return;
        };
        let by = last.member.clone();
        self.keep(path, Why::ChangedLater { by });
    }

    fn took_back(&mut self, path: &DocPath, how: Reversal) {
        let path = path.clone();
        self.done.undone.push(TakenBack { path, how });
    }

    fn keep(&mut self, path: &DocPath, why: Why) {
        let path = path.clone();
        self.done.kept.push(Kept { path, why });
    }

    /// Those besides the member who changed a place or wrote words there, the latest first.
    fn others(&mut self, path: &DocPath) -> Vec<MemberId> {
        let mut others: Vec<MemberId> = self
            .touches(path)
            .into_iter()
            .filter(|touch| !self.is_mine(touch))
            .map(|touch| touch.member.clone())
            .collect();
        let now = self.now;
        for (path, leaf) in now.below(path) {
            let Leaf::Text(_) = leaf else { continue };
            let (authors, clocks) = (self.whose.authors, &self.base.clocks);
            for run in attribution::runs(self.txn, path, authors, clocks) {
                if let (attribution::Age::Since, Some(by)) = (run.age, run.by)
                    && by != *self.whose.member
                    && !others.contains(&by)
                {
                    others.push(by);
                }
            }
        }
        others
    }

    /// Whether the member was the last to change a place.
    fn is_last(&self, path: &DocPath) -> bool {
        let touches = self.touches(path);
        touches.first().is_some_and(|touch| self.is_mine(touch))
    }

    fn is_mine(&self, touch: &Touch<'_>) -> bool {
        touch.member == self.whose.member
    }

    fn touches(&self, path: &DocPath) -> Vec<Touch<'a>> {
        self.whose.touches.at(path, self.base.cursor)
    }
}
