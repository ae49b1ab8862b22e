//! Things that begin open and end: open ones are all kept, of the ended ones the newest.

use std::collections::{BTreeMap, VecDeque};

use crate::{
    ids::ElementId,
    ownership::{
        limits::ENDED_KEPT,
        views::{ApprovalView, DecisionView, HandoffView},
    },
};

/// Something that begins open and ends once.
pub(in crate::ownership) trait Ends {
    /// Whether it still waits for something.
    fn is_open(&self) -> bool;
}

/// All open things of a kind and the newest ended ones.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ownership) struct Ledger<T> {
    open: BTreeMap<ElementId, T>,
    ended: BTreeMap<ElementId, T>,
    oldest_first: VecDeque<ElementId>,
}

impl<T: Clone> Ledger<T> {
    /// The open things alone.
    pub(super) fn open_part(&self) -> Self {
        Self {
            open: self.open.clone(),
            ..Self::default()
        }
    }
}

impl<T: Ends> Ledger<T> {
    /// Open ones by id, then ended ones by id.
    pub(in crate::ownership) fn all(&self) -> impl Iterator<Item = &T> {
        self.open.values().chain(self.ended.values())
    }

    pub(in crate::ownership) fn open(&self) -> impl Iterator<Item = &T> {
        self.open.values()
    }

    pub(in crate::ownership) fn open_count(&self) -> usize {
        self.open.len()
    }

    pub(in crate::ownership) fn get(&self, id: &ElementId) -> Option<&T> {
        self.open.get(id).or_else(|| self.ended.get(id))
    }

    /// Adds an open thing.
    pub(in crate::ownership) fn add(&mut self, id: &ElementId, thing: T) {
        self.open.insert(id.clone(), thing);
    }

    /// Changes a thing, if it is known.
    pub(in crate::ownership) fn change(&mut self, id: &ElementId, change: impl FnOnce(&mut T)) {
        if let Some(thing) = self.ended.get_mut(id) {
            return change(thing);
        }
        let Some(mut thing) = self.open.remove(id) else {
            return;
        };
        change(&mut thing);
        if thing.is_open() {
            self.open.insert(id.clone(), thing);
        } else {
            self.end(id, thing);
        }
    }

    fn end(&mut self, id: &ElementId, thing: T) {
        self.ended.insert(id.clone(), thing);
        self.oldest_first.push_back(id.clone());
        if self.oldest_first.len() > ENDED_KEPT
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.ended.remove(&oldest);
        }
    }
}

impl<T> Default for Ledger<T> {
    fn default() -> Self {
        Self {
            open: BTreeMap::new(),
            ended: BTreeMap::new(),
            oldest_first: VecDeque::new(),
        }
    }
}

impl Ends for HandoffView {
    fn is_open(&self) -> bool {
        self.status.is_open()
    }
}

impl Ends for DecisionView {
    fn is_open(&self) -> bool {
        self.status.is_open()
    }
}

impl Ends for ApprovalView {
    fn is_open(&self) -> bool {
        self.status.is_open()
    }
}
