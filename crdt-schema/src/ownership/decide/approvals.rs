//! Approvals: asked, answered by people for exactly one content, acted on once.

use rand::RngCore;

use super::{
    Answer, Answered, Context,
    check::{action, at_most_items, fraction, invalid, note, remark, title, wait},
};
use crate::{
    ids::ElementId,
    member::Role,
    ownership::{
        event::Event,
        facts::{Scope, content_hash},
        hash::Hash,
        limits::{NAMED_MAX, OPEN_APPROVALS_MAX, REPLIES_MAX, SCOPE_PATHS_MAX},
        outcome::Outcome,
        parts::{Action, NewApproval},
        refusal::Refusal,
        state::State,
        views::ApprovalView,
        words::{ApprovalStatus, Verdict},
    },
};

type Events = Result<Vec<Event>, Refusal>;

/// An answer as given.
pub(super) struct Answering<'a> {
    pub(super) id: &'a ElementId,
    pub(super) verdict: Verdict,
    pub(super) note: &'a str,
    pub(super) action: Option<&'a Action>,
    pub(super) seen: Option<&'a str>,
}

impl State {
    pub(super) fn ask_approval(
        &self,
        cx: &Context<'_>,
        ask: &NewApproval,
        rng: &mut dyn RngCore,
    ) -> Events {
        cx.needs(Role::Reviewer)?;
        title("title", &ask.title)?;
        action(&ask.action)?;
        note("why", &ask.why)?;
        remark("if_approved", &ask.if_approved)?;
        remark("if_declined", &ask.if_declined)?;
        fraction("risk", ask.risk)?;
        let wait_ms = ask.expires_in_ms.unwrap_or(self.policy.approval_ms);
        wait("expires_in_ms", wait_ms)?;
        at_most_items("places in a scope", ask.scope.len(), SCOPE_PATHS_MAX)?;
        at_most_items("people named", ask.named.len(), NAMED_MAX)?;
        let open = self.approvals.open_count() + 1;
        at_most_items("approvals that wait", open, OPEN_APPROVALS_MAX)?;
        let scope = scope(cx)?;
        Ok(vec![Event::ApprovalAsked {
            id: ElementId::random(rng),
            scope_hash: scope.hash,
            content: content_hash(&ask.action, scope.hash),
            ask: NewApproval {
                scope: scope.paths.clone(),
                ..ask.clone()
            },
            until_ms: cx.now_ms + wait_ms,
        }])
    }

    pub(super) fn answer_approval(&self, cx: &Context<'_>, answering: &Answering<'_>) -> Events {
        let approval = self.known_approval(answering.id)?;
        cx.needs_person("answer approvals")?;
        cx.needs(Role::Reviewer)?;
        if !Self::may_answer(approval, cx.by) {
            let names: Vec<String> = approval.named.iter().map(|id| self.name(id)).collect();
            return Err(Refusal::NotNamed {
                names: names.join(", "),
            });
        }
        match approval.status {
            ApprovalStatus::Asked if cx.now_ms < approval.until_ms => {}
            ApprovalStatus::Asked => return Err(ended(ApprovalStatus::Expired)),
            status => return Err(ended(status)),
        }
        note("note", answering.note)?;
        at_most_items("answers", approval.answers.len() + 1, REPLIES_MAX)?;
        let scope = scope(cx)?;
        check_seen(
            approval,
            answering,
            content_hash(&approval.action, scope.hash),
        )?;
        let edited = edited(approval, answering)?;
        let is_yes = match answering.verdict {
            Verdict::Approve | Verdict::Edit => true,
            Verdict::Decline | Verdict::Reply => false,
        };
        let content = content_hash(edited.unwrap_or(&approval.action), scope.hash);
        Ok(vec![Event::ApprovalAnswered {
            id: approval.id.clone(),
            verdict: answering.verdict,
            note: answering.note.to_owned(),
            action: edited.cloned(),
            scope_hash: scope.hash,
            content,
            until_ms: is_yes.then_some(cx.now_ms + self.policy.approval_ms),
        }])
    }

    pub(super) fn take_approval(
        &self,
        cx: &Context<'_>,
        id: &ElementId,
        rng: &mut dyn RngCore,
    ) -> Events {
        let approval = self.asked_by(cx, id, "act on this approval")?;
        match approval.status {
            ApprovalStatus::Approved if cx.now_ms < approval.until_ms => {}
            ApprovalStatus::Approved => return Err(ended(ApprovalStatus::Expired)),
            ApprovalStatus::Asked => return Err(not_yet(ApprovalStatus::Asked)),
            ApprovalStatus::Taken => return Err(self.acted_on(approval)),
            status => return Err(ended(status)),
        }
        let scope = scope(cx)?;
        let content = content_hash(&approval.action, scope.hash);
        if content != approval.content {
            return Ok(vec![Event::ApprovalVoided {
                id: id.clone(),
                content,
            }]);
        }
        Ok(vec![Event::ApprovalTaken {
            id: id.clone(),
            grant: ElementId::random(rng),
            until_ms: cx.now_ms + self.policy.decision_lease_ms,
        }])
    }

