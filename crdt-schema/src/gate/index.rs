//! The sidecar: for every known element, which container and key it lives in.
//!
//! Invariant: a client's runs cover its clocks from 0 without a gap. It mirrors what the
//! document's store will hold once everything admitted is applied, and knows no rules.

mod draft;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub(super) use draft::Draft;

use super::{Place, RootKind, author::Author, policy::Zone, ranges::Ranges, reader::Id};
use crate::{path, shape::Shape};

#[derive(Debug, Default)]
pub(super) struct Index {
    clients: FxHashMap<u64, Client>,
    places: Vec<PlaceRecord>,
    place_ids: FxHashMap<(ContainerId, KeyId), Place>,
    containers: Vec<Container>,
    roots: FxHashMap<Arc<str>, ContainerId>,
    nested: FxHashMap<Id, ContainerId>,
    keys: Vec<Arc<str>>,
    key_ids: FxHashMap<Arc<str>, KeyId>,
    free_roots: usize,
}

#[derive(Debug)]
pub(super) struct Client {
    pub(super) author: Author,
    runs: Vec<Run>,
    deleted: Ranges,
}

/// Consecutive clocks that live in the same home; they start where the run before ends.
#[derive(Debug, Clone, Copy)]
struct Run {
    end: u32,
    home: Home,
}

