//! A workspace as one self-contained JSON file.
//!
//! Invariant: a file is believed only after the gate has walked its state and rebuilt its index
//! from it, and its records are one chain; what comes out of [`check`] opens like any other
//! workspace.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use crdt_schema::{
    document,
    gate::Gate,
    ids::{MemberId, WorkspaceId},
    ownership::Broken,
    project::{WorkspaceProjection, project},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yrs::{ReadTxn as _, Transact as _, Update, updates::decoder::Decode as _};

use crate::{
    chain::End,
    clock::now_ms,
    store::{Contents, Edit, Entry, Store, StoreError, WorkspaceRecord},
};

const FORMAT: &str = "penhold-export";
/// Version 1 had no records, checkpoints and artifacts; it is read too.
const VERSION: u32 = 2;

/// Records read at a time.
const RECORDS_PAGE: usize = 256;

/// The records of an import go into entries of about this many bytes each.
const RECORDS_ENTRY_BYTES: usize = 4 * 1024 * 1024;

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
    /// Version of the format: 2.
    version: u32,
    /// The directory's entry.
    workspace: Entity,
    /// The document's whole state in Yjs v1 encoding, as base64.
    state: String,
    /// All that was ever decided, oldest first: each record's JSON, to the byte.
    #[serde(default)]
    records: Vec<String>,
    /// Checkpoints by id, as base64.
    #[serde(default)]
    checkpoints: BTreeMap<String, String>,
    /// Artifacts by hash, as base64.
    #[serde(default)]
    artifacts: BTreeMap<String, String>,
}

/// What belongs to a workspace besides the document.
#[derive(Debug, Clone)]
pub struct Belongings {
    records: Vec<String>,
    checkpoints: BTreeMap<String, String>,
    artifacts: BTreeMap<String, String>,
}

impl Belongings {
    /// Reads the first `records` records, and all checkpoints and artifacts.
    ///
    /// # Errors
    /// What the store says; [`StoreError::Failed`] too when there are fewer records, or one that is
    /// no text.
    pub async fn read(
        store: &dyn Store,
        ws: &WorkspaceId,
        records: u64,
    ) -> Result<Self, StoreError> {
        let mut checkpoints = BTreeMap::new();
        for id in store.checkpoints(ws).await? {
            let content = store.checkpoint(ws, &id).await?;
            checkpoints.extend(content.map(|content| (id, STANDARD.encode(content))));
        }
        let mut artifacts = BTreeMap::new();
        for (hash, _) in store.artifacts(ws).await? {
            let content = store.artifact(ws, &hash).await?;
            artifacts.extend(content.map(|content| (hash, STANDARD.encode(content))));
        }
        Ok(Self {
            records: first_records(store, ws, records).await?,
            checkpoints,
            artifacts,
        })
    }
}

async fn first_records(
    store: &dyn Store,
    ws: &WorkspaceId,
    count: u64,
) -> Result<Vec<String>, StoreError> {
    let lost = |problem: String| StoreError::Failed(format!("records of {ws}: {problem}"));
    let mut records = Vec::new();
    while let Some(left) = count
        .checked_sub(records.len() as u64)
        .filter(|left| *left > 0)
    {
        let limit = usize::try_from(left).map_or(RECORDS_PAGE, |left| left.min(RECORDS_PAGE));
        let page = store.records(ws, records.len() as u64, limit).await?;
        if page.is_empty() {
            return Err(lost(format!("{} of {count} are there", records.len())));
        }
        for (number, record) in page {
            let text = String::from_utf8(record.into());
            records.push(text.map_err(|error| lost(format!("number {number}: {error}")))?);
        }
    }
    Ok(records)
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
    /// The state, a checkpoint or an artifact is not base64.
    #[error("what should be base64 is not: {0}")]
    Base64(#[from] base64::DecodeError),
    /// The state is not a sound document.
    #[error("the state is not a sound document: {0}")]
    Unsound(String),
    /// A record does not follow from those before it.
    #[error("record {number} was changed, or is not of this workspace: {broken}")]
    Chain {
        /// The record's number.
        number: usize,
        /// What is wrong with it.
        broken: Broken,
    },
}

impl Export {
    /// Puts a file together; `state` is the whole document in v1 encoding.
    #[must_use]
    pub fn new(
        record: WorkspaceRecord,
        state: &Bytes,
        belongings: Belongings,
        document: WorkspaceProjection,
    ) -> Self {
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
        let Belongings {
            records,
            checkpoints,
            artifacts,
        } = belongings;
        Self {
            head: Head {
                format,
                version: VERSION,
                workspace,
                state,
                records,
                checkpoints,
                artifacts,
            },
            document,
        }
    }
}

impl Head {
    /// The directory entry and the content of the workspace in the file, under `id` if that is
    /// given.
    ///
    /// # Errors
    /// See [`BadExport`].
    pub fn admit(self, id: Option<WorkspaceId>) -> Result<(WorkspaceRecord, Contents), BadExport> {
        if self.format != FORMAT || !(1..=VERSION).contains(&self.version) {
            return Err(BadExport::Format);
        }
        let state = Bytes::from(STANDARD.decode(&self.state)?);
        check(&state)?;
        check_chain(&self.workspace.lineage, &self.records)?;
        let contents = Contents {
            entries: entries(state, self.records),
            checkpoints: decoded(self.checkpoints)?,
            artifacts: decoded(self.artifacts)?,
        };
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
        Ok((record, contents))
    }
}

fn check_chain(lineage: &str, records: &[String]) -> Result<(), BadExport> {
    let mut end = End::start(lineage);
    for (number, record) in (1..).zip(records) {
        end = end
            .then(record.as_bytes())
            .map_err(|broken| BadExport::Chain { number, broken })?;
    }
    Ok(())
}

/// A log that makes this state and has these records.
fn entries(state: Bytes, records: Vec<String>) -> Vec<Entry> {
    let entry = |edits| Entry {
        at_ms: now_ms(),
        edits,
        records: Vec::new(),
    };
    let first = entry(vec![Edit {
        by: None,
        update: state,
    }]);
    let mut log = vec![first];
    let mut bytes = RECORDS_ENTRY_BYTES;
    for record in records {
        if bytes >= RECORDS_ENTRY_BYTES {
            log.push(entry(Vec::new()));
            bytes = 0;
        }
        bytes += record.len();
        let last = log.last_mut().expect("it has the first entry");
        last.records.push(record.into());
    }
    log
}

fn decoded(blobs: BTreeMap<String, String>) -> Result<Vec<(String, Bytes)>, BadExport> {
    let decoded = blobs
        .into_iter()
        .map(|(name, content)| Ok((name, STANDARD.decode(content)?.into())));
    decoded.collect()
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
