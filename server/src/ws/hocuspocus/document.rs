//! One document of a Hocuspocus socket.

use std::sync::Arc;

use bytes::Bytes;
use sync_protocol::{
    hocuspocus::{Address, Auth, Frame, Scope},
    sync::Sync,
};
use tokio::sync::Notify;

use super::Ended;
use crate::{
    auth::Access,
    room::{Goodbye, Incoming, Out, Outbox, RoomError, Seat, Visitor, outbox::Taken},
    ws::{
        Gateway, SocketLimits,
        conversation::{owned, step1},
        socket::{Gone, Socket},
        yws::{farewell, open_for},
    },
};
use crdt_schema::member::Role;

pub(super) struct Document {
    address: String,
    stage: Stage,
    /// Said by the client and not yet passed on.
    heard: Vec<Heard>,
    heard_bytes: usize,
}

enum Stage {
    /// No valid token yet.
    Waiting,
    Open(Box<Open>),
    Ended,
}

struct Open {
    access: Access,
    seat: Seat,
    /// Update frames whose status was sent.
    told: u64,
}

enum Heard {
    Frame(Incoming),
    Presence(Bytes),
    QueryPresence,
}

impl Document {
    pub(super) fn new(address: Address<'_>) -> Self {
        Self {
            address: address.as_str().to_owned(),
            stage: Stage::Waiting,
            heard: Vec::new(),
            heard_bytes: 0,
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.stage, Stage::Ended)
    }

    pub(super) fn access(&self) -> Option<&Access> {
        self.open().map(|open| &open.access)
    }

    pub(super) fn expires_ms(&self) -> Option<u64> {
        self.access()?.expires_ms
    }

    pub(super) fn is_congested(&self) -> bool {
        self.open()
            .is_some_and(|open| open.seat.outbox().is_congested())
    }

    /// Opens the document's room, or says why not. A fresh token for an open document renews its
    /// access.
    pub(super) async fn authenticate(
        &mut self,
        gateway: &Gateway,
        socket: &mut Socket,
        access: Result<Access, Goodbye>,
        wake: &Arc<Notify>,
    ) -> Result<(), Gone> {
        let opened = match access {
            Ok(access) => self.enter(gateway, access, wake).await,
            Err(goodbye) => Err(goodbye),
        };
        match opened {
            Ok(scope) => {
                self.send(socket, &Frame::Auth(Auth::Authenticated(scope)))
                    .await
            }
            Err(goodbye) => {
                self.stage = Stage::Ended;
                self.send(
                    socket,
                    &Frame::Auth(Auth::Denied {
                        reason: &goodbye.reason,
                    }),
                )
                .await
            }
        }
    }

    async fn enter(
        &mut self,
        gateway: &Gateway,
        access: Access,
        wake: &Arc<Notify>,
    ) -> Result<Scope, Goodbye> {
        let ws = open_for(&access, Address::new(&self.address).name())?;
        let scope = match access.member.role {
            Role::Viewer => Scope::ReadOnly,
            Role::Reviewer | Role::Editor | Role::Admin => Scope::ReadWrite,
        };
        if let Stage::Open(open) = &mut self.stage
            && open.access.member == access.member
        {
            open.access = access;
            return Ok(scope);
        }
        let rooms = &gateway.inner.rooms;
        let room = rooms
            .open(&ws)
            .await
            .map_err(|error| farewell(&error.into()))?;
        let outbox = Outbox::waking(rooms.outbox_bytes_max(), Arc::clone(wake));
        let visitor = Visitor {
            member: Arc::new(access.member.clone()),
            outbox,
            page: None,
        };
        let seat = room.join(visitor).await.map_err(|error| farewell(&error))?;
        self.stage = Stage::Open(Box::new(Open {
            access,
            seat,
            told: 0,
        }));
        Ok(scope)
    }

    /// Takes a frame in; it is passed on by [`Document::say`], once the document is open.
    pub(super) fn hear(
        &mut self,
        frame: Frame<'_>,
        message: &Bytes,
        limits: &SocketLimits,
    ) -> Result<(), Goodbye> {
        let malformed = |error: sync_protocol::FrameError| Goodbye::malformed(error.to_string());
        let heard = match frame {
            Frame::Sync(sync) | Frame::SyncReply(sync) => Heard::Frame(match sync {
                Sync::Step1(have) => step1(have).map_err(malformed)?,
                Sync::Step2(update) => Incoming::Step2(owned(message, update)),
                Sync::Update(update) => Incoming::Update(owned(message, update)),
            }),
            Frame::Awareness(payload) => Heard::Presence(owned(message, payload)),
            Frame::QueryAwareness => Heard::QueryPresence,
            // Applications' own messages have no meaning here.
            Frame::Stateless(_) => return Ok(()),
            Frame::Auth(_)
            | Frame::Broadcast(_)
            | Frame::Close { .. }
            | Frame::SyncStatus { .. } => {
                return Err(Goodbye::malformed("only the server sends this frame"));
            }
        };
        self.heard_bytes += message.len();
        let bytes_max = limits.unauthenticated_bytes_max;
        if self.open().is_none() && self.heard_bytes > bytes_max {
            return Err(Goodbye::over(
                "unauthenticated_bytes_max",
                bytes_max,
                self.heard_bytes,
            ));
        }
        self.heard.push(heard);
        Ok(())
    }

