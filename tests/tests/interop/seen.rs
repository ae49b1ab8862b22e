//! What a client sees, and waiting until it sees what it should.

use std::{fmt, time::Duration};

use crdt_schema::document;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;
use tokio::{sync::watch, time::timeout};
use yrs::{
    Any, ReadTxn as _, Snapshot, Transact as _, Update, types::ToJson as _,
    updates::decoder::Decode as _,
};

/// Nothing that is waited for takes this long on a machine that works.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Seen {
    /// How many edits it has made.
    pub(crate) obeyed: usize,
    pub(crate) notes: String,
    /// The plan, as the client's own library prints it.
    pub(crate) plan: Value,
    /// All that it knows, as an update.
    #[serde(deserialize_with = "hex")]
    pub(crate) update: Vec<u8>,
    pub(crate) synced: bool,
    pub(crate) connected: bool,
    pub(crate) connections: u32,
    /// The members that it sees, itself excluded.
    pub(crate) people: Vec<Value>,
    /// How a y-websocket client was turned away.
    pub(crate) closed: Option<Closed>,
    /// Why a Hocuspocus client was turned away.
    pub(crate) refused: Option<String>,
    /// What a Hocuspocus client may do.
    pub(crate) scope: Option<String>,
    /// Changes that a Hocuspocus client waits to be confirmed.
    pub(crate) unsynced: Option<i64>,
    /// What a Hocuspocus client had to have confirmed, and the confirmations.
    pub(crate) frames: Frames,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Closed {
    pub(crate) code: u16,
    pub(crate) reason: String,
    /// Whether it will try again by itself.
    pub(crate) retries: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Frames {
    pub(crate) sent: u64,
    pub(crate) confirmed: u64,
}

impl Seen {
    /// What copies of one document have in common, whatever library holds them.
    pub(crate) fn document(&self) -> Document {
        let doc = document::new_doc(1);
        if !self.update.is_empty() {
            let update = Update::decode_v1(&self.update).unwrap();
            doc.transact_mut().apply_update(update).unwrap();
        }
        let txn = doc.transact();
        let roots = txn.root_refs();
        let content = roots.map(|(name, root)| (name.to_owned(), json(&root.to_json(&txn))));
        Document {
            history: txn.snapshot(),
            content: Value::Object(content.collect()).to_string(),
        }
    }
}

/// A document with its history. Only the encoding of plain objects is left out: libraries, and
/// even two runs of one, write their keys in different orders.
#[derive(PartialEq)]
pub(crate) struct Document {
    /// Every client's clock, and every deletion.
    history: Snapshot,
    /// All roots, also those that a client does not show, as text.
    content: String,
}

fn json(any: &Any) -> Value {
    serde_json::to_value(any).unwrap()
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vector = Update::decode_v1(&self.update).map(|update| update.state_vector());
        f.debug_struct("Seen")
            .field("obeyed", &self.obeyed)
            .field("notes", &self.notes)
            .field("plan", &self.plan.to_string())
            .field("vector", &vector)
            .field("connections", &self.connections)
            .field("people", &self.people)
            .field("closed", &self.closed)
            .field("unsynced", &self.unsynced)
            .field("frames", &self.frames)
            .finish_non_exhaustive()
    }
}

/// Waits until `holds`.
pub(crate) async fn until(
    seen: &mut watch::Receiver<Seen>,
    what: &str,
    holds: impl FnMut(&Seen) -> bool,
) -> Seen {
    let why = match timeout(PATIENCE, seen.wait_for(holds)).await {
        Ok(Ok(seen)) => return seen.clone(),
        Ok(Err(_)) => "the client ended before",
        Err(_) => "waited in vain until",
    };
    panic!(
        "{why} {what} (see above, and run `make setup-tests` if packages are missing): {:#?}",
        *seen.borrow()
    );
}

fn hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).map_err(D::Error::custom))
        .collect()
}
