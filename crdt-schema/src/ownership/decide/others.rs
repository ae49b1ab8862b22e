//! Reports, signals, rules and queues.

use rand::{Rng as _, RngCore};

use super::{
    Context,
    check::{Checked, at_most_items, fraction, invalid, note, remark, wait},
};
use crate::{
    escalation::Advice,
    ids::ElementId,
    member::Role,
    ownership::{
        event::Event,
        limits::{NAMED_MAX, QUEUES_MAX},
        owner::{Owner, QueueName},
        parts::{ActionReport, Signal},
        policy::{Policy, Queue},
        refusal::Refusal,
        state::State,
        words::Judgement,
    },
};

type Events = Result<Vec<Event>, Refusal>;

/// Highest depth that a policy may allow.
const DEPTH_MAX: u32 = 100;

impl State {
    pub(super) fn report(
        &self,
        cx: &Context<'_>,
        report: &ActionReport,
        rng: &mut dyn RngCore,
    ) -> Events {
        cx.needs(Role::Reviewer)?;
        note("what", &report.what)?;
        note("result", &report.result)?;
        remark("undo", report.undo.as_deref().unwrap_or_default())?;
        fraction("risk", report.risk)?;
        Ok(vec![Event::Reported {
            id: ElementId::random(rng),
            report: report.clone(),
        }])
    }

    pub(super) fn signal(
        &self,
        cx: &Context<'_>,
        signal: &Signal,
        rng: &mut dyn RngCore,
    ) -> Events {
        cx.needs(Role::Reviewer)?;
        cx.needs_item(&signal.item)?;
        if !signal.signals.is_sound() {
            return Err(invalid("signals", "numbers from 0 to 1".to_owned()));
        }
        let advice = self
            .policy
            .thresholds
            .advise(&signal.signals, &self.samples());
        Ok(vec![Event::Signalled {
            id: ElementId::random(rng),
            signal: signal.clone(),
            advice,
            audit: advice == Advice::GoOn && rng.random_bool(self.policy.audit_share),
        }])
    }

    pub(super) fn judge(
        &self,
        cx: &Context<'_>,
        signal: &ElementId,
        judgement: Judgement,
    ) -> Events {
        cx.needs_person("judge an agent")?;
        cx.needs(Role::Reviewer)?;
        if !self.signals.iter().any(|view| view.id == *signal) {
            return Err(Refusal::NotFound {
                what: "signal",
                id: signal.to_string(),
            });
        }
        Ok(vec![Event::Judged {
            signal: signal.clone(),
            judgement,
        }])
    }

    pub(super) fn set_policy(&self, cx: &Context<'_>, policy: &Policy) -> Events {
        cx.needs_person("set the policy")?;
        cx.needs(Role::Admin)?;
        wait("agent_lease_ms", policy.agent_lease_ms)?;
        wait("person_attention_ms", policy.person_attention_ms)?;
        wait("decision_lease_ms", policy.decision_lease_ms)?;
        wait("decision_ms", policy.decision_ms)?;
        wait("offer_ms", policy.offer_ms)?;
        wait("approval_ms", policy.approval_ms)?;
        if policy.depth_max > DEPTH_MAX {
            return Err(invalid("depth_max", format!("at most {DEPTH_MAX}")));
        }
        fraction("audit_share", policy.audit_share)?;
        if !policy.band.is_sound() || !policy.thresholds.is_sound() {
            let expected = "shares from 0 to 1, the band's in rising order".to_owned();
            return Err(invalid("band and thresholds", expected));
        }
        self.check_queue(&policy.fallback_queue)?;
        policy
            .release_queue
            .as_ref()
            .map_or(Ok(()), |queue| self.check_queue(queue))?;
        Ok(vec![Event::PolicySet {
            policy: policy.clone(),
        }])
    }

    pub(super) fn set_queue(&self, cx: &Context<'_>, queue: &Queue) -> Events {
        cx.needs_person("set up queues")?;
        cx.needs(Role::Editor)?;
        at_most_items("members of a queue", queue.members.len(), NAMED_MAX)?;
        if !self.queues.contains_key(&queue.name) {
            at_most_items("queues", self.queues.len() + 1, QUEUES_MAX)?;
        }
        Ok(vec![Event::QueueSet {
            queue: queue.clone(),
        }])
    }

    pub(super) fn remove_queue(&self, cx: &Context<'_>, name: &QueueName) -> Events {
        cx.needs_person("set up queues")?;
        cx.needs(Role::Editor)?;
        self.check_queue(name)?;
        let in_use = |why| {
            Err(Refusal::QueueInUse {
                name: name.clone(),
                why,
            })
        };
        if *name == QueueName::people() {
            return in_use("every workspace has it");
        }
        if self.policy.fallback_queue == *name || self.policy.release_queue.as_ref() == Some(name) {
            return in_use("the policy names it");
        }
        let queued = Owner::Queue(name.clone());
        if self.held.values().any(|held| held.owner == queued) {
            return in_use("something waits in it");
        }
        Ok(vec![Event::QueueRemoved { name: name.clone() }])
    }

    fn check_queue(&self, name: &QueueName) -> Checked {
        if self.queues.contains_key(name) {
            Ok(())
        } else {
            Err(Refusal::NoSuchQueue { name: name.clone() })
        }
    }
}
