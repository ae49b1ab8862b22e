//! The tools there are.

mod agreements;
mod documents;

use std::time::Duration;

use axum::http::Method;

use super::{schema::Description, tool::Tool};

/// Longest time that a call is kept waiting for news.
const HOLD_MAX: Duration = Duration::from_secs(50);

/// A tool before it is known what the API says about it.
pub(super) struct Definition {
    pub(super) name: &'static str,
    /// For people.
    pub(super) title: &'static str,
    /// For models: what it does, when to use it, what to do next.
    pub(super) about: &'static str,
    /// Arguments that work, as JSON.
    pub(super) example: &'static str,
    pub(super) effect: Effect,
    pub(super) way: Way,
}

/// Whether calling it changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Reads,
    Writes,
}

/// How it is done.
pub(super) enum Way {
    /// By one operation of the API.
    Operation(Route),
    /// By reading the workspace and showing a part of it.
    Reading,
}

/// An operation of the API.
pub(super) struct Route {
    pub(super) verb: Verb,
    /// Below the API's base; names in braces are those of the arguments.
    pub(super) path: &'static str,
    /// Query parameters that the tool sets itself.
    pub(super) fixed: &'static [(&'static str, &'static str)],
    /// Query parameters that are sent so unless the caller says otherwise.
    pub(super) assumed: &'static [(&'static str, &'static str)],
    pub(super) patience: Patience,
}

/// The method of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
}

/// Whether an operation may wait for something to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    Answers,
    Waits,
}

/// The tools that are offered: those whose operation the API has.
pub(super) struct Catalogue(Vec<Tool>);

impl Catalogue {
    pub(super) fn new(api: &Description) -> Self {
        let definitions = documents::TOOLS.iter().chain(agreements::TOOLS);
        Self(
            definitions
                .filter_map(|definition| Tool::new(definition, api))
                .collect(),
        )
    }

    pub(super) fn tools(&self) -> &[Tool] {
        &self.0
    }

    pub(super) fn find(&self, name: &str) -> Option<&Tool> {
        self.0.iter().find(|tool| tool.name() == name)
    }
}

impl Patience {
    /// The longest that an operation waits of its own accord.
    pub(super) fn hold(self) -> Duration {
        match self {
            Self::Answers => Duration::ZERO,
            Self::Waits => HOLD_MAX,
        }
    }
}

impl Verb {
    pub(super) fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
        }
    }
}

/// A reading operation at `path`.
const fn get(path: &'static str) -> Way {
    Way::Operation(Route {
        verb: Verb::Get,
        path,
        fixed: &[],
        assumed: &[],
        patience: Patience::Answers,
    })
}

/// A command at `path`.
const fn post(path: &'static str) -> Way {
    Way::Operation(Route {
        verb: Verb::Post,
        path,
        fixed: &[],
        assumed: &[],
        patience: Patience::Answers,
    })
}
