//! The agent at work: writes what the script says, and looks up in between.

use crdt_schema::{
    ids::ElementId,
    project::{self, WorkspaceProjection},
    schema::{NewAction, NewStep, NewTask, Place, Workspace, words},
};

use super::{
    Pace, Progress, Summary,
    pen::Pen,
    reaction::{Reaction, Watch},
    script::{self, Script, StepDraft},
};
use crate::{Peer, PeerError, TypistError};

/// The agent at work.
pub(super) struct Planner<'a, P> {
    pub(super) peer: &'a Peer,
    pub(super) pace: Pace,
    pub(super) progress: P,
    pub(super) watch: Watch,
    pub(super) summary: Summary,
}

impl<P: FnMut(&Progress) + Send> Planner<'_, P> {
    /// Writes what the script says.
    pub(super) async fn draft(
        &mut self,
        script: Script,
        before: &WorkspaceProjection,
    ) -> Result<(), PeerError> {
        self.say(&Progress::Joined(before.title.clone()));
        self.say(&Progress::Read {
            questions: before
                .briefing
                .questions
                .iter()
                .filter(|q| q.answer.is_empty())
                .count(),
            constraints: before.briefing.constraints.len(),
        });
        if let Some(goal) = &script.goal {
            let goal_field = Workspace.plan().goal();
            self.pen()
                .write(goal_field, goal)
                .await
                .or_else(unless_removed)?;
            self.settle(Progress::Goal).await?;
        }
        for draft in script.steps {
            self.step(draft).await?;
        }
        Ok(())
    }

    async fn step(&mut self, draft: StepDraft) -> Result<(), PeerError> {
        match self.write_step(&draft).await {
            Ok(step) => {
                self.summary.steps += 1;
                self.watch.knows(step.clone());
                self.settle(Progress::Step(draft.title)).await?;
                self.task(&draft.task, Some(step)).await
            }
            Err(error) => {
                unless_removed(error)?;
                self.settle(Progress::Removed(draft.title)).await
            }
        }
    }

    async fn write_step(&self, draft: &StepDraft) -> Result<ElementId, TypistError> {
        let empty = NewStep {
            tier: draft.tier,
            ..NewStep::default()
        };
        let steps = Workspace.plan().steps();
        let id = self
            .peer
            .edit(move |txn| steps.add(txn, &mut rand::rng(), Place::Last, empty))
            .await??;
        let step = Workspace.plan().steps().get(&id);
        self.pen().write(step.title(), &draft.title).await?;
        self.pen().write(step.body(), &draft.body).await?;
        self.peer
            .edit(move |txn| step.set_status(txn, words::StepStatus::Ready))
            .await??;
        Ok(id)
    }

    async fn task(&mut self, title: &str, step: Option<ElementId>) -> Result<(), PeerError> {
        match self.write_task(title, step).await {
            Ok(()) => {
                self.summary.tasks += 1;
                self.settle(Progress::Task(title.to_owned())).await
            }
            Err(error) => unless_removed(error),
        }
    }

    async fn write_task(&self, title: &str, step: Option<ElementId>) -> Result<(), TypistError> {
        let step = step.map(|step| step.to_string());
        let empty = NewTask {
            step,
            ..NewTask::default()
        };
        let id = self
            .peer
            .edit(|txn| {
                Workspace
                    .tasks()
                    .add(txn, &mut rand::rng(), Place::Last, empty)
            })
            .await??;
        self.pen()
            .write(Workspace.tasks().get(&id).title(), title)
            .await
    }

    /// Makes sure that the server has everything, says what was done, and looks up.
    async fn settle(&mut self, done: Progress) -> Result<(), PeerError> {
        self.peer.flush().await?;
        self.say(&done);
        self.react().await.map(drop)
    }

    /// Reacts to what people did since it last looked; whether there was anything.
    pub(super) async fn react(&mut self) -> Result<bool, PeerError> {
        let mut reacted = false;
        loop {
            let now = read(self.peer).await?;
            let Some(reaction) = self.watch.next(&now) else {
                return Ok(reacted);
            };
            reacted = true;
            self.perform(reaction, &now).await?;
        }
    }

    async fn perform(
        &mut self,
        reaction: Reaction,
        now: &WorkspaceProjection,
    ) -> Result<(), PeerError> {
        match reaction {
            Reaction::Answer { id, question } => {
                let field = Workspace.briefing().questions().get(&id).answer();
                let written = self.pen().write(field, &script::answer(now)).await;
                written.or_else(unless_removed)?;
                self.peer.flush().await?;
                self.summary.answers += 1;
                let task = script::task_for(&question);
                self.say(&Progress::Answered(question));
                self.write_task(&task, None).await.or_else(unless_removed)?;
                self.summary.tasks += 1;
            }
            Reaction::Close { id, title } => {
                let step = Workspace.plan().steps().get(&id);
                let body = step.body();
                let closed = self
                    .peer
                    .edit(move |txn| step.set_status(txn, words::StepStatus::Done))
                    .await?;
                if closed.is_ok() {
                    let written = self.pen().write(body, script::CLOSING_REMARK).await;
                    written.or_else(unless_removed)?;
                    self.summary.closed += 1;
                    self.say(&Progress::Closed(title));
                }
            }
        }
        Ok(())
    }

    /// Says in the briefing and the notes what was done.
    pub(super) async fn conclude(&mut self) -> Result<(), PeerError> {
        let summary = self.summary;
        let action = NewAction {
            text: format!("Planned: {summary}."),
            outcome: words::Outcome::Done,
            ..NewAction::default()
        };
        let actions = Workspace.briefing().actions();
        let recorded = self
            .peer
            .edit(move |txn| actions.add(txn, &mut rand::rng(), Place::Last, action))
            .await?;
        if let Err(error) = recorded {
            tracing::debug!(%error, "could not record the action");
        }
        let notes = script::summary(&read(self.peer).await?, summary);
        self.pen()
            .write(Workspace.notes(), &notes)
            .await
            .or_else(unless_removed)?;
        self.peer.deselect().await?;
        self.peer.flush().await
    }

    pub(super) fn pen(&self) -> Pen<'_> {
        Pen {
            peer: self.peer,
            pace: self.pace,
        }
    }

    pub(super) fn say(&mut self, what: &Progress) {
        (self.progress)(what);
    }
}

/// The whole document as it stands.
pub(super) async fn read(peer: &Peer) -> Result<WorkspaceProjection, PeerError> {
    peer.read(|txn| project::project(txn)).await
}

/// What a person removed meanwhile need not be written.
fn unless_removed(error: TypistError) -> Result<(), PeerError> {
    match error {
        TypistError::Peer(error) => Err(error),
        TypistError::Edit(error) => {
            tracing::debug!(%error, "not written");
            Ok(())
        }
    }
}
