//! Claim, release, renew, take over, resume.

use super::{Answer, Answered, Context, check::invalid};
use crate::{
    ids::ElementId,
    item::Item,
    member::{Kind, Role},
    ownership::{
        event::Event, outcome::Outcome, owner::Owner, refusal::Refusal, state::State, words::Cause,
    },
};

type Events = Result<Vec<Event>, Refusal>;

impl State {
    pub(super) fn claim(&self, cx: &Context<'_>, item: &Item, epoch: u64) -> Events {
        cx.needs(Role::Editor)?;
        cx.needs_item(item)?;
        self.check_epoch(item, epoch)?;
        let owner = &self.effective(item).owner;
        match owner {
            Owner::Nobody => {}
            Owner::Queue(name) => {
                let queue = self.queues.get(name);
                if let Some(why) = queue.and_then(|queue| Self::objection(queue, cx.by)) {
                    return Err(Refusal::NotInQueue {
                        queue: name.clone(),
                        why,
                    });
                }
            }
            Owner::Member(id) if *id == cx.by.id => return Err(self.already_held(item)),
            Owner::Member(_) => {
                return Err(Refusal::NotClaimable {
                    item: item.clone(),
                    owner: owner.clone(),
                    owner_name: self.owner_name(owner),
                    epoch,
                });
            }
        }
        self.check_room(item)?;
        let change = self.change(item, Owner::Member(cx.by.id.clone()), Cause::Claimed);
        let change = change.within(cx, None);
        change.check_depth()?;
        Ok(change.events())
    }

    pub(super) fn release(&self, cx: &Context<'_>, item: &Item, epoch: u64) -> Events {
        cx.needs(Role::Editor)?;
        self.check_epoch(item, epoch)?;
        self.check_owner(cx, item)?;
        self.check_room(item)?;
        let to = match &self.policy.release_queue {
            Some(queue) => Owner::Queue(queue.clone()),
            None => Owner::Nobody,
        };
        if self.effective(item).owner == to {
            return Err(self.already_held(item));
        }
        let change = self.change(item, to, Cause::Released);
        Ok(change.within(cx, None).events())
    }

    pub(super) fn renew(&self, cx: &Context<'_>, item: &Item, epoch: u64) -> Events {
        self.check_epoch(item, epoch)?;
        let held = self.effective(item);
        if held.owner.member() != Some(&cx.by.id) {
            return Err(self.not_owner(item));
        }
        if cx.by.kind == Kind::Human {
            let expected = "held by an agent: what people hold has no lease".to_owned();
            return Err(invalid("item", expected));
        }
        Ok(vec![Event::LeaseRenewed {
            item: self.holder(item),
            until_ms: cx.now_ms + self.policy.agent_lease_ms,
        }])
    }

    pub(super) fn take_over(
        &self,
        cx: &Context<'_>,
        (item, epoch): (&Item, u64),
        note: &str,
    ) -> Events {
        cx.needs_person("take over")?;
        cx.needs(Role::Editor)?;
        cx.needs_item(item)?;
        super::check::remark("note", note)?;
        self.check_epoch(item, epoch)?;
        if let Owner::Member(owner) = &self.effective(item).owner {
            if *owner == cx.by.id {
                return Err(self.already_held(item));
            }
            let card: Vec<_> = cx.facts.owner.iter().collect();
            let is_agent = self.kind(&card, owner) == Some(Kind::Agent);
            let wait_ms = self.policy.person_attention_ms;
            let is_there =
                (cx.activity)(owner).is_some_and(|seen| cx.now_ms.saturating_sub(seen) <= wait_ms);
            if !is_agent && is_there && !cx.is_admin_person() {
                return Err(Refusal::Attended {
                    item: item.clone(),
                    owner_name: self.name(owner),
                    wait_ms,
                });
            }
        }
        self.check_room(item)?;
        let change = self.change(item, Owner::Member(cx.by.id.clone()), Cause::TakenOver);
        Ok(change.saying(note).within(cx, None).events())
    }

    pub(super) fn resume(
        &self,
        cx: &Context<'_>,
        (item, epoch): (&Item, u64),
        decisions: &[ElementId],
        cursor: u64,
    ) -> Answered {
        self.check_epoch(item, epoch)?;
        let held = self.effective(item);
        if held.owner.member() != Some(&cx.by.id) {
            return Err(self.not_owner(item));
        }
        let Some(gate) = &held.gate else {
            return Ok(Answer::Again(Outcome {
                record: self.head().0,
                at_ms: cx.now_ms,
                item: Some(item.clone()),
                ..Outcome::default()
            }));
        };
        let missing = gate.decisions.iter();
        let missing: Vec<_> = missing.filter(|id| !decisions.contains(id)).collect();
        if !missing.is_empty() || cursor < gate.cursor {
            return Err(Refusal::Unacknowledged {
                decisions: missing.into_iter().cloned().collect(),
                cursor: gate.cursor,
            });
        }
        let known = decisions.iter().filter(|id| self.decision(id).is_some());
        Ok(Answer::Do(vec![Event::Resumed {
            item: self.holder(item),
            member: cx.by.id.clone(),
            decisions: known.cloned().collect(),
            cursor,
        }]))
    }
}
