//! What the author of a command had seen: the command waits until it is there.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Map;
use sync_protocol::state_vector;
use tokio::time::timeout;
use utoipa::ToSchema;
use yrs::{StateVector, block::ClientID};

use super::{
    desk::Desk,
    problem::{Problem, SEEN_NOT_ARRIVED},
};
use crate::store::Seq;

/// What somebody had seen: a position in the log, or a Yjs state vector (v1) in base64.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Seen {
    /// A position in the log, such as `cursor` of the changes.
    Position(u64),
    /// The same as text, or a state vector in base64.
    Text(String),
}

enum Sight {
    Position(Seq),
    State(StateVector),
}

impl Desk {
    /// Waits until what was seen is there, for a bounded time.
    pub(super) async fn has_arrived(&self, seen: Option<Seen>) -> Result<(), Problem> {
        match seen.map(Seen::parse).transpose()? {
            None => Ok(()),
            Some(Sight::State(have)) => Ok(self.room.await_state(have).await?),
            Some(Sight::Position(position)) => self.has_reached(position).await,
        }
    }

    async fn has_reached(&self, position: Seq) -> Result<(), Problem> {
        let wait = self.app.config.rooms().seen_wait;
        let mut log = self.room.position();
        let reached = log.wait_for(|at| *at >= position);
        // A room that ends meanwhile is one that nobody writes in.
        if let Ok(Ok(_)) = timeout(wait, reached).await {
            return Ok(());
        }
        let detail = format!(
            "position {position} of the log was not reached within {} ms; look at the changes \
             again, then repeat",
            wait.as_millis()
        );
        Err(Problem::conflict(detail).coded(SEEN_NOT_ARRIVED, Map::new()))
    }
}

impl Seen {
    fn parse(self) -> Result<Sight, Problem> {
        let text = match self {
            Self::Position(position) => return Ok(Sight::Position(position)),
            Self::Text(text) => text,
        };
        if let Ok(position) = text.parse() {
            return Ok(Sight::Position(position));
        }
        let bytes = STANDARD.decode(&text).map_err(|_| unreadable())?;
        let have = state_vector::StateVector::decode(&bytes).map_err(|_| unreadable())?;
        let clocks = have.iter();
        let clocks = clocks.map(|(client, clock)| (ClientID::new(client), clock));
        Ok(Sight::State(clocks.collect()))
    }
}

fn unreadable() -> Problem {
    Problem::invalid("seen must be a position in the log, or a Yjs state vector (v1) in base64")
}
