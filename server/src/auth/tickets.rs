//! Single-use tickets: what a page or a plain Yjs provider puts into a socket's address in place
//! of its token. They live in memory only.

use std::{collections::HashMap, fmt};

use super::{Access, AuthError, Denied, secret};

/// How long a ticket can be used, in milliseconds.
pub(super) const TICKET_MS: u64 = 60_000;
/// Most tickets that wait to be used.
const TICKETS_MAX: usize = 10_000;
const PREFIX: &str = "ticket-";

/// Opens one socket within a minute.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its text, for `?token=`.
    pub text: String,
    /// When it ends, in milliseconds since the Unix epoch.
    pub expires_ms: u64,
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("expires_ms", &self.expires_ms)
            .finish_non_exhaustive()
    }
}

/// Tells a ticket from a token without looking it up.
pub(super) fn is_ticket(credential: &str) -> bool {
    credential.starts_with(PREFIX)
}

/// The tickets that wait to be used.
#[derive(Default)]
pub(super) struct Tickets(HashMap<String, (Access, u64)>);

impl Tickets {
    pub(super) fn make(&mut self, access: &Access, now_ms: u64) -> Result<Ticket, AuthError> {
        if self.0.len() >= TICKETS_MAX {
            self.0.retain(|_, (_, expires_ms)| *expires_ms > now_ms);
        }
        if self.0.len() >= TICKETS_MAX {
            return Err(AuthError::TooManyTickets { limit: TICKETS_MAX });
        }
        let ticket = Ticket {
            text: format!("{PREFIX}{}", secret::code()),
            expires_ms: now_ms.saturating_add(TICKET_MS),
        };
        self.0
            .insert(ticket.text.clone(), (access.clone(), ticket.expires_ms));
        Ok(ticket)
    }

    pub(super) fn take(&mut self, text: &str, now_ms: u64) -> Result<Access, Denied> {
        match self.0.remove(text) {
            Some((access, expires_ms)) if expires_ms > now_ms => Ok(access),
            _ => Err(Denied::Used),
        }
    }
}
