//! One WebSocket, run by a task of its own, so that a slow write never delays a read.
//!
//! Both queues are bounded. When the outgoing one is full the connection counts as lost; when
//! the incoming one is full the socket is not read until there is room.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use sync_protocol::{close, limits};
use tokio::{
    net::TcpStream,
    sync::mpsc::{self, error::TrySendError},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
    tungstenite::{
        self, Message,
        handshake::client::Request,
        http::StatusCode,
        protocol::{CloseFrame, WebSocketConfig},
    },
};

use crate::tls;

/// What happened to a socket. After [`SocketEvent::Lost`] or [`SocketEvent::Closed`] there is
/// nothing more.
#[derive(Debug)]
pub(crate) enum SocketEvent {
    Opened,
    Frame(Bytes),
    Closed { code: u16, reason: String },
    Lost,
}

/// A socket that is open or being opened. Dropping it ends the connection at once.
#[derive(Debug)]
pub(crate) struct Socket {
    outgoing: mpsc::Sender<Bytes>,
    events: mpsc::Receiver<SocketEvent>,
    task: JoinHandle<()>,
}

/// The outgoing queue is full.
pub(crate) struct Full;

impl Socket {
    pub(crate) fn open(request: Request) -> Self {
        let (outgoing, frames) = mpsc::channel(OUTGOING_FRAMES_MAX);
        let (sender, events) = mpsc::channel(INCOMING_FRAMES_MAX);
        let task = tokio::spawn(async move {
            let end = run(request, frames, &sender).await;
            // Whoever dropped the receiver no longer wants to know.
            drop(sender.send(end).await);
        });
        Self {
            outgoing,
            events,
            task,
        }
    }

    /// Queues a frame. On a connection that has ended it does nothing: [`Socket::next`] tells.
    pub(crate) fn send(&self, frame: Bytes) -> Result<(), Full> {
        match self.outgoing.try_send(frame) {
            Ok(()) | Err(TrySendError::Closed(_)) => Ok(()),
            Err(TrySendError::Full(_)) => Err(Full),
        }
    }

    pub(crate) async fn next(&mut self) -> SocketEvent {
        self.events.recv().await.unwrap_or(SocketEvent::Lost)
    }

    /// Sends what is queued, says goodbye, and waits for the end, but not for long.
    pub(crate) async fn finish(mut self) {
        let (unused, _) = mpsc::channel(1);
        drop(std::mem::replace(&mut self.outgoing, unused));
        let ended = async { while self.events.recv().await.is_some() {} };
        if timeout(GOODBYE_MAX, ended).await.is_err() {
            tracing::debug!("the server did not answer the goodbye");
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn run(
    request: Request,
    frames: mpsc::Receiver<Bytes>,
    events: &mpsc::Sender<SocketEvent>,
) -> SocketEvent {
    let stream = match connect(request).await {
        Ok(stream) => stream,
        Err(end) => return end,
    };
    if events.send(SocketEvent::Opened).await.is_err() {
        return SocketEvent::Lost;
    }
    let (sink, stream) = stream.split();
    let mut reading = Box::pin(read(stream, events));
    tokio::select! {
        end = &mut reading => end,
        () = write(sink, frames) => reading.await,
    }
}

async fn connect(request: Request) -> Result<Stream, SocketEvent> {
    let config = WebSocketConfig::default()
        .max_message_size(Some(limits::SERVER_FRAME_BYTES_MAX))
        .max_frame_size(Some(limits::SERVER_FRAME_BYTES_MAX));
    let no_delay = true;
    let connected =
        connect_async_tls_with_config(request, Some(config), no_delay, Some(tls::connector()))
            .await;
    match connected {
        Ok((stream, _)) => Ok(stream),
        Err(tungstenite::Error::Http(answer)) => Err(refused(answer.status())),
        Err(error) => {
            tracing::debug!(%error, "could not connect");
            Err(SocketEvent::Lost)
        }
    }
}

/// A server that refuses the upgrade means what a close code would: 4404 for 404.
fn refused(status: StatusCode) -> SocketEvent {
    match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS => {
            SocketEvent::Lost
        }
        status => SocketEvent::Closed {
            code: HTTP_CLOSE_BASE + status.as_u16(),
            reason: format!("the server answered {status}"),
        },
    }
}

async fn read(mut stream: SplitStream<Stream>, events: &mpsc::Sender<SocketEvent>) -> SocketEvent {
    while let Some(message) = stream.next().await {
        match message {
            Ok(Message::Binary(frame)) => {
                if events.send(SocketEvent::Frame(frame)).await.is_err() {
                    return SocketEvent::Lost;
                }
            }
            Ok(Message::Close(goodbye)) => return closed(goodbye),
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Text(_) | Message::Frame(_)) => {}
            Err(error) => {
                tracing::debug!(%error, "the connection broke");
                return SocketEvent::Lost;
            }
        }
    }
    SocketEvent::Lost
}

fn closed(goodbye: Option<CloseFrame>) -> SocketEvent {
    match goodbye {
        Some(goodbye) => SocketEvent::Closed {
            code: goodbye.code.into(),
            reason: goodbye.reason.as_str().to_owned(),
        },
        None => SocketEvent::Closed {
            code: close::NORMAL,
            reason: String::new(),
        },
    }
}

/// Sends frames, as many at once as there are, until no more can come.
async fn write(mut sink: SplitSink<Stream, Message>, mut frames: mpsc::Receiver<Bytes>) {
    let mut batch = Vec::new();
    while frames.recv_many(&mut batch, OUTGOING_FRAMES_MAX).await > 0 {
        for frame in batch.drain(..) {
            if sink.feed(Message::Binary(frame)).await.is_err() {
                return;
            }
        }
        if sink.flush().await.is_err() {
            return;
        }
    }
    if let Err(error) = sink.close().await {
        tracing::debug!(%error, "could not say goodbye");
    }
}

/// More than a peer ever has unacknowledged, with room for presence.
const OUTGOING_FRAMES_MAX: usize = 2 * limits::UNACKNOWLEDGED_FRAMES_MAX;

const INCOMING_FRAMES_MAX: usize = 256;

const GOODBYE_MAX: Duration = Duration::from_secs(2);

const HTTP_CLOSE_BASE: u16 = 4000;
