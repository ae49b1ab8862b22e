//! Edits that mean the same to every client. Places in texts are thousandths of their length, and
//! steps are picked by thousandths of their number, so that a script needs no knowledge of what
//! its client sees just then.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "edit", rename_all = "lowercase")]
pub(crate) enum Edit {
    /// Into the notes.
    Insert {
        at: usize,
        text: String,
    },
    /// Out of the notes.
    Delete {
        from: usize,
        to: usize,
    },
    /// A step.
    Add {
        id: String,
        title: String,
        order: String,
    },
    Status {
        pick: usize,
        status: &'static str,
    },
    /// Into the text of a step.
    Body {
        pick: usize,
        at: usize,
        text: String,
    },
    /// A step.
    Remove {
        pick: usize,
    },
}

/// A script of so many edits; the same seed makes the same script.
pub(crate) fn random(seed: u64, count: usize) -> Vec<Edit> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut order = None;
    (0..count).map(|n| edit(n, &mut order, &mut rng)).collect()
}

fn edit(n: usize, order: &mut Option<String>, rng: &mut StdRng) -> Edit {
    let thousandths = |rng: &mut StdRng| rng.random_range(0..=1000);
    let pick = rng.random_range(0..1000);
    match rng.random_range(0..100) {
        0..45 => Edit::Insert {
            at: thousandths(rng),
            text: words(rng),
        },
        45..60 => {
            let from = thousandths(rng);
            let to = (from + rng.random_range(0..60)).min(1000);
            Edit::Delete { from, to }
        }
        60..72 => {
            let next = crdt_schema::order::between(order.as_deref(), None).unwrap();
            *order = Some(next.clone());
            let title = words(rng);
            Edit::Add {
                id: format!("step{n}"),
                title,
                order: next,
            }
        }
        72..82 => Edit::Status {
            pick,
            status: STATUSES.choose(rng).unwrap(),
        },
        82..94 => Edit::Body {
            pick,
            at: thousandths(rng),
            text: words(rng),
        },
        _ => Edit::Remove { pick },
    }
}

fn words(rng: &mut StdRng) -> String {
    let count = rng.random_range(1..4);
    (0..count).map(|_| *WORDS.choose(rng).unwrap()).collect()
}

const STATUSES: [&str; 6] = [
    "draft",
    "ready",
    "doing",
    "needs_decision",
    "done",
    "dropped",
];

/// One to four bytes in UTF-8, one and two units in UTF-16, and what joins with its neighbours.
const WORDS: [&str; 12] = [
    "plan ",
    "é",
    "straße ",
    "数据",
    "😀",
    "👩‍🚀",
    "𝄞",
    "e\u{301}",
    "a\n",
    "שלום ",
    "\t",
    "🇫🇮",
];
