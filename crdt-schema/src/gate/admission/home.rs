//! Where an element lives, as yrs will find it out: from its neighbours, or from its parent.

use super::{
    Admission, Block, Body, Content, Home, Id, Item, Parent, Place, Refusal, Stop, inconsistent,
};

impl Admission<'_, '_, '_> {
    /// Where the element lives: where its neighbours live, or in its parent.
    pub(super) fn home_of(&mut self, item: &Item<'_>) -> Result<Home, Stop> {
        match item.parent {
            Parent::Neighbours => self.home_beside(item.left, item.right),
            Parent::Root(name, key) => {
                let root = self.draft.root(name).ok_or_else(|| unknown_root(name))?;
                Ok(alive_at(self.place_in(root, key)?))
            }
            Parent::Nested(id, key) => match self.draft.nested(id) {
                Some(container) => Ok(alive_at(self.place_in(container, key)?)),
                None => match self.draft.home(id) {
                    None => Err(Stop::Missing(id)),
                    Some(
                        Home::Gone
                        | Home::At {
                            is_tombstone: true, ..
                        },
                    ) => Ok(Home::Gone),
                    Some(Home::At {
                        is_tombstone: false,
                        ..
                    }) => Err(inconsistent(
                        id,
                        "something is put into it, but it is no container",
                    ))?,
                },
            },
        }
    }

    fn home_beside(&self, left: Option<Id>, right: Option<Id>) -> Result<Home, Stop> {
        let find = |id: Option<Id>| match id {
            None => Ok(Home::Gone),
            Some(id) => self.draft.home(id).ok_or(Stop::Missing(id)),
        };
        match (find(left)?, find(right)?) {
            (Home::Gone, Home::Gone) => Ok(Home::Gone),
            (Home::At { place, .. }, Home::Gone) | (Home::Gone, Home::At { place, .. }) => {
                Ok(alive_at(place))
            }
            (Home::At { place: left, .. }, Home::At { place, .. }) if left == place => {
                Ok(alive_at(place))
            }
            (Home::At { .. }, Home::At { .. }) => {
                let id = left.or(right).expect("at least one neighbour was found");
                Err(inconsistent(
                    id,
                    "it is named as a neighbour from another place",
                ))?
            }
        }
    }

    /// The tail of a block whose beginning is known must continue what is known: the same place,
    /// and cut between two characters.
    pub(super) fn check_overlap(
        &self,
        client: u64,
        block: &Block<'_>,
        known: u32,
        home: Home,
    ) -> Result<(), Refusal> {
        let Body::Item(item) = &block.body else {
            return Ok(());
        };
        let id = Id {
            client,
            clock: block.clock,
        };
        let before = Id {
            client,
            clock: known - 1,
        };
        let is_same = match (self.draft.home(before), home) {
            (Some(Home::At { place, .. }), Home::At { place: tail, .. }) => place == tail,
            (Some(Home::Gone), Home::Gone) => true,
            (Some(Home::At { .. } | Home::Gone) | None, _) => false,
        };
        if !is_same {
            return Err(inconsistent(
                id,
                "its beginning is known from another place",
            ));
        }
        if let Content::Text(text) = item.content
            && !is_boundary(text, known - block.clock)
        {
            return Err(inconsistent(
                id,
                "its known beginning ends within a character",
            ));
        }
        Ok(())
    }
}

fn alive_at(place: Place) -> Home {
    Home::At {
        place,
        is_tombstone: false,
    }
}

fn unknown_root(name: &str) -> Refusal {
    Refusal::Shape {
        path: crate::path::escape(name),
        reason: format!(
            "the schema has no such root; roots of your own start with {:?}",
            crate::shape::FREE_PREFIX
        ),
    }
}

/// Whether `units` UTF-16 code units of `text` end between two characters.
fn is_boundary(text: &str, units: u32) -> bool {
    let mut left = units as usize;
    for character in text.chars() {
        if left == 0 {
            return true;
        }
        let Some(rest) = left.checked_sub(character.len_utf16()) else {
            return false;
        };
        left = rest;
    }
    left == 0
}
