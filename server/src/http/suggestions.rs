//! Suggestions: made, accepted as they are or edited, rejected.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

use axum::{Json as JsonAnswer, http::StatusCode, response::IntoResponse};
use crdt_schema::{
    attribution::{Authors, maker},
    authors,
    ids::{ElementId, MemberId},
    item::Item,
    member::{Kind, Member, Role},
    ownership::{Noted, Pen, State},
    path::DocPath,
    project::SuggestionProjection,
    schema::{NewSuggestion, TextField, Workspace, words::SuggestionStatus},
    suggest::{self, Maker, Staleness, Words},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use yrs::{ReadTxn, Transact};

use super::{
    App,
    desk::{Desk, Done, Refusals},
    extract::{Json, Path, Query},
    idempotency::Key,
    listing::{Listing, Page},
    passage,
    problem::Problem,
};
use crate::{clock::now_ms, room::Acted};

/// Longest replacement or reason, in characters.
const WORDS_CHARS_MAX: usize = 100_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(make, list))
        .routes(routes!(accept))
        .routes(routes!(reject))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct SuggestionPath {
    /// The suggestion's id.
    id: ElementId,
}

/// A suggestion to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "target": "plan/steps/ab12/body", "quote": "in May", "replacement": "in June",
    "reason": "The lab is closed in May."
}))]
struct NewSuggestionBody {
    /// What it would change: a text, a field, a collection to add to, or an element to remove.
    #[schema(value_type = String)]
    target: DocPath,
    /// In a text, the words to replace: enough of them to stand in it once.
    #[serde(default)]
    quote: String,
    /// What should stand there: words, a value, or for a collection the new element as JSON.
    /// Empty to remove.
    #[serde(default)]
    replacement: String,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// A suggestion and whether it still fits.
#[derive(Debug, Serialize, ToSchema)]
struct SuggestionView {
    #[serde(flatten)]
    suggestion: SuggestionProjection,
    /// What stands there now, when that is not what the suggestion quotes: three versions are to
    /// be read then, `quote`, `replacement` and this.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<String>,
}

/// What to take over.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "edited": "in early June" }))]
struct Accepting {
    /// Other words than those suggested, if they are to be changed first.
    edited: Option<String>,
}

/// Suggests a change. Of one author, the same is said once, and something else for the same passage
/// or field takes the place of what was suggested before.
#[utoipa::path(
    post, path = "/workspaces/{ws}/suggestions", tag = "suggestions",
    params(Desk, Key), request_body = NewSuggestionBody,
    responses((status = 201, body = SuggestionView), Refusals)
)]
async fn make(
    desk: Desk,
    Json(new): Json<NewSuggestionBody>,
) -> Result<impl IntoResponse + use<>, Problem> {
    desk.caller.at_least(Role::Reviewer)?;
    for (field, text) in [("replacement", &new.replacement), ("reason", &new.reason)] {
        if text.chars().count() > WORDS_CHARS_MAX {
            return Err(Problem::invalid(format!(
                "{field} is longer than {WORDS_CHARS_MAX} characters"
            )));
        }
    }
    let author = desk.me().id.clone();
    let (id, _) = desk
        .act(move |txn, _| {
            let suggestion = suggestion(txn, &new, &author)?;
            let put = suggest::put_all(txn, &mut rand::rng(), vec![suggestion])
                .map_err(|error| Problem::conflict(error.to_string()))?;
            let id = put.made.into_iter().chain(put.said).next();
            let id = id.expect("of one suggestion, one is made or was before");
            Ok(Acted {
                answer: id.clone(),
                noted: Noted::SuggestionsMade {
                    member: author,
                    suggestions: vec![id],
                    why: "made by hand".to_owned(),
                },
                credit: None,
            })
        })
        .await?;
    let view = desk.find("suggestion", move |view| look(&view.doc.transact(), &id));
    Ok((StatusCode::CREATED, JsonAnswer(view.await?)))
}

/// Lists suggestions, newest first.
#[utoipa::path(
    get, path = "/workspaces/{ws}/suggestions", tag = "suggestions", params(Desk, Listing),
    responses((status = 200, body = Page<SuggestionView>), Refusals)
)]
async fn list(
    desk: Desk,
    Query(listing): Query<Listing>,
) -> Result<JsonAnswer<Page<SuggestionView>>, Problem> {
    let page = desk.view(move |view| {
        let txn = view.doc.transact();
        let suggestions = Workspace.suggestions().read(&txn).into_iter();
        let wanted = suggestions.filter(|suggestion| {
            let is_open = suggestion.status == SuggestionStatus::Open;
            let about = suggestion.target.parse::<DocPath>().map(|path| path.item());
            listing.wants(is_open, |item| about.as_ref() == Ok(item))
        });
        let views = wanted.map(|suggestion| SuggestionView::of(&txn, suggestion));
        listing.page(views, |view| {
            let at = u64::try_from(view.suggestion.at).unwrap_or(0);
            (at, view.suggestion.id.to_string())
        })
    });
    Ok(JsonAnswer(page.await?))
}

