//! The real `penhold` binary, as a user runs it: a server on its own data directory, and the
//! other commands beside it.

use std::{env, path::PathBuf, process::Stdio, thread, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// Nothing that is waited for takes this long on a machine that works.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server in a process of its own. Its process and its data go when this is dropped.
#[derive(Debug)]
pub struct Server {
    /// `None` while it is dead.
    child: Option<Child>,
    data: TempDir,
    address: String,
    link: String,
    admin: String,
    http: reqwest::Client,
}

/// What can be done to a process from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// It stands still until it is told to go on.
    Stop,
    /// It goes on.
    Continue,
    /// It is asked to end.
    Terminate,
}

/// Whom a token is for.
#[derive(Debug, Clone, Copy)]
pub struct Grant<'a> {
    /// The member's name.
    pub name: &'a str,
    /// `human` or `agent`.
    pub kind: &'a str,
    /// `admin`, `editor`, `reviewer` or `viewer`.
    pub role: &'a str,
    /// The only workspace that it opens; all if absent.
    pub workspace: Option<&'a str>,
}

impl Server {
    /// Starts a server on a fresh data directory and a free port.
    ///
    /// # Errors
    /// When there is no binary, or it does not say that it is listening.
    pub async fn start() -> Result<Self> {
        let mut server = Self {
            child: None,
            data: TempDir::with_prefix("penhold-test-")?,
            address: "127.0.0.1:0".to_owned(),
            link: String::new(),
            admin: String::new(),
            http: reqwest::Client::new(),
        };
        server.restart().await?;
        server.admin = server.token(Grant::person("Tester", "admin")).await?;
        Ok(server)
    }

    /// Host and port; they stay the same for good.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The sign-in link that it printed when it last started.
    #[must_use]
    pub fn link(&self) -> &str {
        &self.link
    }

    /// Kills it, as `kill -9` does.
    ///
    /// # Errors
    /// When it is dead already.
    pub async fn kill(&mut self) -> Result<()> {
        let mut child = self.child.take().context("the server is dead already")?;
        Ok(child.kill().await?)
    }

    /// Waits until it has ended by itself; its exit code, if it was not killed.
    ///
    /// # Errors
    /// When it is dead already, or does not end.
    pub async fn ended(&mut self) -> Result<Option<i32>> {
        let mut child = self.child.take().context("the server is dead already")?;
        let ended = timeout(PATIENCE, child.wait()).await;
        Ok(ended.context("the server does not end")??.code())
    }

    /// Starts it again on the same data and address.
    ///
    /// # Errors
    /// When it is alive, or does not say that it is listening.
    pub async fn restart(&mut self) -> Result<()> {
        ensure!(self.child.is_none(), "the server is alive");
        let mut child = self
            .command(&["serve", "--listen", &self.address, "--log", "warn"])?
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()?;
        let stdout = child
            .stdout
            .take()
            .context("its standard output is piped")?;
        let mut lines = BufReader::new(stdout).lines();
        self.child = Some(child);
        let listening = async {
            while let Some(line) = lines.next_line().await? {
                if let Some(address) = line.strip_prefix("penhold listening on http://") {
                    self.address = address.to_owned();
                }
                if let Some(at) = line.find("http://").filter(|_| line.contains("/sign-in?")) {
                    self.link = line[at..].to_owned();
                    return Ok(());
                }
            }
            bail!("the server ended before it was listening")
        };
        timeout(PATIENCE, listening)
            .await
            .context("the server does not get ready")?
    }

    /// Sends it a signal.
    ///
    /// # Errors
    /// When it is dead.
    pub async fn signal(&self, signal: Signal) -> Result<()> {
        let id = self.child.as_ref().and_then(Child::id);
        let id = id.context("the server is dead")?.to_string();
        let name = match signal {
            Signal::Stop => "-STOP",
            Signal::Continue => "-CONT",
            Signal::Terminate => "-TERM",
        };
        let done = Command::new("kill").args([name, &id]).status().await?;
        ensure!(done.success(), "kill {name} {id} failed");
        Ok(())
    }

    /// The binary with `arguments`, set to this server's data directory.
    ///
    /// # Errors
    /// When there is no binary.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(binary()?);
        command
            .args(arguments)
            .env("PENHOLD_DATA", self.data.path())
            .current_dir(self.data.path())
            .kill_on_drop(true);
        Ok(command)
    }

    /// Runs the binary with `arguments` to its end; returns what it printed.
    ///
    /// # Errors
    /// When it calls itself unsuccessful, with what it said.
    pub async fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments)?.output().await?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "penhold {arguments:?}: {said}");
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Makes a token, as its operator would.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn token(&self, grant: Grant<'_>) -> Result<String> {
        let Grant {
            name,
            kind,
            role,
            workspace,
        } = grant;
        let mut arguments = vec!["token", "create", "--name", name, "--kind", kind];
        arguments.extend(["--role", role]);
        arguments.extend(workspace.iter().flat_map(|id| ["--workspace", id]));
        self.run(&arguments).await
    }

    /// Ends everything that was given to the member called `name`.
    ///
    /// # Errors
    /// When nothing was, or it cannot be ended.
    pub async fn revoke(&self, name: &str) -> Result<()> {
        let list = self.get("/api/v1/tokens").await?;
        let all = list["items"].as_array().context("a list of tokens")?;
        let theirs = all.iter().filter(|token| token["member"]["name"] == name);
        let ids: Vec<_> = theirs.filter_map(|token| token["id"].as_str()).collect();
        ensure!(!ids.is_empty(), "{name} has no token");
        for id in ids {
            self.run(&["token", "revoke", id]).await?;
        }
        Ok(())
    }

    /// Makes a workspace with this content.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn create(&self, id: &str, content: &Value) -> Result<()> {
        let body = json!({ "id": id, "title": id, "content": content });
        let request = self.http.post(self.url("/api/v1/workspaces")).json(&body);
        let answer = request.bearer_auth(&self.admin).send().await?;
        answer.error_for_status()?;
        Ok(())
    }

    /// A workspace's document, as the API tells it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn document(&self, workspace: &str) -> Result<Value> {
        self.get(&format!("/api/v1/workspaces/{workspace}")).await
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let request = self.http.get(self.url(path)).bearer_auth(&self.admin);
        let answer = request.timeout(PATIENCE).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    /// Its process is gone before its data goes, or it would write some more.
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        if child.start_kill().is_ok() {
            while matches!(child.try_wait(), Ok(None)) {
                thread::yield_now();
            }
        }
    }
}

impl<'a> Grant<'a> {
    /// A person who may open every workspace.
    #[must_use]
    pub fn person(name: &'a str, role: &'a str) -> Self {
        Self {
            name,
            kind: "human",
            role,
            workspace: None,
        }
    }

    /// An agent who may edit every workspace.
    #[must_use]
    pub fn agent(name: &'a str) -> Self {
        Self {
            kind: "agent",
            ..Self::person(name, "editor")
        }
    }
}

/// The binary that was built along with the tests.
///
/// # Errors
/// When it was not.
pub fn binary() -> Result<PathBuf> {
    let test = env::current_exe()?;
    let profile = test.parent().and_then(|deps| deps.parent());
    let binary = profile
        .context("tests live in a target directory")?
        .join("penhold");
    ensure!(
        binary.is_file(),
        "{} is missing; run `cargo build --bin penhold`",
        binary.display()
    );
    Ok(binary)
}
