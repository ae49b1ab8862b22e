//! What surrounds every request: limits of the address and of time, a net under panics, headers
//! that keep browsers strict, and counts. Traces name the path and never the query, which may
//! hold a token.

use std::{any::Any, net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use tokio::time::Instant;
use tower_http::{catch_panic::CatchPanicLayer, cors::CorsLayer, trace::TraceLayer};
use tracing::Span;

use super::{
    App,
    changes::{HELD, HOLD_MS_MAX},
    extract::address,
    problem::Problem,
};

/// Puts around the routes that answer requests what sockets, which answer with close codes, bring
/// themselves: limits of the address and of time.
pub(super) fn limited(router: Router<App>, app: &App) -> Router<App> {
    let router = router
        .layer(from_fn_with_state(app.clone(), limit_time))
        .layer(from_fn_with_state(app.clone(), limit_address));
    if app.config.allowed_origins.is_empty() {
        router
    } else {
        router.layer(cors(app))
    }
}

/// Puts around routes that may wait for news, and answer bit by bit, the limit of the address alone.
pub(super) fn limited_by_address(router: Router<App>, app: &App) -> Router<App> {
    router.layer(from_fn_with_state(app.clone(), limit_address))
}

/// Puts the other guards around all routes; the last one added is the first that a request meets.
pub(super) fn around(router: Router, app: &App) -> Router {
    let router = router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(count))
        .layer(from_fn(harden))
        .layer(TraceLayer::new_for_http().make_span_with(span));
    if app.config.behind_proxy {
        router.layer(from_fn(look_past_proxy))
    } else {
        router
    }
}

/// Puts the address that the proxy noted last in the place of the proxy's own.
async fn look_past_proxy(mut request: Request, next: Next) -> Response {
    let noted = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .next_back();
    let last = noted.and_then(|noted| noted.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    if let Some(address) = last {
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::new(address, 0)));
    }
    next.run(request).await
}

fn span(request: &Request) -> Span {
    tracing::info_span!("request", method = %request.method(), path = request.uri().path())
}

async fn limit_address(State(app): State<App>, request: Request, next: Next) -> Response {
    let from = address(request.extensions());
    match app.rates.address(from) {
        Ok(()) => next.run(request).await,
        Err(exceeded) => Problem::from(exceeded).into_response(),
    }
}

async fn limit_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let is_held = route.is_some_and(|route| route.as_str().ends_with(HELD));
    let limit = app.config.limits.request_ms_max + if is_held { HOLD_MS_MAX } else { 0 };
    tokio::time::timeout(Duration::from_millis(limit), next.run(request))
        .await
        .unwrap_or_else(|_| Problem::timed_out(limit).into_response())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the payload over"
)]
fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let text = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a text");
    Problem::internal(text).into_response()
}

async fn count(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "page".to_owned(), |route| route.as_str().to_owned());
    let start = Instant::now();
    let response = next.run(request).await;
    let labels = [
        ("method", known_method(&method).to_owned()),
        ("route", route),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::counter!("penhold_http_requests_total", &labels).increment(1);
    metrics::histogram!("penhold_http_request_seconds", &labels[1..2])
        .record(start.elapsed().as_secs_f64());
    response
}

/// A label from a closed set: methods are free text.
fn known_method(method: &Method) -> &str {
    match *method {
        Method::GET
        | Method::HEAD
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE => method.as_str(),
        _ => "other",
    }
}

async fn harden(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HARDENING {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if is_api {
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// Sent with every answer that does not say otherwise.
const HARDENING: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// Lets the configured origins' pages call the API with a token of their own.
fn cors(app: &App) -> CorsLayer {
    let origins = app
        .origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(origins.collect::<Vec<_>>())
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            super::idempotency::HEADER,
        ])
        .expose_headers([header::LOCATION, header::RETRY_AFTER])
        .max_age(Duration::from_secs(600))
}
