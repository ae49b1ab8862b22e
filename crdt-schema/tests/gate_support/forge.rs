//! Makes hostile updates: plausible ones from nothing, and broken ones from honest ones.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

use super::bytes::{At, Bytes, item};

type Id = (u64, u64);

/// A source of hostile updates. It learns from what the gate lets it do.
pub struct Forge {
    /// The random source, which callers may share.
    pub rng: StdRng,
    seen: Vec<Vec<u8>>,
    containers: Vec<Container>,
    elements: Vec<Element>,
    /// Containers and elements of the update that was made last.
    hoped: (Vec<Container>, Vec<Element>),
}

/// What the forge knows of a document.
pub struct View<'a> {
    /// Client ids with their clocks.
    pub clocks: &'a [(u64, u32)],
    /// The client ids that are the forger's own, used or not.
    pub own: &'a [u64],
}

#[derive(Clone, Copy)]
struct Container {
    at: Target,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Root(&'static str),
    Nested(Id),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Array,
    Map,
    Text,
    Plain,
}

#[derive(Clone, Copy)]
struct Element {
    id: Id,
    len: u64,
    container: Target,
    key: Option<&'static str>,
}

const ROOTS: &[&str] = &[
    "notes", "plan", "tasks", "meta", "control", "x-map", "x-text", "x-array", "threads",
];
const KEYS: &[&str] = &["k", "goal", "steps", "title", "status", "abcdefgh", "order"];

impl Forge {
    /// A forge that repeats itself for the same seed.
    pub fn new(seed: u64) -> Self {
        let root = |name, kind| Container {
            at: Target::Root(name),
            kind,
        };
        Self {
            rng: StdRng::seed_from_u64(seed),
            seen: Vec::new(),
            containers: vec![
                root("notes", Kind::Plain),
                root("x-map", Kind::Map),
                root("x-text", Kind::Text),
                root("x-array", Kind::Array),
            ],
            elements: Vec::new(),
            hoped: (Vec::new(), Vec::new()),
        }
    }

    /// Remembers an update to take pieces from.
    pub fn learn(&mut self, update: &[u8]) {
        if self.seen.len() < 64 {
            self.seen.push(update.to_vec());
        } else {
            let at = self.rng.random_range(0..64);
            self.seen[at] = update.to_vec();
        }
    }

    /// Tells that the last update was admitted.
    pub fn succeed(&mut self) {
        self.containers.append(&mut self.hoped.0);
        self.elements.append(&mut self.hoped.1);
    }

    /// The next hostile update.
    pub fn next(&mut self, view: &View<'_>) -> Vec<u8> {
        self.hoped = (Vec::new(), Vec::new());
        match self.rng.random_range(0..20) {
            0 => self.noise(),
            1..=4 => self.mutate(),
            _ => self.invent(view),
        }
    }

    fn noise(&mut self) -> Vec<u8> {
        let len = self.rng.random_range(0..40);
        (0..len).map(|_| self.rng.random_range(0..12)).collect()
    }

    /// A seen update with a few bytes changed, removed, added or taken from elsewhere.
    fn mutate(&mut self) -> Vec<u8> {
        let mut bytes = self.seen.choose(&mut self.rng).cloned().unwrap_or_default();
        for _ in 0..self.rng.random_range(1..4) {
            let at = self.rng.random_range(0..=bytes.len());
            let end = (at + self.rng.random_range(0..6)).min(bytes.len());
            match self.rng.random_range(0..5) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.rng.random_range(0..8),
                1 if at < bytes.len() => bytes[at] = self.rng.random(),
                2 => drop(bytes.drain(at..end)),
                3 => bytes.insert(at, self.rng.random_range(0..16)),
                _ => {
                    let other = self.seen.choose(&mut self.rng).cloned().unwrap_or_default();
                    let from = self.rng.random_range(0..=other.len());
                    let to = (from + self.rng.random_range(0..12)).min(other.len());
                    bytes.splice(at..end, other[from..to].iter().copied());
                }
            }
        }
        bytes
    }

    /// A well-formed update whose parts mostly exist and fit.
    fn invent(&mut self, view: &View<'_>) -> Vec<u8> {
        let count = self.rng.random_range(1..=view.own.len().min(2));
        let clients: Vec<u64> = view
            .own
            .choose_multiple(&mut self.rng, count)
            .copied()
            .collect();
        let mut bytes = Bytes::default().var(clients.len() as u64);
        for client in &clients {
            let known = u64::from(clock_of(view, *client));
            let mut clock = match self.rng.random_range(0..20) {
                0 => known.saturating_sub(self.rng.random_range(0..4)),
                _ => known,
            };
            let count = self.rng.random_range(1..5);
            bytes = bytes.var(count).var(*client).var(clock);
            for _ in 0..count {
                let (block, len) = self.block(view, (*client, clock));
                bytes = bytes.raw(&block);
                clock += len;
            }
        }
        self.deletes(view, bytes).0
    }

    fn deletes(&mut self, view: &View<'_>, bytes: Bytes) -> Bytes {
        let known: Vec<_> = view.clocks.iter().filter(|(_, clock)| *clock > 0).collect();
        let wanted = self.rng.random_bool(0.4);
        let Some((client, clock)) = known.choose(&mut self.rng).filter(|_| wanted) else {
            return bytes.var(0);
        };
        let start = self.rng.random_range(0..*clock);
        let len = self.rng.random_range(1..=(*clock - start).min(6));
        bytes
            .var(1)
            .var(*client)
            .var(1)
            .var(u64::from(start))
            .var(u64::from(len))
    }

