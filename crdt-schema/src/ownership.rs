//! Who holds the pen, and what people have decided: commands become events, events make the
//! state.
//!
//! Invariant: the state is a fold over the records and nothing else, so whoever has the records
//! has the state. Time and randomness are arguments. What the document holds is looked up before
//! a command is decided ([`facts()`]); nothing here changes it but [`project()`], which writes
//! what everybody may watch into the document's `control` root.

mod briefing;
mod command;
mod decide;
mod due;
mod event;
mod facts;
mod hash;
pub mod health;
pub mod limits;
mod noted;
mod outcome;
mod owner;
mod parts;
mod pen;
mod policy;
mod project;
mod record;
mod refusal;
mod state;
mod views;
mod words;

pub use self::{
    briefing::{Missing, artifacts, missing},
    command::Command,
    decide::Context,
    due::Activity,
    event::Event,
    facts::{
        Facts, PLAN_ACTION, Scope, Surroundings, content_hash, facts, scope_hash, strategic_scope,
    },
    hash::{BadHash, Hash, canonical},
    noted::Noted,
    outcome::{Decision, Outcome},
    owner::{BadQueueName, Owner, QueueName, Receiver},
    parts::{Action, ActionReport, NewApproval, Reason, Signal},
    policy::{Policy, Queue},
    project::{project, project_all},
    record::{Broken, Record, verify_chain},
    refusal::Refusal,
    state::State,
    views::{
        ActionView, Answer, ApprovalView, Briefed, DecisionView, GateView, HandoffView,
        HoldingView, Pen, Pending, PendingTask, QueueView, SignalView, Waiting,
    },
    words::{
        AgentWrites, ApprovalStatus, BriefingPart, Cause, DecisionStatus, HandoffStatus, Judgement,
        Mode, Trigger, Verdict,
    },
};
