//! Deciding a command: whether it may be, and what it brings about.

use rand::RngCore;

use super::{
    command::Command,
    due::Activity,
    event::Event,
    facts::Facts,
    hash::Hash,
    limits::KEY_BYTES_MAX,
    outcome::{Decision, Outcome},
    refusal::Refusal,
    state::State,
};
use crate::member::Member;

mod approvals;
mod change;
mod check;
mod decisions;
mod dispatch;
mod handoffs;
mod holdings;
mod others;

/// What surrounds a command. Times are in milliseconds since the Unix epoch.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Who commands, as vouched for by the server.
    pub by: &'a Member,
    /// Now.
    pub now_ms: u64,
    /// The idempotency key: the same command with the same key is answered alike and done once.
    pub key: Option<&'a str>,
    /// What the document says, see [`super::facts()`].
    pub facts: &'a Facts,
    /// When a member was last seen.
    pub activity: Activity<'a>,
}

/// What a command brings about, or its answer of old.
enum Answer {
    Do(Vec<Event>),
    Again(Outcome),
}

type Answered = Result<Answer, Refusal>;

impl State {
    /// Decides a command. On [`Decision::New`] the events go into a record, which is stored and
    /// then applied; until then nothing has changed.
    ///
    /// # Errors
    /// When the command may not be; the refusal says what to do instead.
    pub fn decide(
        &self,
        cx: &Context<'_>,
        command: &Command,
        rng: &mut dyn RngCore,
    ) -> Result<Decision, Refusal> {
        let keyed = match cx.key {
            Some(key) => match self.repeated(cx, key, command)? {
                Keyed::Again(outcome) => return Ok(Decision::Again(outcome)),
                Keyed::First(event) => Some(event),
            },
            None => None,
        };
        let events = match self.answer(cx, command, rng)? {
            Answer::Again(outcome) => return Ok(Decision::Again(outcome)),
            Answer::Do(events) => events,
        };
        let known = self.introductions(cx, command);
        Ok(Decision::New(
            keyed.into_iter().chain(known).chain(events).collect(),
        ))
    }

    fn repeated(&self, cx: &Context<'_>, key: &str, command: &Command) -> Result<Keyed, Refusal> {
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return Err(Refusal::Invalid {
                field: "idempotency key",
                expected: format!("1 to {KEY_BYTES_MAX} bytes"),
            });
        }
        let value = serde_json::to_value(command).expect("commands are plain data");
        let command = Hash::of_json(&value);
        match self.answers.find(&cx.by.id, key) {
            None => Ok(Keyed::First(Event::Keyed { command })),
            Some((first, outcome)) if *first == command => Ok(Keyed::Again(outcome.clone())),
            Some(_) => Err(Refusal::KeyReused),
        }
    }

    /// Members whom the state does not know yet, or not as they are now.
    fn introductions(&self, cx: &Context<'_>, command: &Command) -> Vec<Event> {
        let receiver = if let Command::HandOff { to, .. } = command {
            to.member()
        } else {
            None
        };
        let mut new: Vec<&Member> = Vec::new();
        for member in [Some(cx.by), receiver, cx.facts.owner.as_ref()]
            .into_iter()
            .flatten()
        {
            let is_known = self.member(&member.id) == Some(member);
            if !is_known && !new.iter().any(|other| other.id == member.id) {
                new.push(member);
            }
        }
        let known = new.into_iter().cloned();
        known.map(|member| Event::MemberKnown { member }).collect()
    }
}

enum Keyed {
    First(Event),
    Again(Outcome),
}
