//! Decisions: posted by people, taken by the owner under a lease, consumed once.

use rand::RngCore;

use super::{
    Answer, Answered, Context,
    check::{note, title},
};
use crate::{
    ids::ElementId,
    item::Item,
    member::Role,
    ownership::{
        event::Event, limits::OPEN_DECISIONS_MAX, outcome::Outcome, refusal::Refusal, state::State,
        views::DecisionView, words::DecisionStatus,
    },
};

type Events = Result<Vec<Event>, Refusal>;

/// A decision as posted.
pub(super) struct Posting<'a> {
    pub(super) item: &'a Item,
    pub(super) question: Option<&'a ElementId>,
    pub(super) title: &'a str,
    pub(super) note: &'a str,
}

impl State {
    pub(super) fn post_decision(
        &self,
        cx: &Context<'_>,
        posting: &Posting<'_>,
        rng: &mut dyn RngCore,
    ) -> Events {
        cx.needs_person("decide")?;
        cx.needs(Role::Reviewer)?;
        cx.needs_item(posting.item)?;
        title("title", posting.title)?;
        note("note", posting.note)?;
        if self.decisions.open_count() >= OPEN_DECISIONS_MAX {
            return Err(Refusal::Limit {
                limit: "decisions that wait for somebody to act on them",
                max: OPEN_DECISIONS_MAX,
            });
        }
        Ok(vec![Event::DecisionPosted {
            id: ElementId::random(rng),
            item: posting.item.clone(),
            question: posting.question.cloned(),
            title: posting.title.to_owned(),
            note: posting.note.to_owned(),
            until_ms: cx.now_ms + self.policy.decision_ms,
        }])
    }

    pub(super) fn take_decision(
        &self,
        cx: &Context<'_>,
        id: &ElementId,
        rng: &mut dyn RngCore,
    ) -> Events {
        let decision = self.known_decision(id)?;
        if self.effective(&decision.item).owner.member() != Some(&cx.by.id) {
            return Err(self.not_owner(&decision.item));
        }
        match decision.status {
            DecisionStatus::Decided if cx.now_ms < decision.until_ms => {}
            DecisionStatus::Decided => return Err(ended(DecisionStatus::Expired)),
            DecisionStatus::Taken => return Err(self.taken(decision)),
            status => return Err(ended(status)),
        }
        Ok(vec![Event::DecisionTaken {
            id: id.clone(),
            lease: ElementId::random(rng),
            until_ms: cx.now_ms + self.policy.decision_lease_ms,
        }])
    }

    pub(super) fn consume_decision(
        &self,
        cx: &Context<'_>,
        id: &ElementId,
        lease: &ElementId,
        outcome: &str,
    ) -> Answered {
        let decision = self.known_decision(id)?;
        if decision.status == DecisionStatus::Consumed {
            return Ok(Answer::Again(Outcome {
                record: decision.ended_no,
                at_ms: decision.ended_ms.unwrap_or(0),
                id: Some(id.clone()),
                result: decision.outcome.clone(),
                ..Outcome::default()
            }));
        }
        check_lease(cx, decision, lease)?;
        note("outcome", outcome)?;
        Ok(Answer::Do(vec![Event::DecisionConsumed {
            id: id.clone(),
            outcome: outcome.to_owned(),
        }]))
    }

    pub(super) fn fail_decision(
        &self,
        cx: &Context<'_>,
        id: &ElementId,
        lease: &ElementId,
        reason: &str,
    ) -> Events {
        check_lease(cx, self.known_decision(id)?, lease)?;
        note("reason", reason)?;
        Ok(vec![Event::DecisionFailed {
            id: id.clone(),
            reason: reason.to_owned(),
        }])
    }

    pub(super) fn withdraw_decision(&self, cx: &Context<'_>, id: &ElementId) -> Events {
        let decision = self.known_decision(id)?;
        if decision.by.as_ref() != Some(&cx.by.id) && !cx.is_admin_person() {
            return Err(self.not_yours(decision.by.as_ref(), "withdraw this decision"));
        }
        match decision.status {
            DecisionStatus::Decided => Ok(vec![Event::DecisionEnded {
                id: id.clone(),
                status: DecisionStatus::Withdrawn,
            }]),
            DecisionStatus::Taken => Err(self.taken(decision)),
            status => Err(ended(status)),
        }
    }

    fn known_decision(&self, id: &ElementId) -> Result<&DecisionView, Refusal> {
        self.decisions.get(id).ok_or_else(|| Refusal::NotFound {
            what: "decision",
            id: id.to_string(),
        })
    }

    fn taken(&self, decision: &DecisionView) -> Refusal {
        let by = decision.taken_by.as_ref();
        Refusal::Taken {
            what: "decision",
            name: by.map_or_else(String::new, |id| self.name(id)),
            until_ms: decision.until_ms,
        }
    }
}

/// Refuses whoever does not act on the decision now.
fn check_lease(
    cx: &Context<'_>,
    decision: &DecisionView,
    lease: &ElementId,
) -> Result<(), Refusal> {
    match decision.status {
        DecisionStatus::Taken => {}
        DecisionStatus::Decided => {
            return Err(Refusal::Fenced { what: "lease" });
        }
        status => return Err(ended(status)),
    }
    let is_own = decision.taken_by.as_ref() == Some(&cx.by.id);
    let is_current = decision.lease.as_ref() == Some(lease) && cx.now_ms < decision.until_ms;
    if is_own && is_current {
        Ok(())
    } else {
        Err(Refusal::Fenced { what: "lease" })
    }
}

fn ended(status: DecisionStatus) -> Refusal {
    Refusal::Ended {
        what: "decision",
        status: status.as_str(),
    }
}
