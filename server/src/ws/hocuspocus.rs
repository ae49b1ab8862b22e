//! A conversation in Hocuspocus frames: many documents on one socket.
//!
//! The provider pipelines: it sends its token, step1 and awareness without waiting. Until a
//! document is authorised, its frames wait, bounded.

mod document;

use std::{collections::HashMap, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use sync_protocol::hocuspocus::{self, Address, Auth, Frame, Message};
use tokio::sync::Notify;

use self::document::Document;
use super::{
    Gateway,
    pulse::{Beat, Pulse},
    socket::{Gone, Socket, Unheard},
};
use crate::{
    auth::{Access, Denied},
    clock::now_ms,
    room::Goodbye,
};

/// Serves one socket until either side ends it.
pub(super) async fn serve(
    gateway: &Gateway,
    mut socket: Socket,
    access: Result<Access, Denied>,
    address: SocketAddr,
) {
    let documents = HashMap::new();
    let wake = Arc::default();
    let mut session = Session {
        gateway,
        access,
        address,
        documents,
        wake,
    };
    if let Err(Ended::Said(goodbye)) = session.run(&mut socket).await {
        socket.close(&goodbye).await;
    }
}

struct Session<'a> {
    gateway: &'a Gateway,
    /// What the socket itself brought: a cookie, a header or a query parameter.
    access: Result<Access, Denied>,
    address: SocketAddr,
    documents: HashMap<String, Document>,
    /// Shared by the outboxes of all documents.
    wake: Arc<Notify>,
}

pub(super) enum Ended {
    Said(Goodbye),
    Gone,
}

impl From<Gone> for Ended {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl From<Unheard> for Ended {
    fn from(unheard: Unheard) -> Self {
        match unheard {
            Unheard::Gone => Self::Gone,
            Unheard::Refused(goodbye) => Self::Said(goodbye),
        }
    }
}

impl Session<'_> {
    async fn run(&mut self, socket: &mut Socket) -> Result<(), Ended> {
        let mut pulse = Pulse::new(&self.gateway.inner.authority);
        let mut messages = Vec::new();
        loop {
            let expires_ms = self
                .documents
                .values()
                .filter_map(Document::expires_ms)
                .min();
            let is_congested = self.documents.values().any(Document::is_congested);
            tokio::select! {
                () = self.wake.notified() => self.tell(socket).await?,
                beat = pulse.next(expires_ms) => self.beat(socket, &pulse, &beat).await?,
                received = socket.receive(&mut messages), if !is_congested => {
                    received?;
                    pulse.heard();
                    for message in messages.drain(..) {
                        self.listen(socket, &message).await?;
                    }
                    self.say(socket).await?;
                }
            }
        }
    }

    /// Sends what waits in every document.
    async fn tell(&mut self, socket: &mut Socket) -> Result<(), Ended> {
        for document in self.documents.values_mut() {
            document.tell(socket).await?;
        }
        self.documents.retain(|_, document| !document.has_ended());
        socket.flush().await?;
        Ok(())
    }

    /// Passes on to the rooms what the last messages said.
    async fn say(&mut self, socket: &mut Socket) -> Result<(), Ended> {
        for document in self.documents.values_mut() {
            document.say(self.gateway, socket).await?;
        }
        self.documents.retain(|_, document| !document.has_ended());
        socket.flush().await?;
        Ok(())
    }

    async fn beat(&mut self, socket: &mut Socket, pulse: &Pulse, beat: &Beat) -> Result<(), Ended> {
        if *beat == Beat::Silent {
            return Err(Ended::Gone);
        }
        for document in self.documents.values_mut() {
            if let Some(Err(goodbye)) = document.access().map(|access| pulse.check(access)) {
                document.end(socket, &goodbye.reason).await?;
            } else if *beat == Beat::Alive {
                document.keep_alive(socket).await?;
            }
        }
        self.documents.retain(|_, document| !document.has_ended());
        socket.ping().await?;
        socket.flush().await?;
        Ok(())
    }

    async fn listen(&mut self, socket: &mut Socket, message: &Bytes) -> Result<(), Ended> {
        let malformed =
            |error: sync_protocol::FrameError| Ended::Said(Goodbye::malformed(error.to_string()));
        match hocuspocus::decode(message).map_err(malformed)? {
            Message::Ping => socket.feed(hocuspocus::pong()).await?,
            Message::Pong => {}
            Message::Document { address, frame } => {
                self.listen_to(socket, address, frame, message).await?;
            }
        }
        Ok(())
    }

    async fn listen_to(
        &mut self,
        socket: &mut Socket,
        address: Address<'_>,
        frame: Frame<'_>,
        message: &Bytes,
    ) -> Result<(), Ended> {
        let documents_max = self.gateway.inner.limits.documents_max;
        if !self.documents.contains_key(address.as_str()) && self.documents.len() >= documents_max {
            let goodbye = Goodbye::over("documents_max", documents_max, documents_max + 1);
            return Err(Ended::Said(goodbye));
        }
        let document = self
            .documents
            .entry(address.as_str().to_owned())
            .or_insert_with(|| Document::new(address));
        match frame {
            Frame::Auth(Auth::Token { token, .. }) => {
                let access = authorise(self.gateway, &self.access, self.address, token);
                document
                    .authenticate(self.gateway, socket, access, &self.wake)
                    .await?;
            }
            Frame::Close { .. } => {
                self.documents.remove(address.as_str());
            }
            frame => document
                .hear(frame, message, &self.gateway.inner.limits)
                .map_err(Ended::Said)?,
        }
        Ok(())
    }
}

/// A token in the frame counts; without one, what the socket itself brought.
fn authorise(
    gateway: &Gateway,
    own: &Result<Access, Denied>,
    address: SocketAddr,
    token: &str,
) -> Result<Access, Goodbye> {
    let access = match token {
        "" => own.clone(),
        token => gateway.inner.authority.verify_socket(token, now_ms()),
    };
    gateway.greet(access, address)
}
