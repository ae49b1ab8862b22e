//! Typing at a pace.

use crdt_schema::schema::TextField;
use tokio::time::sleep;

use super::Pace;
use crate::{Peer, Typist, TypistError};

/// What the agent writes with.
pub(super) struct Pen<'a> {
    pub(super) peer: &'a Peer,
    pub(super) pace: Pace,
}

impl Pen<'_> {
    /// Types `text` at the end of a field, word by word.
    pub(super) async fn write(&self, field: TextField, text: &str) -> Result<(), TypistError> {
        self.wait(self.pace.pause).await;
        let mut typist = Typist::at_end(self.peer, field);
        for word in text.split_inclusive([' ', '\n']) {
            typist.write(word).await?;
            let letters = u32::try_from(word.chars().count()).unwrap_or(u32::MAX);
            self.wait(self.pace.letter.saturating_mul(letters)).await;
        }
        Ok(())
    }

    async fn wait(&self, time: std::time::Duration) {
        if !time.is_zero() {
            sleep(time).await;
        }
    }
}
