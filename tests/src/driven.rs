//! Programs in other processes that are driven by lines of JSON: clients in other languages, and
//! scripts that drive a browser.
//!
//! Whatever a program prints on its standard error goes to the test's own output.

use std::process::Stdio;

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

/// A program that is driven. It ends when this is dropped.
#[derive(Debug)]
pub struct Driven {
    child: Child,
    /// What the test says to it.
    pub voice: Voice,
    /// What it says to the test.
    pub ears: Ears,
}

/// The way to a program.
#[derive(Debug)]
pub struct Voice(ChildStdin);

/// The way from a program.
#[derive(Debug)]
pub struct Ears(Lines<BufReader<ChildStdout>>);

impl Driven {
    /// Starts `command`.
    ///
    /// # Errors
    /// When there is no such program.
    pub fn start(mut command: Command) -> Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let name = command.as_std().get_program().to_owned();
        let mut child = command.spawn().with_context(|| {
            format!(
                "{} cannot be started; run `make setup-tests`",
                name.display()
            )
        })?;
        let stdin = child.stdin.take().context("its standard input is piped")?;
        let stdout = child
            .stdout
            .take()
            .context("its standard output is piped")?;
        Ok(Self {
            child,
            voice: Voice(stdin),
            ears: Ears(BufReader::new(stdout).lines()),
        })
    }

    /// Takes it apart, so that one task can listen while another speaks. The program ends when
    /// the child is dropped.
    #[must_use]
    pub fn into_parts(self) -> (Child, Voice, Ears) {
        (self.child, self.voice, self.ears)
    }

    /// Waits for its end, and says whether it called itself successful.
    ///
    /// # Errors
    /// When the system does not tell.
    pub async fn end(mut self) -> Result<bool> {
        drop(self.voice);
        Ok(self.child.wait().await?.success())
    }
}

impl Voice {
    /// Says one thing.
    ///
    /// # Errors
    /// When the program has ended.
    pub async fn say(&mut self, message: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_string(message)?;
        line.push('\n');
        Ok(self.0.write_all(line.as_bytes()).await?)
    }
}

impl Ears {
    /// The next thing it says; `None` when it has ended.
    ///
    /// # Errors
    /// When it says something that is not JSON.
    pub async fn hear(&mut self) -> Result<Option<Value>> {
        let Some(line) = self.0.next_line().await? else {
            return Ok(None);
        };
        let message = serde_json::from_str(&line);
        Ok(Some(
            message.with_context(|| format!("not a line of JSON: {line}"))?,
        ))
    }
}
