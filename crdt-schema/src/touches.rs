//! Who changed which place of a document last, and when.
//!
//! A document says who wrote the words that it holds. It does not say who deleted words, nor who
//! set a plain value: that is kept here, beside the document. An entry at a place stands for
//! changes of the place itself and of anything below it.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use crate::{ids::MemberId, path::DocPath};

mod packed;

use packed::Packed;

/// Most entries (a place and a member each) that are kept. Past it, the oldest are lifted into
/// the place above them: what was said of a field is then said of its element.
pub const TOUCHES_MAX: usize = 20_000;

/// Why bytes are not touches.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not the touches of a document: {0}")]
pub struct BadTouches(String);

/// When something was changed: the log position of the entry, then its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The position in the workspace's log.
    pub seq: u64,
    /// The time, in milliseconds since 1970.
    pub at_ms: u64,
}

/// One member's latest change of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch<'a> {
    /// The place that was changed, or one above it.
    pub path: &'a DocPath,
    /// Who changed it.
    pub member: &'a MemberId,
    /// The position of the latest change in the workspace's log.
    pub seq: u64,
    /// Its time, in milliseconds since 1970.
    pub at_ms: u64,
}

/// For each place and member, the latest change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "Packed", try_from = "Packed")]
pub struct Touches {
    places: BTreeMap<DocPath, Vec<(MemberId, Moment)>>,
    entries: usize,
}

impl Touches {
    /// Notes that `member` changed `path` in the log's entry `seq`.
    pub fn note(&mut self, path: &DocPath, member: &MemberId, seq: u64, at_ms: u64) {
        self.put(path, member, Moment { seq, at_ms });
        if self.entries > TOUCHES_MAX {
            self.make_room();
        }
    }

    /// The latest changes after the log position `seq`, by place.
    pub fn since(&self, seq: u64) -> impl Iterator<Item = Touch<'_>> {
        self.places
            .iter()
            .flat_map(|(path, members)| touches(path, members))
            .filter(move |touch| touch.seq > seq)
    }

    /// Who changed `path`, or anything below it, after the log position `seq`: each member once,
    /// the latest first. An entry above `path` counts, because it may stand for `path`.
    #[must_use]
    pub fn at(&self, path: &DocPath, seq: u64) -> Vec<Touch<'_>> {
        let mut found: Vec<Touch<'_>> = above(path)
            .filter_map(|place| self.places.get_key_value(&place))
            .chain(self.below(path))
            .flat_map(|(place, members)| touches(place, members))
            .filter(|touch| touch.seq > seq)
            .collect();
        found.sort_by_key(|touch| Reverse((touch.seq, touch.at_ms)));
        let mut seen: Vec<&MemberId> = Vec::new();
        found.retain(|touch| {
            let is_first = !seen.contains(&touch.member);
            if is_first {
                seen.push(touch.member);
            }
            is_first
        });
        found
    }

    /// The number of entries, a place and a member each.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// A compact form, to be kept beside a snapshot.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data can be written to memory")
    }

    /// Reads what [`Touches::encode`] made.
    ///
    /// # Errors
    /// When the bytes are something else.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadTouches> {
        postcard::from_bytes(bytes).map_err(|error| BadTouches(error.to_string()))
    }

    fn below(&self, path: &DocPath) -> impl Iterator<Item = (&DocPath, &Vec<(MemberId, Moment)>)> {
        let keys = path.keys().to_vec();
        self.places
            .range(path..)
            .take_while(move |(place, _)| place.keys().starts_with(&keys))
    }

    fn put(&mut self, path: &DocPath, member: &MemberId, moment: Moment) {
        if !self.places.contains_key(path) {
            self.places.insert(path.clone(), Vec::new());
        }
        let Some(members) = self.places.get_mut(path) else {
            return;
        };
        match members.iter_mut().find(|(known, _)| known == member) {
            Some((_, latest)) => *latest = moment.max(*latest),
            None => {
                members.push((member.clone(), moment));
                self.entries += 1;
            }
        }
    }

    /// Lifts the oldest entries, again and again, until a quarter is free. What stands at a root
    /// cannot be lifted; when nothing else is left, the oldest are forgotten.
    fn make_room(&mut self) {
        let keep = TOUCHES_MAX - TOUCHES_MAX / 4;
        while self.entries > keep {
            let excess = self.entries - keep;
            let oldest = self.oldest(excess, |path| path.keys().len() > 1);
            if oldest.is_empty() {
                for (path, member, _) in self.oldest(excess, |_| true) {
                    self.take(&path, &member);
                }
                return;
            }
            for (path, member, moment) in oldest {
                self.take(&path, &member);
                if let Some(parent) = parent(&path) {
                    self.put(&parent, &member, moment);
                }
            }
        }
    }

    fn oldest(
        &self,
        count: usize,
        which: impl Fn(&DocPath) -> bool,
    ) -> Vec<(DocPath, MemberId, Moment)> {
        let mut entries: Vec<(Moment, &DocPath, &MemberId)> = self
            .places
            .iter()
            .filter(|(path, _)| which(path))
            .flat_map(|(path, members)| members.iter().map(move |(by, at)| (*at, path, by)))
            .collect();
        entries.sort_unstable();
        entries
            .into_iter()
            .take(count)
            .map(|(moment, path, member)| (path.clone(), member.clone(), moment))
            .collect()
    }

    fn take(&mut self, path: &DocPath, member: &MemberId) {
        let Some(members) = self.places.get_mut(path) else {
            return;
        };
        let before = members.len();
        members.retain(|(known, _)| known != member);
        self.entries -= before - members.len();
        if members.is_empty() {
            self.places.remove(path);
        }
    }
}

fn touches<'a>(
    path: &'a DocPath,
    members: &'a [(MemberId, Moment)],
) -> impl Iterator<Item = Touch<'a>> {
    members.iter().map(move |(member, moment)| Touch {
        path,
        member,
        seq: moment.seq,
        at_ms: moment.at_ms,
    })
}

/// The places above `path`, the root first.
fn above(path: &DocPath) -> impl Iterator<Item = DocPath> {
    let keys = path.keys();
    (1..keys.len()).filter_map(|end| DocPath::new(keys[..end].iter().cloned()).ok())
}

fn parent(path: &DocPath) -> Option<DocPath> {
    let (_, keys) = path.keys().split_last()?;
    DocPath::new(keys.iter().cloned()).ok()
}
