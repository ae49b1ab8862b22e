//! A workspace as a flat list of places, so that two of them can be compared and one be made to
//! read as the other.
//!
//! Suggestions and discussions are left out: they are a record of what was said, not of what the
//! document says.

use std::collections::{BTreeMap, HashMap};

use crate::{
    ids::ElementId,
    path::DocPath,
    project::{
        ActionProjection, ConstraintProjection, Primitive, QuestionProjection, SourceProjection,
        StepProjection, TaskProjection, WorkspaceProjection,
    },
    schema::{Workspace, words::Word},
};

/// The name of the field that holds an element's place among its siblings.
pub(crate) const ORDER: &str = "order";

/// What stands at one place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Leaf<'a> {
    Text(&'a str),
    Plain(Primitive),
}

/// One element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Element<'a> {
    /// What it is called, or what it says.
    pub(crate) label: &'a str,
    /// What stands right before it.
    pub(crate) after: Option<&'a str>,
    /// How many of the elements that both workspaces have stand before it.
    pub(crate) shared_before: usize,
}

/// The places of a workspace that differ from another's, and all fields of elements that do.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Parts<'a> {
    pub(crate) elements: BTreeMap<DocPath, Element<'a>>,
    pub(crate) leaves: BTreeMap<DocPath, Leaf<'a>>,
}

/// The parts of two workspaces, without the elements that are the same in both.
pub(crate) fn pair<'a>(
    old: &'a WorkspaceProjection,
    new: &'a WorkspaceProjection,
) -> (Parts<'a>, Parts<'a>) {
    (parts(old, new), parts(new, old))
}

/// The element that a place belongs to, if any.
pub(crate) fn element_of(path: &DocPath) -> Option<DocPath> {
    let keys = path.keys();
    let names: Vec<&str> = keys.iter().map(|key| &**key).collect();
    let depth = match names.as_slice() {
        ["tasks", _, ..] => 2,
        ["plan", "steps", _, ..]
        | [
            "briefing",
            "actions" | "constraints" | "questions" | "sources",
            _,
            ..,
        ] => 3,
        _ => return None,
    };
    DocPath::new(keys[..depth].iter().cloned()).ok()
}

impl<'a> Parts<'a> {
    /// What stands at a place and below it.
    pub(crate) fn below(&self, path: &DocPath) -> impl Iterator<Item = (&DocPath, &Leaf<'a>)> {
        let keys = path.keys().to_vec();
        self.leaves
            .range(path..)
            .take_while(move |(path, _)| path.keys().starts_with(&keys))
    }

    /// The fields of an element, by their names below it.
    pub(crate) fn fields(&self, element: &DocPath) -> impl Iterator<Item = (String, &Leaf<'a>)> {
        let depth = element.keys().len();
        self.below(element)
            .map(move |(path, leaf)| (path.keys()[depth..].join("/"), leaf))
    }
}

fn parts<'a>(own: &'a WorkspaceProjection, other: &WorkspaceProjection) -> Parts<'a> {
    let mut parts = Parts::default();
    let (plan, briefing) = (Workspace.plan(), Workspace.briefing());
    parts.text(Workspace.title().path(), &own.title);
    parts.text(Workspace.notes().path(), &own.notes);
    parts.text(plan.goal().path(), &own.plan.goal);
    parts.text(briefing.intent().path(), &own.briefing.intent);
    parts.text(briefing.next_step().path(), &own.briefing.next_step);
    let within = |key: &str| DocPath::new(["briefing", key]).expect("a place of the schema");
    let sentiment = own.briefing.sentiment.as_str().to_owned();
    parts.plain(within("sentiment"), Primitive::Text(sentiment));
    if let Some(confidence) = own.briefing.confidence {
        parts.plain(within("confidence"), Primitive::Number(confidence));
    }
    for (name, value) in &own.briefing.entities {
        if let Ok(path) = DocPath::new(["briefing", "entities", name]) {
            parts.plain(path, value.clone());
        }
    }
    parts.all(plan.steps().path(), &own.plan.steps, &other.plan.steps);
    parts.all(Workspace.tasks().path(), &own.tasks, &other.tasks);
    let (own, other) = (&own.briefing, &other.briefing);
    parts.all(briefing.actions().path(), &own.actions, &other.actions);
    parts.all(
        briefing.constraints().path(),
        &own.constraints,
        &other.constraints,
    );
    parts.all(
        briefing.questions().path(),
        &own.questions,
        &other.questions,
    );
    parts.all(briefing.sources().path(), &own.sources, &other.sources);
    parts
}

