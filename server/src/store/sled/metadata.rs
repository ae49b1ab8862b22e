//! A look at sled's metadata log before sled recovers from it.
//!
//! Sled stops reading a metadata log at the first frame that it cannot read. At the end of the log
//! that is right: a crash tore the last frame, which was never acknowledged. Anywhere else it would
//! silently go back to leaves whose slots were overwritten since, and read those for ever. So a log
//! with a readable frame after an unreadable one is not opened.
//!
//! A frame is: the content's length (6 bytes, little-endian), the low 2 bytes of that field's
//! CRC-32, the content, and the CRC-32 of everything before it, xor 0xAF.

use std::{collections::BTreeMap, fs, io, path::Path};

const HEADER_BYTES: usize = 8;
const SUM_BYTES: usize = 4;
const SUM_XOR: u32 = 0xAF;

/// Checks the metadata logs of the database in `db`.
///
/// # Errors
/// Names the log in which a frame is damaged, or what kept it from being read.
pub(super) fn check(db: &Path) -> io::Result<()> {
    let files = match fs::read_dir(db.join("metadata")) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut logs = BTreeMap::new();
    let mut snapshot = None;
    for file in files {
        let path = file?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if let Some(id) = id(name, "log_") {
            logs.insert(id, path);
        } else {
            snapshot = snapshot.max(id(name, "snapshot_"));
        }
    }
    // What a snapshot contains is not read again.
    logs.retain(|id, _| Some(*id) > snapshot);
    let last = logs.pop_last();
    for log in logs.values() {
        refuse_damage(log, completed)?;
    }
    match last {
        Some((_, log)) => refuse_damage(&log, in_use),
        None => Ok(()),
    }
}

fn refuse_damage(log: &Path, damage: fn(&[u8]) -> Option<usize>) -> io::Result<()> {
    match damage(&fs::read(log)?) {
        None => Ok(()),
        Some(at) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("the frame at byte {at} of {} is damaged", log.display()),
        )),
    }
}

/// The number in the name of one of sled's metadata files.
fn id(name: &str, kind: &str) -> Option<u64> {
    u64::from_str_radix(name.strip_prefix(kind)?, 16).ok()
}

/// Where a log that was completed has a frame that does not read.
fn completed(log: &[u8]) -> Option<usize> {
    let end = readable(log);
    (end < log.len()).then_some(end)
}

/// Where the log in use has a frame that does not read, although a later one does.
fn in_use(log: &[u8]) -> Option<usize> {
    let end = readable(log);
    let later = (end + 1..log.len()).any(|at| frame(&log[at..]).is_some());
    later.then_some(end)
}

/// How many bytes of whole frames the log starts with.
fn readable(log: &[u8]) -> usize {
    let mut at = 0;
    while let Some(bytes) = frame(&log[at..]) {
        at += bytes;
    }
    at
}

/// The size of the frame that `log` starts with, if it reads.
fn frame(log: &[u8]) -> Option<usize> {
    let header = log.first_chunk::<HEADER_BYTES>()?;
    let [length @ .., sum_low, sum_high] = header;
    let sum = crc32fast::hash(length).to_le_bytes();
    if sum[..2] != [*sum_low, *sum_high] {
        return None;
    }
    let [a, b, c, d, e, f] = *length;
    let content = usize::try_from(u64::from_le_bytes([a, b, c, d, e, f, 0, 0])).ok()?;
    let summed = HEADER_BYTES.checked_add(content)?;
    let sum = log.get(summed..)?.first_chunk::<SUM_BYTES>()?;
    let expected = crc32fast::hash(&log[..summed]) ^ SUM_XOR;
    (u32::from_le_bytes(*sum) == expected).then_some(summed + SUM_BYTES)
}