/// Where an element lives: a place, or nowhere once it is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    Gone,
    /// `is_tombstone`: it arrived deleted, so that what it was is unknown.
    At {
        place: Place,
        is_tombstone: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ContainerId(u32);

/// An interned key, or [`KeyId::SEQUENCE`] for the elements of a text or array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct KeyId(u32);

impl KeyId {
    const SEQUENCE: Self = Self(u32::MAX);
}

#[derive(Debug)]
pub(super) struct Container {
    origin: Origin,
    /// `None` for a free root that holds nothing yet that would tell.
    pub(super) kind: Option<RootKind>,
    pub(super) shape: &'static Shape,
    pub(super) zone: Zone,
    pub(super) depth: usize,
}

#[derive(Debug, Clone, Copy)]
enum Origin {
    Root(KeyId),
    Nested { id: Id, place: Place },
}

#[derive(Debug)]
pub(super) struct PlaceRecord {
    pub(super) container: ContainerId,
    key: KeyId,
    /// What may stand here.
    pub(super) shape: &'static Shape,
    pub(super) zone: Zone,
}

impl PlaceRecord {
    pub(super) fn is_keyed(&self) -> bool {
        self.key != KeyId::SEQUENCE
    }
}

impl Container {
    pub(super) fn is_root(&self) -> bool {
        matches!(self.origin, Origin::Root(_))
    }
}

impl Client {
    fn clock(&self) -> u32 {
        self.runs.last().map_or(0, |run| run.end)
    }

    fn home(&self, clock: u32) -> Option<Home> {
        let (last, earlier) = self.runs.split_last()?;
        if clock >= last.end {
            return None;
        }
        if earlier.last().is_none_or(|run| clock >= run.end) {
            return Some(last.home);
        }
        let at = earlier.partition_point(|run| run.end <= clock);
        Some(earlier[at].home)
    }
}

impl Index {
    pub(super) fn clock(&self, client: u64) -> u32 {
        self.clients.get(&client).map_or(0, Client::clock)
    }

    pub(super) fn client(&self, client: u64) -> Option<&Client> {
        self.clients.get(&client)
    }

    pub(super) fn home(&self, id: Id) -> Option<Home> {
        self.clients.get(&id.client)?.home(id.clock)
    }

    pub(super) fn nested(&self, id: Id) -> Option<ContainerId> {
        self.nested.get(&id).copied()
    }

    pub(super) fn containers(&self) -> usize {
        self.containers.len()
    }

    pub(super) fn container(&self, id: ContainerId) -> &Container {
        &self.containers[id.0 as usize]
    }

    pub(super) fn place(&self, place: Place) -> &PlaceRecord {
        &self.places[place.0 as usize]
    }

    pub(super) fn name(&self, root: &Container) -> Option<&Arc<str>> {
        match root.origin {
            Origin::Root(name) => Some(&self.keys[name.0 as usize]),
            Origin::Nested { .. } => None,
        }
    }

    /// The roots outside the schema whose kind is known.
    pub(super) fn free_roots(&self) -> impl Iterator<Item = (&str, RootKind)> {
        self.roots
            .iter()
            .filter(|(name, _)| name.starts_with(crate::shape::FREE_PREFIX))
            .filter_map(|(name, id)| Some((&**name, self.container(*id).kind?)))
    }

    /// Sets who writes under `client`, before or after its first struct.
    pub(super) fn bind(&mut self, client: u64, author: Author) {
        let known = self.clients.entry(client).or_insert_with(|| Client {
            author: Author::Server,
            runs: Vec::new(),
            deleted: Ranges::default(),
        });
        known.author = author;
    }

    /// Records that these clocks are deleted; those that have not arrived are left out.
    pub(super) fn delete(&mut self, client: u64, clocks: std::ops::Range<u32>) {
        if let Some(known) = self.clients.get_mut(&client) {
            let end = clocks.end.min(known.clock());
            known.deleted.insert(clocks.start..end);
        }
    }

    /// The parts of `clocks` that are not deleted yet.
    pub(super) fn alive(
        &self,
        client: u64,
        clocks: std::ops::Range<u32>,
    ) -> impl Iterator<Item = std::ops::Range<u32>> {
        self.clients
            .get(&client)
            .into_iter()
            .flat_map(move |known| known.deleted.missing(clocks.clone()))
    }

    /// The places that `clocks` of `client`, all known, live in.
    pub(super) fn places_of(
        &self,
        client: u64,
        clocks: std::ops::Range<u32>,
    ) -> impl Iterator<Item = Place> {
        let runs = self
            .clients
            .get(&client)
            .map_or(&[][..], |known| &known.runs);
        let first = runs.partition_point(|run| run.end <= clocks.start);
        let starts = std::iter::once(clocks.start).chain(runs[first..].iter().map(|run| run.end));
        runs[first..]
            .iter()
            .zip(starts)
            .take_while(move |(_, start)| *start < clocks.end)
            .filter_map(|(run, _)| match run.home {
                Home::At { place, .. } => Some(place),
                Home::Gone => None,
            })
    }

    /// The place as a path, such as `plan/steps/ab12/body`. Keys are escaped as in
    /// [`path::escape`]; an element of an array is `[]`.
    pub(super) fn path(&self, place: Place) -> String {
        let mut segments = Vec::new();
        let mut inner = None;
        let mut next = Some(place);
        while let Some(place) = next {
            let record = self.place(place);
            if record.is_keyed() {
                segments.push(path::escape(&self.keys[record.key.0 as usize]));
            } else if inner.is_some() {
                segments.push("[]".to_owned());
            }
            inner = Some(place);
            next = match self.container(record.container).origin {
                Origin::Root(name) => {
                    segments.push(path::escape(&self.keys[name.0 as usize]));
                    None
                }
                Origin::Nested { place, .. } => Some(place),
            };
        }
        segments.reverse();
        segments.join("/")
    }

    /// The path of the place where a container is, or the name of a root.
    pub(super) fn container_path(&self, container: ContainerId) -> String {
        match self.container(container).origin {
            Origin::Root(name) => path::escape(&self.keys[name.0 as usize]),
            Origin::Nested { place, .. } => self.path(place),
        }
    }

    pub(super) fn bytes_estimate(&self) -> usize {
        const ENTRY: usize = 2 * size_of::<usize>();
        let clients: usize = self
            .clients
            .values()
            .map(|client| {
                size_of::<Client>()
                    + ENTRY
                    + client.runs.capacity() * size_of::<Run>()
                    + client.deleted.bytes_estimate()
            })
            .sum();
        let keys: usize = self.keys.iter().map(|key| key.len() + 4 * ENTRY).sum();
        clients
            + keys
            + self.places.capacity() * (size_of::<PlaceRecord>() + 2 * ENTRY)
            + self.containers.capacity() * (size_of::<Container>() + 2 * ENTRY)
    }
}
