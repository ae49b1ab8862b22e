//! What changed since somebody looked, and by whom.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{
    Json as JsonAnswer,
    http::header,
    response::{IntoResponse as _, Response},
};
use crdt_schema::{
    attribution::Authors,
    authors,
    digest::{Digest, Lens, digest},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::Transact;

use super::{
    App,
    desk::{Desk, Refusals},
    extract::Query,
    problem::Problem,
};
use crate::versions::{self, BadSince, Since};

/// Characters of a digest as text, if not asked otherwise.
const BUDGET: usize = 8_000;
/// Characters of a digest as text, at most.
const BUDGET_MAX: usize = 200_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asking {
    /// Since when: `visit` (your last one), `handoff:<id>`, `decision:<id>`, `approval:<id>`,
    /// `checkpoint:<id>` or a cursor; `visit` if absent.
    since: Option<String>,
    /// In which form.
    #[serde(default)]
    #[param(inline)]
    format: Form,
    /// How many characters the text may have; 8,000 if absent.
    budget: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DigestForm)]
enum Form {
    /// For programs.
    #[default]
    Json,
    /// For people and language models.
    Markdown,
}

/// What changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DigestAnswer)]
struct Answer {
    /// The position in the log that this reads up to; acknowledge it when resuming.
    cursor: u64,
    #[serde(flatten)]
    digest: Digest,
}

/// Tells what changed since some moment.
#[utoipa::path(
    get, path = "/workspaces/{ws}/digest", tag = "digest", params(Desk, Asking),
    responses(
        (status = 200, content((Answer = "application/json"), (String = "text/markdown"))),
        Refusals,
    )
)]
async fn read(desk: Desk, Query(asking): Query<Asking>) -> Result<Response, Problem> {
    let since = asking.since.as_deref().unwrap_or("visit");
    let since: Since = since
        .parse()
        .map_err(|error: BadSince| Problem::invalid(error.to_string()))?;
    let reader = desk.me().id.clone();
    let base = versions::base(&*desk.app.store, &desk.ws, &since, &reader).await?;
    let answer = desk
        .view(move |view| {
            let mut txn = view.doc.transact_mut();
            let known = Authors::read(&txn, &authors::on_behalf(&txn));
            let owns = |item: &_| view.ledger.holding(item).owner.member() == Some(&reader);
            let lens = Lens {
                authors: &known,
                touches: view.touches,
                reader: Some(&reader),
                owns: &owns,
            };
            Answer {
                cursor: view.cursor,
                digest: digest(&mut txn, &base, &lens),
            }
        })
        .await?;
    Ok(match asking.format {
        Form::Json => JsonAnswer(answer).into_response(),
        Form::Markdown => {
            let budget = asking.budget.unwrap_or(BUDGET).min(BUDGET_MAX);
            let form = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
            (form, answer.digest.markdown(budget)).into_response()
        }
    })
}
