//! The browser client, embedded in the binary.
//!
//! Invariant: the page runs only its own files; nothing inline, and no request to other origins.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../client-web/dist"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";
/// Holds for the page, and for the worker that serves it while offline.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'",
);

/// The file at `path`, or the page itself, which knows its own routes.
pub fn serve(path: &str) -> Response {
    let name = path.trim_start_matches('/');
    match Files::get(name) {
        Some(file) if name != INDEX => serve_file(name, file),
        None if name.starts_with("assets/") => not_here(),
        _ => serve_index(),
    }
}

fn serve_file(name: &str, file: EmbeddedFile) -> Response {
    let kind = HeaderValue::from_str(file.metadata.mimetype())
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    // The build puts a digest of the content into the names of assets.
    let keep = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, keep.parse().expect("ASCII")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, Body::from(file.data.into_owned())).into_response()
}

fn serve_index() -> Response {
    match Files::get(INDEX) {
        Some(file) => serve_file(INDEX, file),
        None => not_built(),
    }
}

fn not_here() -> Response {
    (
        StatusCode::NOT_FOUND,
        "There is no such file; reload the page.\n",
    )
        .into_response()
}

fn not_built() -> Response {
    let text =
        "The page is not part of this build; `make build` puts it in. The API is at /api/v1.\n";
    (StatusCode::NOT_FOUND, text).into_response()
}