    /// Passes on what was heard, in order.
    pub(super) async fn say(
        &mut self,
        gateway: &Gateway,
        socket: &mut Socket,
    ) -> Result<(), Ended> {
        let Stage::Open(open) = &self.stage else {
            return Ok(());
        };
        self.heard_bytes = 0;
        let outcome = say(open, gateway, std::mem::take(&mut self.heard)).await;
        if let Err(goodbye) = outcome {
            self.end(socket, &goodbye.reason).await?;
        }
        Ok(())
    }

    /// Sends what the room says.
    pub(super) async fn tell(&mut self, socket: &mut Socket) -> Result<(), Ended> {
        let Stage::Open(open) = &self.stage else {
            return Ok(());
        };
        let mut outs = Vec::new();
        let taken = open.seat.outbox().take(&mut outs);
        for out in outs {
            self.tell_one(socket, out).await?;
        }
        if let (Taken::AllButMissed(missed), Stage::Open(open)) = (taken, &self.stage)
            && open.seat.resynchronise(missed).await.is_err()
        {
            self.end(socket, "the workspace was closed; come back in a moment")
                .await?;
        }
        Ok(())
    }

    async fn tell_one(&mut self, socket: &mut Socket, out: Out) -> Result<(), Gone> {
        match out {
            Out::Frame(frame) | Out::Presence(frame) => socket.feed(self.addressed(&frame)).await,
            Out::Batch(batch) => {
                for frame in batch.frames() {
                    socket.feed(self.addressed(frame)).await?;
                }
                Ok(())
            }
            Out::Ack(received) => self.acknowledge(socket, received).await,
            Out::Denied(denial) => {
                self.send(socket, &Frame::SyncStatus { saved: false })
                    .await?;
                let reason = format!("{}: {}", denial.path, denial.reason);
                self.end(socket, &reason).await
            }
            Out::Close(goodbye) => self.end(socket, &goodbye.reason).await,
            // The provider has no such state; it sees no status until the edits are durable.
            Out::ReadOnly(_) | Out::Writable => Ok(()),
        }
    }

    /// The provider counts: exactly one status for each of its updates.
    async fn acknowledge(&mut self, socket: &mut Socket, received: u64) -> Result<(), Gone> {
        let Stage::Open(open) = &mut self.stage else {
            return Ok(());
        };
        let news = received.saturating_sub(open.told);
        open.told = open.told.max(received);
        let status = Frame::SyncStatus { saved: true }.encode(Address::new(&self.address));
        for _ in 0..news {
            socket.feed(status.clone()).await?;
        }
        Ok(())
    }

    /// Says something, so that the provider knows that the connection is alive.
    pub(super) async fn keep_alive(&self, socket: &mut Socket) -> Result<(), Gone> {
        self.send(socket, &Frame::Awareness(&NOBODY)).await
    }

    /// Ends this document; the socket stays.
    pub(super) async fn end(&mut self, socket: &mut Socket, reason: &str) -> Result<(), Gone> {
        self.stage = Stage::Ended;
        self.send(
            socket,
            &Frame::Close {
                reason: Some(reason),
            },
        )
        .await
    }

    async fn send(&self, socket: &mut Socket, frame: &Frame<'_>) -> Result<(), Gone> {
        socket.feed(frame.encode(Address::new(&self.address))).await
    }

    /// A y-websocket frame with this document's address in front.
    fn addressed(&self, frame: &[u8]) -> Bytes {
        sync_protocol::hocuspocus::addressed(Address::new(&self.address), frame)
    }

    fn open(&self) -> Option<&Open> {
        match &self.stage {
            Stage::Open(open) => Some(open),
            Stage::Waiting | Stage::Ended => None,
        }
    }
}

async fn say(open: &Open, gateway: &Gateway, heard: Vec<Heard>) -> Result<(), Goodbye> {
    let ended = |error: RoomError| farewell(&error);
    let mut frames = Vec::with_capacity(heard.len());
    for heard in heard {
        match heard {
            Heard::Frame(frame) => frames.push(frame),
            Heard::Presence(payload) => open.seat.show(payload).await.map_err(ended)?,
            Heard::QueryPresence => open.seat.show_everybody().await.map_err(ended)?,
        }
    }
    if frames.is_empty() {
        return Ok(());
    }
    gateway
        .inner
        .writes
        .spend(&open.access.member.id, &frames)?;
    open.seat.say(frames).await.map_err(ended)
}

/// An awareness update about nobody.
const NOBODY: [u8; 1] = [0];
