//! How far each person has come in looking at what changed in a workspace. It belongs to the
//! workspace and to nobody else, and decides nothing.

use crdt_schema::ids::{MemberId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    marks,
    store::{Seq, Store, StoreError},
};

/// What one person has looked at, of what changed since one version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({
    "since": "handoff:h1", "cursor": 4711,
    "seen": ["plan/steps/ab12/body#1x2y3z-9q8w7e", "+cd34"]
}))]
pub struct Review {
    /// What it is compared with: `visit`, `handoff:<id>`, `decision:<id>`, `approval:<id>`,
    /// `checkpoint:<id>` or a cursor.
    pub since: String,
    /// The log position of that version. What was looked at counts for this version only.
    pub cursor: Seq,
    /// The changes that were looked at, by keys that name the place and what stands there, so that
    /// a later change of the same place is another one.
    pub seen: Vec<String>,
}

/// Keeps a person's review instead of the one before.
///
/// # Errors
/// What the store says.
pub async fn keep(
    store: &dyn Store,
    ws: &WorkspaceId,
    member: &MemberId,
    review: &Review,
) -> Result<(), StoreError> {
    let json = serde_json::to_vec(review).expect("plain data");
    marks::keep(store, ws, &name(member), json.into()).await
}

/// A person's review, if there is one.
///
/// # Errors
/// What the store says.
pub async fn of(
    store: &dyn Store,
    ws: &WorkspaceId,
    member: &MemberId,
) -> Result<Option<Review>, StoreError> {
    let json = marks::newest(store, ws, &name(member)).await?;
    Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
}

fn name(member: &MemberId) -> String {
    format!("review-{member}")
}
