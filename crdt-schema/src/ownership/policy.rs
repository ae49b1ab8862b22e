//! The rules that a workspace can set for itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{owner::QueueName, words::AgentWrites};
use crate::{
    escalation::{Band, Thresholds},
    ids::MemberId,
};

/// What a workspace has settled about ownership. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// What becomes of an agent's write where it does not hold the pen.
    pub agent_writes: AgentWrites,
    /// How often in a row an item may pass from agent to agent.
    pub depth_max: u32,
    /// How long an agent holds an item without a sign of life.
    pub agent_lease_ms: u64,
    /// How long after a sign of life a person's items are safe from being taken over.
    pub person_attention_ms: u64,
    /// How long acting on a decision or an approval may take.
    pub decision_lease_ms: u64,
    /// How long a decision waits for somebody to act on it.
    pub decision_ms: u64,
    /// How long a warm handoff waits for its receiver.
    pub offer_ms: u64,
    /// How long an approval waits for an answer, and then for its asker to act.
    pub approval_ms: u64,
    /// Where an item goes when its agent is gone.
    pub fallback_queue: QueueName,
    /// Where an item goes when it is released; it becomes open when absent.
    pub release_queue: Option<QueueName>,
    /// Whether tasks wait until people have approved the plan.
    pub plan_approval: bool,
    /// The share of agents' items that should reach people.
    pub band: Band,
    /// When an agent should ask a person.
    pub thresholds: Thresholds,
    /// The share of signals by which agents went on without asking that people are to judge all the
    /// same, picked at random, from 0 to 1.
    pub audit_share: f64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            agent_writes: AgentWrites::Suggest,
            depth_max: 4,
            agent_lease_ms: 10 * MINUTE_MS,
            person_attention_ms: 15 * MINUTE_MS,
            decision_lease_ms: 5 * MINUTE_MS,
            decision_ms: 30 * DAY_MS,
            offer_ms: DAY_MS,
            approval_ms: 7 * DAY_MS,
            fallback_queue: QueueName::people(),
            release_queue: None,
            plan_approval: false,
            band: Band::default(),
            thresholds: Thresholds::default(),
            audit_share: 0.0,
        }
    }
}

/// A place where items wait for whoever claims them first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    /// Its name.
    pub name: QueueName,
    /// Who may claim from it; every editor when empty.
    #[serde(default)]
    pub members: Vec<MemberId>,
    /// Whether agents may claim from it.
    #[serde(default)]
    pub agents: bool,
}

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
