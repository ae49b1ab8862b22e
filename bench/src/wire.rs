//! A WebSocket client that costs next to nothing, so that the server is what is measured.
//!
//! Frames go out under a mask of zeros, many to a write; what comes in is shown to the caller
//! where it lies in the buffer. Knows WebSocket frames; knows nothing of what they say.

use std::net::SocketAddr;

use anyhow::{Context as _, bail, ensure};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};
use tokio_tungstenite::tungstenite::handshake::{client::generate_key, derive_accept_key};

/// Bytes that a connection reads at once, to begin with.
const BUFFER_BYTES: usize = 4 << 10;
/// Bytes of the largest message that a server may send.
const MESSAGE_BYTES_MAX: usize = 64 << 20;
/// Bytes of the longest answer to an upgrade.
const ANSWER_BYTES_MAX: usize = 8 << 10;

/// One WebSocket connection.
pub(crate) struct Socket {
    pub(crate) reader: Reader,
    pub(crate) writer: Writer,
}

/// What comes in.
pub(crate) struct Reader {
    stream: OwnedReadHalf,
    buffer: Vec<u8>,
    /// Bytes of `buffer` that were received and not yet shown.
    filled: usize,
    pings: usize,
}

/// What goes out.
pub(crate) struct Writer {
    stream: OwnedWriteHalf,
}

/// Frames that are ready to be sent in one write.
#[derive(Debug, Default, Clone)]
pub(crate) struct Outgoing(Vec<u8>);

impl Socket {
    /// Opens `path` of the server at `address`.
    pub(crate) async fn open(address: SocketAddr, path: &str) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let key = generate_key();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut buffer = Vec::with_capacity(BUFFER_BYTES);
        let end = read_head(&mut stream, &mut buffer).await?;
        check_answer(&buffer[..end], &key)?;
        buffer.drain(..end);
        let filled = buffer.len();
        buffer.resize(BUFFER_BYTES.max(filled), 0);
        let (stream, writer) = stream.into_split();
        let reader = Reader {
            stream,
            buffer,
            filled,
            pings: 0,
        };
        let writer = Writer { stream: writer };
        Ok(Self { reader, writer })
    }

    /// Like [`Reader::receive`], and answers pings.
    pub(crate) async fn receive(&mut self, each: impl FnMut(&[u8])) -> anyhow::Result<()> {
        self.reader.receive(each).await?;
        if self.reader.has_been_pinged() {
            self.writer.send(&Outgoing::pong()).await?;
        }
        Ok(())
    }
}

impl Reader {
    /// Waits for something to arrive and shows every binary message that is complete.
    /// Cancel-safe.
    ///
    /// Fails when the server closes.
    pub(crate) async fn receive(&mut self, each: impl FnMut(&[u8])) -> anyhow::Result<()> {
        if self.filled == 0 || !has_message(&self.buffer[..self.filled])? {
            let count = self.stream.read(&mut self.buffer[self.filled..]).await?;
            ensure!(count > 0, "the server cut the connection");
            self.filled += count;
        }
        self.show(each)
    }

    /// Whether the server pinged since this was last asked.
    pub(crate) fn has_been_pinged(&mut self) -> bool {
        std::mem::take(&mut self.pings) > 0
    }

    fn show(&mut self, mut each: impl FnMut(&[u8])) -> anyhow::Result<()> {
        let mut at = 0;
        while let Some(frame) = Head::read(&self.buffer[at..self.filled], Sender::Server)? {
            let end = at + frame.bytes();
            if end > self.filled {
                self.make_room(frame.bytes());
                break;
            }
            let payload = &self.buffer[at + frame.head_bytes..end];
            match frame.opcode {
                BINARY => each(payload),
                PING => self.pings += 1,
                PONG => {}
                CLOSE => bail!("the server closed: {}", goodbye(payload)),
                other => bail!("the server sent a frame of type {other}"),
            }
            at = end;
        }
        self.buffer.copy_within(at..self.filled, 0);
        self.filled -= at;
        if self.filled == self.buffer.len() {
            self.make_room(self.filled * 2);
        }
        Ok(())
    }

    fn make_room(&mut self, bytes: usize) {
        if self.buffer.len() < bytes {
            self.buffer.resize(bytes.next_power_of_two(), 0);
        }
    }
}

impl Writer {
    /// Sends all of `frames`.
    pub(crate) async fn send(&mut self, frames: &Outgoing) -> anyhow::Result<()> {
        self.send_bytes(&frames.0).await
    }

    /// Sends frames that were encoded before.
    pub(crate) async fn send_bytes(&mut self, frames: &[u8]) -> anyhow::Result<()> {
        self.stream
            .write_all(frames)
            .await
            .context("the server takes no more")
    }
}

impl Outgoing {
    /// One message.
    pub(crate) fn of(message: &[u8]) -> Self {
        let mut frames = Self::default();
        frames.push(message);
        frames
    }

