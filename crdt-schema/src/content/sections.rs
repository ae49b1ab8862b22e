//! Markdown read as a workspace.
//!
//! The first heading of level 1 is the title. Headings of level 2 called Goal, Plan, Briefing,
//! Tasks and Notes open sections; what stands elsewhere goes to the notes as it is, so nothing is
//! lost. What [`crate::markdown::render`] writes is read back.

pub(crate) mod cut;
mod item;

use std::collections::HashSet;

use self::{
    cut::{Section, cut},
    item::Item,
};
use super::Draft;
use crate::{
    content::lenient::FromText,
    schema::{
        NewConstraint, normalize,
        words::{Sentiment, Word},
    },
};

/// Reads any text; nothing in it is an error.
pub(super) fn read(text: &str) -> Draft {
    let source = normalize(text);
    let mut reader = Reader::default();
    for section in cut(&source) {
        reader.take(&section);
    }
    reader.finish()
}

#[derive(Clone, Copy, Default)]
enum Topic {
    #[default]
    Other,
    Goal,
    Plan,
    Briefing,
    Tasks,
}

#[derive(Default)]
struct Reader {
    draft: Draft,
    topic: Topic,
    has_title: bool,
    /// Whether deeper headings belong to the step that was read last.
    in_step: bool,
}

impl Reader {
    fn take(&mut self, section: &Section<'_>) {
        match section.level {
            0 => append(&mut self.draft.notes, section.body),
            1 if !self.has_title => {
                self.has_title = true;
                section.title.clone_into(&mut self.draft.title);
                append(&mut self.draft.notes, section.body);
            }
            1 | 2 => self.open(section),
            3 => self.take_part(section),
            _ => self.continue_part(section),
        }
    }

    fn open(&mut self, section: &Section<'_>) {
        self.in_step = false;
        let name = section.title.to_lowercase();
        self.topic = match name.as_str() {
            "goal" => Topic::Goal,
            "plan" | "steps" => Topic::Plan,
            "briefing" => Topic::Briefing,
            "tasks" => Topic::Tasks,
            _ => Topic::Other,
        };
        let draft = &mut self.draft;
        match self.topic {
            Topic::Goal => append(&mut draft.goal, section.body),
            Topic::Plan => {
                append(&mut draft.goal, &section.prose());
                draft.steps.extend(section.items().map(Item::into_step));
            }
            Topic::Briefing => append(&mut draft.briefing.intent, section.body),
            Topic::Tasks => {
                append(&mut draft.notes, &section.prose());
                draft.tasks.extend(section.items().map(Item::into_task));
            }
            Topic::Other if name == "notes" => append(&mut draft.notes, section.body),
            Topic::Other => append(&mut draft.notes, section.whole),
        }
    }

    fn take_part(&mut self, section: &Section<'_>) {
        match self.topic {
            Topic::Plan => {
                let mut step = Item::of(&section.title, section.body.trim()).into_step();
                section.body.trim().clone_into(&mut step.body);
                self.draft.steps.push(step);
                self.in_step = true;
            }
            Topic::Briefing => self.take_briefing(section),
            Topic::Goal | Topic::Tasks | Topic::Other => self.continue_part(section),
        }
    }

    fn take_briefing(&mut self, section: &Section<'_>) {
        let briefing = &mut self.draft.briefing;
        let body = section.body.trim();
        match section.title.to_lowercase().as_str() {
            "intent" => return append(&mut briefing.intent, body),
            "next step" => return append(&mut briefing.next_step, body),
            "confidence" if is_fraction(body) => {
                briefing.confidence = body.parse().ok();
                return;
            }
            "sentiment" if Sentiment::from_word(body).is_some() => {
                briefing.sentiment = Sentiment::from_word(body);
                return;
            }
            "facts" => {
                for item in section.items() {
                    match item.into_entity() {
                        Ok((name, value)) => drop(briefing.entities.insert(name, value)),
                        Err(text) => append(&mut self.draft.notes, &text),
                    }
                }
            }
            "actions" => briefing
                .actions
                .extend(section.items().map(Item::into_action)),
            "constraints" => {
                let texts = section
                    .items()
                    .map(|item| NewConstraint::from_text(item.text()));
                briefing.constraints.extend(texts);
            }
            "questions" => briefing
                .questions
                .extend(section.items().map(Item::into_question)),
            "sources" => briefing
                .sources
                .extend(section.items().map(Item::into_source)),
            _ => return append(&mut self.draft.notes, section.whole),
        }
        append(&mut self.draft.notes, &section.prose());
    }

    /// Text under a heading that opens nothing of its own.
    fn continue_part(&mut self, section: &Section<'_>) {
        let draft = &mut self.draft;
        match (self.topic, draft.steps.last_mut()) {
            (Topic::Plan, Some(step)) if self.in_step => append(&mut step.body, section.whole),
            (Topic::Goal, _) => append(&mut draft.goal, section.whole),
            (Topic::Plan | Topic::Briefing | Topic::Tasks | Topic::Other, _) => {
                append(&mut draft.notes, section.whole);
            }
        }
    }

    /// Ids that come twice are made anew.
    fn finish(mut self) -> Draft {
        let mut seen = HashSet::new();
        let steps = self
            .draft
            .steps
            .iter_mut()
            .map(|step| ("step", &mut step.id));
        let tasks = self
            .draft
            .tasks
            .iter_mut()
            .map(|task| ("task", &mut task.id));
        for (kind, id) in steps.chain(tasks) {
            if let Some(text) = id
                && !seen.insert((kind, text.clone()))
            {
                *id = None;
            }
        }
        self.draft
    }
}

fn append(target: &mut String, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    if !target.is_empty() {
        target.push_str("\n\n");
    }
    target.push_str(text);
}

fn is_fraction(text: &str) -> bool {
    text.parse::<f64>()
        .is_ok_and(|number| (0.0..=1.0).contains(&number))
}
