//! Who else is here.

use std::sync::Arc;

use crdt_schema::member::Kind;
use serde::Deserialize;
use serde_json::{Map, Value};
use sync_protocol::presence::Presence;

/// Somebody who is here. One member may be here several times, once a connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Present {
    /// The client id of the connection.
    pub client: u64,
    /// The member, as the server vouches for it.
    pub user: Option<User>,
    /// What they look at, such as `plan/steps/ab12/body`.
    pub focus: Option<String>,
    /// All that they say about themselves.
    pub state: Map<String, Value>,
}

/// A member, as shown to others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// The member's id; empty if the server stamps none.
    #[serde(default)]
    pub id: String,
    /// The member's name.
    pub name: String,
    /// A person or an agent, if that is known.
    #[serde(default)]
    pub kind: Option<Kind>,
}

/// Everybody else who says something about themselves.
pub(crate) fn others(presence: &Presence) -> Arc<[Present]> {
    presence
        .others()
        .filter_map(|(client, state)| present(client, state))
        .collect()
}

fn present(client: u64, state: &str) -> Option<Present> {
    let state: Map<String, Value> = serde_json::from_str(state).ok()?;
    let user = state
        .get("user")
        .and_then(|user| User::deserialize(user).ok());
    let focus = state.get(FOCUS).and_then(Value::as_str).map(str::to_owned);
    Some(Present {
        client,
        user,
        focus,
        state,
    })
}

/// The field that holds the member; the server replaces it by what it vouches for.
pub(crate) const USER: &str = "user";
/// The field that holds the selection, as y-codemirror.next reads it.
pub(crate) const CURSOR: &str = "cursor";
/// The field that holds the path of what a member looks at.
pub(crate) const FOCUS: &str = "focus";