    pub(super) fn consume_approval(
        &self,
        cx: &Context<'_>,
        id: &ElementId,
        grant: &ElementId,
        result: &str,
    ) -> Answered {
        let approval = self.asked_by(cx, id, "act on this approval")?;
        if approval.status == ApprovalStatus::Consumed {
            return Ok(Answer::Again(Outcome {
                record: approval.ended_no,
                at_ms: approval.ended_ms.unwrap_or(0),
                id: Some(id.clone()),
                result: approval.result.clone(),
                ..Outcome::default()
            }));
        }
        check_grant(cx, approval, grant)?;
        note("result", result)?;
        Ok(Answer::Do(vec![Event::ApprovalConsumed {
            id: id.clone(),
            result: result.to_owned(),
        }]))
    }

    pub(super) fn fail_approval(
        &self,
        cx: &Context<'_>,
        id: &ElementId,
        grant: &ElementId,
        reason: &str,
    ) -> Events {
        let approval = self.asked_by(cx, id, "act on this approval")?;
        check_grant(cx, approval, grant)?;
        note("reason", reason)?;
        Ok(vec![Event::ApprovalFailed {
            id: id.clone(),
            reason: reason.to_owned(),
        }])
    }

    pub(super) fn withdraw_approval(&self, cx: &Context<'_>, id: &ElementId) -> Events {
        let approval = self.known_approval(id)?;
        if approval.by.as_ref() != Some(&cx.by.id) && !cx.is_admin_person() {
            return Err(self.not_yours(approval.by.as_ref(), "withdraw this approval"));
        }
        match approval.status {
            ApprovalStatus::Asked | ApprovalStatus::Approved => {
                Ok(vec![Event::ApprovalWithdrawn { id: id.clone() }])
            }
            ApprovalStatus::Taken => Err(self.acted_on(approval)),
            status => Err(ended(status)),
        }
    }

    fn known_approval(&self, id: &ElementId) -> Result<&ApprovalView, Refusal> {
        self.approvals.get(id).ok_or_else(|| Refusal::NotFound {
            what: "approval",
            id: id.to_string(),
        })
    }

    fn asked_by(
        &self,
        cx: &Context<'_>,
        id: &ElementId,
        what: &'static str,
    ) -> Result<&ApprovalView, Refusal> {
        let approval = self.known_approval(id)?;
        if approval.by.as_ref() != Some(&cx.by.id) {
            return Err(self.not_yours(approval.by.as_ref(), what));
        }
        Ok(approval)
    }

    fn acted_on(&self, approval: &ApprovalView) -> Refusal {
        let by = approval.by.as_ref();
        Refusal::Taken {
            what: "approval",
            name: by.map_or_else(String::new, |id| self.name(id)),
            until_ms: approval.until_ms,
        }
    }
}

fn scope<'a>(cx: &'a Context<'_>) -> Result<&'a Scope, Refusal> {
    let missing = || invalid("scope", "places of the document".to_owned());
    cx.facts.scope.as_ref().ok_or_else(missing)
}

/// Refuses an answer to other content than the document's now. A remark may be made all the same.
fn check_seen(
    approval: &ApprovalView,
    answering: &Answering<'_>,
    now: Hash,
) -> Result<(), Refusal> {
    let shown = answering.seen.and_then(|seen| seen.parse().ok());
    if answering.verdict == Verdict::Reply || shown.unwrap_or(approval.content) == now {
        return Ok(());
    }
    Err(Refusal::ChangedSinceYouLooked {
        approval: approval.id.clone(),
        content: now,
    })
}

/// The action in the form that the answer gives it, if it gives one.
fn edited<'a>(
    approval: &ApprovalView,
    answering: &Answering<'a>,
) -> Result<Option<&'a Action>, Refusal> {
    match (answering.verdict, answering.action) {
        (Verdict::Edit, Some(edited)) => {
            action(edited)?;
            if edited.kind != approval.action.kind {
                let expected = format!("of the kind {:?}, as asked", approval.action.kind);
                return Err(invalid("action", expected));
            }
            Ok(Some(edited))
        }
        (Verdict::Edit, None) => Err(invalid("action", "given with the verdict edit".to_owned())),
        (Verdict::Approve | Verdict::Decline | Verdict::Reply, Some(_)) => {
            let expected = "given with the verdict edit only".to_owned();
            Err(invalid("action", expected))
        }
        (Verdict::Approve | Verdict::Decline | Verdict::Reply, None) => Ok(None),
    }
}

/// Refuses whoever does not act on the approval now.
fn check_grant(
    cx: &Context<'_>,
    approval: &ApprovalView,
    grant: &ElementId,
) -> Result<(), Refusal> {
    match approval.status {
        ApprovalStatus::Taken => {}
        ApprovalStatus::Asked => return Err(not_yet(ApprovalStatus::Asked)),
        ApprovalStatus::Approved => return Err(Refusal::Fenced { what: "grant" }),
        status => return Err(ended(status)),
    }
    if approval.grant.as_ref() == Some(grant) && cx.now_ms < approval.until_ms {
        Ok(())
    } else {
        Err(Refusal::Fenced { what: "grant" })
    }
}

fn ended(status: ApprovalStatus) -> Refusal {
    Refusal::Ended {
        what: "approval",
        status: status.as_str(),
    }
}

fn not_yet(status: ApprovalStatus) -> Refusal {
    Refusal::NotYet {
        what: "approval",
        status: status.as_str(),
    }
}
