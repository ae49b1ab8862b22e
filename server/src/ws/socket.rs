//! A WebSocket as the conversations use it: batches in, batches out, one goodbye.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bytes::Bytes;
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, error::CapacityError};

use crate::room::Goodbye;

/// Messages taken from a socket at once.
const MESSAGES_AT_ONCE_MAX: usize = 64;
/// How long a reader may take nothing at all before it is given up.
const STALLED: Duration = Duration::from_secs(60);
/// Longest reason that fits a close frame, in bytes.
const REASON_BYTES_MAX: usize = 123;

pub(super) struct Socket {
    socket: WebSocket,
}

/// The other side is gone, or broke the WebSocket protocol.
#[derive(Debug)]
pub(super) struct Gone;

/// Why nothing more can be heard.
#[derive(Debug)]
pub(super) enum Unheard {
    /// The other side is gone, or broke the WebSocket protocol.
    Gone,
    /// The other side sent more than is taken, and can still be told.
    Refused(Goodbye),
}

impl From<axum::Error> for Unheard {
    fn from(error: axum::Error) -> Self {
        match error.into_inner().downcast_ref() {
            Some(tungstenite::Error::Capacity(CapacityError::MessageTooLong {
                size,
                max_size,
            })) => Self::Refused(Goodbye::over("message_bytes_max", *max_size, *size)),
            _ => Self::Gone,
        }
    }
}

impl Socket {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self { socket }
    }

    /// The messages that are there. Cancel-safe.
    pub(super) async fn receive(&mut self, messages: &mut Vec<Bytes>) -> Result<(), Unheard> {
        let mut next = Some(self.socket.next().await);
        while let Some(message) = next {
            match message {
                Some(Ok(Message::Binary(bytes))) => messages.push(bytes),
                // A text message is no frame of any protocol here; decoding it says so.
                Some(Ok(Message::Text(text))) => messages.push(text.into()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_))) | None => return Err(Unheard::Gone),
                Some(Err(error)) => return Err(Unheard::from(error)),
            }
            if messages.len() >= MESSAGES_AT_ONCE_MAX {
                return Ok(());
            }
            next = self.socket.next().now_or_never();
        }
        Ok(())
    }

    /// Queues a message; [`Socket::flush`] sends it.
    pub(super) async fn feed(&mut self, frame: Bytes) -> Result<(), Gone> {
        self.within(Message::Binary(frame)).await
    }

    /// Asks the other side for a sign of life.
    pub(super) async fn ping(&mut self) -> Result<(), Gone> {
        self.within(Message::Ping(Bytes::new())).await
    }

    /// Sends what is queued.
    pub(super) async fn flush(&mut self) -> Result<(), Gone> {
        match timeout(STALLED, self.socket.flush()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }

    /// Closes with a code and a reason.
    pub(super) async fn close(&mut self, goodbye: &Goodbye) {
        let reason = shortened(&goodbye.reason).into();
        let frame = CloseFrame {
            code: goodbye.code,
            reason,
        };
        if self.within(Message::Close(Some(frame))).await.is_ok() && self.flush().await.is_ok() {
            // Wait for the other side's close frame, so that ours is not lost to a reset.
            timeout(Duration::from_secs(1), async {
                while let Some(Ok(_)) = self.socket.next().await {}
            })
            .await
            .ok();
        }
    }

    async fn within(&mut self, message: Message) -> Result<(), Gone> {
        match timeout(STALLED, self.socket.feed(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }
}

fn shortened(reason: &str) -> &str {
    let mut end = reason.len().min(REASON_BYTES_MAX);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    &reason[..end]
}
