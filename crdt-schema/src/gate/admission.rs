//! Judging one walked update against the index.
//!
//! Structs are placed in the order in which yrs will integrate them: a section is followed until
//! it builds on another one, which is then followed up to the clock that is needed.

mod content;
mod home;
mod verdict;

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
    /// The place of each struct, if there are enough structs to crowd one place.
    placed: Vec<Place>,
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
            Account::Member(writer, _) => Author::Member(writer.member.clone()),
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
            placed: Vec::new(),
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
        self.check_crowding()?;
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
            Account::Member(..) | Account::Server if is_own => Ok(()),
            Account::Member(..) | Account::Server => Err(Refusal::ForeignClient { client }),
        }
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
        if self.walk.structs() > self.limits.update_structs_per_place_max {
            self.placed.push(place);
        }
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
