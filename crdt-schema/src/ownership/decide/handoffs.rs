//! Handing off, cold and warm.

use rand::RngCore;

use super::{
    Context,
    check::{fraction, note, remark},
};
use crate::{
    ids::ElementId,
    item::Item,
    member::{Kind, Role},
    ownership::{
        event::Event,
        limits::OPEN_HANDOFFS_MAX,
        owner::{Owner, Receiver},
        parts::Reason,
        refusal::Refusal,
        state::State,
        views::HandoffView,
        words::{Cause, HandoffStatus, Mode},
    },
};

type Events = Result<Vec<Event>, Refusal>;

/// A handoff as commanded.
pub(super) struct Handing<'a> {
    pub(super) item: &'a Item,
    pub(super) to: &'a Receiver,
    pub(super) mode: Mode,
    pub(super) reason: &'a Reason,
    pub(super) epoch: u64,
    pub(super) emergency: bool,
}

impl State {
    pub(super) fn hand_off(
        &self,
        cx: &Context<'_>,
        handing: &Handing<'_>,
        rng: &mut dyn RngCore,
    ) -> Events {
        self.check_handing(cx, handing)?;
        let Handing {
            item, to, reason, ..
        } = handing;
        let mode = match to {
            Receiver::Member(_) => handing.mode,
            // Nobody in particular could read back.
            Receiver::Queue(_) => Mode::Cold,
        };
        let id = ElementId::random(rng);
        let change = self.change(item, to.owner(), Cause::HandedOff);
        let change = change.within(cx, to.member());
        change.check_depth()?;
        let offered = Event::HandoffOffered {
            id: id.clone(),
            item: (*item).clone(),
            from: self.effective(item).owner.clone(),
            to: to.owner(),
            mode,
            reason: (*reason).clone(),
            emergency: handing.emergency,
            missing: match handing.emergency {
                true => cx.facts.briefing_missing.clone(),
                false => Vec::new(),
            },
            until_ms: match mode {
                Mode::Warm => Some(cx.now_ms + self.policy.offer_ms),
                Mode::Cold => None,
            },
        };
        let change = match mode {
            Mode::Warm => Vec::new(),
            Mode::Cold => change
                .because(Some(reason.trigger))
                .saying(&reason.note)
                .by_handoff(&id)
                .events(),
        };
        Ok([offered].into_iter().chain(change).collect())
    }

    fn check_handing(&self, cx: &Context<'_>, handing: &Handing<'_>) -> Result<(), Refusal> {
        let item = handing.item;
        cx.needs(Role::Editor)?;
        cx.needs_item(item)?;
        self.check_epoch(item, handing.epoch)?;
        remark("reason.note", &handing.reason.note)?;
        fraction(
            "reason.confidence",
            handing.reason.confidence.unwrap_or(0.0),
        )?;
        let owner = &self.effective(item).owner;
        if *owner != Owner::Nobody {
            self.check_owner(cx, item)?;
        }
        if *owner == handing.to.owner() {
            return Err(self.already_held(item));
        }
        match handing.to {
            Receiver::Member(member) if member.role < Role::Editor => {
                return Err(Refusal::Receiver {
                    name: member.name.clone(),
                });
            }
            Receiver::Queue(name) if !self.queues.contains_key(name) => {
                return Err(Refusal::NoSuchQueue { name: name.clone() });
            }
            Receiver::Member(_) | Receiver::Queue(_) => {}
        }
        if let Some(open) = self.open_handoff(item) {
            return Err(Refusal::Offered {
                item: item.clone(),
                handoff: open.id.clone(),
                to: self.owner_name(&open.to),
            });
        }
        if !handing.emergency && !cx.facts.briefing_missing.is_empty() {
            return Err(Refusal::Incomplete {
                missing: cx.facts.briefing_missing.clone(),
            });
        }
        if self.handoffs.open_count() >= OPEN_HANDOFFS_MAX {
            return Err(Refusal::Limit {
                limit: "handoffs that wait for their receiver",
                max: OPEN_HANDOFFS_MAX,
            });
        }
        self.check_room(item)
    }

    pub(super) fn brief(&self, cx: &Context<'_>, id: &ElementId, summary: &str) -> Events {
        self.received(cx, id)?;
        match cx.by.kind {
            // A person's word that it was read is enough.
            Kind::Human => remark("summary", summary)?,
            Kind::Agent => note("summary", summary)?,
        }
        Ok(vec![Event::HandoffBriefed {
            id: id.clone(),
            summary: summary.to_owned(),
        }])
    }

    pub(super) fn accept(&self, cx: &Context<'_>, id: &ElementId) -> Events {
        let handoff = self.received(cx, id)?;
        cx.needs(Role::Editor)?;
        if handoff.status != HandoffStatus::Briefed {
            return Err(Refusal::NotBriefed);
        }
        let change = self.change(&handoff.item, handoff.to.clone(), Cause::Accepted);
        let change = change.within(cx, None);
        change.check_depth()?;
        let change = change.because(Some(handoff.reason.trigger));
        Ok(change.saying(&handoff.reason.note).by_handoff(id).events())
    }

    pub(super) fn decline(&self, cx: &Context<'_>, id: &ElementId, reason: &str) -> Events {
        self.received(cx, id)?;
        note("reason", reason)?;
        Ok(ended(id, HandoffStatus::Declined, reason))
    }

    pub(super) fn withdraw(&self, cx: &Context<'_>, id: &ElementId) -> Events {
        let handoff = self.open_offer(cx, id)?;
        let is_giver = handoff.by.as_ref() == Some(&cx.by.id);
        let is_owner = self.effective(&handoff.item).owner.member() == Some(&cx.by.id);
        if !is_giver && !is_owner && !cx.is_admin_person() {
            return Err(self.not_yours(handoff.by.as_ref(), "withdraw this handoff"));
        }
        Ok(ended(id, HandoffStatus::Withdrawn, ""))
    }

    /// An open handoff to whoever commands.
    fn received(&self, cx: &Context<'_>, id: &ElementId) -> Result<&HandoffView, Refusal> {
        let handoff = self.open_offer(cx, id)?;
        if handoff.to.member() != Some(&cx.by.id) {
            return Err(self.not_yours(handoff.to.member(), "answer this handoff"));
        }
        Ok(handoff)
    }

    fn open_offer(&self, cx: &Context<'_>, id: &ElementId) -> Result<&HandoffView, Refusal> {
        let Some(handoff) = self.handoffs.get(id) else {
            return Err(Refusal::NotFound {
                what: "handoff",
                id: id.to_string(),
            });
        };
        let is_late = handoff.until_ms.is_some_and(|until| until <= cx.now_ms);
        let status = match handoff.status {
            HandoffStatus::Offered | HandoffStatus::Briefed if is_late => HandoffStatus::Expired,
            status => status,
        };
        if status.is_open() {
            return Ok(handoff);
        }
        Err(Refusal::Ended {
            what: "handoff",
            status: status.as_str(),
        })
    }
}

fn ended(id: &ElementId, status: HandoffStatus, reason: &str) -> Vec<Event> {
    vec![Event::HandoffEnded {
        id: id.clone(),
        status,
        reason: reason.to_owned(),
    }]
}
