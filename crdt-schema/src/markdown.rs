//! A workspace as Markdown for reading: the same projection gives the same text.
//!
//! Marks at the end of a line give what is not text (state, priority, the item's name), so that
//! whoever reads can refer to it; [`crate::content`] reads them back.

use crate::{
    project::{
        ActionProjection, BriefingProjection, ConstraintProjection, Primitive, QuestionProjection,
        SourceProjection, StepProjection, SuggestionProjection, TaskProjection, ThreadProjection,
        WorkspaceProjection,
    },
    schema::words::{Outcome, Priority, Sentiment, TaskStatus, Tier, Word},
};

/// Stands between a line's text and the marks at its end.
pub(crate) const SEPARATOR: &str = " · ";

/// Renders the whole workspace; empty sections are left out.
#[must_use]
pub fn render(workspace: &WorkspaceProjection) -> String {
    let mut out = Out::default();
    out.block(&format!(
        "# {}",
        one_line(&workspace.title, "Untitled workspace")
    ));
    out.section("## Goal", &workspace.plan.goal);
    if !workspace.plan.steps.is_empty() {
        out.block("## Plan");
    }
    for step in &workspace.plan.steps {
        out.block(&step_heading(step));
        out.block(&step.body);
    }
    briefing(&mut out, &workspace.briefing);
    out.list("## Tasks", workspace.tasks.iter().map(task));
    out.section("## Notes", &workspace.notes);
    out.list(
        "## Suggestions",
        workspace.suggestions.iter().map(suggestion),
    );
    out.list("## Discussions", workspace.threads.iter().map(thread));
    out.0.push('\n');
    out.0
}

#[derive(Default)]
struct Out(String);

impl Out {
    fn block(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if !self.0.is_empty() {
            self.0.push_str("\n\n");
        }
        self.0.push_str(text);
    }

    fn section(&mut self, heading: &str, text: &str) {
        if !text.trim().is_empty() {
            self.block(heading);
            self.block(text);
        }
    }

    fn list(&mut self, heading: &str, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.collect();
        if !items.is_empty() {
            self.block(heading);
            self.block(&items.join("\n"));
        }
    }
}

/// One step: its heading and what it says.
pub(crate) fn step(step: &StepProjection) -> String {
    let mut out = Out::default();
    out.block(&step_heading(step));
    out.block(&step.body);
    out.0
}

fn step_heading(step: &StepProjection) -> String {
    let mut marks = vec![step.status.as_str().to_owned()];
    match step.tier {
        Tier::Strategic => marks.push(step.tier.as_str().to_owned()),
        Tier::Tactical => {}
    }
    marks.push(format!("`step:{}`", step.id));
    format!(
        "### {}",
        marked(&one_line(&step.title, "Untitled step"), &marks)
    )
}

fn briefing(out: &mut Out, briefing: &BriefingProjection) {
    if *briefing == BriefingProjection::default() {
        return;
    }
    out.block("## Briefing");
    out.section("### Intent", &briefing.intent);
    out.section("### Next step", &briefing.next_step);
    if let Some(confidence) = briefing.confidence {
        out.section("### Confidence", &confidence.to_string());
    }
    match briefing.sentiment {
        Sentiment::Neutral => {}
        Sentiment::Positive | Sentiment::Frustrated | Sentiment::Urgent => {
            out.section("### Sentiment", briefing.sentiment.as_str());
        }
    }
    out.list(
        "### Facts",
        briefing
            .entities
            .iter()
            .map(|(name, value)| item(&format!("{}: {}", one_line(name, ""), primitive(value)))),
    );
    out.list("### Actions", briefing.actions.iter().map(action));
    out.list(
        "### Constraints",
        briefing.constraints.iter().map(constraint),
    );
    out.list("### Questions", briefing.questions.iter().map(question));
    out.list("### Sources", briefing.sources.iter().map(source));
}

pub(crate) fn action(action: &ActionProjection) -> String {
    let (first, rest) = split(&action.text);
    let marks = match action.outcome {
        Outcome::Pending => vec![],
        Outcome::Done | Outcome::Failed | Outcome::Declined => {
            vec![action.outcome.as_str().to_owned()]
        }
    };
    item_with(&marked(first, &marks), rest)
}

pub(crate) fn constraint(constraint: &ConstraintProjection) -> String {
    item(&constraint.text)
}

