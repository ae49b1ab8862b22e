//! Why a tool did not do it, as a model reads it.

use axum::http::StatusCode;
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value};

/// Something to be told to whoever called.
#[derive(Debug)]
pub(super) struct Failure {
    /// What happened and what to do, in sentences.
    told: String,
    /// What programs and careful models can use: the API's problem, if it was one.
    problem: Option<Value>,
    fault: Fault,
}

/// Whether another call with other arguments can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Arguments,
    Elsewhere,
}

impl Failure {
    /// A failure that other arguments would not have changed.
    pub(super) fn told(told: impl Into<String>) -> Self {
        Self {
            told: told.into(),
            problem: None,
            fault: Fault::Elsewhere,
        }
    }

    /// A failure of the arguments.
    pub(super) fn arguments(told: impl Into<String>) -> Self {
        Self {
            fault: Fault::Arguments,
            ..Self::told(told)
        }
    }

    /// A refusal of the API.
    pub(super) fn problem(status: StatusCode, body: &[u8]) -> Self {
        let problem = serde_json::from_slice::<Map<String, Value>>(body).ok();
        let detail = problem
            .as_ref()
            .and_then(|problem| problem.get("detail")?.as_str());
        let told = detail.map_or_else(|| format!("the server answered {status}"), sentence);
        let is_address = detail.is_some_and(|detail| detail.starts_with(ADDRESS));
        let fault = match status {
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Fault::Arguments,
            // An address that cannot be is made of arguments that do not fit.
            StatusCode::NOT_FOUND if is_address => Fault::Arguments,
            _ => Fault::Elsewhere,
        };
        Self {
            told,
            problem: problem.map(Value::Object),
            fault,
        }
    }

    /// The sentences alone.
    pub(super) fn into_told(self) -> String {
        self.told
    }

    /// As the outcome of a call; `example` are arguments that work.
    pub(super) fn into_result(self, example: &str) -> CallToolResult {
        let mut told = self.told;
        if self.fault == Fault::Arguments {
            told = format!("{told}. Example of arguments: {example}");
        }
        let mut blocks = vec![ContentBlock::text(told)];
        blocks.extend(
            self.problem
                .map(|problem| ContentBlock::text(problem.to_string())),
        );
        CallToolResult::error(blocks)
    }
}

/// What the API says about a request, in the words of arguments.
fn sentence(detail: &str) -> String {
    let unfit = [ADDRESS, BODY, QUERY]
        .iter()
        .find_map(|what| detail.strip_prefix(what));
    let Some(unfit) = unfit else {
        return detail.to_owned();
    };
    // Where it stands in a body that the caller has never seen helps nobody.
    let unfit = unfit
        .rsplit_once(" at line ")
        .map_or(unfit, |(unfit, _)| unfit);
    format!("the arguments do not fit: {unfit}")
}

/// How the API begins when it cannot read an address, a body or a query.
const ADDRESS: &str = "Invalid URL: ";
const BODY: &str = "Failed to deserialize the JSON body into the target type: ";
const QUERY: &str = "Failed to deserialize query string: ";
