//! Whether the briefing tells enough for somebody else to go on with the work.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yrs::ReadTxn;

use super::words::BriefingPart;
use crate::{
    project::BriefingProjection,
    schema::{Workspace, words::Outcome},
};

/// Something that the briefing lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Missing {
    /// Which part.
    pub part: BriefingPart,
    /// What to do about it.
    pub what: String,
}

/// What `briefing` lacks for somebody else to go on with the work.
#[must_use]
pub fn missing(briefing: &BriefingProjection, has_artifact: &dyn Fn(&str) -> bool) -> Vec<Missing> {
    let blank = |text: &str| text.trim().is_empty();
    let mut missing = Vec::new();
    let mut lacks = |is_missing: bool, part, what: &str| {
        if is_missing {
            missing.push(Missing {
                part,
                what: what.to_owned(),
            });
        }
    };
    lacks(
        blank(&briefing.intent),
        BriefingPart::Intent,
        "say what the people want",
    );
    let actions = &briefing.actions;
    lacks(
        actions.iter().all(|action| blank(&action.text)),
        BriefingPart::Actions,
        "list what was tried, even if it was nothing",
    );
    let open = actions
        .iter()
        .any(|action| action.outcome == Outcome::Pending);
    lacks(
        open,
        BriefingPart::Actions,
        "say what became of each action that was tried: done, failed or declined",
    );
    let constraints = &briefing.constraints;
    lacks(
        constraints.iter().all(|constraint| blank(&constraint.text)),
        BriefingPart::Constraints,
        "list what has to be respected, or say that there is nothing",
    );
    let asks = briefing.questions.iter();
    let asks = asks.filter(|question| !blank(&question.text) && blank(&question.answer));
    lacks(
        blank(&briefing.next_step) && asks.count() == 0,
        BriefingPart::NextStep,
        "suggest a next step, or ask an open question",
    );
    for source in &briefing.sources {
        if !resolves(&source.uri, has_artifact) {
            let what = format!(
                "the source {:?} leads nowhere: {:?}",
                source.title, source.uri
            );
            lacks(true, BriefingPart::Sources, &what);
        }
    }
    missing
}

/// The kept bytes (SHA-256, hexadecimal) that the briefing's sources point to.
pub fn artifacts<T: ReadTxn>(txn: &T) -> BTreeSet<String> {
    let sources = Workspace.briefing().sources().read(txn).into_iter();
    sources
        .filter_map(|source| Some(source.uri.strip_prefix(ARTIFACT)?.to_owned()))
        .collect()
}

fn resolves(uri: &str, has_artifact: &dyn Fn(&str) -> bool) -> bool {
    match uri.strip_prefix(ARTIFACT) {
        Some(hash) => has_artifact(hash),
        None => !uri.trim().is_empty(),
    }
}

/// Scheme of sources that the server keeps itself.
const ARTIFACT: &str = "artifact:";
