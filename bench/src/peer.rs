//! A y-websocket client that is in sync with a workspace, but keeps no document.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use sync_protocol::yws::{self, Frame};
use tokio::time::timeout;

use crate::wire::{Outgoing, Socket};

/// How long a client waits for the whole document.
const PATIENCE: Duration = Duration::from_secs(60);
/// An encoded state vector of somebody who has nothing.
const NOTHING_KNOWN: [u8; 1] = [0];
/// An update that says nothing.
const NOTHING: [u8; 2] = [0, 0];

/// How a workspace is reached, and as whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Door<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) token: &'a str,
}

/// What a client understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Plain y-websocket.
    Plain,
    /// With Penhold's extension, and so with acknowledgements.
    Extended,
}

/// Opens `workspace` and waits until the whole document has arrived; shows every frame on the way.
pub(crate) async fn join_showing(
    door: Door<'_>,
    (workspace, dialect): (&str, Dialect),
    mut each: impl FnMut(&Frame<'_>),
) -> anyhow::Result<Socket> {
    let opt_in = match dialect {
        Dialect::Plain => "",
        Dialect::Extended => "&penhold=1",
    };
    let path = format!("/sync/{workspace}?token={}{opt_in}", door.token);
    let syncing = async {
        let mut socket = Socket::open(door.address, &path).await?;
        let mut opening = Outgoing::of(&yws::step1(&NOTHING_KNOWN));
        opening.push(&yws::step2(&NOTHING));
        socket.writer.send(&opening).await?;
        let mut is_synced = false;
        while !is_synced {
            let mut problem = Ok(());
            socket
                .receive(|message| match yws::decode(message) {
                    Ok(frame) => {
                        is_synced |= matches!(frame, Frame::Step2(_));
                        each(&frame);
                    }
                    Err(error) => problem = Err(error),
                })
                .await?;
            problem?;
        }
        anyhow::Ok(socket)
    };
    timeout(PATIENCE, syncing)
        .await
        .context("no answer to step 1")?
        .with_context(|| format!("cannot join {workspace}"))
}

/// Opens `workspace` and waits until the whole document has arrived.
pub(crate) async fn join(door: Door<'_>, workspace: &str) -> anyhow::Result<Socket> {
    join_showing(door, (workspace, Dialect::Plain), |_| {}).await
}
