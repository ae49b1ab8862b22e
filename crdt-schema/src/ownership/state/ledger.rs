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
pub(in crate::ownership) trait Ended {
    /// Whether it still waits for something.
    fn is_open(&self) -> bool;
}

/// All open things of a kind and the newest ended ones.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ownership) struct Ledger<T> {
    all: BTreeMap<ElementId, T>,
    ended: VecDeque<ElementId>,
}

impl<T: Ended + Clone> Ledger<T> {
    /// The open things alone.
    pub(super) fn open_part(&self) -> Self {
        let open = self.all.iter().filter(|(_, thing)| thing.is_open());
        Self {
            all: open
                .map(|(id, thing)| (id.clone(), thing.clone()))
                .collect(),
            ended: VecDeque::new(),
        }
    }
}

impl<T: Ended> Ledger<T> {
    pub(in crate::ownership) fn all(&self) -> impl Iterator<Item = &T> {
        self.all.values()
    }

    pub(in crate::ownership) fn open(&self) -> impl Iterator<Item = &T> {
        self.all.values().filter(|thing| thing.is_open())
    }

    pub(in crate::ownership) fn open_count(&self) -> usize {
        self.all.len() - self.ended.len()
    }

    pub(in crate::ownership) fn get(&self, id: &ElementId) -> Option<&T> {
        self.all.get(id)
    }

    pub(in crate::ownership) fn add(&mut self, id: &ElementId, thing: T) {
        self.all.insert(id.clone(), thing);
    }

    /// Changes a thing, if it is known.
    pub(in crate::ownership) fn change(&mut self, id: &ElementId, change: impl FnOnce(&mut T)) {
        let Some(thing) = self.all.get_mut(id) else {
            return;
        };
        let was_open = thing.is_open();
        change(thing);
        if was_open && !thing.is_open() {
            self.ended.push_back(id.clone());
            if self.ended.len() > ENDED_KEPT
                && let Some(oldest) = self.ended.pop_front()
            {
                self.all.remove(&oldest);
            }
        }
    }
}

impl<T> Default for Ledger<T> {
    fn default() -> Self {
        Self {
            all: BTreeMap::new(),
            ended: VecDeque::new(),
        }
    }
}

impl Ended for HandoffView {
    fn is_open(&self) -> bool {
        self.status.is_open()
    }
}

impl Ended for DecisionView {
    fn is_open(&self) -> bool {
        self.status.is_open()
    }
}

impl Ended for ApprovalView {
    fn is_open(&self) -> bool {
        self.status.is_open()
    }
}
