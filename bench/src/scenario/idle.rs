//! What a connection costs that has synced and does nothing.

use std::time::Duration;

use futures_util::future::try_join_all;
use sync_protocol::{
    awareness::{self, Entry},
    yws,
};
use tokio::time::timeout;

use crate::{
    edit::client_id,
    process,
    report::{Measurement, Sheet, Target},
    server::Stopwatch,
    stage::{Bench, Stage, names},
    wire::{Outgoing, Socket},
};

const ROOMS: usize = 100;
const CONNECTIONS: usize = 5000;

pub(super) async fn run(bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
    process::allow_open_files(CONNECTIONS as u64 + 1000)?;
    let connections = bench.pace.pick(CONNECTIONS, CONNECTIONS / 5);
    let workspaces = names("idle", ROOMS);
    let stage = Stage::set(&bench.program, &workspaces).await?;
    let before = stage.server.resident()?;
    let everybody = workspaces.iter().cycle().take(connections);
    let mut sockets = stage.join_all(everybody).await?;
    for (number, socket) in sockets.iter_mut().enumerate() {
        // What a y-websocket client shows whose page shows nothing.
        let entry = Entry {
            client: client_id(number),
            clock: 0,
            state: "{}",
        };
        let frame = yws::awareness(&awareness::encode([entry].into_iter()));
        socket.writer.send(&Outgoing::of(&frame)).await?;
    }
    let settled = bench.pace.seconds(15, 3);
    listen(&mut sockets, settled).await?;
    let watch = Stopwatch::start(&stage.server)?;
    listen(&mut sockets, settled).await?;
    let spent = watch.stop()?;
    let after = stage.server.resident()?;
    let each = after.saturating_sub(before) as f64 / 1024.0 / connections as f64;
    let mut sheet = Sheet::of("idle");
    sheet.judge(
        "resident memory of one connection",
        (each, "KiB"),
        Target::AtMost(14.0),
    );
    sheet.note("connections", (connections as f64, ""));
    sheet.note("resident memory before", (mib(before), "MiB"));
    sheet.note("resident memory with them", (mib(after), "MiB"));
    sheet.note("server CPU while idle", (spent.server_load(), "s/s"));
    Ok(sheet.rows())
}

/// Takes in whatever comes for `time`.
async fn listen(sockets: &mut [Socket], time: Duration) -> anyhow::Result<()> {
    let listening = sockets.iter_mut().map(|socket| async {
        loop {
            socket.receive(|_| {}).await?;
        }
    });
    let ended: Result<anyhow::Result<Vec<()>>, _> = timeout(time, try_join_all(listening)).await;
    match ended {
        Ok(Err(error)) => Err(error),
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}

/// Bytes in mebibytes.
fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
