//! What a process has used, as Linux tells it.

use std::{fs, time::Duration};

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Ticks of the kernel's clock a second: the same on every Linux that Rust runs on.
const TICKS_PER_SECOND: u64 = 100;

/// CPU time that process `pid` has used so far, in user and kernel mode.
pub(crate) fn cpu(pid: u32) -> anyhow::Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    // The name, in parentheses, may hold anything; what follows it does not.
    let (_, fields) = stat.rsplit_once(") ").context("a process has a name")?;
    let ticks: u64 = fields
        .split(' ')
        .skip(11)
        .take(2)
        .map(str::parse::<u64>)
        .sum::<Result<_, _>>()?;
    Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

/// Memory of process `pid` that is resident now, in bytes.
pub(crate) fn resident(pid: u32) -> anyhow::Result<u64> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"))
        .with_context(|| format!("{path} names no VmRSS"))?;
    Ok(kib.parse::<u64>()? * 1024)
}

/// Allows this process, and those that it starts, as many open files as the system lets it.
pub(crate) fn allow_open_files(wanted: u64) -> anyhow::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    anyhow::ensure!(
        limit.maximum.is_none_or(|maximum| maximum >= wanted),
        "{wanted} open files are needed; raise the limit (ulimit -Hn)"
    );
    let raised = Rlimit {
        current: Some(wanted),
        ..limit
    };
    Ok(setrlimit(Resource::Nofile, raised)?)
}
