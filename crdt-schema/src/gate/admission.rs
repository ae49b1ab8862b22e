//! Judging one walked update against the index.
//!
//! Structs are placed in the order in which yrs will integrate them: a section is followed until
//! it builds on another one, which is then followed up to the clock that is needed.

mod content;

use std::ops::Range;

use smallvec::SmallVec;

use super::{
    Place,
    author::{Account, Author},
    index::{ContainerId, Draft, Home, Index},
    limits::Limits,
    policy,
    reader::Id,
    refusal::{Refusal, within},
    walk::{Block, Body, Content, Item, Parent, Walk},
};

/// What an update adds, before it is recorded for good.
pub(super) struct Admission<'i, 'w, 'u> {
    pub(super) draft: Draft<'i>,
    walk: &'w Walk<'u>,
    account: Account<'w>,
    author: Author,
    limits: &'w Limits,
    cursors: SmallVec<[Cursor; 1]>,
    touched: SmallVec<[Place; 2]>,
    /// Clocks that are deleted from now on.
    deleted: SmallVec<[(u64, Range<u32>); 2]>,
    has_structs: bool,
}

/// How far a section has been followed.
#[derive(Debug, Clone, Copy, Default)]
struct Cursor {
    next: usize,
    is_open: bool,
}

/// A section that is being followed, and the clock that it must pass for the one below it.
struct Wait {
    section: usize,
    past: Option<u32>,
}

/// Why a struct could not be placed.
enum Stop {
    Missing(Id),
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What an admitted update does.
pub(super) struct Outcome {
    pub(super) touched: SmallVec<[Place; 2]>,
    pub(super) deleted: SmallVec<[(u64, Range<u32>); 2]>,
    pub(super) is_news: bool,
}

impl<'i, 'w, 'u> Admission<'i, 'w, 'u> {
    pub(super) fn new(
        index: &'i mut Index,
        walk: &'w Walk<'u>,
        account: Account<'w>,
        limits: &'w Limits,
    ) -> Self {
        let author = match account {
            Account::Member(writer) => Author::Member(writer.member.clone()),
            Account::Server | Account::Stored => Author::Server,
        };
        Self {
            draft: index.draft(),
            walk,
            account,
            author,
            limits,
            cursors: SmallVec::from_elem(Cursor::default(), walk.sections().len()),
            touched: SmallVec::new(),
            deleted: SmallVec::new(),
            has_structs: false,
        }
    }

    /// Places every struct and delete, and asks the policy. The draft is left for the caller to
    /// keep.
    pub(super) fn judge(mut self) -> Result<(Draft<'i>, Outcome), Refusal> {
        for section in 0..self.walk.sections().len() {
            self.follow(section)?;
        }
        self.place_deletes()?;
        self.touched.sort_unstable();
        self.touched.dedup();
        self.check_permission()?;
        self.check_sizes()?;
        let outcome = Outcome {
            is_news: self.has_structs || !self.deleted.is_empty(),
            touched: self.touched,
            deleted: self.deleted,
        };
        Ok((self.draft, outcome))
    }

    fn follow(&mut self, section: usize) -> Result<(), Refusal> {
        let mut waits: SmallVec<[Wait; 4]> = SmallVec::new();
        waits.push(Wait {
            section,
            past: None,
        });
        while let Some(top) = waits.last() {
            let section = &self.walk.sections()[top.section];
            let blocks = self.walk.blocks(section);
            let is_past = top
                .past
                .is_some_and(|clock| self.draft.clock(section.client) > clock);
            let Some(block) = blocks
                .get(self.cursors[top.section].next)
                .filter(|_| !is_past)
            else {
                if let (Some(clock), false) = (top.past, is_past) {
                    return Err(incomplete(Id {
                        client: section.client,
                        clock,
                    }));
                }
                waits.pop();
                continue;
            };
            match self.place_block(top.section, section.client, block) {
                Ok(()) => self.cursors[top.section].next += 1,
                Err(Stop::Refused(refusal)) => return Err(refusal),
                Err(Stop::Missing(id)) => {
                    let needed = self.walk.section_of(id.client);
                    let needed = needed.filter(|at| waits.iter().all(|wait| wait.section != *at));
                    waits.push(Wait {
                        section: needed.ok_or_else(|| incomplete(id))?,
                        past: Some(id.clock),
                    });
                }
            }
        }
        Ok(())
    }

    fn place_block(&mut self, section: usize, client: u64, block: &Block<'_>) -> Result<(), Stop> {
        let known = self.draft.clock(client);
        if block.end() <= known {
            return Ok(());
        }
        if block.clock > known {
            return Err(Stop::Refused(incomplete(Id {
                client,
                clock: known,
            })));
        }
        let home = match &block.body {
            Body::Gc => Home::Gone,
            Body::Item(item) => self.home_of(item)?,
        };
        if block.clock < known {
            self.check_overlap(client, block, known, home)?;
        }
        self.open(section, client)?;
        self.record(client, block, known, home)?;
        Ok(())
    }

