//! The least that a server can do: whatever a client sends is sent to everybody in its room.
//!
//! No document, no storage, no checks, and only for this generator's own clients, whose frames it
//! reads as if they were not masked. What it costs is what any server costs on this machine.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context as _;
use sync_protocol::yws::{self, Frame};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::mpsc,
};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::wire::{BINARY, CLOSE, Head, Outgoing, Sender, header, read_head};

/// Bytes read at once.
const BUFFER_BYTES: usize = 16 << 10;
/// What waits for one reader; not bounded, because this generator's clients wait for their echoes.
type Queue = mpsc::UnboundedSender<Arc<Outgoing>>;

/// The rooms' members, each by its queue.
type Rooms = Arc<Mutex<HashMap<String, Vec<Queue>>>>;

/// Serves for ever.
pub(crate) async fn serve(listener: TcpListener) -> anyhow::Result<()> {
    let rooms = Rooms::default();
    loop {
        let (stream, _) = listener.accept().await?;
        let rooms = Arc::clone(&rooms);
        tokio::spawn(async move {
            // A client that goes is no event here.
            converse(stream, rooms).await.ok();
        });
    }
}

async fn converse(mut stream: TcpStream, rooms: Rooms) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let mut request = Vec::new();
    let end = read_head(&mut stream, &mut request).await?;
    let head = std::str::from_utf8(&request[..end])?;
    let room = head
        .split([' ', '?'])
        .nth(1)
        .context("a request has a path")?
        .to_owned();
    let key = header(head, "sec-websocket-key").context("a WebSocket client sends a key")?;
    let accept = derive_accept_key(key.as_bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).await?;
    let (mine, outbox) = mpsc::unbounded_channel();
    rooms
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(room.clone())
        .or_default()
        .push(mine.clone());
    let (reader, writer) = stream.into_split();
    tokio::spawn(tell(writer, outbox));
    listen(reader, (rooms, &room), mine).await
}

async fn tell(
    mut writer: OwnedWriteHalf,
    mut outbox: mpsc::UnboundedReceiver<Arc<Outgoing>>,
) -> anyhow::Result<()> {
    let mut waiting = Vec::new();
    while let Some(first) = outbox.recv().await {
        waiting.extend_from_slice(first.bytes());
        while let Ok(next) = outbox.try_recv() {
            waiting.extend_from_slice(next.bytes());
        }
        writer.write_all(&waiting).await?;
        waiting.clear();
    }
    Ok(())
}

async fn listen(
    mut reader: OwnedReadHalf,
    (rooms, room): (Rooms, &str),
    mine: Queue,
) -> anyhow::Result<()> {
    let mut buffer = Vec::with_capacity(BUFFER_BYTES);
    while reader.read_buf(&mut buffer).await? > 0 {
        let (mut at, mut batch) = (0, Outgoing::default());
        while let Some(head) = Head::read(&buffer[at..], Sender::Client)? {
            let Some(message) = buffer.get(at + head.head_bytes..at + head.bytes()) else {
                break;
            };
            at += head.bytes();
            match (head.opcode, yws::decode(message)) {
                (CLOSE, _) => return Ok(()),
                (BINARY, Ok(Frame::Step1(_))) => {
                    let mut answer = Outgoing::default();
                    answer.push_from_server(&yws::step2(&[0, 0]));
                    mine.send(Arc::new(answer))?;
                }
                (BINARY, Ok(Frame::Update(_) | Frame::Awareness(_))) => {
                    batch.push_from_server(message);
                }
                _ => {}
            }
        }
        buffer.drain(..at);
        if !batch.is_empty() {
            let batch = Arc::new(batch);
            let mut rooms = rooms.lock().unwrap_or_else(PoisonError::into_inner);
            let members = rooms.get_mut(room).context("a member's room exists")?;
            members.retain(|member| !member.is_closed());
            for member in members {
                // One that has just gone is swept out with the next batch.
                member.send(Arc::clone(&batch)).ok();
            }
        }
    }
    Ok(())
}
