//! Writing into a text piece by piece, as a person types.

use crdt_schema::schema::{EditError, TextField};
use yrs::{ReadTxn, StickyIndex};

use crate::{Peer, PeerError, cursor};

/// Writes into one text piece by piece while others edit it too. Each piece goes right after the
/// one before, wherever that has moved meanwhile, and the peer's cursor moves along.
#[derive(Debug)]
pub struct Typist {
    peer: Peer,
    field: TextField,
    after: Option<StickyIndex>,
}

/// Why a piece was not written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TypistError {
    /// The peer has ended or lost its copy.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The text is not there any more.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl Typist {
    /// Begins at the end of a text.
    #[must_use]
    pub fn at_end(peer: &Peer, field: TextField) -> Self {
        Self {
            peer: peer.clone(),
            field,
            after: None,
        }
    }

    /// Writes one piece and shows the cursor behind it.
    ///
    /// # Errors
    /// When the text or the peer is gone.
    pub async fn write(&mut self, piece: &str) -> Result<(), TypistError> {
        let (field, after, piece) = (self.field.clone(), self.after.take(), piece.to_owned());
        let (end, after) = self
            .peer
            .edit(move |txn| -> Result<_, EditError> {
                let at = offset(txn, &field, after.as_ref());
                let before = field.len(txn);
                field.insert(txn, at, &piece)?;
                let end = at + field.len(txn) - before;
                let text = cursor::text(txn, &field);
                Ok((end, text.and_then(|text| cursor::after(txn, &text, end))))
            })
            .await??;
        self.after = after;
        self.peer.select(&self.field, end..end).await?;
        Ok(())
    }
}

fn offset<T: ReadTxn>(txn: &T, field: &TextField, after: Option<&StickyIndex>) -> u32 {
    let found = after.and_then(|after| after.get_offset(txn));
    found.map_or_else(|| field.len(txn), |found| found.index)
}
