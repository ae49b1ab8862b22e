//! The walker: one pass over a v1 update that checks everything that needs no document.
//!
//! Invariant: whatever comes out is well-formed, holds only content that a workspace may keep,
//! and its sizes, counts, clocks and nesting are bounded. It knows nothing of documents.

mod block;

use std::ops::Range;

use smallvec::SmallVec;

pub(super) use block::{Block, Body, Content, Item, Parent};

use super::{
    limits::Limits,
    reader::{CLOCK_END, Reader},
    refusal::{Refusal, within},
};

/// A well-formed, bounded v1 update. It borrows the update's bytes.
#[derive(Debug)]
pub struct Walk<'a> {
    sections: SmallVec<[Section; 1]>,
    /// Positions in `sections`, sorted by client.
    by_client: SmallVec<[u32; 2]>,
    blocks: SmallVec<[Block<'a>; 1]>,
    /// Sorted by client, then by clock.
    deletes: SmallVec<[Delete; 2]>,
}

/// The structs of one client.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) client: u64,
    /// Positions in [`Walk::blocks`].
    blocks: Range<u32>,
}

/// One deleted range of one client.
#[derive(Debug)]
pub(super) struct Delete {
    pub(super) client: u64,
    pub(super) clocks: Range<u32>,
}

/// Parses a v1 update.
///
/// # Errors
/// [`Refusal::Malformed`], [`Refusal::Unsupported`] or [`Refusal::Limit`].
pub fn walk<'a>(update: &'a [u8], limits: &Limits) -> Result<Walk<'a>, Refusal> {
    within("update_bytes_max", limits.update_bytes_max, update.len())?;
    let mut reader = Reader::new(update);
    let mut walk = Walk {
        sections: SmallVec::new(),
        by_client: SmallVec::new(),
        blocks: SmallVec::new(),
        deletes: SmallVec::new(),
    };
    walk.read_sections(&mut reader, limits)?;
    walk.read_deletes(&mut reader, limits)?;
    if reader.remaining() > 0 {
        return Err(reader.malformed("bytes follow the end of the update"));
    }
    Ok(walk)
}

impl Walk<'_> {
    /// The client ids under which the update inserts something.
    pub fn clients(&self) -> impl Iterator<Item = u64> {
        self.sections.iter().map(|section| section.client)
    }

    /// Each inserting client id with the first clock of its structs.
    pub fn starts(&self) -> impl Iterator<Item = (u64, u32)> {
        self.sections.iter().map(|section| {
            (
                section.client,
                self.blocks[section.blocks.start as usize].clock,
            )
        })
    }

    /// Whether any text of the update holds a carriage return, which shared text must not keep.
    #[must_use]
    pub fn has_carriage_return(&self) -> bool {
        self.blocks.iter().any(|block| match &block.body {
            Body::Item(Item {
                content: Content::Text(text),
                ..
            }) => text.contains('\r'),
            Body::Item(_) | Body::Gc => false,
        })
    }

    /// How many structs the update holds.
    #[must_use]
    pub fn structs(&self) -> usize {
        self.blocks.len()
    }

    /// Whether the update holds nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.deletes.is_empty()
    }
}

impl<'a> Walk<'a> {
    pub(super) fn sections(&self) -> &[Section] {
        &self.sections
    }

    pub(super) fn blocks(&self, section: &Section) -> &[Block<'a>] {
        &self.blocks[section.blocks.start as usize..section.blocks.end as usize]
    }

    pub(super) fn section_of(&self, client: u64) -> Option<usize> {
        self.by_client
            .binary_search_by_key(&client, |at| self.sections[*at as usize].client)
            .ok()
            .map(|found| self.by_client[found] as usize)
    }

    pub(super) fn deletes(&self) -> &[Delete] {
        &self.deletes
    }

    /// Whether the update deletes all of these clocks, in one range.
    pub(super) fn deletes_all(&self, client: u64, clocks: &Range<u32>) -> bool {
        let after = self.deletes.partition_point(|delete| {
            (delete.client, delete.clocks.start) <= (client, clocks.start)
        });
        after.checked_sub(1).is_some_and(|at| {
            let delete = &self.deletes[at];
            delete.client == client && delete.clocks.end >= clocks.end
        })
    }

    fn read_sections(&mut self, reader: &mut Reader<'a>, limits: &Limits) -> Result<(), Refusal> {
        let count = reader.count(4)?;
        within("update_clients_max", limits.update_clients_max, count)?;
        for _ in 0..count {
            self.read_section(reader, limits)?;
        }
        let sections = &self.sections;
        self.by_client.extend(0..position(sections.len()));
        self.by_client
            .sort_unstable_by_key(|at| sections[*at as usize].client);
        let is_twice =
            |pair: &[u32]| sections[pair[0] as usize].client == sections[pair[1] as usize].client;
        if self.by_client.windows(2).any(is_twice) {
            return Err(reader.malformed("a client has two sections"));
        }
        Ok(())
    }

    fn read_section(&mut self, reader: &mut Reader<'a>, limits: &Limits) -> Result<(), Refusal> {
        let count = reader.count(2)?;
        if count == 0 {
            return Err(reader.malformed("a client's section is empty"));
        }
        let start = self.blocks.len();
        within(
            "update_structs_max",
            limits.update_structs_max,
            start + count,
        )?;
        let client = reader.client()?;
        let mut clock = reader.clock()?;
        for _ in 0..count {
            let block = block::read(reader, clock, limits)?;
            clock = block.end();
            self.blocks.push(block);
            if clock >= CLOCK_END {
                return Err(reader.malformed("a clock reaches 2^31"));
            }
        }
        self.sections.push(Section {
            client,
            blocks: position(start)..position(self.blocks.len()),
        });
        Ok(())
    }

    fn read_deletes(&mut self, reader: &mut Reader<'a>, limits: &Limits) -> Result<(), Refusal> {
        let count = reader.count(4)?;
        let mut clients: SmallVec<[u64; 4]> = SmallVec::new();
        for _ in 0..count {
            let client = reader.client()?;
            clients.push(client);
            self.read_deletes_of(client, reader, limits)?;
        }
        if !clients.is_sorted() {
            self.deletes
                .sort_unstable_by_key(|delete| (delete.client, delete.clocks.start));
        }
        clients.sort_unstable();
        if clients.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(reader.malformed("a client's deletes are given twice"));
        }
        Ok(())
    }

    fn read_deletes_of(
        &mut self,
        client: u64,
        reader: &mut Reader<'a>,
        limits: &Limits,
    ) -> Result<(), Refusal> {
        let count = reader.count(2)?;
        if count == 0 {
            return Err(reader.malformed("a client's deletes are empty"));
        }
        let found = self.deletes.len() + count;
        within("update_deletes_max", limits.update_deletes_max, found)?;
        let mut end = 0;
        for _ in 0..count {
            let start = reader.clock()?;
            let len = reader.clock()?;
            if len == 0 || start < end {
                return Err(reader.malformed("deleted ranges are empty or not in order"));
            }
            end = start + len;
            if end >= CLOCK_END {
                return Err(reader.malformed("a deleted range reaches clock 2^31"));
            }
            self.deletes.push(Delete {
                client,
                clocks: start..end,
            });
        }
        Ok(())
    }
}

fn position(index: usize) -> u32 {
    u32::try_from(index).expect("limits keep counts far below 2^32")
}
