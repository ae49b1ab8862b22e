//! What commands are made of, and what events repeat of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::words::Trigger;
use crate::{escalation::Signals, ids::MemberId, item::Item, path::DocPath};

/// Why an item is handed off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// What set it off.
    pub trigger: Trigger,
    /// What the receiver should know.
    #[serde(default)]
    pub note: String,
    /// How sure the giver is of its work, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub confidence: Option<f64>,
}

/// What is to be run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApprovalAction)]
pub struct Action {
    /// What kind of action, in a word; `plan` asks for approval of the plan itself.
    pub kind: String,
    /// What it is run with, any JSON.
    #[serde(default)]
    pub arguments: Value,
}

/// What it takes to ask for an approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApproval {
    /// What is asked, in a line.
    pub title: String,
    /// What would be run.
    pub action: Action,
    /// Why it should be.
    pub why: String,
    /// What happens then.
    #[serde(default)]
    pub if_approved: String,
    /// What happens otherwise.
    #[serde(default)]
    pub if_declined: String,
    /// Whether what it does can be undone.
    pub reversible: bool,
    /// How much can go wrong, from 0 to 1.
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub risk: f64,
    /// The places whose content the answer depends on. For a plan: its strategic fields, set by
    /// the server.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub scope: Vec<DocPath>,
    /// The only people who may answer; anybody with the role when empty.
    #[serde(default)]
    pub named: Vec<MemberId>,
    /// How long it waits for an answer, in milliseconds; the policy's time when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_ms: Option<u64>,
}

/// What was done, for those who look after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionReport {
    /// What it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
    /// What was done.
    pub what: String,
    /// What came of it.
    pub result: String,
    /// How much could have gone wrong, from 0 to 1.
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub risk: f64,
    /// Whether it can be undone.
    pub reversible: bool,
    /// How to undo it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
}

/// What an agent notices about its own work on an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// What it works on.
    pub item: Item,
    /// What it notices.
    pub signals: Signals,
}
