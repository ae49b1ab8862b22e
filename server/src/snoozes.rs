//! What members do not want to see in their inboxes for a while.
//!
//! One file of JSON lines in the data directory, appended to and synced for each snooze, and
//! rewritten at the start without what is over. It concerns nobody else and decides nothing, so a
//! line that cannot be read is left out.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::PathBuf,
    sync::Arc,
};

use crdt_schema::ids::{MemberId, WorkspaceId};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

/// Snoozes of one member.
pub const SNOOZES_PER_MEMBER_MAX: usize = 1_000;

/// What is snoozed, by whom and until when. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Snoozes(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// Held to look up, or to write one line and note it.
    until: Mutex<HashMap<MemberId, Snoozed>>,
}

/// Until when things are snoozed, in milliseconds since the Unix epoch.
pub type Snoozed = HashMap<(WorkspaceId, String), u64>;

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// Who snoozes.
    pub member: MemberId,
    /// In which workspace the thing is.
    pub workspace: WorkspaceId,
    /// The thing, as the inbox names it.
    pub id: String,
    /// Until when, in milliseconds since the Unix epoch; a time that has passed ends it.
    pub until_ms: u64,
}

/// Why something was not snoozed.
#[derive(Debug, thiserror::Error)]
pub enum SnoozeError {
    /// The member snoozes too much already.
    #[error("{SNOOZES_PER_MEMBER_MAX} things are snoozed already; end some first")]
    TooMany,
    /// The file could not be written.
    #[error("the snoozes could not be written: {0}")]
    File(#[from] io::Error),
}

impl Snoozes {
    /// Reads the file at `path`, if there is one, without what is over at `now_ms`.
    #[must_use]
    pub fn open(path: PathBuf, now_ms: u64) -> Self {
        let mut until: HashMap<MemberId, Snoozed> = HashMap::new();
        let text = fs::read_to_string(&path).unwrap_or_else(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::error!(%error, path = %path.display(), "snoozes cannot be read");
            }
            String::new()
        });
        for snooze in text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
        {
            note(&mut until, snooze, now_ms);
        }
        let snoozes = Self(Arc::new(Inner {
            path,
            until: Mutex::new(until),
        }));
        if !text.is_empty()
            && let Err(error) = snoozes.rewrite()
        {
            tracing::error!(%error, "snoozes cannot be rewritten");
        }
        snoozes
    }

    /// Snoozes something, durably. Blocks on the disk.
    ///
    /// # Errors
    /// See [`SnoozeError`]; nothing is snoozed then.
    pub fn set(&self, snooze: Snooze, now_ms: u64) -> Result<(), SnoozeError> {
        let mut until = self.0.until.lock();
        let own = until.get_mut(&snooze.member);
        if let Some(own) = own {
            own.retain(|_, until_ms| *until_ms > now_ms);
            if snooze.until_ms > now_ms && own.len() >= SNOOZES_PER_MEMBER_MAX {
                return Err(SnoozeError::TooMany);
            }
        }
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.0.path)?;
        file.write_all(line(&snooze).as_bytes())?;
        file.sync_data()?;
        note(&mut until, snooze, now_ms);
        Ok(())
    }

    /// What a member snoozes.
    #[must_use]
    pub fn of(&self, member: &MemberId) -> Snoozed {
        self.0.until.lock().get(member).cloned().unwrap_or_default()
    }

    fn rewrite(&self) -> io::Result<()> {
        let until = self.0.until.lock();
        let mut lines = String::new();
        for (member, snoozed) in &*until {
            for ((workspace, id), until_ms) in snoozed {
                lines += &line(&Snooze {
                    member: member.clone(),
                    workspace: workspace.clone(),
                    id: id.clone(),
                    until_ms: *until_ms,
                });
            }
        }
        let fresh = self.0.path.with_extension("new");
        let mut file = File::create(&fresh)?;
        file.write_all(lines.as_bytes())?;
        file.sync_data()?;
        fs::rename(&fresh, &self.0.path)
    }
}

fn note(until: &mut HashMap<MemberId, Snoozed>, snooze: Snooze, now_ms: u64) {
    let own = until.entry(snooze.member).or_default();
    let thing = (snooze.workspace, snooze.id);
    if snooze.until_ms > now_ms {
        own.insert(thing, snooze.until_ms);
    } else {
        own.remove(&thing);
    }
}

fn line(snooze: &Snooze) -> String {
    let mut line = serde_json::to_string(snooze).expect("plain data");
    line.push('\n');
    line
}
