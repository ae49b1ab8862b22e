//! Credentials in request headers: `Authorization: Bearer`, else the session cookie.
//!
//! Invariant: a cookie, which browsers send without being asked, counts only together with an
//! `Origin` that is this server's own or allowed; reading needs no `Origin`.

use axum::http::{HeaderMap, header};

use super::{
    Access, Authority, Denied,
    origin::{Origins, Sender},
};

/// Name of the session cookie on plain HTTP.
pub const COOKIE: &str = "penhold_session";
/// Name of the session cookie behind TLS; the prefix makes browsers refuse to share it.
pub const COOKIE_SECURE: &str = "__Host-penhold_session";

/// What a request wants to do, as far as its `Origin` is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// Reads only: the browser keeps the answer from foreign pages.
    Read,
    /// Changes something.
    Command,
}

impl Authority {
    /// What the credential in `headers` allows.
    ///
    /// # Errors
    /// When there is none, it is not valid, or a cookie comes from a page of another origin.
    pub fn verify_headers(
        &self,
        headers: &HeaderMap,
        intent: Intent,
        origins: &Origins,
        now_ms: u64,
    ) -> Result<Access, Denied> {
        let sender = origins.sender(headers);
        if let Some(token) = bearer(headers) {
            return match (intent, sender) {
                (Intent::Command, Sender::Foreign) => Err(Denied::Origin),
                _ => self.verify(token, now_ms),
            };
        }
        let token = session(headers).ok_or(Denied::Missing)?;
        match (intent, sender) {
            (Intent::Read, Sender::Absent) | (_, Sender::Allowed) => self.verify(token, now_ms),
            (Intent::Command, Sender::Absent) | (_, Sender::Foreign) => Err(Denied::Origin),
        }
    }

    /// What a socket may do that was opened with `headers` and, in its address, `token` (a token
    /// or a ticket). A ticket is used up.
    ///
    /// # Errors
    /// When there is no credential, it is not valid, or the socket comes from a page of another
    /// origin.
    pub fn verify_upgrade(
        &self,
        headers: &HeaderMap,
        token: Option<&str>,
        origins: &Origins,
        now_ms: u64,
    ) -> Result<Access, Denied> {
        match token.filter(|token| !token.is_empty()) {
            Some(_) if origins.sender(headers) == Sender::Foreign => Err(Denied::Origin),
            Some(token) => self.verify_socket(token, now_ms),
            None => self.verify_headers(headers, Intent::Command, origins, now_ms),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn session(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE || *name == COOKIE_SECURE)
        .map(|(_, token)| token)
}