    /// One struct with the clocks that it takes.
    fn block(&mut self, view: &View<'_>, id: Id) -> (Vec<u8>, u64) {
        if self.rng.random_bool(0.05) {
            return self.sloppy_block(view);
        }
        let all = self.containers.iter().chain(&self.hoped.0);
        let all: Vec<Container> = all.copied().collect();
        let container = *all.choose(&mut self.rng).expect("there are roots");
        let key = (container.kind == Kind::Map).then(|| self.one_of(KEYS));
        let (number, content, len) = self.content(container.kind);
        if number == 0 {
            return (Bytes::default().raw(&[0]).raw(&content).0, len);
        }
        if number == 7 {
            let kind = [Kind::Array, Kind::Map, Kind::Text][usize::from(content[0])];
            self.hoped.0.push(Container {
                at: Target::Nested(id),
                kind,
            });
        }
        let at = self.fitting(container.at, key);
        self.hoped.1.push(Element {
            id,
            len,
            container: container.at,
            key,
        });
        (item(at, number, &content), len)
    }

    /// A position in a container: at its parent, or beside one or two of its elements.
    fn fitting(&mut self, container: Target, key: Option<&'static str>) -> At<'static> {
        let peers: Vec<Element> = self
            .elements
            .iter()
            .chain(&self.hoped.1)
            .filter(|element| element.container == container && element.key == key)
            .copied()
            .collect();
        let mut pick = || {
            let element = peers.choose(&mut self.rng)?;
            let offset = self.rng.random_range(0..element.len);
            Some((element.id.0, element.id.1 + offset))
        };
        let (left, right) = (pick(), pick());
        match self.rng.random_range(0..6) {
            0..=2 if left.is_some() => At::Beside(left, None),
            3 if right.is_some() => At::Beside(None, right),
            4 if left.is_some() => At::Beside(left, right),
            _ => match container {
                Target::Root(name) => At::Root(name, key),
                Target::Nested(id) => At::In(id, key),
            },
        }
    }

    /// A struct that may well not fit where it is put.
    fn sloppy_block(&mut self, view: &View<'_>) -> (Vec<u8>, u64) {
        let kinds = [Kind::Array, Kind::Map, Kind::Text, Kind::Plain];
        let kind = self.one_of(&kinds);
        let (number, content, len) = self.content(kind);
        let key = self.one_of(KEYS);
        let key = self.rng.random_bool(0.5).then_some(key);
        let at = match self.rng.random_range(0..5) {
            0 => At::Root(self.one_of(ROOTS), key),
            1 => At::In(self.id(view), key),
            2 => At::Beside(Some(self.id(view)), Some(self.id(view))),
            3 => At::Beside(Some(self.id(view)), None),
            _ => At::Beside(None, Some(self.id(view))),
        };
        (item(at, number, &content), len)
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.rng.random_range(0..choices.len())]
    }

    fn id(&mut self, view: &View<'_>) -> Id {
        let (client, clock) = *view
            .clocks
            .choose(&mut self.rng)
            .expect("the server is known");
        let past = u32::from(self.rng.random_bool(0.1)) * 4;
        (client, u64::from(self.rng.random_range(0..=clock + past)))
    }

    /// Content for a kind of container: its number, its bytes and the clocks that it takes.
    fn content(&mut self, kind: Kind) -> (u8, Vec<u8>, u64) {
        let bytes = Bytes::default();
        let len = self.rng.random_range(1..5);
        match (kind, self.rng.random_range(0..12)) {
            (_, 0) => (0, vec![len], u64::from(len)),
            (_, 1 | 2) => (1, vec![len], u64::from(len)),
            (Kind::Text, 3) => (5, bytes.string("{\"image\":[1,2]}").0, 1),
            (Kind::Text, 4 | 5) => {
                let json = self.one_of(&["true", "null"]);
                (6, bytes.string("bold").string(json).0, 1)
            }
            (Kind::Text | Kind::Plain, _) => {
                let texts = [
                    "a",
                    "hello",
                    "x\u{1f600}y",
                    "\r\n",
                    "\u{1f600}",
                    "na\u{ef}ve",
                ];
                let text = self.one_of(&texts);
                (4, bytes.string(text).0, text.encode_utf16().count() as u64)
            }
            (Kind::Array, 3) => (8, vec![3, 120, 126, 127], 3),
            (Kind::Array | Kind::Map, 4) => (3, bytes.string("bin").0, 1),
            (Kind::Array | Kind::Map, 5..=8) => (7, vec![self.rng.random_range(0..3)], 1),
            (Kind::Array | Kind::Map, 9) => (
                8,
                bytes
                    .raw(&[1, 118, 1])
                    .string("k")
                    .raw(&[117, 2, 127, 121])
                    .0,
                1,
            ),
            (Kind::Array | Kind::Map, _) => (8, bytes.raw(&[1, 119]).string("doing").0, 1),
        }
    }
}

fn clock_of(view: &View<'_>, client: u64) -> u32 {
    view.clocks
        .iter()
        .find(|(known, _)| *known == client)
        .map_or(0, |(_, clock)| *clock)
}
