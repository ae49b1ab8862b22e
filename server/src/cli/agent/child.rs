//! A command that was started for an agent.

use std::{ffi::OsString, process::Stdio, time::Duration};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::AsyncWriteExt as _,
    process::{self, Command},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

/// How long a command that was asked to end may take.
const END_MAX: Duration = Duration::from_secs(10);

/// A running command.
pub(super) struct Child {
    name: String,
    process: process::Child,
    /// Writes its standard input.
    _input: AbortOnDropHandle<()>,
}

/// A command to be started, from its name and arguments.
pub(super) fn command(words: &[OsString]) -> anyhow::Result<Command> {
    let (name, arguments) = words.split_first().context("there is no command")?;
    let mut command = Command::new(name);
    command.args(arguments).kill_on_drop(true);
    Ok(command)
}

impl Child {
    /// Starts it with `input` on its standard input.
    pub(super) fn start(mut command: Command, input: String) -> anyhow::Result<Self> {
        let name = command
            .as_std()
            .get_program()
            .to_string_lossy()
            .into_owned();
        let mut process = command
            .stdin(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let mut stdin = process.stdin.take().context("its input is a pipe")?;
        let input = tokio::spawn(async move {
            // A command need not read what it is told.
            stdin.write_all(input.as_bytes()).await.ok();
        });
        Ok(Self {
            name,
            process,
            _input: AbortOnDropHandle::new(input),
        })
    }

    /// Waits until it has ended well; once `stop` is cancelled it is asked to end.
    pub(super) async fn ended(mut self, stop: &CancellationToken) -> anyhow::Result<()> {
        let status = match stop.run_until_cancelled(self.process.wait()).await {
            Some(status) => status?,
            None => self.stopped().await?,
        };
        if !status.success() {
            bail!("{} ended with {status}", self.name);
        }
        Ok(())
    }

    async fn stopped(&mut self) -> anyhow::Result<std::process::ExitStatus> {
        let pid = self
            .process
            .id()
            .and_then(|id| Pid::from_raw(id.try_into().ok()?));
        if let Some(pid) = pid {
            kill_process(pid, Signal::TERM).ok();
        }
        match timeout(END_MAX, self.process.wait()).await {
            Ok(status) => Ok(status?),
            Err(_) => {
                self.process.kill().await?;
                Ok(self.process.wait().await?)
            }
        }
    }
}
