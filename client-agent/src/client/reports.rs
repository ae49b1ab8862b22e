//! What an agent tells about its own work: what it did, and how sure it is.

use crdt_schema::ownership::{ActionReport, ActionView, Signal, SignalView};

use super::{Client, ClientError};

impl Client {
    /// Records an action that was done, for those who look after it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn report(&self, action: &ActionReport) -> Result<ActionView, ClientError> {
        self.command(&["actions"], action).await
    }

    /// Tells what this agent notices about its work, and learns whether to ask a person.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn signal(&self, signal: &Signal) -> Result<SignalView, ClientError> {
        self.command(&["signals"], signal).await
    }
}
