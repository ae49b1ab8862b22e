//! One item of a Markdown list, read as an element of a workspace.

use crate::{
    content::lenient::FromText,
    ids::{self, ElementId},
    markdown::SEPARATOR,
    project::Primitive,
    schema::{
        NewAction, NewQuestion, NewSource, NewStep, NewTask,
        words::{Outcome, Priority, StepStatus, TaskStatus, Tier, Word},
    },
};

/// One item of a list: its first line, the marks at that line's end, and the rest.
pub(super) struct Item {
    line: String,
    marks: Vec<String>,
    rest: String,
    is_checked: bool,
}

impl Item {
    pub(super) fn read(source: &str) -> Self {
        let marker = source
            .find(|c: char| c.is_whitespace())
            .unwrap_or(source.len());
        let (_, content) = source.split_at(marker);
        let content = content.trim_start();
        let indent = source.len() - content.len();
        let (first, rest) = content.split_once('\n').unwrap_or((content, ""));
        let (is_checked, first) = match first.split_at_checked(3) {
            Some(("[ ]", text)) => (false, text.trim()),
            Some(("[x]" | "[X]", text)) => (true, text.trim()),
            _ => (false, first.trim()),
        };
        let rest: Vec<&str> = rest.lines().map(|line| dedent(line, indent)).collect();
        Self {
            is_checked,
            ..Self::of(first, rest.join("\n").trim())
        }
    }

    /// Takes the marks that a rendered workspace puts at the end of a line off again.
    pub(super) fn of(line: &str, rest: &str) -> Self {
        let mut line = line.trim();
        let mut marks = Vec::new();
        while let Some((before, mark)) = line.rsplit_once(SEPARATOR) {
            if !is_mark(mark) {
                break;
            }
            marks.push(mark.trim_matches('`').to_owned());
            line = before.trim_end();
        }
        Self {
            line: line.to_owned(),
            marks,
            rest: rest.to_owned(),
            is_checked: false,
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = self.line.clone();
        append_line(&mut text, &self.rest);
        text
    }

    fn word<W: Word>(&self) -> Option<W> {
        self.marks.iter().find_map(|mark| W::from_word(mark))
    }

    fn after(&self, prefix: &str) -> Option<&str> {
        self.marks.iter().find_map(|mark| mark.strip_prefix(prefix))
    }

    fn id(&self, kind: &str) -> Option<ElementId> {
        self.after(kind)?.parse().ok()
    }

    pub(super) fn into_step(self) -> NewStep {
        let fallback = if self.is_checked {
            StepStatus::Done
        } else {
            StepStatus::Draft
        };
        NewStep {
            id: self.id("step:"),
            order: None,
            status: self.word().unwrap_or(fallback),
            tier: self.word().unwrap_or_default(),
            title: self.line,
            body: self.rest,
        }
    }

    pub(super) fn into_task(self) -> NewTask {
        let fallback = if self.is_checked {
            TaskStatus::Done
        } else {
            TaskStatus::Todo
        };
        NewTask {
            id: self.id("task:"),
            order: None,
            status: self.word().unwrap_or(fallback),
            priority: self.word().unwrap_or_default(),
            step: self.after("for step:").map(str::to_owned),
            blocked_by: self
                .marks
                .iter()
                .filter_map(|mark| mark.strip_prefix("after task:")?.parse().ok())
                .collect(),
            due: self.after("due ").map(str::to_owned),
            title: self.line,
            notes: self.rest,
        }
    }

    pub(super) fn into_action(self) -> NewAction {
        NewAction {
            outcome: self.word().unwrap_or_default(),
            ..NewAction::from_text(self.text())
        }
    }

    pub(super) fn into_question(self) -> NewQuestion {
        let answer = self
            .rest
            .strip_prefix("Answer:")
            .map(|text| text.trim().to_owned());
        match answer {
            Some(answer) => NewQuestion {
                answer,
                ..NewQuestion::from_text(self.line)
            },
            None => NewQuestion::from_text(self.text()),
        }
    }

    pub(super) fn into_source(self) -> NewSource {
        let kind = self.after("kind ").unwrap_or_default().to_owned();
        let link = self
            .line
            .strip_prefix('[')
            .and_then(|link| link.strip_suffix(')'));
        match link.and_then(|link| link.split_once("](")) {
            Some((title, uri)) if self.rest.is_empty() => NewSource {
                title: title.to_owned(),
                uri: uri.to_owned(),
                kind,
                ..NewSource::default()
            },
            _ => NewSource {
                kind,
                ..NewSource::from_text(self.text())
            },
        }
    }

    pub(super) fn into_entity(self) -> Result<(String, Primitive), String> {
        match self.line.split_once(':') {
            Some((name, value)) if self.rest.is_empty() && !name.trim().is_empty() => {
                Ok((name.trim().to_owned(), primitive(value.trim())))
            }
            _ => Err(self.text()),
        }
    }
}

fn primitive(text: &str) -> Primitive {
    match (text, text.parse::<f64>()) {
        ("true", _) => Primitive::Bool(true),
        ("false", _) => Primitive::Bool(false),
        (_, Ok(number)) if number.is_finite() => Primitive::Number(number),
        _ => Primitive::Text(text.to_owned()),
    }
}

/// Whether this is one of the marks that a rendered workspace puts at the end of a line.
fn is_mark(mark: &str) -> bool {
    let words = [
        StepStatus::WORDS,
        Tier::WORDS,
        TaskStatus::WORDS,
        Priority::WORDS,
        Outcome::WORDS,
    ];
    let is_reference = |text: &str| {
        ["step:", "task:", "for step:", "after task:"]
            .iter()
            .any(|kind| text.strip_prefix(kind).is_some_and(ids::is_element_id))
    };
    words.iter().any(|words| words.contains(&mark))
        || is_reference(mark.trim_matches('`'))
        || mark.starts_with("due ")
        || mark.starts_with("kind ")
}

fn append_line(target: &mut String, text: &str) {
    if !text.is_empty() {
        target.push('\n');
        target.push_str(text);
    }
}

fn dedent(line: &str, indent: usize) -> &str {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    &line[blanks.min(indent)..]
}
