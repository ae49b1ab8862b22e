//! The registry of tokens and links: an append-only file of JSON lines with ids and names, never
//! tokens or codes.
//!
//! Invariant: every process appends whole lines under the file's lock after it has read all that
//! was there, so all agree on one order of events; a line that a crash cut short was never
//! acknowledged and is dropped by the next writer.

use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use crdt_schema::{
    ids::MemberId,
    member::{Kind, Member},
};
use serde::{Deserialize, Serialize};

use super::{
    AuthError, NewToken, Scope,
    files::{failed, open_private},
};

/// What the registry knows about one token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// The token's id.
    pub id: String,
    /// Who it speaks for.
    pub member: Member,
    /// Which workspaces it opens.
    pub scope: Scope,
    /// When it was made, in milliseconds since the Unix epoch.
    pub issued_ms: u64,
    /// When it ends, in milliseconds since the Unix epoch; `None` for never.
    pub expires_ms: Option<u64>,
    /// When it was revoked, in milliseconds since the Unix epoch.
    pub revoked_ms: Option<u64>,
}

/// The registry as read so far.
pub(super) struct Registry {
    path: PathBuf,
    /// Bytes of the file that have been read: always a whole number of lines.
    read_to: u64,
    tokens: HashMap<String, TokenRecord>,
    /// Revoked ids, also those whose issue is not in this file.
    revoked: BTreeMap<String, u64>,
    links: HashMap<String, Link>,
}