pub(crate) fn question(question: &QuestionProjection) -> String {
    match question.answer.trim() {
        "" => item(&question.text),
        answer => item_with(
            &one_line(&question.text, ""),
            &format!("\nAnswer: {answer}"),
        ),
    }
}

pub(crate) fn source(source: &SourceProjection) -> String {
    let link = match (source.title.trim(), source.uri.trim()) {
        ("", uri) => uri.to_owned(),
        (title, "") => title.to_owned(),
        (title, uri) => format!("[{title}]({uri})"),
    };
    let kind = one_line(&source.kind, "");
    let marks = if kind.is_empty() {
        vec![]
    } else {
        vec![format!("kind {kind}")]
    };
    item(&marked(&one_line(&link, "Untitled source"), &marks))
}

pub(crate) fn task(task: &TaskProjection) -> String {
    let tick = match task.status {
        TaskStatus::Done => "[x]",
        TaskStatus::Todo | TaskStatus::Doing | TaskStatus::Waiting | TaskStatus::Cancelled => "[ ]",
    };
    let mut marks = match task.status {
        TaskStatus::Done | TaskStatus::Todo => vec![],
        TaskStatus::Doing | TaskStatus::Waiting | TaskStatus::Cancelled => {
            vec![task.status.as_str().to_owned()]
        }
    };
    match task.priority {
        Priority::Normal => {}
        Priority::Low | Priority::High | Priority::Urgent => {
            marks.push(task.priority.as_str().to_owned());
        }
    }
    marks.extend(
        task.due
            .iter()
            .map(|due| format!("due {}", one_line(due, ""))),
    );
    marks.extend(
        task.step
            .iter()
            .map(|step| format!("for step:{}", one_line(step, ""))),
    );
    marks.extend(task.blocked_by.iter().map(|id| format!("after task:{id}")));
    marks.push(format!("`task:{}`", task.id));
    let line = marked(
        &format!("{tick} {}", one_line(&task.title, "Untitled task")),
        &marks,
    );
    match task.notes.trim() {
        "" => item(&line),
        notes => item_with(&line, &format!("\n{notes}")),
    }
}

fn suggestion(suggestion: &SuggestionProjection) -> String {
    let marks = [
        suggestion.status.as_str().to_owned(),
        format!("by {}", one_line(&suggestion.author, "somebody")),
        format!("`{}`", one_line(&suggestion.target, "nowhere")),
    ];
    let line = format!(
        "\"{}\" → \"{}\"",
        one_line(&suggestion.quote, ""),
        one_line(&suggestion.replacement, "")
    );
    item_with(&marked(&line, &marks), &suggestion.reason)
}

fn thread(thread: &ThreadProjection) -> String {
    let state = if thread.resolved { "resolved" } else { "open" };
    let marks = [
        state.to_owned(),
        format!("`{}`", one_line(&thread.target, "nowhere")),
    ];
    let comments: Vec<String> = thread
        .comments
        .iter()
        .map(|comment| {
            item(&format!(
                "{}: {}",
                one_line(&comment.author, "somebody"),
                comment.text
            ))
        })
        .collect();
    let line = format!("\"{}\"", one_line(&thread.quote, ""));
    item_with(&marked(&line, &marks), &comments.join("\n"))
}

fn marked(line: &str, marks: &[String]) -> String {
    let mut out = line.to_owned();
    for mark in marks {
        out.push_str(SEPARATOR);
        out.push_str(mark);
    }
    out
}

fn item(text: &str) -> String {
    let (first, rest) = split(text);
    item_with(first, rest)
}

/// A list item; what follows its first line is indented with it.
fn item_with(first: &str, rest: &str) -> String {
    let mut out = format!("- {}", first.trim());
    for line in rest.trim_end().lines() {
        out.push('\n');
        if !line.trim().is_empty() {
            out.push_str("  ");
            out.push_str(line.trim_end());
        }
    }
    out
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once('\n').unwrap_or((text, ""))
}

fn primitive(value: &Primitive) -> String {
    match value {
        Primitive::Bool(value) => value.to_string(),
        Primitive::Number(value) => value.to_string(),
        Primitive::Text(text) => one_line(text, ""),
    }
}

/// The words of a text on one line.
fn one_line(text: &str, if_empty: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        if_empty.to_owned()
    } else {
        words.join(" ")
    }
}
