//! Who may do what: signed tokens, their registry, sign-in links and socket tickets.
//!
//! Invariant: an [`Access`] exists only for a credential that this data directory's key signed (or
//! that was derived from one), and [`Authority::still_valid`] turns false as soon as the token
//! behind it expires or is revoked, by whichever process. Neither tokens nor codes are ever
//! written to disk or shown by `Debug`. This module knows nothing of rooms or of HTTP routes.

mod claims;
mod files;
pub mod headers;
pub mod origin;
pub mod rate;
mod registry;
mod scope;
mod secret;
mod sign_in;
mod tickets;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    path::Path,
    sync::Arc,
    time::Duration,
};

use crdt_schema::{
    ids::{MemberId, WorkspaceId},
    member::{Kind, Member, Role},
};
use parking_lot::{Mutex, RwLock};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use self::{claims::Signer, registry::Registry, tickets::Tickets};
pub use self::{
    registry::TokenRecord,
    scope::Scope,
    sign_in::{SESSION_MS, SignInLink},
    tickets::Ticket,
};
use crate::clock::now_ms;

/// How often the registry file is checked for what other processes appended.
const REGISTRY_POLL: Duration = Duration::from_millis(250);

/// Longest name of a member, in characters.
pub const NAME_CHARS_MAX: usize = 80;

/// Issues, checks and revokes credentials for one data directory. Cheap to clone.
#[derive(Clone)]
pub struct Authority(Arc<Inner>);

struct Inner {
    signer: Signer,
    /// Never held across an await.
    registry: RwLock<Registry>,
    /// Never held across an await.
    tickets: Mutex<Tickets>,
    changes: watch::Sender<u64>,
    /// Who came with a token that no registry lists. Never held across an await.
    guests: Mutex<HashMap<MemberId, Access>>,
}

/// What a token is issued for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// Name of the member; the same name and kind is the same member.
    pub name: String,
    /// Person or agent.
    pub kind: Kind,
    /// What the member may do with this token.
    pub role: Role,
    /// Which workspaces it opens.
    pub workspaces: Scope,
    /// When it ends, in milliseconds since the Unix epoch; `None` for never.
    pub expires_ms: Option<u64>,
}

/// A token that was just made; this is the only time that its text exists.
#[derive(Clone)]
pub struct Issued {
    /// The token's text.
    pub token: String,
    /// Its id, for listing and revoking.
    pub id: String,
    /// Who it speaks for.
    pub member: Member,
}

/// What a verified credential allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Who is speaking.
    pub member: Member,
    /// Which workspaces the token opens.
    pub scope: Scope,
    /// The token's id.
    pub token_id: String,
    /// When it ends, in milliseconds since the Unix epoch; `None` for never.
    pub expires_ms: Option<u64>,
}

/// Why a credential was not accepted. The texts are safe to send to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// None was given.
    #[error("no credential was given; send a token as `Authorization: Bearer TOKEN` or sign in")]
    Missing,
    /// It was not signed by this server, or is not a credential at all.
    #[error("the token is not one of this server's; ask for a new one")]
    Unknown,
    /// Its time is over.
    #[error("the token has expired; ask for a new one")]
    Expired,
    /// It was revoked.
    #[error("the token was revoked; ask for a new one")]
    Revoked,
    /// A single-use credential was used already, or its time is over.
    #[error("this link or ticket was used already or has expired; ask for a new one")]
    Used,
    /// A cookie came without, or with a foreign, `Origin`.
    #[error("this request does not come from an allowed origin; configure `allowed_origins`")]
    Origin,
}

