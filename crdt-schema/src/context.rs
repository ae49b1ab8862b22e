//! What a receiver needs to know to go on with the work, and no more.
//!
//! A packet is the same for an agent and for a person. It is told in the third person, because
//! whoever reads it did not do what it tells. What others' tools put out is left out of it, and
//! artifacts are named, never embedded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yrs::ReadTxn;

use crate::{
    attribution::{Authors, Who},
    digest::{Digest, Rank},
    item::Item,
    schema::words::Outcome,
};

mod build;
mod person;
mod render;
mod trim;

/// The smallest budget, in characters; a smaller one is read as this.
pub const BUDGET_MIN: usize = 1_000;

/// What is known besides the document, and how much may be said.
#[derive(Debug, Clone, Copy)]
pub struct Needs<'a> {
    /// Who receives the packet.
    pub receiver: &'a Who,
    /// Who wrote what.
    pub authors: &'a Authors,
    /// How the work came to the receiver, if it was handed over.
    pub handoff: Option<&'a HandoffNote>,
    /// What was decided since the receiver last held the work, the latest first.
    pub decisions: &'a [DecisionNote],
    /// What waits for the receiver, the longest first.
    pub waiting: &'a [WaitingNote],
    /// What changed since the receiver last held or acknowledged the work.
    pub digest: Option<&'a Digest>,
    /// Most characters of the packet, as JSON and as Markdown.
    pub budget: usize,
}

/// How work came to a receiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HandoffNote {
    /// What was handed over.
    pub item: Item,
    /// Who handed it over.
    pub from: Who,
    /// What set it off, in a word.
    pub trigger: String,
    /// Why, in the giver's words.
    pub note: String,
    /// How sure the giver was, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

/// A decision that a receiver has to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DecisionNote {
    /// Its id, by which it is acknowledged.
    pub id: String,
    /// What it is about.
    pub item: Item,
    /// What was decided.
    pub title: String,
    /// What was said about it.
    pub note: String,
    /// Who decided.
    pub by: Who,
    /// What became of it, in a word.
    pub state: String,
}

/// Something that waits for a receiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WaitingNote {
    /// What it is, in a word: approval, handoff, decision, suggestion.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// What it is about.
    pub item: Item,
    /// What it is called.
    pub title: String,
    /// Since when it waits, in milliseconds since 1970.
    pub since_ms: u64,
}

/// What a receiver needs to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Packet {
    /// Who receives it.
    pub receiver: Who,
    /// The title of the workspace.
    pub workspace: String,
    /// What the plan is for, in Markdown.
    pub goal: String,
    /// How the work came to the receiver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handoff: Option<HandoffNote>,
    /// What waits for the receiver.
    pub waiting: Vec<WaitingNote>,
    /// What was decided.
    pub decisions: Vec<DecisionNote>,
    /// What the people want, in Markdown.
    pub intent: String,
    /// What comes next, in Markdown.
    pub next_step: String,
    /// How sure the writer of the briefing is, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// What has to be respected.
    pub constraints: Vec<String>,
    /// What is open, then what was answered.
    pub questions: Vec<QuestionNote>,
    /// Named facts: `name: value`.
    pub facts: Vec<String>,
    /// What was tried.
    pub tried: Vec<TriedNote>,
    /// What changed since, what matters most first.
    pub changes: Vec<ChangeNote>,
    /// Where things come from.
    pub sources: Vec<SourceNote>,
    /// How many entries of which list did not fit.
    pub left_out: BTreeMap<String, usize>,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuestionNote {
    /// What is asked.
    pub text: String,
    /// The answer; empty while the question is open.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
}

/// Something that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TriedNote {
    /// Who did what.
    pub says: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// Something that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChangeNote {
    /// What it belongs to.
    pub item: Item,
    /// What that is called.
    pub title: String,
    /// How much it matters to the receiver.
    pub rank: Rank,
    /// Who did what.
    pub says: String,
}

/// A source, named and not quoted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SourceNote {
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub uri: String,
    /// What kind of thing it is, in a word.
    pub kind: String,
}

/// Puts together what a receiver needs to know of the document as it stands.
pub fn packet<T: ReadTxn>(txn: &T, needs: &Needs<'_>) -> Packet {
    let budget = needs.budget.max(BUDGET_MIN);
    let mut packet = build::packet(txn, needs, budget);
    trim::to(&mut packet, budget);
    packet
}

impl Packet {
    /// The packet as Markdown of at most `budget` characters.
    #[must_use]
    pub fn markdown(&self, budget: usize) -> String {
        render::markdown(self, budget)
    }
}
