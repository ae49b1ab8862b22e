//! A long text as one person types it, key stroke by key stroke, in the proportions of the
//! editing trace that CRDT libraries are usually measured with: runs of typing, runs of
//! backspaces, jumps of the cursor; two of three key strokes insert, two of five characters do not
//! stay.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use crate::{
    edit::{Gap, Typist},
    wire::Outgoing,
};

/// How many key strokes there are in each sort of run, on average.
const TYPED: f64 = 44.0;
const ERASED: f64 = 40.0;
/// How many of a hundred runs erase, and how many begin with a jump of the cursor.
const ERASING_PERCENT: u32 = 32;
const JUMPING_PERCENT: u32 = 50;
/// How far the cursor jumps mostly, and how many of a hundred jumps go anywhere in the text.
const NEAR: usize = 400;
const FAR_PERCENT: u32 = 20;

/// What was typed.
pub(crate) struct Trace {
    /// One frame a key stroke, ready to be sent.
    pub(crate) frames: Outgoing,
    /// Key strokes.
    pub(crate) edits: usize,
    /// The text's length in the end.
    pub(crate) characters: usize,
}

/// The text around the cursor, each character by its clock; the right side back to front.
#[derive(Default)]
struct Cursor {
    left: Vec<u32>,
    right: Vec<u32>,
}

impl Trace {
    /// Types `edits` key strokes as `client`; the same every time.
    pub(crate) fn typed_by(client: u64, edits: usize) -> Self {
        let mut frames = Outgoing::default();
        let mut rng = StdRng::seed_from_u64(SEED);
        let (mut typist, mut cursor) = (Typist::new(client), Cursor::default());
        let mut left = edits;
        while left > 0 {
            if rng.random_ratio(JUMPING_PERCENT, 100) {
                cursor.jump(&mut rng);
            }
            let erases = rng.random_ratio(ERASING_PERCENT, 100);
            let length = run(&mut rng, if erases { ERASED } else { TYPED }).min(left);
            for _ in 0..length {
                left -= 1;
                frames.push(&match cursor.left.pop() {
                    Some(clock) if erases => typist.delete(clock),
                    before => {
                        cursor.left.extend(before);
                        cursor.type_one(&mut typist)
                    }
                });
            }
        }
        let characters = cursor.left.len() + cursor.right.len();
        Self {
            frames,
            edits,
            characters,
        }
    }
}

impl Cursor {
    fn type_one(&mut self, typist: &mut Typist) -> Vec<u8> {
        let clock = typist.clock();
        let gap = Gap {
            after: self.left.last().copied(),
            before: self.right.last().copied(),
        };
        self.left.push(clock);
        let letter = b"the quick brown fox jumps over the lazy dog, and ";
        typist.insert(gap, &[letter[clock as usize % letter.len()]])
    }

    fn jump(&mut self, rng: &mut StdRng) {
        let length = self.left.len() + self.right.len();
        let to = if rng.random_ratio(FAR_PERCENT, 100) {
            rng.random_range(0..=length)
        } else {
            let near = self.left.len().saturating_sub(NEAR)..=(self.left.len() + NEAR).min(length);
            rng.random_range(near)
        };
        while self.left.len() < to {
            self.left.extend(self.right.pop());
        }
        while self.left.len() > to {
            self.right.extend(self.left.pop());
        }
    }
}

/// A length that is `mean` on average; short ones are the most frequent.
fn run(rng: &mut StdRng, mean: f64) -> usize {
    let uniform: f64 = rng.random_range(f64::EPSILON..1.0);
    (-mean * uniform.ln()).ceil() as usize
}

const SEED: u64 = 0x7065_6e68_6f6c_6421;

#[cfg(test)]
mod tests {
    use crdt_schema::document::new_doc;
    use sync_protocol::yws::{self, Frame};
    use yrs::{
        GetString as _, ReadTxn as _, StateVector, Transact as _, Update,
        updates::decoder::Decode as _,
    };

    use super::*;
    use crate::wire::{Head, Sender};

    #[test]
    fn the_trace_reads_as_typed_and_has_the_usual_proportions() {
        let edits = 20_000;
        let trace = Trace::typed_by(crate::edit::client_id(0), edits);
        let doc = new_doc(1);
        let (mut at, mut count) = (0, 0);
        let bytes = trace.frames.bytes();
        while let Some(head) = Head::read(&bytes[at..], Sender::Client).unwrap() {
            let message = &bytes[at + head.head_bytes..at + head.bytes()];
            let Frame::Update(update) = yws::decode(message).unwrap() else {
                panic!("not an update");
            };
            let mut txn = doc.transact_mut();
            txn.apply_update(Update::decode_v1(update).unwrap())
                .unwrap();
            assert!(!txn.has_missing_updates());
            at += head.bytes();
            count += 1;
        }
        let txn = doc.transact();
        let text = txn.get_text("notes").unwrap().get_string(&txn);
        assert_eq!((count, text.len()), (edits, trace.characters));
        let stays = trace.characters as f64 / edits as f64;
        assert!(
            (0.3..0.5).contains(&stays),
            "{stays} of the key strokes stay"
        );
        let state = txn.encode_diff_v1(&StateVector::default()).len() as f64 / edits as f64;
        assert!((0.6..1.2).contains(&state), "{state} bytes a key stroke");
    }
}
