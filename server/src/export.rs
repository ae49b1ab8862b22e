//! A workspace as one self-contained JSON file.
//!
//! Invariant: a file is believed only after the gate has walked its state and rebuilt its index
//! from it; what comes out of [`check`] opens like any other workspace.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use crdt_schema::{
    document,
    gate::Gate,
    ids::{MemberId, WorkspaceId},
    project::{WorkspaceProjection, project},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yrs::{ReadTxn as _, Transact as _, Update, updates::decoder::Decode as _};

use crate::{
    clock::now_ms,
    store::{Edit, Entry, WorkspaceRecord},
};

const FORMAT: &str = "penhold-export";
const VERSION: u32 = 1;

/// A workspace as written to a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Export {
    #[serde(flatten)]
    head: Head,
    /// The document as read, for people and programs that know no Yjs; not needed to import.
    document: WorkspaceProjection,
}

/// What an import needs of an export.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Head {
    /// Always `penhold-export`.
    format: String,
    /// Version of the format: 1.
    version: u32,
    /// The directory's entry.
    workspace: Entity,
    /// The document's whole state in Yjs v1 encoding, as base64.
    state: String,
}

/// The directory's entry in a file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
struct Entity {
    id: WorkspaceId,
    title: String,
    lineage: String,
    created_ms: u64,
    updated_ms: u64,
    created_by: MemberId,
    archived: bool,
}

/// Why a file is not a workspace.
#[derive(Debug, thiserror::Error)]
pub enum BadExport {
    /// It is something else, or newer than this server.
    #[error("this is not an export of version {VERSION}; export it again with this version")]
    Format,
    /// The state is not base64.
    #[error("the state is not base64: {0}")]
    Base64(#[from] base64::DecodeError),
    /// The state is not a sound document.
    #[error("the state is not a sound document: {0}")]
    Unsound(String),
}

impl Export {
    /// Puts a file together; `state` is the whole document in v1 encoding.
    #[must_use]
    pub fn new(record: WorkspaceRecord, state: &Bytes, document: WorkspaceProjection) -> Self {
        let WorkspaceRecord {
            id,
            title,
            lineage,
            created_ms,
            updated_ms,
            created_by,
            archived,
        } = record;
        let workspace = Entity {
            id,
            title,
            lineage,
            created_ms,
            updated_ms,
            created_by,
            archived,
        };
        let (format, state) = (FORMAT.to_owned(), STANDARD.encode(state));
        Self {
            head: Head {
                format,
                version: VERSION,
                workspace,
                state,
            },
            document,
        }
    }
}

impl Head {
    /// The directory entry and the log's first entry of the workspace in the file, under `id` if
    /// that is given.
    ///
    /// # Errors
    /// See [`BadExport`].
    pub fn admit(self, id: Option<WorkspaceId>) -> Result<(WorkspaceRecord, Entry), BadExport> {
        if self.format != FORMAT || self.version != VERSION {
            return Err(BadExport::Format);
        }
        let state = Bytes::from(STANDARD.decode(&self.state)?);
        check(&state)?;
        let Entity {
            id: own,
            title,
            lineage,
            created_ms,
            updated_ms,
            created_by,
            archived,
        } = self.workspace;
        let id = id.unwrap_or(own);
        let record = WorkspaceRecord {
            id,
            title,
            lineage,
            created_ms,
            updated_ms,
            created_by,
            archived,
        };
        let first = Entry {
            at_ms: now_ms(),
            edits: vec![Edit {
                by: None,
                update: state,
            }],
            records: Vec::new(),
        };
        Ok((record, first))
    }
}

/// Reads a whole state that the gate has let through.
///
/// # Errors
/// [`BadExport::Unsound`].
pub fn check(state: &Bytes) -> Result<WorkspaceProjection, BadExport> {
    let unsound = |error: &dyn std::fmt::Display| BadExport::Unsound(error.to_string());
    Gate::rebuild(state, []).map_err(|refusal| unsound(&refusal))?;
    let doc = document::new_doc(1);
    let update = Update::decode_v1(state).map_err(|error| unsound(&error))?;
    let mut txn = doc.transact_mut();
    txn.apply_update(update).map_err(|error| unsound(&error))?;
    if txn.has_missing_updates() {
        return Err(BadExport::Unsound(
            "updates that others depend on are missing".to_owned(),
        ));
    }
    Ok(project(&txn))
}
