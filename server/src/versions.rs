//! Kept versions of workspaces: by hand, at what was decided, and when people leave.
//!
//! Ids start with the log position, so that they sort by time; a person's last visit is one
//! version under the person's name.

mod about;

use std::str::FromStr;

use crdt_schema::{
    attribution::Clocks,
    document,
    ids::{MemberId, WorkspaceId},
    project::project,
    versions::{BadVersion, Version},
};
use yrs::Transact;

pub use self::about::{About, of as about};
use crate::{
    marks,
    store::{Seq, Store, StoreError},
};

/// Versions that are kept of one workspace; past it, the oldest of those not made by hand go.
const KEPT_MAX: usize = 1_000;
/// What ids of versions made by hand end with.
pub const BY_HAND: &str = "by-hand";
/// What ids of versions end with that were made before an older one was brought back.
pub const BEFORE_RESTORE: &str = "before-restore";

const VISIT: &str = "visit-";

/// A version to be kept.
#[derive(Debug)]
pub struct Kept {
    /// Under which id.
    pub id: String,
    /// The version.
    pub version: Version,
    /// Who made it, or did what it is kept at.
    pub by: Option<MemberId>,
    /// What it is called; may be empty.
    pub title: String,
}

/// A version is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// None is kept for that.
    #[error("no version is kept for {0}; GET …/checkpoints lists those there are")]
    Missing(String),
    /// What is kept cannot be read.
    #[error("the version {id} cannot be read: {why}")]
    Unreadable {
        /// Its id.
        id: String,
        /// Why not.
        why: BadVersion,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Since when one wants to know what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// Since the reader left last.
    Visit,
    /// Since something was decided: `handoff-<id>`, `decision-<id>` or `approval-<id>`.
    Milestone(String),
    /// Since a version.
    Checkpoint(String),
    /// Since a position in the log; the newest version that is not newer counts.
    Position(Seq),
}

/// The text names no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no moment; use visit, handoff:<id>, decision:<id>, approval:<id>, checkpoint:<id> or a cursor"
)]
pub struct BadSince(String);

impl FromStr for Since {
    type Err = BadSince;

    fn from_str(text: &str) -> Result<Self, BadSince> {
        match text.split_once(':') {
            Some((kind @ ("handoff" | "decision" | "approval"), id)) => {
                Ok(Self::Milestone(format!("{kind}-{id}")))
            }
            Some(("checkpoint", id)) => Ok(Self::Checkpoint(id.to_owned())),
            None if text == "visit" => Ok(Self::Visit),
            _ => text
                .parse()
                .map(Self::Position)
                .map_err(|_| BadSince(text.to_owned())),
        }
    }
}

/// The id of a version taken at a log position, for what it is kept.
#[must_use]
pub fn id(position: Seq, what: &str) -> String {
    format!("{position:012}-{what}")
}

/// The id of what a person saw last.
#[must_use]
pub fn visit_id(member: &MemberId) -> String {
    format!("{VISIT}{member}")
}

/// The log position that an id starts with; `None` for visits.
#[must_use]
pub fn position_of(id: &str) -> Option<Seq> {
    id.split_once('-')?.0.parse().ok()
}

/// What an id says after the position.
#[must_use]
pub fn what_of(id: &str) -> &str {
    id.split_once('-').map_or(id, |(_, what)| what)
}

/// Keeps a version, and lets the oldest automatic ones go when there are too many.
///
/// # Errors
/// What the store says.
pub async fn keep(store: &dyn Store, ws: &WorkspaceId, kept: Kept) -> Result<(), StoreError> {
    let Kept {
        id,
        version,
        by,
        title,
    } = kept;
    let at_ms = version.at_ms;
    let packed = tokio::task::spawn_blocking(move || version.encode())
        .await
        .map_err(|error| StoreError::Failed(error.to_string()))?;
    if is_visit(&id) {
        return marks::keep(store, ws, &id, packed.into()).await;
    }
    store.put_checkpoint(ws, &id, packed.into()).await?;
    about::keep(store, ws, &id, &About { at_ms, by, title }).await?;
    let ids = store.checkpoints(ws).await?;
    let listed = ids.iter().filter(|id| position_of(id).is_some());
    let surplus = listed.clone().count().saturating_sub(KEPT_MAX);
    let automatic = listed.filter(|id| what_of(id) != BY_HAND);
    for oldest in automatic.take(surplus) {
        store.delete_checkpoint(ws, oldest).await?;
        about::forget(store, ws, oldest).await?;
    }
    Ok(())
}

/// The version under an id.
///
/// # Errors
/// See [`VersionError`].
pub async fn read(store: &dyn Store, ws: &WorkspaceId, id: &str) -> Result<Version, VersionError> {
    let packed = if is_visit(id) {
        marks::newest(store, ws, id).await?
    } else if position_of(id).is_some() {
        store.checkpoint(ws, id).await?
    } else {
        None
    };
    let packed = packed.ok_or_else(|| VersionError::Missing(id.to_owned()))?;
    let version = tokio::task::spawn_blocking(move || Version::decode(&packed))
        .await
        .map_err(|error| StoreError::Failed(error.to_string()))?;
    version.map_err(|why| VersionError::Unreadable {
        id: id.to_owned(),
        why,
    })
}

/// The version that `since` means to `reader`. Whoever was never here, and a position before all
/// versions, is compared with an empty workspace.
///
/// # Errors
/// See [`VersionError`].
pub async fn base(
    store: &dyn Store,
    ws: &WorkspaceId,
    since: &Since,
    reader: &MemberId,
) -> Result<Version, VersionError> {
    match since {
        Since::Checkpoint(id) => read(store, ws, id).await,
        Since::Visit => match read(store, ws, &visit_id(reader)).await {
            Err(VersionError::Missing(_)) => Ok(nothing()),
            version => version,
        },
        Since::Milestone(what) => {
            let ids = store.checkpoints(ws).await?;
            match ids.iter().find(|id| what_of(id) == what) {
                Some(id) => read(store, ws, id).await,
                None => Err(VersionError::Missing(what.clone())),
            }
        }
        Since::Position(position) => {
            let ids = store.checkpoints(ws).await?;
            let newest = ids
                .iter()
                .rfind(|id| position_of(id).is_some_and(|at| at <= *position));
            match newest {
                Some(id) => read(store, ws, id).await,
                None => Ok(nothing()),
            }
        }
    }
}

fn is_visit(id: &str) -> bool {
    id.starts_with(VISIT)
}

/// The workspace before anything was in it.
fn nothing() -> Version {
    let doc = document::new_doc(0);
    let projection = project(&doc.transact());
    Version {
        cursor: 0,
        at_ms: 0,
        clocks: Clocks::default(),
        projection,
    }
}
