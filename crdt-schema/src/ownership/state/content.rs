//! What depends on the document's content as it is now.

use yrs::ReadTxn;

use super::State;
use crate::{
    ids::ElementId,
    ownership::{
        facts::{self, PLAN_ACTION},
        views::ApprovalView,
        words::{ApprovalStatus, Verdict},
    },
};

impl State {
    /// One approval with the content hash of the document as it is now, which an answer passes
    /// as `seen`.
    pub fn approval_now<T: ReadTxn>(&self, id: &ElementId, txn: &T) -> Option<ApprovalView> {
        let mut view = self.approval(id)?.clone();
        if view.status.is_open() {
            let scope = facts::current_scope(&view.action, &view.scope, txn);
            view.content = facts::content_hash(&view.action, scope.hash);
            view.changed = view.scope_hash != Some(scope.hash);
            view.scope = scope.paths;
        }
        Some(view)
    }

    /// Whether people have approved the plan's strategic fields as they are now.
    pub fn is_plan_approved<T: ReadTxn>(&self, txn: &T) -> bool {
        let now = facts::scope_hash(txn, &facts::strategic_scope(txn));
        self.approvals.all().any(|approval| {
            let is_given = match approval.status {
                ApprovalStatus::Approved | ApprovalStatus::Taken | ApprovalStatus::Consumed => true,
                // The plan was approved; that nobody acted on the grant does not take it back.
                ApprovalStatus::Expired | ApprovalStatus::Failed => {
                    approval.answers.iter().any(|answer| match answer.verdict {
                        Verdict::Approve | Verdict::Edit => true,
                        Verdict::Decline | Verdict::Reply => false,
                    })
                }
                ApprovalStatus::Asked
                | ApprovalStatus::Declined
                | ApprovalStatus::Withdrawn
                | ApprovalStatus::Void => false,
            };
            is_given && approval.action.kind == PLAN_ACTION && approval.scope_hash == Some(now)
        })
    }

    /// Whether work on a task may start: it is to do, nothing blocks it, and the plan is
    /// approved where the policy asks for it.
    pub fn dispatchable<T: ReadTxn>(&self, task: &ElementId, txn: &T) -> bool {
        facts::is_ready(txn, task) && (!self.policy.plan_approval || self.is_plan_approved(txn))
    }
}
