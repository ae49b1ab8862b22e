//! Yjs updates written and read by hand: single characters typed into the root text `notes`.
//!
//! Every update made here is one that a Yjs client would send for the same key stroke; the tests
//! hold that against yrs.

use yrs::{Update, updates::decoder::Decode as _};

/// The root text that is typed into.
const TEXT: &str = "notes";

/// Client ids that the generator writes under: five bytes on the wire, as real ones mostly are.
const CLIENT_IDS_FROM: u64 = 0x4000_0000;

/// The Yjs client id of the generator's client number `number`.
pub(crate) const fn client_id(number: usize) -> u64 {
    CLIENT_IDS_FROM + number as u64
}

/// One client that types.
#[derive(Debug, Clone)]
pub(crate) struct Typist {
    client: u64,
    clock: u32,
}

/// Where a character goes: between which of the client's own characters, named by their clocks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) after: Option<u32>,
    pub(crate) before: Option<u32>,
}

impl Typist {
    /// Somebody who has typed nothing yet.
    pub(crate) fn new(client: u64) -> Self {
        Self { client, clock: 0 }
    }

    /// The clock of the next character.
    pub(crate) fn clock(&self) -> u32 {
        self.clock
    }

    /// The frame in which a character is typed behind the last one.
    pub(crate) fn type_on(&mut self) -> Vec<u8> {
        let text = [b"etaoinshrdlu "[self.clock as usize % 13]];
        let after = self.clock.checked_sub(1);
        self.insert(
            Gap {
                after,
                before: None,
            },
            &text,
        )
    }

    /// The frame in which ASCII `text` is inserted.
    pub(crate) fn insert(&mut self, gap: Gap, text: &[u8]) -> Vec<u8> {
        let mut update = Vec::with_capacity(48 + text.len());
        update.extend([1, 1]);
        put_uint(&mut update, self.client);
        put_uint(&mut update, self.clock.into());
        let has = |side: Option<u32>, flag| if side.is_some() { flag } else { 0 };
        update.push(STRING | has(gap.after, HAS_LEFT) | has(gap.before, HAS_RIGHT));
        for clock in [gap.after, gap.before].into_iter().flatten() {
            put_uint(&mut update, self.client);
            put_uint(&mut update, clock.into());
        }
        if gap == Gap::default() {
            put_uint(&mut update, PARENT_IS_ROOT);
            put_buf(&mut update, TEXT.as_bytes());
        }
        put_buf(&mut update, text);
        put_uint(&mut update, NO_DELETES);
        self.clock += u32::try_from(text.len()).expect("texts are short");
        frame(&update)
    }

    /// The frame in which the character at `clock` is deleted.
    pub(crate) fn delete(&self, clock: u32) -> Vec<u8> {
        let mut update = vec![0, 1];
        put_uint(&mut update, self.client);
        put_uint(&mut update, 1);
        put_uint(&mut update, clock.into());
        put_uint(&mut update, 1);
        frame(&update)
    }
}

/// Tells how far `update` brings each client whose characters are in it.
///
/// Fails when it is no update.
pub(crate) fn for_each_end(update: &[u8], mut each: impl FnMut(u64, u32)) -> anyhow::Result<()> {
    if let Some((client, end)) = read_typing(update) {
        each(client, end);
        return Ok(());
    }
    for (client, ranges) in Update::decode_v1(update)?.insertions(true).iter() {
        ranges
            .iter()
            .for_each(|clocks| each(client.get(), clocks.end));
    }
    Ok(())
}

/// The quick way through an update that is one run of ASCII text.
fn read_typing(update: &[u8]) -> Option<(u64, u32)> {
    let (1, rest) = uint(update)? else {
        return None;
    };
    let (1, rest) = uint(rest)? else {
        return None;
    };
    let (client, rest) = uint(rest)?;
    let (clock, rest) = uint(rest)?;
    let (&info, mut rest) = rest.split_first()?;
    if info & KIND != STRING || info & (HAS_LEFT | HAS_RIGHT) == 0 {
        return None;
    }
    for _ in 0..(info & (HAS_LEFT | HAS_RIGHT)).count_ones() {
        rest = uint(rest)?.1;
        rest = uint(rest)?.1;
    }
    let (length, rest) = uint(rest)?;
    let text = rest.get(..usize::try_from(length).ok()?)?;
    text.is_ascii()
        .then_some((client, u32::try_from(clock + length).ok()?))
}

fn frame(update: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(4 + update.len());
    out.extend([0, 2]);
    put_buf(&mut out, update);
    out
}

fn put_buf(out: &mut Vec<u8>, bytes: &[u8]) {
    put_uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_uint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn uint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, &byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7F) << (7 * at);
        if byte < 0x80 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

/// The kind of content in a struct's info byte, and its flags.
const KIND: u8 = 0x1F;
const STRING: u8 = 4;
const HAS_LEFT: u8 = 0x80;
const HAS_RIGHT: u8 = 0x40;
const PARENT_IS_ROOT: u64 = 1;
const NO_DELETES: u64 = 0;

#[cfg(test)]
mod tests {
    use crdt_schema::{
        document::new_doc,
        gate::{self, Gate, Limits, OpenPens, Writer},
        member::{Kind, Role},
    };
    use sync_protocol::yws::{self, Frame};
    use yrs::{GetString as _, ReadTxn as _, Transact as _};

    use super::*;

    fn update(frame: &[u8]) -> Vec<u8> {
        let Frame::Update(update) = yws::decode(frame).unwrap() else {
            panic!("not an update");
        };
        update.to_vec()
    }

    #[test]
    fn what_is_typed_passes_the_gate_and_reads_as_typed() {
        let mut typist = Typist::new(client_id(7));
        let mut frames: Vec<Vec<u8>> = (0..300).map(|_| typist.type_on()).collect();
        let gap = Gap {
            after: Some(3),
            before: Some(4),
        };
        frames.push(typist.insert(gap, b"xyz"));
        frames.push(typist.delete(0));
        let mut gate = Gate::new();
        let writer = Writer {
            member: "bench".parse().unwrap(),
            role: Role::Editor,
            kind: Kind::Human,
        };
        let doc = new_doc(1);
        for frame in &frames {
            let update = update(frame);
            let walk = gate::walk(&update, &Limits::default()).unwrap();
            gate.admit(&walk, &writer, &OpenPens).unwrap();
            let mut txn = doc.transact_mut();
            txn.apply_update(Update::decode_v1(&update).unwrap())
                .unwrap();
        }
        let txn = doc.transact();
        let text = txn.get_text("notes").unwrap().get_string(&txn);
        assert!(text.starts_with("taoxyzinshrdlu etaoin"), "{text}");
        assert_eq!(text.len(), 302);
    }

    #[test]
    fn updates_are_read_alike_by_hand_and_by_yrs() {
        let mut typist = Typist::new(client_id(1));
        for _ in 0..200 {
            let update = update(&typist.type_on());
            let inserted = Update::decode_v1(&update).unwrap().insertions(true);
            let ends = inserted
                .iter()
                .flat_map(|(client, ranges)| ranges.iter().map(move |r| (client.get(), r.end)));
            let mut found = Vec::new();
            for_each_end(&update, |client, end| found.push((client, end))).unwrap();
            assert_eq!(found, ends.collect::<Vec<_>>());
        }
    }
}
