//! How far the caller has come in looking at what changed, on whatever device.

use axum::Json as JsonAnswer;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    App,
    desk::{Desk, Refusals},
    extract::Json,
    problem::Problem,
};
use crate::{
    reviews::{self, Review},
    versions::{BadSince, Since},
};

/// Changes in one review.
const REVIEW_SEEN_MAX: usize = 5_000;
/// Bytes of the key of a change.
const REVIEW_KEY_BYTES_MAX: usize = 512;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, keep))
}

/// Reads the caller's own review. Without one, nothing was looked at since the last visit.
#[utoipa::path(
    get, path = "/workspaces/{ws}/review", tag = "review", params(Desk),
    responses((status = 200, body = Review), Refusals)
)]
async fn read(desk: Desk) -> Result<JsonAnswer<Review>, Problem> {
    let review = reviews::of(&*desk.app.store, &desk.ws, &desk.me().id).await?;
    Ok(JsonAnswer(review.unwrap_or_else(|| Review {
        since: "visit".to_owned(),
        ..Review::default()
    })))
}

/// Keeps the caller's own review, in the place of the one before.
#[utoipa::path(
    put, path = "/workspaces/{ws}/review", tag = "review", params(Desk), request_body = Review,
    responses((status = 200, body = Review), Refusals)
)]
async fn keep(desk: Desk, Json(review): Json<Review>) -> Result<JsonAnswer<Review>, Problem> {
    let _: Since = review
        .since
        .parse()
        .map_err(|error: BadSince| Problem::invalid(format!("since: {error}")))?;
    if review.seen.len() > REVIEW_SEEN_MAX {
        return Err(Problem::too_large("review_seen_max", REVIEW_SEEN_MAX));
    }
    if review
        .seen
        .iter()
        .any(|key| key.len() > REVIEW_KEY_BYTES_MAX)
    {
        let name = "review_key_bytes_max";
        return Err(Problem::too_large(name, REVIEW_KEY_BYTES_MAX));
    }
    reviews::keep(&*desk.app.store, &desk.ws, &desk.me().id, &review).await?;
    Ok(JsonAnswer(review))
}
