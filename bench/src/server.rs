//! The server that is measured: started on a fresh data directory, asked over its own doors.

use std::{
    env,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::process;

/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(60);
/// Where servers listen: only on this machine.
const ANY_PORT: &str = "127.0.0.1:0";
/// What a server says when it is ready, before its address.
const READY: &str = "listening on http://";
/// Rates are no part of what is measured.
const ENVIRONMENT: [(&str, &str); 7] = [
    ("PENHOLD_LOG", "warn"),
    ("PENHOLD_WRITES__UPDATES_PER_MEMBER", "100000000"),
    ("PENHOLD_WRITES__UPDATE_KIB_PER_MEMBER", "100000000"),
    ("PENHOLD_RATES__REQUESTS_PER_MEMBER__PER_SECOND", "1000000"),
    ("PENHOLD_RATES__REQUESTS_PER_MEMBER__BURST", "1000000"),
    ("PENHOLD_RATES__REQUESTS_PER_ADDRESS__PER_SECOND", "1000000"),
    ("PENHOLD_RATES__REQUESTS_PER_ADDRESS__BURST", "1000000"),
];

/// Which server is measured.
#[derive(Debug, Clone)]
pub(crate) enum Program {
    /// The real one, at this path.
    Penhold(PathBuf),
    /// A bare broadcaster, see [`crate::bare`].
    Bare,
}

/// A data directory, and the program that serves it.
pub(crate) struct Site {
    program: Program,
    dir: TempDir,
}

/// A server at work; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pid: u32,
    /// Kept open: the server may have more to say.
    _says: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
}

/// Person or agent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Human,
    Agent,
}

impl Site {
    /// An empty data directory for `program`.
    pub(crate) fn new(program: &Program) -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("penhold-bench-")
            .tempdir()?;
        Ok(Self {
            program: program.clone(),
            dir,
        })
    }

    /// A token for an administrator called `name`.
    pub(crate) async fn token(&self, name: &str, kind: Kind) -> anyhow::Result<String> {
        let Program::Penhold(binary) = &self.program else {
            return Ok(String::new());
        };
        let kind = match kind {
            Kind::Human => "human",
            Kind::Agent => "agent",
        };
        let output = Command::new(binary)
            .args(["token", "create", "--role", "admin", "--name", name])
            .args(["--kind", kind, "--data"])
            .arg(self.data())
            .kill_on_drop(true)
            .output()
            .await
            .with_context(|| cannot_run(binary))?;
        ensure!(
            output.status.success(),
            "no token was made: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Starts the server and waits until it is ready.
    pub(crate) async fn start(&self) -> anyhow::Result<Server> {
        let binary = match &self.program {
            Program::Penhold(binary) => binary.clone(),
            Program::Bare => env::current_exe()?,
        };
        let mut command = Command::new(&binary);
        match self.program {
            Program::Penhold(_) => command
                .args(["serve", "--listen", ANY_PORT, "--data"])
                .arg(self.data()),
            Program::Bare => command.args(["--bare", ANY_PORT]),
        };
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.log())?;
        let mut child = command
            .current_dir(self.dir.path())
            .envs(ENVIRONMENT)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| cannot_run(&binary))?;
        let pid = child.id().context("the server has just been started")?;
        let mut says = BufReader::new(child.stdout.take().context("its output is piped")?);
        let address = timeout(PATIENCE, address(&mut says))
            .await
            .context("the server does not get ready")?
            .with_context(|| self.complaints())?;
        Ok(Server {
            child,
            pid,
            _says: says,
            address,
        })
    }

    /// What the server logged, for whoever wonders why something failed.
    pub(crate) fn complaints(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let last = &lines[lines.len().saturating_sub(10)..];
        format!("the server's log ends with: {}", last.join("\n"))
    }

    /// Bytes that the data directory holds.
    pub(crate) fn stored_bytes(&self) -> anyhow::Result<u64> {
        bytes_in(&self.data())
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("log")
    }
}

impl Server {
    /// Makes the empty workspaces `names`.
    pub(crate) async fn create(&self, token: &str, names: &[String]) -> anyhow::Result<()> {
        if token.is_empty() {
            return Ok(());
        }
        let client = reqwest::Client::new();
        let url = format!("http://{}/api/v1/workspaces", self.address);
        for name in names {
            let answer = client
                .post(&url)
                .bearer_auth(token)
                .json(&json!({ "id": name, "title": name }))
                .send()
                .await?;
            let status = answer.status();
            if !status.is_success() {
                bail!("{name} was not made: {status} {}", answer.text().await?);
            }
        }
        Ok(())
    }

    /// CPU time used so far.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        process::cpu(self.pid)
    }

    /// Memory resident now, in bytes.
    pub(crate) fn resident(&self) -> anyhow::Result<u64> {
        process::resident(self.pid)
    }

    /// Asks the server to end, and waits until it did.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        kill_process(pid.context("a process id")?, Signal::TERM)?;
        let status = timeout(PATIENCE, self.child.wait())
            .await
            .context("the server does not stop")??;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    /// Ends the server without a warning.
    pub(crate) async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// CPU time that the server and the generator use from now on.
pub(crate) struct Stopwatch<'a> {
    server: &'a Server,
    began: Instant,
    server_cpu: Duration,
    own_cpu: Duration,
}

/// What a stretch of time cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    pub(crate) wall: Duration,
    pub(crate) server_cpu: Duration,
    pub(crate) own_cpu: Duration,
}

impl<'a> Stopwatch<'a> {
    pub(crate) fn start(server: &'a Server) -> anyhow::Result<Self> {
        Ok(Self {
            server,
            began: Instant::now(),
            server_cpu: server.cpu()?,
            own_cpu: process::cpu(std::process::id())?,
        })
    }

    pub(crate) fn stop(&self) -> anyhow::Result<Spent> {
        Ok(Spent {
            wall: self.began.elapsed(),
            server_cpu: self.server.cpu()?.saturating_sub(self.server_cpu),
            own_cpu: process::cpu(std::process::id())?.saturating_sub(self.own_cpu),
        })
    }
}

impl Spent {
    /// Seconds of the server's CPU a second.
    pub(crate) fn server_load(&self) -> f64 {
        self.server_cpu.as_secs_f64() / self.wall.as_secs_f64()
    }

    /// Seconds of the generator's CPU a second.
    pub(crate) fn own_load(&self) -> f64 {
        self.own_cpu.as_secs_f64() / self.wall.as_secs_f64()
    }
}

async fn address(says: &mut BufReader<ChildStdout>) -> anyhow::Result<SocketAddr> {
    let mut line = String::new();
    loop {
        line.clear();
        let count = says.read_line(&mut line).await?;
        ensure!(count > 0, "the server ended before it was ready");
        if let Some((_, address)) = line.split_once(READY) {
            return Ok(address.trim().trim_end_matches('/').parse()?);
        }
    }
}

fn cannot_run(binary: &Path) -> String {
    format!(
        "cannot run {} (build it, or name another with --server)",
        binary.display()
    )
}

fn bytes_in(path: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let about = entry.metadata()?;
        bytes += if about.is_dir() {
            bytes_in(&entry.path())?
        } else {
            about.len()
        };
    }
    Ok(bytes)
}