/// Why the authority could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// A file in the data directory's `auth` folder could not be used.
    #[error("cannot {action} {path}: {source}")]
    File {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file in the data directory's `auth` folder does not hold what it should.
    #[error("{path} is damaged ({problem}); restore it from a backup")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The name cannot be a member's.
    #[error("a member's name must be 1 to {NAME_CHARS_MAX} characters without control characters")]
    Name,
    /// There is no token with this id.
    #[error("there is no token {0:?}; list them to see which there are")]
    NoSuchToken(String),
    /// Too many tickets wait to be used.
    #[error("{limit} tickets wait to be used already; try again in a minute")]
    TooManyTickets {
        /// The limit `tickets_waiting`.
        limit: usize,
    },
    /// A single-use credential was not accepted.
    #[error(transparent)]
    Denied(#[from] Denied),
}

/// Members with unlisted tokens that are remembered.
const GUESTS_MAX: usize = 1_000;

impl Authority {
    /// Opens the `auth` folder of `data_dir`, making it and its signing key at first use.
    ///
    /// # Errors
    /// When the folder cannot be read or written, or holds damaged records.
    pub fn open(data_dir: &Path) -> Result<Self, AuthError> {
        let folder = files::folder(data_dir)?;
        let signer = Signer::new(&files::signing_key(&folder)?);
        let registry = Registry::open(folder.join("registry.jsonl"))?;
        Ok(Self(Arc::new(Inner {
            signer,
            registry: RwLock::new(registry),
            tickets: Mutex::default(),
            guests: Mutex::default(),
            changes: watch::Sender::new(0),
        })))
    }

    /// Makes a token and records its id and owner. Blocks on the disk.
    ///
    /// # Errors
    /// When the name is not acceptable or the registry cannot be written.
    pub fn issue(&self, new: NewToken) -> Result<Issued, AuthError> {
        let name = member_name(&new.name)?;
        let id = secret::token_id();
        let mut registry = self.0.registry.write();
        let member = registry.issue(
            &id,
            NewToken {
                name,
                ..new.clone()
            },
            now_ms(),
        )?;
        drop(registry);
        let access = Access {
            member: member.clone(),
            scope: new.workspaces,
            token_id: id.clone(),
            expires_ms: new.expires_ms,
        };
        Ok(Issued {
            token: self.0.signer.sign(&access),
            id,
            member,
        })
    }

    /// Makes a token without recording it, for a command's own use: it cannot be listed or revoked,
    /// so it should end soon.
    ///
    /// # Errors
    /// When the name is not acceptable.
    pub(crate) fn unlisted(&self, new: NewToken) -> Result<String, AuthError> {
        let name = member_name(&new.name)?;
        let id = self.0.registry.read().member_id(&name, new.kind);
        let member = Member {
            id,
            name,
            kind: new.kind,
            role: new.role,
        };
        let (scope, expires_ms) = (new.workspaces, new.expires_ms);
        let token_id = secret::token_id();
        Ok(self.0.signer.sign(&Access {
            member,
            scope,
            token_id,
            expires_ms,
        }))
    }

    /// What `token` allows at `now_ms` (milliseconds since the Unix epoch).
    ///
    /// # Errors
    /// When it is not a token of this server, has ended or was revoked.
    pub fn verify(&self, token: &str, now_ms: u64) -> Result<Access, Denied> {
        let access = self.0.signer.verify(token)?;
        self.check(&access, now_ms)?;
        self.note_guest(&access);
        Ok(access)
    }

    /// Like [`Authority::verify`], but also takes a single-use ticket, which it uses up.
    ///
    /// # Errors
    /// When it is neither a valid token nor an unused ticket.
    pub fn verify_socket(&self, credential: &str, now_ms: u64) -> Result<Access, Denied> {
        if !tickets::is_ticket(credential) {
            return self.verify(credential, now_ms);
        }
        let access = self.0.tickets.lock().take(credential, now_ms)?;
        self.check(&access, now_ms)?;
        Ok(access)
    }

    /// Whether what was verified earlier still holds.
    #[must_use]
    pub fn still_valid(&self, access: &Access, now_ms: u64) -> bool {
        self.check(access, now_ms).is_ok()
    }

    /// Ends a token for good. Blocks on the disk.
    ///
    /// # Errors
    /// When no such token was issued or the registry cannot be written.
    pub fn revoke(&self, id: &str) -> Result<(), AuthError> {
        self.0.registry.write().revoke(id, now_ms())?;
        self.announce();
        Ok(())
    }

    /// The tokens that were issued, newest first.
    #[must_use]
    pub fn tokens(&self) -> Vec<TokenRecord> {
        self.0.registry.read().tokens()
    }

    /// Everybody who may work in `workspace`, by name: people who were ever given access to it, for
    /// signing out is not leaving, and agents with a token that holds. Each with the highest role.
    #[must_use]
    pub fn members(&self, workspace: &WorkspaceId) -> Vec<Member> {
        let now = now_ms();
        let mut members: BTreeMap<MemberId, Member> = BTreeMap::new();
        for guest in self.0.guests.lock().values() {
            if guest.scope.contains(workspace) && guest.expires_ms.is_none_or(|end| now < end) {
                members.insert(guest.member.id.clone(), guest.member.clone());
            }
        }
        for token in self.tokens() {
            let holds = token.revoked_ms.is_none() && token.expires_ms.is_none_or(|end| now < end);
            let counts = holds || token.member.kind == Kind::Human;
            if counts && token.scope.contains(workspace) {
                let known = members.entry(token.member.id.clone());
                let known = known.or_insert_with(|| token.member.clone());
                known.role = known.role.max(token.member.role);
            }
        }
        let mut members: Vec<Member> = members.into_values().collect();
        members.sort_by(|a, b| a.name.cmp(&b.name));
        members
    }

    /// Makes a single-use ticket with which a socket opens on behalf of `access`.
    ///
    /// # Errors
    /// When too many tickets wait to be used.
    pub fn ticket(&self, access: &Access, now_ms: u64) -> Result<Ticket, AuthError> {
        self.0.tickets.lock().make(access, now_ms)
    }

    /// Counts up at each revocation, also at those that another process made.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Follows what other processes append to the registry, until `stop`. Why it cannot is said
    /// once, not at every look.
    pub async fn follow_registry(&self, stop: CancellationToken) {
        let mut failing = None;
        let mut ticks = tokio::time::interval(REGISTRY_POLL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            let now_failing = self.refresh().err().map(|error| error.to_string());
            match &now_failing {
                Some(why) if now_failing != failing => {
                    tracing::error!(why, "the token registry cannot be followed");
                }
                None if failing.is_some() => tracing::info!("the token registry is followed again"),
                Some(_) | None => {}
            }
            failing = now_failing;
        }
    }

    /// Reads what other processes appended to the registry since the last look.
    ///
    /// # Errors
    /// When the registry cannot be read, or new records in it are damaged.
    pub fn refresh(&self) -> Result<(), AuthError> {
        if !self.0.registry.read().is_behind()? {
            return Ok(());
        }
        let mut registry = self.0.registry.write();
        let revoked_before = registry.revocations();
        let read = registry.read_on();
        let revoked_after = registry.revocations();
        drop(registry);
        if revoked_after > revoked_before {
            self.announce();
        }
        read
    }

    /// Remembers who came with a token that no registry lists: a command's own, which ends soon.
    fn note_guest(&self, access: &Access) {
        if self.0.registry.read().is_listed(&access.token_id) {
            return;
        }
        let mut guests = self.0.guests.lock();
        if guests.len() >= GUESTS_MAX {
            guests.clear();
        }
        guests.insert(access.member.id.clone(), access.clone());
    }

    fn check(&self, access: &Access, now_ms: u64) -> Result<(), Denied> {
        if access.expires_ms.is_some_and(|end| end <= now_ms) {
            return Err(Denied::Expired);
        }
        if self.0.registry.read().is_revoked(&access.token_id) {
            return Err(Denied::Revoked);
        }
        Ok(())
    }

    fn announce(&self) {
        self.0.changes.send_modify(|count| *count += 1);
    }
}

impl Access {
    /// Whether the token opens `workspace`; what the member may do there is its role's matter.
    #[must_use]
    pub fn may_open(&self, workspace: &WorkspaceId) -> bool {
        self.scope.contains(workspace)
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued")
            .field("id", &self.id)
            .field("member", &self.member)
            .finish_non_exhaustive()
    }
}

/// `name` without surrounding space, if it can be a member's.
fn member_name(name: &str) -> Result<String, AuthError> {
    let name = name.trim();
    let fits = !name.is_empty()
        && name.chars().count() <= NAME_CHARS_MAX
        && !name.chars().any(char::is_control);
    fits.then(|| name.to_owned()).ok_or(AuthError::Name)
}