impl<'a> Parts<'a> {
    fn all<P: Part>(&mut self, collection: &DocPath, own: &'a [P], other: &[P]) {
        let others: HashMap<&ElementId, &P> = other.iter().map(|part| (part.id(), part)).collect();
        let mut shared_before = 0;
        let mut after = None;
        for part in own {
            let twin = others.get(part.id());
            if twin != Some(&part) {
                let path = collection.join(part.id().as_str());
                part.add_fields(&path, self);
                let element = Element {
                    label: part.label(),
                    after,
                    shared_before,
                };
                self.elements.insert(path, element);
            }
            shared_before += usize::from(twin.is_some());
            after = Some(part.label());
        }
    }

    fn text(&mut self, path: &DocPath, text: &'a str) {
        self.leaves.insert(path.clone(), Leaf::Text(text));
    }

    fn plain(&mut self, path: DocPath, value: Primitive) {
        self.leaves.insert(path, Leaf::Plain(value));
    }

    fn word(&mut self, element: &DocPath, key: &str, word: &str) {
        self.plain(element.join(key), Primitive::Text(word.to_owned()));
    }

    fn order(&mut self, element: &DocPath, key: &str) {
        if !key.is_empty() {
            self.word(element, ORDER, key);
        }
    }
}

/// An element as read.
trait Part: PartialEq {
    fn id(&self) -> &ElementId;
    fn label(&self) -> &str;
    fn add_fields<'a>(&'a self, path: &DocPath, parts: &mut Parts<'a>);
}

impl Part for StepProjection {
    fn id(&self) -> &ElementId {
        &self.id
    }

    fn label(&self) -> &str {
        &self.title
    }

    fn add_fields<'a>(&'a self, path: &DocPath, parts: &mut Parts<'a>) {
        parts.order(path, &self.order);
        parts.text(&path.join("title"), &self.title);
        parts.text(&path.join("body"), &self.body);
        parts.word(path, "status", self.status.as_str());
        parts.word(path, "tier", self.tier.as_str());
    }
}

impl Part for TaskProjection {
    fn id(&self) -> &ElementId {
        &self.id
    }

    fn label(&self) -> &str {
        &self.title
    }

    fn add_fields<'a>(&'a self, path: &DocPath, parts: &mut Parts<'a>) {
        parts.order(path, &self.order);
        parts.text(&path.join("title"), &self.title);
        parts.text(&path.join("notes"), &self.notes);
        parts.word(path, "status", self.status.as_str());
        parts.word(path, "priority", self.priority.as_str());
        if let Some(step) = &self.step {
            parts.word(path, "step", step);
        }
        if let Some(due) = &self.due {
            parts.word(path, "due", due);
        }
        let blockers = path.join("blocked_by");
        for id in &self.blocked_by {
            parts.plain(blockers.join(id.as_str()), Primitive::Bool(true));
        }
    }
}

impl Part for ActionProjection {
    fn id(&self) -> &ElementId {
        &self.id
    }

    fn label(&self) -> &str {
        &self.text
    }

    fn add_fields<'a>(&'a self, path: &DocPath, parts: &mut Parts<'a>) {
        parts.order(path, &self.order);
        parts.text(&path.join("text"), &self.text);
        parts.word(path, "outcome", self.outcome.as_str());
    }
}

impl Part for ConstraintProjection {
    fn id(&self) -> &ElementId {
        &self.id
    }

    fn label(&self) -> &str {
        &self.text
    }

    fn add_fields<'a>(&'a self, path: &DocPath, parts: &mut Parts<'a>) {
        parts.order(path, &self.order);
        parts.text(&path.join("text"), &self.text);
    }
}

impl Part for QuestionProjection {
    fn id(&self) -> &ElementId {
        &self.id
    }

    fn label(&self) -> &str {
        &self.text
    }

    fn add_fields<'a>(&'a self, path: &DocPath, parts: &mut Parts<'a>) {
        parts.order(path, &self.order);
        parts.text(&path.join("text"), &self.text);
        parts.text(&path.join("answer"), &self.answer);
    }
}

impl Part for SourceProjection {
    fn id(&self) -> &ElementId {
        &self.id
    }

    fn label(&self) -> &str {
        if self.title.is_empty() {
            &self.uri
        } else {
            &self.title
        }
    }

    fn add_fields<'a>(&'a self, path: &DocPath, parts: &mut Parts<'a>) {
        parts.order(path, &self.order);
        parts.word(path, "title", &self.title);
        parts.word(path, "uri", &self.uri);
        parts.word(path, "kind", &self.kind);
    }
}
