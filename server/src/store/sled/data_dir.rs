//! The store's directory: its format file, its lock and the room left on its disk.
//!
//! Layout: `format` names the layout's version, `lock` is held while the store is open, `db` is
//! sled's own directory. A sled database that has failed cannot be closed, nor opened twice; so the
//! next generation of it is a new directory, `db.1` and so on, with links to the same files.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The version of everything below the directory: layout, keys and records.
const FORMAT: &str = "penhold-store 3\n";

/// Why a data directory was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or another store in this one, has it open.
    #[error("{} is in use by another penhold process; stop that one first", dir.display())]
    Locked {
        /// The store's directory.
        dir: PathBuf,
    },
    /// It cannot be made, read or written.
    #[error("{} cannot be used: {cause}", dir.display())]
    Unusable {
        /// The store's directory.
        dir: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// Another version of this program wrote it.
    #[error(
        "{} has the format {found:?}, this version reads {:?}; export its workspaces with the version \
         that wrote it, and import them here",
        dir.display(),
        FORMAT.trim_end()
    )]
    Format {
        /// The store's directory.
        dir: PathBuf,
        /// The first line of its `format` file.
        found: String,
    },
    /// The database in it does not open.
    #[error("the database in {} does not open: {cause}; restore it from a backup", dir.display())]
    Damaged {
        /// The store's directory.
        dir: PathBuf,
        /// What the database said.
        cause: String,
    },
}

/// A data directory that this process alone has open.
#[derive(Debug)]
pub(super) struct DataDir {
    dir: PathBuf,
    lock: File,
}

impl DataDir {
    /// Makes `dir` if need be, locks it and checks its format.
    pub(super) fn open(dir: &Path) -> Result<Self, OpenError> {
        let unusable = |cause| OpenError::Unusable {
            dir: dir.to_owned(),
            cause,
        };
        fs::create_dir_all(dir).map_err(unusable)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dir.join("lock"))
            .map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::Locked {
                    dir: dir.to_owned(),
                });
            }
            Err(TryLockError::Error(cause)) => return Err(unusable(cause)),
        }
        check_format(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            lock,
        })
    }

    /// The directory itself.
    pub(super) fn path(&self) -> &Path {
        &self.dir
    }

    /// Where a generation of the database keeps its files.
    pub(super) fn database(&self, generation: u32) -> PathBuf {
        match generation {
            0 => self.dir.join("db"),
            later => self.dir.join(format!("db.{later}")),
        }
    }

    /// The newest generation; 0 in a new directory.
    pub(super) fn newest_generation(&self) -> io::Result<u32> {
        Ok(self.generations()?.into_iter().max().unwrap_or(0))
    }

    /// Makes the next generation from the files of the newest. A crash leaves it whole or not at
    /// all.
    pub(super) fn next_generation(&self) -> io::Result<u32> {
        let newest = self.newest_generation()?;
        let draft = self.dir.join("draft");
        if draft.exists() {
            fs::remove_dir_all(&draft)?;
        }
        link_all(&self.database(newest), &draft)?;
        fs::rename(&draft, self.database(newest + 1))?;
        File::open(&self.dir)?.sync_all()?;
        Ok(newest + 1)
    }

    /// Removes all generations but one.
    pub(super) fn keep_generation(&self, kept: u32) {
        let all = self.generations().unwrap_or_default();
        for generation in all.into_iter().filter(|generation| *generation != kept) {
            self.remove_generation(generation);
        }
    }

    /// Removes a generation. What stays is a waste of space and nothing worse.
    pub(super) fn remove_generation(&self, generation: u32) {
        let path = self.database(generation);
        if let Err(error) = fs::remove_dir_all(&path) {
            tracing::warn!(%error, path = %path.display(), "a copy of the database stays");
        }
    }

    fn generations(&self) -> io::Result<Vec<u32>> {
        let mut found = Vec::new();
        for file in fs::read_dir(&self.dir)? {
            found.extend(file?.file_name().to_str().and_then(generation));
        }
        Ok(found)
    }

    /// Checks that the disk takes writes.
    pub(super) fn probe(&self) -> io::Result<()> {
        let path = self.dir.join("probe");
        let mut file = File::create(&path)?;
        file.write_all(&[0; 4096])?;
        file.sync_all()?;
        fs::remove_file(path)
    }

    /// Bytes that may still be written to the disk.
    pub(super) fn free_bytes(&self) -> io::Result<u64> {
        fs4::available_space(&self.dir)
    }
}

impl Drop for DataDir {
    /// Closing the file is not enough: a child process being started holds it for a moment.
    fn drop(&mut self) {
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, dir = %self.dir.display(), "the lock stays until the process ends");
        }
    }
}

fn check_format(dir: &Path) -> Result<(), OpenError> {
    let unusable = |cause| OpenError::Unusable {
        dir: dir.to_owned(),
        cause,
    };
    let path = dir.join("format");
    match fs::read_to_string(&path) {
        Ok(found) if found == FORMAT => Ok(()),
        Ok(found) => Err(OpenError::Format {
            dir: dir.to_owned(),
            found: found.lines().next().unwrap_or_default().to_owned(),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !dir.join("db").exists() => {
            write_durably(dir, &path).map_err(unusable)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(OpenError::Format {
            dir: dir.to_owned(),
            found: String::new(),
        }),
        Err(error) => Err(unusable(error)),
    }
}

/// Writes the format file under another name first: a crash leaves the whole file or none.
fn write_durably(dir: &Path, path: &Path) -> io::Result<()> {
    let draft = dir.join("format.new");
    let mut file = File::create(&draft)?;
    file.write_all(FORMAT.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    File::open(dir)?.sync_all()
}

/// The generation that a file of this name is.
fn generation(name: &str) -> Option<u32> {
    match name {
        "db" => Some(0),
        later => later.strip_prefix("db.")?.parse().ok(),
    }
}

/// Makes `to` with links to all files in `from`.
fn link_all(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        let target = to.join(file.file_name());
        if file.file_type()?.is_dir() {
            link_all(&file.path(), &target)?;
        } else {
            fs::hard_link(file.path(), target)?;
        }
    }
    File::open(to)?.sync_all()
}
