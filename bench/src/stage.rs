//! What a scenario plays on: a server with empty workspaces, and who may enter.

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::{
    peer::{self, Door},
    server::{Kind, Program, Server, Site},
    wire::Socket,
};

/// Clients that join at the same time while a scenario is set up.
const JOINING_MAX: usize = 32;

/// Whether a run is thorough or only shows that everything works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    Full,
    Quick,
}

/// How to play a scenario.
#[derive(Debug, Clone)]
pub(crate) struct Bench {
    pub(crate) program: Program,
    pub(crate) pace: Pace,
}

/// How a server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It is asked to.
    Stopped,
    /// Without a warning.
    Killed,
}

/// A server on a fresh data directory.
pub(crate) struct Stage {
    pub(crate) site: Site,
    pub(crate) server: Server,
    pub(crate) token: String,
}

impl Pace {
    /// One value for a thorough run, another for a quick one.
    pub(crate) fn pick<T>(self, full: T, quick: T) -> T {
        match self {
            Self::Full => full,
            Self::Quick => quick,
        }
    }

    /// So many seconds.
    pub(crate) fn seconds(self, full: u64, quick: u64) -> Duration {
        Duration::from_secs(self.pick(full, quick))
    }
}

impl Stage {
    /// Starts a server that has the empty `workspaces`.
    pub(crate) async fn set(program: &Program, workspaces: &[String]) -> anyhow::Result<Self> {
        let site = Site::new(program)?;
        let token = site.token("Bench", Kind::Human).await?;
        let server = site.start().await?;
        server.create(&token, workspaces).await?;
        Ok(Self {
            site,
            server,
            token,
        })
    }

    /// Ends the server and starts it again on the same data.
    pub(crate) async fn restart(self, end: End) -> anyhow::Result<Self> {
        match end {
            End::Stopped => self.server.stop().await?,
            End::Killed => self.server.kill().await?,
        }
        let server = self.site.start().await?;
        Ok(Self { server, ..self })
    }

    /// How the workspaces are entered.
    pub(crate) fn door(&self) -> Door<'_> {
        Door {
            address: self.server.address,
            token: &self.token,
        }
    }

    /// One client for each of `workspaces`, in their order, all in sync.
    pub(crate) async fn join_all<'a>(
        &self,
        workspaces: impl Iterator<Item = &'a String>,
    ) -> anyhow::Result<Vec<Socket>> {
        let door = self.door();
        let joining = workspaces.map(|workspace| peer::join(door, workspace));
        stream::iter(joining)
            .buffered(JOINING_MAX)
            .try_collect()
            .await
    }
}

/// `count` names of workspaces.
pub(crate) fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{prefix}-{n}")).collect()
}
