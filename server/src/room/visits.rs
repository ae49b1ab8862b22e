//! Visits: what a person has seen is kept when they leave, unless the same page comes right back.

use std::{sync::Arc, time::Duration};

use crdt_schema::ids::MemberId;
use tokio::time::Instant;

use crate::versions::Kept;

/// How long a page may be away and go on with its visit: while it reloads or changes networks.
const AWAY_MAX: Duration = Duration::from_secs(20);

/// Names one page in a person's browser, across reloads.
pub type Page = Arc<str>;

/// Somebody who left: what they had seen, and from which page they did.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) member: MemberId,
    pub(super) page: Page,
    pub(super) seen: Kept,
}

/// Visits that may still go on.
#[derive(Debug, Default)]
pub(super) struct Visits(Vec<(Instant, Left)>);

impl Visits {
    pub(super) fn leave(&mut self, left: Left) {
        self.0.push((Instant::now() + AWAY_MAX, left));
    }

    /// Ends the visit of a member who comes from another page; from the same page it goes on.
    /// Returns what was seen in a visit that has ended.
    pub(super) fn come(&mut self, member: &MemberId, page: Option<&Page>) -> Option<Kept> {
        let at = self.0.iter().position(|(_, left)| left.member == *member)?;
        let (_, left) = self.0.remove(at);
        (Some(&left.page) != page).then_some(left.seen)
    }

    /// When the next visit ends.
    pub(super) fn end(&self) -> Option<Instant> {
        self.0.iter().map(|(end, _)| *end).min()
    }

    /// What was seen in the visits that have ended by `now`.
    pub(super) fn ended(&mut self, now: Instant) -> Vec<Kept> {
        let ended = self.0.extract_if(.., |(end, _)| *end <= now);
        ended.map(|(_, left)| left.seen).collect()
    }

    /// What was seen in all of them: the room ends.
    pub(super) fn end_all(&mut self) -> Vec<Kept> {
        self.0.drain(..).map(|(_, left)| left.seen).collect()
    }
}