    fn open(&mut self, section: usize, client: u64) -> Result<(), Refusal> {
        let cursor = &mut self.cursors[section];
        if cursor.is_open {
            return Ok(());
        }
        cursor.is_open = true;
        let is_own = self.draft.open(client, &self.author);
        match self.account {
            Account::Stored => Ok(()),
            Account::Member(_) | Account::Server if is_own => Ok(()),
            Account::Member(_) | Account::Server => Err(Refusal::ForeignClient { client }),
        }
    }

    /// Where the element lives: where its neighbours live, or in its parent.
    fn home_of(&mut self, item: &Item<'_>) -> Result<Home, Stop> {
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
    fn check_overlap(
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

    fn record(
        &mut self,
        client: u64,
        block: &Block<'_>,
        known: u32,
        home: Home,
    ) -> Result<(), Refusal> {
        self.has_structs = true;
        let (Home::At { place, .. }, Body::Item(item)) = (home, &block.body) else {
            self.draft.push(client, block.end(), Home::Gone);
            self.deleted.push((client, known..block.end()));
            return Ok(());
        };
        self.settle_root(place, &item.content);
        self.check_entry(place, &item.content, client, known..block.end())?;
        let child = self.check_content(place, item)?;
        let is_tombstone = matches!(item.content, Content::Deleted);
        if is_tombstone {
            self.deleted.push((client, known..block.end()));
        }
        let home = Home::At {
            place,
            is_tombstone,
        };
        self.draft.push(client, block.end(), home);
        if let Some((kind, shape)) = child {
            let id = Id {
                client,
                clock: block.clock,
            };
            self.draft.add_nested(id, place, kind, shape);
        }
        self.touch(place);
        Ok(())
    }

    /// Notes that a place changes, unless the update that makes the container is touch enough.
    fn touch(&mut self, place: Place) {
        let container = self.draft.place(place).container;
        let is_covered = self.draft.is_new(container) && !self.draft.container(container).is_root();
        if !is_covered && self.touched.last() != Some(&place) {
            self.touched.push(place);
        }
    }

    fn place_deletes(&mut self) -> Result<(), Refusal> {
        let walk = self.walk;
        for delete in walk.deletes() {
            let clock = self.draft.clock(delete.client);
            if delete.clocks.end > clock {
                return Err(incomplete(Id {
                    client: delete.client,
                    clock: delete.clocks.start.max(clock),
                }));
            }
            let before = self.deleted.len();
            for alive in self.draft.alive(delete.client, delete.clocks.clone()) {
                self.deleted.push((delete.client, alive));
            }
            for at in before..self.deleted.len() {
                let (client, clocks) = self.deleted[at].clone();
                let places: SmallVec<[Place; 4]> = self.draft.places_of(client, clocks).collect();
                for place in places {
                    self.touch(place);
                }
            }
        }
        Ok(())
    }

    fn check_permission(&self) -> Result<(), Refusal> {
        let Account::Member(writer) = self.account else {
            return Ok(());
        };
        for place in &self.touched {
            if let Some(reason) = self.draft.place(*place).zone.objection(writer.role) {
                return Err(Refusal::Forbidden {
                    path: self.draft.path(*place),
                    reason,
                });
            }
        }
        if self.has_structs && writer.role == crate::member::Role::Viewer {
            return Err(Refusal::Forbidden {
                path: "document".to_owned(),
                reason: policy::VIEWER,
            });
        }
        Ok(())
    }

    fn check_sizes(&self) -> Result<(), Refusal> {
        if matches!(self.account, Account::Stored) {
            return Ok(());
        }
        let limits = self.limits;
        let [clients, places, containers, free_roots] = self.draft.sizes();
        within("document_clients_max", limits.document_clients_max, clients)?;
        within("document_places_max", limits.document_places_max, places)?;
        within(
            "document_containers_max",
            limits.document_containers_max,
            containers,
        )?;
        within(
            "document_free_roots_max",
            limits.document_free_roots_max,
            free_roots,
        )
    }
}

fn alive_at(place: Place) -> Home {
    Home::At {
        place,
        is_tombstone: false,
    }
}

fn incomplete(id: Id) -> Refusal {
    Refusal::Incomplete {
        client: id.client,
        clock: id.clock,
    }
}

fn inconsistent(id: Id, what: &'static str) -> Refusal {
    Refusal::Inconsistent {
        client: id.client,
        clock: id.clock,
        what,
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
