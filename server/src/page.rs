//! The browser client, embedded in the binary.
//!
//! Invariant: the page runs only its own files; nothing inline but the styles that carry the
//! nonce of the very answer, and no request to other origins.

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
/// Where the nonce is put: where the page's scripts find it, in `meta[property=csp-nonce]`.
const HEAD: &str = "<head>";

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
    ];
    (headers, Body::from(file.data.into_owned())).into_response()
}

fn serve_index() -> Response {
    let Some(file) = Files::get(INDEX) else {
        return not_built();
    };
    let nonce = format!("{:032x}", rand::random::<u128>());
    let tagged = format!("{HEAD}\n    <meta property=\"csp-nonce\" nonce=\"{nonce}\" />");
    let page = String::from_utf8_lossy(&file.data).replacen(HEAD, &tagged, 1);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy(&nonce)),
    ];
    (headers, page).into_response()
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
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
