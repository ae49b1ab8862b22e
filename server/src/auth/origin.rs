//! Which pages may use this server from a browser.

use axum::http::{HeaderMap, header};
use url::Url;

/// The configured origins, besides the server's own.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    allowed: Vec<String>,
}

/// Where a request comes from, as far as a browser says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// No `Origin`: not a browser, or a plain read.
    Absent,
    /// This server's own page, or a configured origin.
    Allowed,
    /// A page of another origin.
    Foreign,
}

/// Why a text is not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an origin; write it as a browser does, for example https://example.org")]
pub struct BadOrigin(pub String);

impl Origins {
    /// Parses the configured origins, each as `scheme://host[:port]`.
    ///
    /// # Errors
    /// With the first that is not an origin.
    pub fn parse(allowed: &[String]) -> Result<Self, BadOrigin> {
        let allowed = allowed
            .iter()
            .map(|text| normal(text).ok_or(BadOrigin(text.clone())));
        Ok(Self {
            allowed: allowed.collect::<Result<_, _>>()?,
        })
    }

    /// Where the request with these headers comes from.
    #[must_use]
    pub fn sender(&self, headers: &HeaderMap) -> Sender {
        let Some(origin) = headers.get(header::ORIGIN) else {
            return Sender::Absent;
        };
        let Ok(origin) = origin.to_str() else {
            return Sender::Foreign;
        };
        if self.allowed.iter().any(|allowed| allowed == origin) || is_own(origin, headers) {
            Sender::Allowed
        } else {
            Sender::Foreign
        }
    }

    /// The configured origins.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.allowed.iter().map(String::as_str)
    }
}

/// Whether `origin` is the host that the request was sent to. The scheme is not compared: behind
/// a TLS proxy the server cannot know it.
fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let sent_from = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    host.is_some() && sent_from == host
}

fn normal(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let plain = url.path() == "/" && url.query().is_none() && url.username().is_empty();
    let origin = url.origin();
    (plain && origin.is_tuple()).then(|| origin.ascii_serialization())
}
