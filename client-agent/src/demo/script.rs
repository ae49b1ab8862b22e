//! What the agent writes, made of what it read.

use crdt_schema::{project::WorkspaceProjection, schema::words::Tier};

use super::Summary;

/// What the agent sets out to write.
#[derive(Debug, PartialEq)]
pub(super) struct Script {
    /// `None` if there is a goal already.
    pub(super) goal: Option<String>,
    pub(super) steps: Vec<StepDraft>,
}

/// A step to write, and the task that goes with it.
#[derive(Debug, PartialEq)]
pub(super) struct StepDraft {
    pub(super) title: String,
    pub(super) body: String,
    pub(super) tier: Tier,
    pub(super) task: String,
}

impl Script {
    /// A script that leaves out what is there already, so that it can be played again.
    pub(super) fn from(now: &WorkspaceProjection) -> Self {
        let mut steps: Vec<_> = open_questions(now)
            .take(STEPS_FOR_QUESTIONS)
            .map(settle)
            .collect();
        if steps.is_empty() {
            steps.push(definition_of_done(now));
        }
        steps.push(check(now));
        steps.retain(|draft| now.plan.steps.iter().all(|step| step.title != draft.title));
        Self {
            goal: now.plan.goal.trim().is_empty().then(|| goal(now)),
            steps,
        }
    }
}

/// What the agent writes under a question that a person added.
pub(super) fn answer(now: &WorkspaceProjection) -> String {
    let sources: Vec<_> = now
        .briefing
        .sources
        .iter()
        .take(LISTED)
        .map(|source| source.title.as_str())
        .collect();
    if sources.is_empty() {
        return "Nothing here answers it yet, so I made it a task. A person decides.".into();
    }
    format!(
        "I would look here first: {}. I made it a task; a person decides.",
        sources.join("; ")
    )
}

pub(super) fn task_for(question: &str) -> String {
    format!("Find an answer: {question}")
}

/// What the agent writes under its work.
pub(super) fn summary(now: &WorkspaceProjection, summary: Summary) -> String {
    let lead = if now.notes.trim().is_empty() {
        ""
    } else {
        "\n\n"
    };
    let open = open_questions(now).count();
    let open = match open {
        0 => "No question is open.".to_owned(),
        1 => "One question is open; it is for a person to decide.".to_owned(),
        open => format!("{open} questions are open; they are for a person to decide."),
    };
    format!("{lead}## From the planner\n\n- {summary}\n- {open}\n")
}

pub(super) const CLOSING_REMARK: &str = "\n\n*Every box is ticked, so I marked this step as done.*";

/// The first line of a text, without its marks, and not too long for a title.
pub(super) fn headline(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let line: String = line
        .chars()
        .filter(|c| !matches!(c, '*' | '_' | '`' | '#'))
        .collect();
    let line = line.trim();
    match line.char_indices().nth(HEADLINE_CHARS_MAX) {
        None => line.to_owned(),
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
    }
}

fn goal(now: &WorkspaceProjection) -> String {
    match headline(&now.briefing.intent).as_str() {
        "" => format!(
            "Agree on what **{}** is for, and get it done.",
            headline(&now.title)
        ),
        intent => format!("{intent}\n\nWe are done when everybody here would sign it."),
    }
}

fn settle(question: &str) -> StepDraft {
    StepDraft {
        title: format!("Settle: {question}"),
        body: "Two ways to go, each with what speaks for it and against it, so that a person can \
               decide in a minute.\n\n\
               - [ ] Write down both ways, one sentence each\n\
               - [ ] Say what would have to be true for each to be right\n\
               - [ ] A person decides; the reason goes into the briefing"
            .into(),
        tier: Tier::Strategic,
        task: format!("Prepare the decision: {question}"),
    }
}

fn definition_of_done(now: &WorkspaceProjection) -> StepDraft {
    StepDraft {
        title: "Say what done looks like".into(),
        body: format!(
            "Before anybody works on **{}**: how will we know that we are finished?\n\n\
             - [ ] Name who uses the result, and for what\n\
             - [ ] Name the one thing that must not go wrong\n\
             - [ ] Name the day",
            headline(&now.title)
        ),
        tier: Tier::Strategic,
        task: "Ask everybody what done looks like to them".into(),
    }
}

fn check(now: &WorkspaceProjection) -> StepDraft {
    let mut body = "Read it as somebody who has never seen it, and hold it against what we \
                    promised.\n"
        .to_owned();
    for constraint in now.briefing.constraints.iter().take(LISTED) {
        body += &format!("\n- [ ] {}", headline(&constraint.text));
    }
    body += "\n- [ ] Every claim has a source in the briefing";
    StepDraft {
        title: "Check the result against the briefing".into(),
        body,
        tier: Tier::Tactical,
        task: "Find a reader who was not involved".into(),
    }
}

fn open_questions(now: &WorkspaceProjection) -> impl Iterator<Item = &str> {
    let questions = now.briefing.questions.iter();
    questions
        .filter(|question| question.answer.trim().is_empty())
        .map(|question| &*question.text)
}

const STEPS_FOR_QUESTIONS: usize = 2;
const LISTED: usize = 4;
const HEADLINE_CHARS_MAX: usize = 80;
