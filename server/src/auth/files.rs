//! The `auth` folder of a data directory and the signing key in it, readable by the owner alone.

use std::{
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use rand::RngCore as _;

use super::AuthError;

/// Length of the signing key, in bytes: that of the digest it is used with.
const KEY_BYTES: usize = 32;

/// The `auth` folder in `data_dir`, made if absent.
pub(super) fn folder(data_dir: &Path) -> Result<PathBuf, AuthError> {
    let folder = data_dir.join("auth");
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .map_err(|source| failed("create", &folder, source))?;
    keep_private(&folder, 0o700)?;
    Ok(folder)
}

/// The signing key in `folder`, made if absent. Two processes that start at once agree on one.
pub(super) fn signing_key(folder: &Path) -> Result<Vec<u8>, AuthError> {
    let path = folder.join("signing.key");
    if !path
        .try_exists()
        .map_err(|source| failed("read", &path, source))?
    {
        make_key(folder, &path)?;
    }
    let key = fs::read(&path).map_err(|source| failed("read", &path, source))?;
    if key.len() != KEY_BYTES {
        let problem = format!("it holds {} bytes, not {KEY_BYTES}", key.len());
        return Err(AuthError::Damaged {
            path: path.display().to_string(),
            problem,
        });
    }
    keep_private(&path, 0o600)?;
    Ok(key)
}

/// Opens `path` for appending, made if absent.
pub(super) fn open_private(path: &Path) -> Result<fs::File, AuthError> {
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path);
    let file = file.map_err(|source| failed("open", path, source))?;
    keep_private(path, 0o600)?;
    Ok(file)
}

/// The error for a file operation.
pub(super) fn failed(action: &'static str, path: &Path, source: io::Error) -> AuthError {
    AuthError::File {
        action,
        path: path.display().to_string(),
        source,
    }
}

/// Writes the key under a name of its own and then links it, so that it is never seen half
/// written and the first of two makers wins.
fn make_key(folder: &Path, path: &Path) -> Result<(), AuthError> {
    let mut key = [0; KEY_BYTES];
    rand::rng().fill_bytes(&mut key);
    let draft = folder.join(format!("signing.key.{}", super::secret::token_id()));
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(&key)?;
        file.sync_all()
    };
    let linked = write().and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    let removed = fs::remove_file(&draft);
    linked
        .and(removed)
        .map_err(|source| failed("create", path, source))?;
    fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| failed("create", path, source))
}

/// Takes group and others out of a path's permissions, for example after a copied backup.
fn keep_private(path: &Path, mode: u32) -> Result<(), AuthError> {
    let now = fs::metadata(path).map_err(|source| failed("read", path, source))?;
    if now.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    tracing::warn!(path = %path.display(), "was open to other users of this machine; closing it");
    fs::set_permissions(path, Permissions::from_mode(mode))
        .map_err(|source| failed("protect", path, source))
}
