//! The record: everything that was decided in a workspace, chained by hashes.
#![expect(
    unused_qualifications,
    reason = "utoipa writes whole paths to parameter types"
)]

mod filter;
mod pages;

use axum::{
    Json as JsonAnswer,
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use crdt_schema::{
    ids::MemberId,
    item::Item,
    ownership::{Broken, Hash, Record},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use self::filter::Filter;
use super::{
    App,
    desk::{Desk, Refusals},
    extract::Query,
    problem::Problem,
};

/// Records in one page, at most.
const PAGE_MAX: usize = 500;
/// Records in one page, if not asked otherwise.
const PAGE: usize = 100;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read))
        .routes(routes!(verify))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Only records with a higher number; `next_after` of the page before.
    #[serde(default)]
    after: u64,
    /// How many at most, 1 to 500; 100 if absent.
    limit: Option<usize>,
    /// Only records with an event of this type, such as `owner_changed`.
    r#type: Option<String>,
    /// Only what this member brought about.
    #[param(value_type = Option<String>)]
    by: Option<MemberId>,
    /// Only records about this item.
    #[param(value_type = Option<String>)]
    item: Option<Item>,
    /// A page of JSON, or all of it as JSON Lines.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordFormat)]
enum Format {
    /// A page of JSON.
    #[default]
    Json,
    /// All that is wanted, one record a line, without pages.
    Jsonl,
}

/// A page of the record, oldest first.
#[derive(Debug, Serialize, ToSchema)]
struct RecordPage {
    /// The records.
    items: Vec<Record>,
    /// Ask again with this as `after` for more; `null` at the end. A page may be short, or empty,
    /// although there is more.
    next_after: Option<u64>,
}

/// Whether the chain of records holds.
#[derive(Debug, Serialize, ToSchema)]
struct Verified {
    /// Whether every record follows from the one before, up to the newest.
    ok: bool,
    /// How many do, from the first on.
    records: u64,
    /// The hash of the last one that does; of the lineage when there is none.
    head: Hash,
    /// The number of the record that breaks the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<u64>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Reads the record, oldest first.
#[utoipa::path(
    get, path = "/workspaces/{ws}/record", tag = "record", params(Desk, Wanted),
    responses(
        (status = 200, content(
            (RecordPage = "application/json"),
            (String = "application/jsonl"),
        )),
        Refusals,
    )
)]
async fn read(desk: Desk, Query(wanted): Query<Wanted>) -> Result<Response, Problem> {
    let filter = Filter::new(&desk, wanted.r#type, wanted.by, wanted.item).await?;
    let limit = wanted.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let (_, newest) = ledger_head(&desk).await?;
    match wanted.format {
        Format::Json => {
            let page = pages::page(&desk, (wanted.after, newest), limit, &filter).await?;
            Ok(JsonAnswer(page).into_response())
        }
        Format::Jsonl => {
            let name = format!("attachment; filename=\"{}.record.jsonl\"", desk.ws);
            let name = HeaderValue::from_str(&name).expect("an id is visible ASCII");
            let headers = [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/jsonl"),
                ),
                (header::CONTENT_DISPOSITION, name),
            ];
            let lines = pages::lines(desk, wanted.after, newest, filter);
            Ok((headers, Body::from_stream(lines)).into_response())
        }
    }
}

/// Checks that every record follows from the one before, from the first to the newest.
#[utoipa::path(
    get, path = "/workspaces/{ws}/record/verify", tag = "record", params(Desk),
    responses(
        (status = 200, body = Verified, examples(
            ("whole" = (value = json!({
                "ok": true, "records": 212,
                "head": "9f2c3b1f0d6c1d5b6f0e5a4c3b2a190807060504030201000f0e0d0c0b0a0908"
            }))),
            ("broken" = (value = json!({
                "ok": false, "records": 17, "broken": 18,
                "head": "9f2c3b1f0d6c1d5b6f0e5a4c3b2a190807060504030201000f0e0d0c0b0a0908",
                "why": "record 18 was changed after it was made"
            }))),
        )),
        Refusals,
    )
)]
async fn verify(desk: Desk) -> Result<JsonAnswer<Verified>, Problem> {
    let (hash, newest) = ledger_head(&desk).await?;
    let lineage = Hash::of(desk.room.lineage().as_bytes());
    let mut at = (0, lineage);
    while at.0 < newest {
        let page = desk
            .app
            .store
            .records(&desk.ws, at.0, pages::READ_AT_ONCE)
            .await?;
        if page.is_empty() {
            let why = format!("record {} cannot be read", at.0 + 1);
            return Ok(JsonAnswer(Verified::broken(at, why)));
        }
        for (_, bytes) in page {
            match follow(&bytes, at) {
                Ok(next) => at = next,
                Err(broken) => return Ok(JsonAnswer(Verified::broken(at, broken.to_string()))),
            }
        }
    }
    if at.0 == newest && at.1 != hash {
        let why = "the last record is not the one that the workspace goes by".to_owned();
        return Ok(JsonAnswer(Verified::broken((newest - 1, at.1), why)));
    }
    Ok(JsonAnswer(Verified {
        ok: true,
        records: at.0,
        head: at.1,
        broken: None,
        why: None,
    }))
}

/// Hash and number of the newest record that the workspace goes by.
async fn ledger_head(desk: &Desk) -> Result<(Hash, u64), Problem> {
    let (no, hash) = desk.view(|view| view.ledger.head()).await?;
    Ok((hash, no))
}

fn follow(bytes: &[u8], (no, hash): (u64, Hash)) -> Result<(u64, Hash), Broken> {
    let record = Record::from_json(bytes)?;
    record.follows(no, hash)?;
    Ok((record.no, record.hash))
}

impl Verified {
    fn broken((records, head): (u64, Hash), why: String) -> Self {
        Self {
            ok: false,
            records,
            head,
            broken: Some(records + 1),
            why: Some(why),
        }
    }
}
