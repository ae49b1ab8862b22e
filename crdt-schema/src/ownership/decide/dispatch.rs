//! Which command goes where.

use rand::RngCore;

use super::{
    Answer, Answered, Context, approvals::Answering, decisions::Posting, handoffs::Handing,
};
use crate::ownership::{command::Command, event::Event, state::State};

impl State {
    /// What a command brings about, or its answer of old.
    #[expect(clippy::too_many_lines, reason = "a flat table")]
    pub(super) fn answer(
        &self,
        cx: &Context<'_>,
        command: &Command,
        rng: &mut dyn RngCore,
    ) -> Answered {
        let events = match command {
            Command::HandOff {
                item,
                to,
                mode,
                reason,
                epoch,
                emergency,
            } => {
                let handing = Handing {
                    item,
                    to,
                    mode: *mode,
                    reason,
                    epoch: *epoch,
                    emergency: *emergency,
                };
                self.hand_off(cx, &handing, rng)
            }
            Command::Brief { handoff, summary } => self.brief(cx, handoff, summary),
            Command::Accept { handoff } => self.accept(cx, handoff),
            Command::Decline { handoff, reason } => self.decline(cx, handoff, reason),
            Command::Withdraw { handoff } => self.withdraw(cx, handoff),
            Command::Claim { item, epoch } => self.claim(cx, item, *epoch),
            Command::Release { item, epoch } => self.release(cx, item, *epoch),
            Command::Renew { item, epoch } => self.renew(cx, item, *epoch),
            Command::TakeOver { item, epoch, note } => self.take_over(cx, (item, *epoch), note),
            Command::PostDecision {
                item,
                question,
                title,
                note,
            } => {
                let posting = Posting {
                    item,
                    question: question.as_ref(),
                    title,
                    note,
                };
                self.post_decision(cx, &posting, rng)
            }
            Command::TakeDecision { id } => self.take_decision(cx, id, rng),
            Command::FailDecision { id, lease, reason } => {
                self.fail_decision(cx, id, lease, reason)
            }
            Command::WithdrawDecision { id } => self.withdraw_decision(cx, id),
            Command::AskApproval(ask) => self.ask_approval(cx, ask, rng),
            Command::AnswerApproval {
                id,
                verdict,
                note,
                action,
                seen,
            } => {
                let answering = Answering {
                    id,
                    verdict: *verdict,
                    note,
                    action: action.as_ref(),
                    seen: seen.as_deref(),
                };
                self.answer_approval(cx, &answering)
            }
            Command::TakeApproval { id } => self.take_approval(cx, id, rng),
            Command::FailApproval { id, grant, reason } => {
                self.fail_approval(cx, id, grant, reason)
            }
            Command::WithdrawApproval { id } => self.withdraw_approval(cx, id),
            Command::Report(report) => self.report(cx, report, rng),
            Command::SetPolicy(policy) => self.set_policy(cx, policy),
            Command::SetQueue(queue) => self.set_queue(cx, queue),
            Command::RemoveQueue { name } => self.remove_queue(cx, name),
            Command::Signal(signal) => self.signal(cx, signal, rng),
            Command::Judge { signal, judgement } => self.judge(cx, signal, *judgement),
            Command::Note(noted) => Ok(vec![Event::Noted {
                noted: noted.clone(),
            }]),
            Command::ConsumeDecision { id, lease, outcome } => {
                return self.consume_decision(cx, id, lease, outcome);
            }
            Command::ConsumeApproval { id, grant, result } => {
                return self.consume_approval(cx, id, grant, result);
            }
            Command::Resume {
                item,
                epoch,
                decisions,
                cursor,
            } => return self.resume(cx, (item, *epoch), decisions, *cursor),
        };
        events.map(Answer::Do)
    }
}
