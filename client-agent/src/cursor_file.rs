//! Where a program that waits keeps what it has seen to, over its restarts.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::Cursor;

/// What a program that waits remembers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Up to where it has read the changes.
    pub cursor: Cursor,
    /// What still waits and was seen to already.
    pub seen_to: BTreeSet<String>,
}

/// A file that holds a [`Memory`]. It is replaced as a whole, so that a crash leaves the old
/// one or the new one. One program at a time may use it.
#[derive(Debug, Clone)]
pub struct CursorFile {
    path: PathBuf,
}

impl CursorFile {
    /// Nothing is read or made yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds; an empty memory if there is no file yet.
    ///
    /// # Errors
    /// When it cannot be read, or holds something else.
    pub fn load(&self) -> io::Result<Memory> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Memory::default()),
            Err(error) => Err(error),
        }
    }

    /// Keeps `memory` in it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, memory: &Memory) -> io::Result<()> {
        let mut fresh = self.path.clone().into_os_string();
        fresh.push(".new");
        let file = fs::File::create(&fresh)?;
        serde_json::to_writer(&file, memory)?;
        file.sync_all()?;
        fs::rename(&fresh, &self.path)
    }
}
