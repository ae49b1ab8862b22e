//! Writes v1 updates by hand, well-formed or not.

/// Bytes under construction.
#[derive(Default, Clone)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Appends an unsigned varint.
    pub fn var(mut self, mut value: u64) -> Self {
        while value >= 0x80 {
            self.0.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
        self
    }

    /// Appends bytes as they are.
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Appends a string behind its length.
    pub fn string(self, text: &str) -> Self {
        self.var(text.len() as u64).raw(text.as_bytes())
    }

    /// Appends an id.
    pub fn id(self, (client, clock): (u64, u64)) -> Self {
        self.var(client).var(clock)
    }
}

/// Where a struct is put.
#[derive(Clone, Copy)]
pub enum At<'a> {
    /// Into a root, under a key or as an element.
    Root(&'a str, Option<&'a str>),
    /// Into a container, under a key or as an element.
    In((u64, u64), Option<&'a str>),
    /// Between neighbours.
    Beside(Option<(u64, u64)>, Option<(u64, u64)>),
}

/// One struct: `kind` is the content's number, `content` its bytes.
pub fn item(at: At<'_>, kind: u8, content: &[u8]) -> Vec<u8> {
    let bytes = Bytes::default();
    match at {
        At::Root(name, None) => bytes.raw(&[kind, 1]).string(name),
        At::Root(name, Some(key)) => bytes.raw(&[kind | 0x20, 1]).string(name).string(key),
        At::In(id, None) => bytes.raw(&[kind, 0]).id(id),
        At::In(id, Some(key)) => bytes.raw(&[kind | 0x20, 0]).id(id).string(key),
        At::Beside(left, right) => {
            let flags = u8::from(left.is_some()) << 7 | u8::from(right.is_some()) << 6;
            let bytes = bytes.raw(&[kind | flags]);
            [left, right].into_iter().flatten().fold(bytes, Bytes::id)
        }
    }
    .raw(content)
    .0
}

/// A run of characters.
pub fn text(at: At<'_>, text: &str) -> Vec<u8> {
    item(at, 4, &Bytes::default().string(text).0)
}

/// A plain string value.
pub fn word(at: At<'_>, word: &str) -> Vec<u8> {
    item(at, 8, &Bytes::default().raw(&[1, 119]).string(word).0)
}

/// A shared container: 0 array, 1 map, 2 text.
pub fn container(at: At<'_>, kind: u8) -> Vec<u8> {
    item(at, 7, &[kind])
}

/// A collected run.
pub fn gc(len: u64) -> Vec<u8> {
    Bytes::default().raw(&[0]).var(len).0
}

/// One client's structs from a clock on.
pub struct Section<'a>(pub u64, pub u64, pub &'a [Vec<u8>]);

/// An update of structs and deleted ranges `(client, start, length)`, a range a client.
pub fn update(sections: &[Section<'_>], deletes: &[(u64, u64, u64)]) -> Vec<u8> {
    let mut bytes = Bytes::default().var(sections.len() as u64);
    for Section(client, clock, structs) in sections {
        bytes = bytes.var(structs.len() as u64).id((*client, *clock));
        for block in *structs {
            bytes = bytes.raw(block);
        }
    }
    bytes = bytes.var(deletes.len() as u64);
    for (client, start, len) in deletes {
        bytes = bytes.var(*client).var(1).var(*start).var(*len);
    }
    bytes.0
}