/// Takes a suggestion over, as it is or edited.
#[utoipa::path(
    post, path = "/workspaces/{ws}/suggestions/{id}/accept", tag = "suggestions",
    params(Desk, SuggestionPath, Key), request_body = Accepting,
    responses((status = 200, body = Done<SuggestionView>), Refusals)
)]
async fn accept(
    desk: Desk,
    Path(SuggestionPath { id }): Path<SuggestionPath>,
    Json(accepting): Json<Accepting>,
) -> Result<JsonAnswer<Done<SuggestionView>>, Problem> {
    let by = desk.me().clone();
    let suggestion = id.clone();
    let acted = desk.act(move |txn, scene| {
        let path = suggestion_path(&suggestion);
        may_decide(&by, scene.ledger, &target_of(txn, &suggestion)?)?;
        let known = Authors::read(txn, &authors::on_behalf(txn));
        let author = maker(txn, &path, &known);
        let edited = accepting.edited.as_deref();
        let accepted = suggest::accept(txn, &mut rand::rng(), &suggestion, &by.id, edited)?;
        let credit = match accepted.words {
            Words::Author => author.or_else(|| accepted.author.parse().ok()),
            Words::Accepter => None,
        };
        Ok(Acted {
            answer: (),
            noted: Noted::SuggestionDecided {
                suggestion,
                status: SuggestionStatus::Accepted,
            },
            credit,
        })
    });
    let ((), outcome) = acted.await?;
    let view = desk.find("suggestion", move |view| look(&view.doc.transact(), &id));
    Ok(JsonAnswer(Done::new(view.await?, &outcome)))
}

/// Rejects a suggestion; its author may, too.
#[utoipa::path(
    post, path = "/workspaces/{ws}/suggestions/{id}/reject", tag = "suggestions",
    params(Desk, SuggestionPath, Key),
    responses((status = 200, body = Done<SuggestionView>), Refusals)
)]
async fn reject(
    desk: Desk,
    Path(SuggestionPath { id }): Path<SuggestionPath>,
) -> Result<JsonAnswer<Done<SuggestionView>>, Problem> {
    let by = desk.me().clone();
    let suggestion = id.clone();
    let acted = desk.act(move |txn, scene| {
        let known = Authors::read(txn, &authors::on_behalf(txn));
        let is_own = maker(txn, &suggestion_path(&suggestion), &known).as_ref() == Some(&by.id);
        if !is_own {
            may_decide(&by, scene.ledger, &target_of(txn, &suggestion)?)?;
        }
        suggest::reject(txn, &suggestion, &by.id)?;
        Ok(Acted {
            answer: (),
            noted: Noted::SuggestionDecided {
                suggestion,
                status: SuggestionStatus::Rejected,
            },
            credit: None,
        })
    });
    let ((), outcome) = acted.await?;
    let view = desk.find("suggestion", move |view| look(&view.doc.transact(), &id));
    Ok(JsonAnswer(Done::new(view.await?, &outcome)))
}

fn suggestion<T: ReadTxn>(
    txn: &T,
    new: &NewSuggestionBody,
    author: &MemberId,
) -> Result<NewSuggestion, Problem> {
    let maker = Maker {
        author,
        at_ms: now_ms(),
        reason: &new.reason,
    };
    let Some(text) = TextField::at(new.target.clone()) else {
        return Ok(suggest::propose(
            txn,
            &new.target,
            &new.replacement,
            &maker,
        )?);
    };
    let range = passage::find(txn, &text, &new.quote)?;
    suggest::passage(txn, &text, range, &new.replacement, &maker)
        .ok_or_else(|| Problem::conflict("the text has changed meanwhile; try again"))
}

/// Whoever may write there may decide: people with the role, and the agent that holds the pen.
fn may_decide(by: &Member, ledger: &State, item: &Item) -> Result<(), Problem> {
    if by.role < Role::Editor {
        return Err(Problem::forbidden(format!(
            "this needs the role editor; your token's is {}",
            by.role.as_str()
        )));
    }
    match (by.kind, ledger.pen(&by.id, by.kind, by.role, item)) {
        (Kind::Human, _) | (Kind::Agent, Pen::Direct) => Ok(()),
        (Kind::Agent, Pen::Suggest { why } | Pen::Refuse { why }) => Err(Problem::forbidden(
            format!("{why}: who holds the pen decides on suggestions"),
        )),
    }
}

fn target_of<T: ReadTxn>(txn: &T, id: &ElementId) -> Result<Item, Problem> {
    let suggestion = Workspace.suggestions().get(id).read(txn);
    let suggestion = suggestion.ok_or_else(|| {
        Problem::not_found(format!(
            "there is no suggestion {id}; GET …/suggestions lists those there are"
        ))
    })?;
    let path: Result<DocPath, _> = suggestion.target.parse();
    path.map(|path| path.item())
        .map_err(|error| Problem::conflict(error.to_string()))
}

fn suggestion_path(id: &ElementId) -> DocPath {
    DocPath::new(["suggestions", id.as_str()]).expect("the schema has suggestions")
}

fn look<T: ReadTxn>(txn: &T, id: &ElementId) -> Option<SuggestionView> {
    let suggestion = Workspace.suggestions().get(id).read(txn)?;
    Some(SuggestionView::of(txn, suggestion))
}

impl SuggestionView {
    fn of<T: ReadTxn>(txn: &T, suggestion: SuggestionProjection) -> Self {
        let is_open = matches!(
            suggestion.status,
            SuggestionStatus::Open | SuggestionStatus::Stale
        );
        let now = match suggest::staleness(txn, &suggestion) {
            Ok(Staleness::Stale { now, .. }) if is_open => Some(now),
            Ok(_) | Err(_) => None,
        };
        Self { suggestion, now }
    }
}
