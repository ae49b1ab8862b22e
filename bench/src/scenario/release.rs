//! What remains in memory of documents that everybody has left.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use sync_protocol::yws::{self, Frame};
use tokio::time::sleep;

use crate::{
    edit::{Gap, Typist, client_id, for_each_end},
    peer,
    report::{Measurement, Sheet, Target},
    server::{Kind, Site},
    stage::{Bench, names},
    wire::{Outgoing, Socket},
};

const DOCUMENTS: usize = 1000;
const TEXT_BYTES: usize = 10 << 10;
/// Key strokes after the text.
const EDITS: u32 = 20;
/// Documents that are opened at the same time.
const AT_ONCE: usize = 32;
const MIB: f64 = (1 << 20) as f64;

pub(super) async fn run(bench: &Bench) -> anyhow::Result<Vec<Measurement>> {
    let site = Site::new(&bench.program)?;
    let token = site.token("Bench", Kind::Human).await?;
    let workspaces = names("release", DOCUMENTS);
    let server = site.start().await?;
    server.create(&token, &workspaces).await?;
    server.stop().await?;
    let server = site.start().await?;
    let start = server.resident()?;
    let door = peer::Door {
        address: server.address,
        token: &token,
    };
    let writing = workspaces.iter().map(|workspace| async move {
        let mut socket = peer::join(door, workspace).await?;
        write(&mut socket).await?;
        anyhow::Ok(socket)
    });
    let sockets: Vec<Socket> = stream::iter(writing)
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let peak = server.resident()?;
    drop(sockets);
    sleep(bench.pace.seconds(60, 60)).await;
    let kept = server.resident()?.saturating_sub(start) as f64 / MIB;
    let mut sheet = Sheet::of("release");
    sheet.judge(
        "kept a minute after the last left",
        (kept, "MiB"),
        Target::AtMost(20.0),
    );
    sheet.note("resident memory at the start", (start as f64 / MIB, "MiB"));
    sheet.note("resident memory with all open", (peak as f64 / MIB, "MiB"));
    server.stop().await?;
    Ok(sheet.rows())
}

/// Writes the text and some key strokes, until all of it is confirmed.
async fn write(socket: &mut Socket) -> anyhow::Result<()> {
    let mut typist = Typist::new(client_id(0));
    let text: Vec<u8> = b"A line of notes, as long as most are.\n"
        .iter()
        .copied()
        .cycle()
        .take(TEXT_BYTES)
        .collect();
    let mut outgoing = Outgoing::of(&typist.insert(Gap::default(), &text));
    for _ in 0..EDITS {
        outgoing.push(&typist.type_on());
    }
    socket.writer.send(&outgoing).await?;
    let mut confirmed = 0;
    while confirmed < typist.clock() {
        let mut problem = Ok(());
        socket
            .receive(|message| {
                if let Ok(Frame::Update(update)) = yws::decode(message) {
                    problem = for_each_end(update, |client, end| {
                        if client == client_id(0) {
                            confirmed = confirmed.max(end);
                        }
                    });
                }
            })
            .await?;
        problem?;
    }
    Ok(())
}
