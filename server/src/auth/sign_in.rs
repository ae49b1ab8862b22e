//! Sign-in links: a one-use code that a browser swaps for a session.
//!
//! The registry remembers a digest of the code, so that another process on the same data
//! directory can make a link for the running server, and a used code stays used after a restart.

use std::fmt;

use super::{AuthError, Authority, Denied, Issued, NewToken, member_name, secret};
use crate::clock::now_ms;

/// How long a session that a link opened lasts, in milliseconds: 30 days.
pub const SESSION_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// What is needed to sign in once.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInLink {
    /// The one-use code.
    pub code: String,
    /// When it can no longer be used, in milliseconds since the Unix epoch.
    pub expires_ms: u64,
}

impl SignInLink {
    /// The address to open, on a server at `base` (as `http://127.0.0.1:8787`).
    #[must_use]
    pub fn address(&self, base: &str) -> String {
        format!("{}/sign-in?code={}", base.trim_end_matches('/'), self.code)
    }
}

impl fmt::Debug for SignInLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInLink")
            .field("expires_ms", &self.expires_ms)
            .finish_non_exhaustive()
    }
}

impl Authority {
    /// Makes a link that signs in, once and within `valid_ms`, as what `grant` describes. The
    /// session ends when `grant` says, after 30 days if it does not. Blocks on the disk.
    ///
    /// # Errors
    /// When the name is not acceptable or the registry cannot be written.
    pub fn sign_in_link(&self, grant: NewToken, valid_ms: u64) -> Result<SignInLink, AuthError> {
        let grant = NewToken {
            name: member_name(&grant.name)?,
            ..grant
        };
        let now_ms = now_ms();
        let link = SignInLink {
            code: secret::code(),
            expires_ms: now_ms.saturating_add(valid_ms),
        };
        let digest = secret::digest(&link.code);
        self.0
            .registry
            .write()
            .make_link(digest, grant, link.expires_ms, now_ms)?;
        Ok(link)
    }

    /// Swaps a code for a session's token, once. Blocks on the disk.
    ///
    /// # Errors
    /// [`Denied::Used`] when the code is not to be used (any more); otherwise as for
    /// [`Authority::issue`].
    pub fn exchange(&self, code: &str, now_ms: u64) -> Result<Issued, AuthError> {
        let digest = secret::digest(code);
        let grant = self
            .0
            .registry
            .write()
            .use_link(&digest, now_ms)?
            .ok_or(Denied::Used)?;
        let expires_ms = grant.expires_ms.or(Some(now_ms.saturating_add(SESSION_MS)));
        self.issue(NewToken {
            expires_ms,
            ..grant
        })
    }
}