    fn pong() -> Self {
        let mut frames = Self::default();
        frames.push_frame(PONG, &[], Sender::Client);
        frames
    }

    /// Adds a binary message from a client.
    pub(crate) fn push(&mut self, message: &[u8]) {
        self.push_frame(BINARY, message, Sender::Client);
    }

    /// Adds a binary message from a server.
    pub(crate) fn push_from_server(&mut self, message: &[u8]) {
        self.push_frame(BINARY, message, Sender::Server);
    }

    /// Forgets what was added.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The frames as they go over the wire.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn push_frame(&mut self, opcode: u8, payload: &[u8], sender: Sender) {
        let mask = match sender {
            Sender::Client => MASKED,
            Sender::Server => 0,
        };
        self.0.push(FINAL | opcode);
        match payload.len() {
            len @ 0..=125 => self.0.push(mask | len as u8),
            len @ 126..=0xFFFF => {
                self.0.push(mask | 126);
                self.0.extend((len as u16).to_be_bytes());
            }
            len => {
                self.0.push(mask | 127);
                self.0.extend((len as u64).to_be_bytes());
            }
        }
        if mask == MASKED {
            self.0.extend([0; MASK_BYTES]);
        }
        self.0.extend_from_slice(payload);
    }
}

/// Whose frames are read: clients mask theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    Client,
    Server,
}

/// The head of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) opcode: u8,
    pub(crate) head_bytes: usize,
    pub(crate) payload_bytes: usize,
}

impl Head {
    /// Reads the head at the start of `bytes`, or `None` if it is not all there yet.
    pub(crate) fn read(bytes: &[u8], sender: Sender) -> anyhow::Result<Option<Self>> {
        let &[first, second, ..] = bytes else {
            return Ok(None);
        };
        ensure!(first & FINAL != 0, "fragments are not understood here");
        let is_masked = second & MASKED != 0;
        ensure!(is_masked == (sender == Sender::Client), "wrongly masked");
        let mask_bytes = if is_masked { MASK_BYTES } else { 0 };
        let (length_bytes, payload_bytes) = match (second & !MASKED, &bytes[2..]) {
            (126, &[a, b, ..]) => (2, usize::from(u16::from_be_bytes([a, b]))),
            (127, &[a, b, c, d, e, f, g, h, ..]) => {
                let length = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
                (8, usize::try_from(length)?)
            }
            (126 | 127, _) => return Ok(None),
            (length, _) => (0, usize::from(length)),
        };
        ensure!(
            payload_bytes <= MESSAGE_BYTES_MAX,
            "a message of {payload_bytes} bytes is too long"
        );
        let head_bytes = 2 + length_bytes + mask_bytes;
        Ok((bytes.len() >= head_bytes).then_some(Self {
            opcode: first & 0x0F,
            head_bytes,
            payload_bytes,
        }))
    }

    /// Bytes of the whole frame.
    pub(crate) fn bytes(&self) -> usize {
        self.head_bytes + self.payload_bytes
    }
}

/// Reads until the blank line that ends the head of a request or an answer; says where it ends.
pub(crate) async fn read_head(stream: &mut TcpStream, into: &mut Vec<u8>) -> anyhow::Result<usize> {
    loop {
        if let Some(at) = into.windows(4).position(|window| window == b"\r\n\r\n") {
            return Ok(at + 4);
        }
        ensure!(into.len() < ANSWER_BYTES_MAX, "the HTTP head does not end");
        let count = stream.read_buf(into).await?;
        ensure!(count > 0, "the other side hung up before the upgrade");
    }
}

/// The value of a header in the head of a request or an answer.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

fn check_answer(head: &[u8], key: &str) -> anyhow::Result<()> {
    let head = std::str::from_utf8(head)?;
    let status = head.lines().next().unwrap_or_default();
    ensure!(
        status.starts_with("HTTP/1.1 101"),
        "the server refused: {status}"
    );
    let accept = header(head, "sec-websocket-accept");
    ensure!(
        accept == Some(&derive_accept_key(key.as_bytes())),
        "the server accepted another key than was offered"
    );
    Ok(())
}

fn has_message(bytes: &[u8]) -> anyhow::Result<bool> {
    let head = Head::read(bytes, Sender::Server)?;
    Ok(head.is_some_and(|head| bytes.len() >= head.bytes()))
}

fn goodbye(payload: &[u8]) -> String {
    match payload {
        &[a, b, ref reason @ ..] => {
            let code = u16::from_be_bytes([a, b]);
            format!("{code} {}", String::from_utf8_lossy(reason))
        }
        _ => "without a code".to_owned(),
    }
}

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;
const MASK_BYTES: usize = 4;

pub(crate) const BINARY: u8 = 2;
pub(crate) const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;
