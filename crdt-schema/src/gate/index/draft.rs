//! Additions to the index that vanish unless they are kept.
//!
//! New records go straight into the index, so that lookups need no second table, and a journal
//! remembers how to take them back.

use std::{ops::Deref, sync::Arc};

use smallvec::SmallVec;

use super::{
    Author, Client, Container, ContainerId, Home, Id, Index, KeyId, Origin, Place, PlaceRecord,
    Ranges, RootKind, Run,
};
use crate::{
    gate::policy::{self, Zone},
    shape::{self, Shape},
};

pub(in crate::gate) struct Draft<'i> {
    index: &'i mut Index,
    places: usize,
    containers: usize,
    keys: usize,
    clients: SmallVec<[(u64, Before); 1]>,
    /// Free roots whose kind was settled.
    settled: SmallVec<[ContainerId; 1]>,
    is_kept: bool,
}

/// What a client had before the draft.
#[derive(Debug, Clone, Copy)]
enum Before {
    Nothing,
    Runs { count: usize, clock: u32 },
}

impl Index {
    pub(in crate::gate) fn draft(&mut self) -> Draft<'_> {
        Draft {
            places: self.places.len(),
            containers: self.containers.len(),
            keys: self.keys.len(),
            clients: SmallVec::new(),
            settled: SmallVec::new(),
            is_kept: false,
            index: self,
        }
    }
}

