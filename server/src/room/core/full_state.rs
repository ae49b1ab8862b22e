//! The whole document in encoded form, for newcomers, without encoding it for each.

use bytes::Bytes;
use sync_protocol::yws;

/// Updates kept beside the encoded state before it is worth encoding anew.
const TAIL_UPDATES_MAX: usize = 64;

/// An update that says nothing.
pub(super) const NOTHING: [u8; 2] = [0, 0];

/// An encoded state and the updates after it.
#[derive(Debug, Default)]
pub(super) struct FullState {
    base: Option<Bytes>,
    tail: Vec<Bytes>,
    bytes: usize,
}

impl FullState {
    /// As loaded from the store.
    pub(super) fn loaded(snapshot: Option<Bytes>, tail: &[Bytes]) -> Self {
        let mut full = Self {
            bytes: snapshot.as_ref().map_or(0, Bytes::len),
            base: Some(snapshot.unwrap_or(Bytes::from_static(&NOTHING))),
            tail: Vec::new(),
        };
        tail.iter().for_each(|update| full.push(update));
        full
    }

    /// Notes an applied update.
    pub(super) fn push(&mut self, update: &Bytes) {
        self.bytes += update.len();
        if self.base.is_some() {
            self.tail.push(update.clone());
        }
        if self.tail.len() > TAIL_UPDATES_MAX {
            self.base = None;
            self.tail = Vec::new();
        }
    }

    /// Frames that bring an empty document up to date, the last of them a step2.
    pub(super) fn frames(&mut self, encode: impl FnOnce() -> Vec<u8>) -> Vec<Bytes> {
        let base = self.base.get_or_insert_with(|| {
            let state = Bytes::from(encode());
            self.bytes = state.len();
            state
        });
        if self.tail.is_empty() {
            return vec![yws::step2(base)];
        }
        let updates = std::iter::once(&*base)
            .chain(&self.tail)
            .map(|update| yws::update(update));
        updates.chain([yws::step2(&NOTHING)]).collect()
    }

    /// About how large the encoded document is.
    pub(super) fn bytes_estimate(&self) -> usize {
        self.bytes
    }
}
