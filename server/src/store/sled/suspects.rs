//! Which workspaces have a block that cannot be read.
//!
//! Sled refuses everything after one such block, and does not tell who asked for it. So whatever was
//! being read at that time is suspected, and read alone the next time: if the database fails again,
//! that was it. From then on nobody asks for that workspace, and the others are served.

use std::collections::HashMap;

use crdt_schema::ids::WorkspaceId;
use parking_lot::Mutex;

use super::readers::{Beside, Broken, Handle};
use crate::store::StoreError;

#[derive(Default)]
pub(super) struct Suspects {
    // Held for one synchronous step at a time, never across an await.
    known: Mutex<HashMap<WorkspaceId, Verdict>>,
}

enum Verdict {
    Suspected,
    Damaged(StoreError),
}

impl Suspects {
    /// How the workspace may be read.
    ///
    /// # Errors
    /// When it has a block that cannot be read.
    pub(super) fn beside(&self, ws: &WorkspaceId) -> Result<Beside, StoreError> {
        match self.known.lock().get(ws) {
            None => Ok(Beside::Others),
            Some(Verdict::Suspected) => Ok(Beside::Nobody),
            Some(Verdict::Damaged(error)) => Err(error.clone()),
        }
    }

    /// Draws the conclusion from a read.
    pub(super) fn judge<R>(
        &self,
        ws: &WorkspaceId,
        beside: Beside,
        read: Result<R, Broken>,
    ) -> Result<R, StoreError> {
        let (handle, answer) = match read {
            Ok(answer) => (Handle::Works, Ok(answer)),
            Err(Broken { handle, error }) => (handle, Err(error)),
        };
        match (handle, beside, answer) {
            (Handle::Works, Beside::Others, answer) => answer,
            (Handle::Works, Beside::Nobody, answer) => {
                if answer.is_ok() {
                    self.known.lock().remove(ws);
                }
                answer
            }
            (Handle::Failed, Beside::Others, answer) => {
                self.known.lock().insert(ws.clone(), Verdict::Suspected);
                answer
            }
            (Handle::Failed, Beside::Nobody, Ok(answer)) => Ok(answer),
            (Handle::Failed, Beside::Nobody, Err(error)) => {
                let error = StoreError::Failed(format!(
                    "workspace {ws} has a block that cannot be read ({error}); restore it from a \
                     backup"
                ));
                tracing::error!(workspace = %ws, %error, "it is not read again");
                let verdict = Verdict::Damaged(error.clone());
                self.known.lock().insert(ws.clone(), verdict);
                Err(error)
            }
        }
    }
}