impl Draft<'_> {
    /// Makes what was added part of the index for good.
    pub(in crate::gate) fn keep(mut self) {
        self.is_kept = true;
    }

    /// Whether the draft made this container.
    pub(in crate::gate) fn is_new(&self, container: ContainerId) -> bool {
        container.0 as usize >= self.containers
    }

    /// The client ids that the draft made.
    pub(in crate::gate) fn new_clients(&self) -> impl Iterator<Item = u64> {
        self.clients
            .iter()
            .filter(|(_, before)| matches!(before, Before::Nothing))
            .map(|(client, _)| *client)
    }

    /// The free roots whose kind the draft settled.
    pub(in crate::gate) fn new_roots(&self) -> impl Iterator<Item = (String, RootKind)> {
        self.settled.iter().filter_map(|id| {
            let root = self.container(*id);
            Some((self.name(root)?.to_string(), root.kind?))
        })
    }

    /// How many clients, places, containers and free roots there are.
    pub(in crate::gate) fn sizes(&self) -> [usize; 4] {
        [
            self.index.clients.len(),
            self.index.places.len(),
            self.index.containers.len(),
            self.index.free_roots,
        ]
    }

    /// Prepares for runs of `client`; to be called once a draft and client. A new client becomes
    /// `author`'s. Returns whether the client belongs to `author`.
    pub(in crate::gate) fn open(&mut self, client: u64, author: &Author) -> bool {
        if let Some(known) = self.index.clients.get(&client) {
            let before = Before::Runs {
                count: known.runs.len(),
                clock: known.clock(),
            };
            self.clients.push((client, before));
            return known.author == *author;
        }
        self.clients.push((client, Before::Nothing));
        let fresh = Client {
            author: author.clone(),
            runs: Vec::new(),
            deleted: Ranges::default(),
        };
        self.index.clients.insert(client, fresh);
        true
    }

    /// Appends clocks up to `end` to an opened client.
    pub(in crate::gate) fn push(&mut self, client: u64, end: u32, home: Home) {
        let client = self.index.clients.get_mut(&client);
        let runs = &mut client
            .expect("a client is opened before it is pushed to")
            .runs;
        match runs.last_mut() {
            Some(last) if last.home == home => last.end = end,
            _ => runs.push(Run { end, home }),
        }
    }

    /// The root called `name`, or `None` when the schema knows none and it is not free.
    pub(in crate::gate) fn root(&mut self, name: &str) -> Option<ContainerId> {
        if let Some(known) = self.index.roots.get(name) {
            return Some(*known);
        }
        let shape = shape::root(name)?;
        let is_free = name.starts_with(shape::FREE_PREFIX);
        let key = self.key(name);
        let id = self.add_container(Container {
            origin: Origin::Root(key),
            kind: policy::root_kind(name, shape),
            shape,
            zone: Zone::of_root(name),
            depth: 1,
        });
        let name = Arc::clone(&self.index.keys[key.0 as usize]);
        self.index.roots.insert(name, id);
        self.index.free_roots += usize::from(is_free);
        Some(id)
    }

    /// Whether something was ever put into `container` without a key.
    pub(in crate::gate) fn has_sequence(&self, container: ContainerId) -> bool {
        let sequence = (container, KeyId::SEQUENCE);
        self.index.place_ids.contains_key(&sequence)
    }

    /// Fixes the kind of a free root.
    pub(in crate::gate) fn settle(&mut self, root: ContainerId, kind: RootKind) {
        self.index.containers[root.0 as usize].kind = Some(kind);
        self.settled.push(root);
    }

    /// Adds the container that the element `id` at `place` is.
    pub(in crate::gate) fn add_nested(
        &mut self,
        id: Id,
        place: Place,
        kind: RootKind,
        shape: &'static Shape,
    ) {
        let parent = self.container(self.place(place).container);
        let container = self.add_container(Container {
            origin: Origin::Nested { id, place },
            kind: Some(kind),
            shape,
            zone: parent.zone,
            depth: parent.depth + 1,
        });
        self.index.nested.insert(id, container);
    }

    /// The place of `key`, or of the sequence, in `container`. `shape_of` says what may stand
    /// there and is asked only for a new place.
    pub(in crate::gate) fn place_in<E>(
        &mut self,
        container: ContainerId,
        key: Option<&str>,
        shape_of: impl FnOnce(&Index) -> Result<&'static Shape, E>,
    ) -> Result<Place, E> {
        let key_id = match key {
            Some(key) => self.key(key),
            None => KeyId::SEQUENCE,
        };
        if let Some(known) = self.index.place_ids.get(&(container, key_id)) {
            return Ok(*known);
        }
        let shape = shape_of(self.index)?;
        let place = Place(count_u32(self.index.places.len()));
        let record = PlaceRecord {
            container,
            key: key_id,
            shape,
            zone: self.zone_of(container, key),
        };
        self.index.places.push(record);
        self.index.place_ids.insert((container, key_id), place);
        Ok(place)
    }

    fn zone_of(&self, container: ContainerId, key: Option<&str>) -> Zone {
        let container = self.container(container);
        match (self.name(container), key) {
            (Some(root), Some(key)) => container.zone.of_key(root, key),
            _ => container.zone,
        }
    }

    fn add_container(&mut self, container: Container) -> ContainerId {
        let id = ContainerId(count_u32(self.index.containers.len()));
        self.index.containers.push(container);
        id
    }

    fn key(&mut self, key: &str) -> KeyId {
        if let Some(known) = self.index.key_ids.get(key) {
            return *known;
        }
        let id = KeyId(count_u32(self.index.keys.len()));
        let key: Arc<str> = key.into();
        self.index.keys.push(Arc::clone(&key));
        self.index.key_ids.insert(key, id);
        id
    }

    fn roll_back(&mut self) {
        let index = &mut *self.index;
        for (client, before) in self.clients.drain(..) {
            match before {
                Before::Nothing => {
                    index.clients.remove(&client);
                }
                Before::Runs { count, clock } => {
                    let known = index.clients.get_mut(&client);
                    let runs = &mut known.expect("clients are only removed here").runs;
                    runs.truncate(count);
                    if let Some(last) = runs.last_mut() {
                        last.end = clock;
                    }
                }
            }
        }
        for root in self.settled.drain(..) {
            index.containers[root.0 as usize].kind = None;
        }
        for record in index.places.drain(self.places..) {
            index.place_ids.remove(&(record.container, record.key));
        }
        for container in index.containers.drain(self.containers..) {
            match container.origin {
                Origin::Nested { id, .. } => {
                    index.nested.remove(&id);
                }
                Origin::Root(name) => {
                    let name = &index.keys[name.0 as usize];
                    index.roots.remove(name);
                    index.free_roots -= usize::from(name.starts_with(shape::FREE_PREFIX));
                }
            }
        }
        for key in index.keys.drain(self.keys..) {
            index.key_ids.remove(&key);
        }
    }
}

impl Deref for Draft<'_> {
    type Target = Index;

    fn deref(&self) -> &Index {
        self.index
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        if !self.is_kept {
            self.roll_back();
        }
    }
}

fn count_u32(count: usize) -> u32 {
    u32::try_from(count).expect("limits keep counts far below 2^32")
}
