//! The form in which touches are stored: members once, times relative to the first.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{BadTouches, Moment, Touches};
use crate::{ids::MemberId, path::DocPath};

/// Number of the form, so that a later one can be told from it.
const VERSION: u8 = 1;

#[derive(Serialize, Deserialize)]
pub(super) struct Packed {
    version: u8,
    members: Vec<MemberId>,
    first_ms: u64,
    places: Vec<(DocPath, Vec<Entry>)>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    member: u32,
    seq: u64,
    after_first_ms: u64,
}

impl From<Touches> for Packed {
    fn from(touches: Touches) -> Self {
        let moments = touches.places.values().flatten().map(|(_, moment)| moment);
        let first_ms = moments.map(|moment| moment.at_ms).min().unwrap_or(0);
        let mut members = Members::default();
        let places = touches.places.into_iter().map(|(path, entries)| {
            let entries = entries.into_iter().map(|(member, moment)| Entry {
                member: members.number(member),
                seq: moment.seq,
                after_first_ms: moment.at_ms - first_ms,
            });
            (path, entries.collect())
        });
        let places = places.collect();
        Self {
            version: VERSION,
            members: members.list,
            first_ms,
            places,
        }
    }
}

impl TryFrom<Packed> for Touches {
    type Error = BadTouches;

    fn try_from(packed: Packed) -> Result<Self, BadTouches> {
        if packed.version != VERSION {
            return Err(BadTouches(format!("version {} is unknown", packed.version)));
        }
        let mut touches = Self::default();
        for (path, entries) in packed.places {
            for entry in entries {
                if entry.seq == 0 {
                    return Err(BadTouches("a log begins at position 1, not 0".to_owned()));
                }
                let member = usize::try_from(entry.member)
                    .ok()
                    .and_then(|at| packed.members.get(at))
                    .ok_or_else(|| BadTouches(format!("member {} is missing", entry.member)))?;
                let moment = Moment {
                    seq: entry.seq,
                    at_ms: packed.first_ms.saturating_add(entry.after_first_ms),
                };
                touches.put(&path, member, moment);
            }
        }
        Ok(touches)
    }
}

#[derive(Default)]
struct Members {
    list: Vec<MemberId>,
    numbers: HashMap<MemberId, u32>,
}

impl Members {
    fn number(&mut self, member: MemberId) -> u32 {
        if let Some(number) = self.numbers.get(&member) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).expect("touches are far below 2^32");
        self.list.push(member.clone());
        self.numbers.insert(member, number);
        number
    }
}
