//! Who changed what since the last snapshot, as the log tells it.

use std::collections::HashSet;

use crdt_schema::{
    gate::{self, Gate, Limits},
    touches::Touches,
};

use crate::store::Loaded;

/// Who changed what, when last: what was kept with the snapshot, and the log after it. What cannot
/// be told is left out: this is for people who come back, and decides nothing.
pub(super) fn touches(loaded: &Loaded) -> Touches {
    let snapshot = loaded.snapshot.as_ref();
    let mut touches = snapshot
        .and_then(|snapshot| Touches::decode(&snapshot.side).ok())
        .unwrap_or_default();
    if loaded.tail.is_empty() {
        return touches;
    }
    let gate = match snapshot {
        Some(snapshot) => Gate::rebuild(&snapshot.state, []),
        None => Ok(Gate::new()),
    };
    let Ok(mut gate) = gate else { return touches };
    for (seq, entry) in &loaded.tail {
        let mut noted = HashSet::new();
        for edit in &entry.edits {
            let walk = gate::walk(&edit.update, &Limits::stored());
            let Ok(admitted) = walk.and_then(|walk| gate.replay(&walk)) else {
                return touches;
            };
            let Some(by) = &edit.by else { continue };
            for place in admitted.touched {
                if noted.insert((place, by))
                    && let Ok(path) = gate.path(place).parse()
                {
                    touches.note(&path, by, *seq, entry.at_ms);
                }
            }
        }
    }
    touches
}
