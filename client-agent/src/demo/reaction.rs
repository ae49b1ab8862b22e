//! What people did that the agent reacts to. It looks at the state, not at single edits, so that
//! nothing is missed and nothing is done twice.

use std::collections::BTreeSet;

use crdt_schema::{ids::ElementId, project::WorkspaceProjection, schema::words::StepStatus};

use super::script::headline;

/// Something to do because of what a person did.
#[derive(Debug, PartialEq)]
pub(super) enum Reaction {
    /// A person added a question.
    Answer { id: ElementId, question: String },
    /// A person ticked every box of a step.
    Close { id: ElementId, title: String },
}

/// What the agent has seen to already.
#[derive(Debug)]
pub(super) struct Watch {
    seen_to: BTreeSet<ElementId>,
    /// Steps that had a box to tick when the agent last looked.
    unticked: BTreeSet<ElementId>,
}

impl Watch {
    /// What is there before the agent begins is none of its business.
    pub(super) fn from(now: &WorkspaceProjection) -> Self {
        let questions = now
            .briefing
            .questions
            .iter()
            .map(|question| question.id.clone());
        let steps = now.plan.steps.iter();
        let open = steps.filter(|step| boxes(&step.body).unticked > 0);
        Self {
            seen_to: questions.collect(),
            unticked: open.map(|step| step.id.clone()).collect(),
        }
    }

    /// The agent wrote this step, and will see to its boxes.
    pub(super) fn knows(&mut self, step: ElementId) {
        self.unticked.insert(step);
    }

    /// The next thing to react to; it counts as seen to from here on.
    pub(super) fn next(&mut self, now: &WorkspaceProjection) -> Option<Reaction> {
        self.question(now).or_else(|| self.ticked(now))
    }

    /// A question counts once it ends like one: people add it empty and then type.
    fn question(&mut self, now: &WorkspaceProjection) -> Option<Reaction> {
        let question = now.briefing.questions.iter().find(|question| {
            question.answer.trim().is_empty()
                && question.text.trim_end().ends_with('?')
                && !self.seen_to.contains(&question.id)
        })?;
        self.seen_to.insert(question.id.clone());
        Some(Reaction::Answer {
            id: question.id.clone(),
            question: headline(&question.text),
        })
    }

    fn ticked(&mut self, now: &WorkspaceProjection) -> Option<Reaction> {
        let step = now.plan.steps.iter().find(|step| {
            let Boxes { ticked, unticked } = boxes(&step.body);
            self.unticked.contains(&step.id) && ticked > 0 && unticked == 0
        })?;
        self.unticked.remove(&step.id);
        match step.status {
            StepStatus::Done | StepStatus::Dropped => self.ticked(now),
            StepStatus::Draft
            | StepStatus::Ready
            | StepStatus::Doing
            | StepStatus::NeedsDecision => Some(Reaction::Close {
                id: step.id.clone(),
                title: headline(&step.title),
            }),
        }
    }
}

/// How many boxes of a Markdown text are ticked, and how many are not.
#[derive(Debug, Default, PartialEq)]
struct Boxes {
    ticked: usize,
    unticked: usize,
}

fn boxes(markdown: &str) -> Boxes {
    let mut boxes = Boxes::default();
    for line in markdown.lines() {
        let item = line
            .trim_start()
            .trim_start_matches(['-', '*', '+'])
            .trim_start();
        if item.starts_with("[ ]") {
            boxes.unticked += 1;
        } else if item.starts_with("[x]") || item.starts_with("[X]") {
            boxes.ticked += 1;
        }
    }
    boxes
}