struct Link {
    grant: NewToken,
    expires_ms: u64,
    state: LinkState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LinkState {
    Fresh,
    Used,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event {
    Issued {
        at_ms: u64,
        id: String,
        member: Member,
        workspaces: Scope,
        expires_ms: Option<u64>,
    },
    Revoked {
        at_ms: u64,
        id: String,
    },
    LinkMade {
        at_ms: u64,
        digest: String,
        grant: NewToken,
        expires_ms: u64,
    },
    LinkUsed {
        at_ms: u64,
        digest: String,
    },
}

impl Registry {
    pub(super) fn open(path: PathBuf) -> Result<Self, AuthError> {
        open_private(&path)?;
        let mut registry = Self {
            path,
            read_to: 0,
            tokens: HashMap::new(),
            revoked: BTreeMap::new(),
            links: HashMap::new(),
        };
        registry.read_on()?;
        Ok(registry)
    }

    /// Records a token and returns whom it speaks for.
    pub(super) fn issue(
        &mut self,
        id: &str,
        new: NewToken,
        at_ms: u64,
    ) -> Result<Member, AuthError> {
        let NewToken {
            name,
            kind,
            role,
            workspaces,
            expires_ms,
        } = new;
        let mut file = self.locked()?;
        let member = Member {
            id: self.member_id(&name, kind),
            name,
            kind,
            role,
        };
        let id = id.to_owned();
        let event = Event::Issued {
            at_ms,
            id,
            member: member.clone(),
            workspaces,
            expires_ms,
        };
        self.append(&mut file, event)?;
        Ok(member)
    }

    pub(super) fn revoke(&mut self, id: &str, at_ms: u64) -> Result<(), AuthError> {
        let mut file = self.locked()?;
        if !self.tokens.contains_key(id) {
            return Err(AuthError::NoSuchToken(id.to_owned()));
        }
        if self.is_revoked(id) {
            return Ok(());
        }
        self.append(
            &mut file,
            Event::Revoked {
                at_ms,
                id: id.to_owned(),
            },
        )
    }

    pub(super) fn make_link(
        &mut self,
        digest: String,
        grant: NewToken,
        expires_ms: u64,
        at_ms: u64,
    ) -> Result<(), AuthError> {
        let mut file = self.locked()?;
        self.append(
            &mut file,
            Event::LinkMade {
                at_ms,
                digest,
                grant,
                expires_ms,
            },
        )
    }

    /// Uses up a link; `None` if there is none to use.
    pub(super) fn use_link(
        &mut self,
        digest: &str,
        at_ms: u64,
    ) -> Result<Option<NewToken>, AuthError> {
        let mut file = self.locked()?;
        let Some(link) = self.links.get(digest) else {
            return Ok(None);
        };
        if link.state == LinkState::Used || link.expires_ms <= at_ms {
            return Ok(None);
        }
        let grant = link.grant.clone();
        self.append(
            &mut file,
            Event::LinkUsed {
                at_ms,
                digest: digest.to_owned(),
            },
        )?;
        Ok(Some(grant))
    }

    pub(super) fn is_listed(&self, id: &str) -> bool {
        self.tokens.contains_key(id)
    }

    pub(super) fn is_revoked(&self, id: &str) -> bool {
        self.revoked.contains_key(id)
    }

    pub(super) fn revocations(&self) -> usize {
        self.revoked.len()
    }

    pub(super) fn tokens(&self) -> Vec<TokenRecord> {
        let with_state = |token: &TokenRecord| TokenRecord {
            revoked_ms: self.revoked.get(&token.id).copied(),
            ..token.clone()
        };
        let mut tokens: Vec<_> = self.tokens.values().map(with_state).collect();
        tokens.sort_by(|a, b| b.issued_ms.cmp(&a.issued_ms).then_with(|| a.id.cmp(&b.id)));
        tokens
    }

    /// Whether the file has changed its length since it was last read.
    pub(super) fn is_behind(&self) -> Result<bool, AuthError> {
        let file = fs::metadata(&self.path).map_err(|error| failed("read", &self.path, error))?;
        Ok(file.len() != self.read_to)
    }

    /// Takes in the whole lines that were appended since the last read. A damaged line is
    /// reported after all others have been taken in.
    pub(super) fn read_on(&mut self) -> Result<(), AuthError> {
        let mut file = File::open(&self.path).map_err(|error| failed("read", &self.path, error))?;
        self.read_from(&mut file)
    }

    /// Locks the file until it is dropped, and takes in everything there is.
    fn locked(&mut self) -> Result<File, AuthError> {
        let mut file = open_private(&self.path)?;
        file.lock()
            .map_err(|error| failed("lock", &self.path, error))?;
        self.read_from(&mut file)?;
        Ok(file)
    }

    fn read_from(&mut self, file: &mut File) -> Result<(), AuthError> {
        let path = self.path.clone();
        let unreadable = |error| failed("read", &path, error);
        if file.metadata().map_err(unreadable)?.len() < self.read_to {
            self.read_to = 0;
        }
        file.seek(SeekFrom::Start(self.read_to))
            .map_err(unreadable)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(unreadable)?;
        let Some(last_end) = text.iter().rposition(|byte| *byte == b'\n') else {
            return Ok(());
        };
        let mut damaged = Ok(());
        let mut at = self.read_to;
        for line in text[..last_end].split(|byte| *byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(event) => self.apply(event),
                Err(error) => damaged = Err(damage(&path, at, &error)),
            }
            at += line.len() as u64 + 1;
        }
        self.read_to = at;
        damaged
    }

    fn append(&mut self, file: &mut File, event: Event) -> Result<(), AuthError> {
        let mut line = serde_json::to_vec(&event).expect("events are plain JSON");
        line.push(b'\n');
        let read_to = self.read_to;
        let write = |file: &mut File| {
            file.set_len(read_to)?;
            file.write_all(&line)?;
            file.sync_data()
        };
        write(file).map_err(|error| failed("write", &self.path, error))?;
        self.read_to += line.len() as u64;
        self.apply(event);
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Issued {
                at_ms,
                id,
                member,
                workspaces,
                expires_ms,
            } => {
                let token = TokenRecord {
                    id: id.clone(),
                    member,
                    scope: workspaces,
                    issued_ms: at_ms,
                    expires_ms,
                    revoked_ms: None,
                };
                self.tokens.insert(id, token);
            }
            Event::Revoked { at_ms, id } => {
                self.revoked.entry(id).or_insert(at_ms);
            }
            Event::LinkMade {
                at_ms: _,
                digest,
                grant,
                expires_ms,
            } => {
                self.links.insert(
                    digest,
                    Link {
                        grant,
                        expires_ms,
                        state: LinkState::Fresh,
                    },
                );
            }
            Event::LinkUsed { at_ms: _, digest } => {
                if let Some(link) = self.links.get_mut(&digest) {
                    link.state = LinkState::Used;
                }
            }
        }
    }

    /// The id of the member with this name and kind: the one it had before, or a free one that
    /// resembles the name.
    pub(super) fn member_id(&self, name: &str, kind: Kind) -> MemberId {
        let known = self.tokens.values().map(|token| &token.member);
        if let Some(member) = known.clone().find(|m| m.name == name && m.kind == kind) {
            return member.id.clone();
        }
        let stem = stem(name);
        let candidates = (1_u32..).map(|n| match n {
            1 => stem.clone(),
            n => format!("{stem}-{n}"),
        });
        let free = |id: &MemberId| known.clone().all(|member| member.id != *id);
        candidates
            .map(|text| text.parse().expect("a stem of letters and digits is an id"))
            .find(free)
            .expect("numbers do not run out")
    }
}

/// What a member id is made from: the name's ASCII letters and digits, lower case.
fn stem(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let stem: String = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    let stem: String = stem.chars().take(STEM_CHARS_MAX).collect();
    if stem.is_empty() {
        "member".to_owned()
    } else {
        stem
    }
}

/// Longest stem of a member id, which leaves room for a number.
const STEM_CHARS_MAX: usize = 40;

fn damage(path: &Path, offset: u64, error: &serde_json::Error) -> AuthError {
    let problem = format!("the line at byte {offset} is not a record: {error}");
    AuthError::Damaged {
        path: path.display().to_string(),
        problem,
    }
}
