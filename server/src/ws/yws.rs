//! A conversation in y-websocket frames about one workspace.

use std::sync::Arc;

use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use sync_protocol::{
    close, ext,
    yws::{self, Frame},
};

use super::{
    Gateway,
    conversation::{owned, step1},
    now_ms,
    pulse::{Beat, Pulse},
    socket::{Gone, Socket, Unheard},
};
use crate::{
    auth::Access,
    room::{
        Goodbye, Incoming, OpenError, Out, Outbox, Page, RoomError, RoomHandle, Seat, Visitor,
        outbox::Taken,
    },
};

/// Who comes, and for what.
pub(super) struct Visit {
    pub(super) access: Result<Access, Goodbye>,
    pub(super) workspace: String,
    /// Understands Penhold's extension.
    pub(super) is_extended: bool,
    /// Which history the client holds, if it said so in the address.
    pub(super) lineage: Option<String>,
    /// From which page of a browser the client comes, if it said so in the address.
    pub(super) page: Option<Page>,
}

/// Serves one socket until either side ends it.
pub(super) async fn serve(gateway: &Gateway, socket: &mut Socket, visit: Visit) {
    // Opening a room takes a lot of room itself, which the socket would keep for as long as it is.
    let conversation = Box::pin(Conversation::begin(gateway, socket, visit)).await;
    match conversation {
        Ok(conversation) => match conversation.run(socket).await {
            Ended::Said(goodbye) => socket.close(&goodbye).await,
            Ended::Gone => {}
        },
        Err(goodbye) => socket.close(&goodbye).await,
    }
}

struct Conversation<'a> {
    gateway: &'a Gateway,
    access: Access,
    room: RoomHandle,
    seat: Seat,
    is_extended: bool,
}

enum Ended {
    /// With a code, by us.
    Said(Goodbye),
    /// By the other side.
    Gone,
}

impl From<Gone> for Ended {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl From<Goodbye> for Ended {
    fn from(goodbye: Goodbye) -> Self {
        Self::Said(goodbye)
    }
}

impl From<RoomError> for Ended {
    fn from(error: RoomError) -> Self {
        Self::Said(farewell(&error))
    }
}

impl<'a> Conversation<'a> {
    async fn begin(
        gateway: &'a Gateway,
        socket: &mut Socket,
        visit: Visit,
    ) -> Result<Self, Goodbye> {
        let access = visit.access?;
        let ws = open_for(&access, &visit.workspace)?;
        let room = gateway
            .inner
            .rooms
            .open(&ws)
            .await
            .map_err(|error| farewell(&error.into()))?;
        if let Some(lineage) = &visit.lineage {
            check_lineage(&room, lineage)?;
        }
        if visit.is_extended {
            let hello = ext::Frame::Hello {
                lineage: room.lineage(),
                member: access.member.id.as_str(),
                role: access.member.role.as_str(),
            };
            // If the socket is gone already, the conversation notices.
            socket.feed(hello.encode()).await.ok();
        }
        let outbox = Outbox::new(gateway.inner.rooms.outbox_bytes_max());
        let visitor = Visitor {
            member: Arc::new(access.member.clone()),
            outbox,
            page: visit.page,
        };
        let seat = room.join(visitor).await.map_err(|error| farewell(&error))?;
        Ok(Self {
            gateway,
            access,
            room,
            seat,
            is_extended: visit.is_extended,
        })
    }

    async fn run(&self, socket: &mut Socket) -> Ended {
        let mut pulse = Pulse::new(&self.gateway.inner.authority);
        let (mut messages, mut outs) = (Vec::new(), Vec::new());
        loop {
            let step = tokio::select! {
                () = self.seat.outbox().ready() => self.tell(socket, &mut outs).await,
                beat = pulse.next(self.access.expires_ms) => self.beat(socket, &pulse, &beat).await,
                received = socket.receive(&mut messages), if !self.seat.outbox().is_congested() => {
                    pulse.heard();
                    match received {
                        Ok(()) => self.listen(&mut messages).await,
                        Err(Unheard::Gone) => Err(Ended::Gone),
                        Err(Unheard::Refused(goodbye)) => Err(Ended::Said(goodbye)),
                    }
                }
            };
            if let Err(ended) = step {
                return ended;
            }
        }
    }

    /// Sends everything that waits.
    async fn tell(&self, socket: &mut Socket, outs: &mut Vec<Out>) -> Result<(), Ended> {
        let taken = self.seat.outbox().take(outs);
        for out in outs.drain(..) {
            self.tell_one(socket, out).await?;
        }
        outs.shrink_to(16);
        socket.flush().await?;
        if let Taken::AllButMissed(missed) = taken {
            self.seat.resynchronise(missed).await?;
        }
        Ok(())
    }

    async fn tell_one(&self, socket: &mut Socket, out: Out) -> Result<(), Ended> {
        match out {
            Out::Frame(frame) | Out::Presence(frame) => socket.feed(frame).await?,
            Out::Batch(batch) => {
                for frame in batch.frames() {
                    socket.feed(frame.clone()).await?;
                }
            }
            Out::Close(goodbye) => return Err(goodbye.into()),
            Out::Denied(denial) if !self.is_extended => {
                let reason = format!("{}: {}", denial.path, denial.reason);
                return Err(Goodbye::new(close::FORBIDDEN, reason).into());
            }
            Out::Denied(denial) => {
                let frame = ext::Frame::Denied {
                    client: denial.client,
                    path: &denial.path,
                    reason: &denial.reason,
                };
                socket.feed(frame.encode()).await?;
            }
            Out::Ack(updates) => {
                self.tell_extended(socket, &ext::Frame::Ack { updates })
                    .await?;
            }
            Out::ReadOnly(reason) => {
                self.tell_extended(socket, &ext::Frame::ReadOnly { reason: &reason })
                    .await?;
            }
            Out::Writable => self.tell_extended(socket, &ext::Frame::Writable).await?,
        }
        Ok(())
    }

    async fn tell_extended(&self, socket: &mut Socket, frame: &ext::Frame<'_>) -> Result<(), Gone> {
        if self.is_extended {
            socket.feed(frame.encode()).await
        } else {
            Ok(())
        }
    }

    async fn beat(&self, socket: &mut Socket, pulse: &Pulse, beat: &Beat) -> Result<(), Ended> {
        match beat {
            Beat::Changed => pulse.check(&self.access)?,
            Beat::Silent => return Err(Ended::Gone),
            Beat::Alive => {
                pulse.check(&self.access)?;
                socket.feed(yws::keepalive()).await?;
                socket.ping().await?;
                socket.flush().await?;
            }
        }
        Ok(())
    }

    /// Says in the room what the messages say, in their order.
    async fn listen(&self, messages: &mut Vec<Bytes>) -> Result<(), Ended> {
        let mut frames = Vec::with_capacity(messages.len());
        for message in messages.drain(..) {
            match self.understand(&message)? {
                Heard::Frame(frame) => frames.push(frame),
                Heard::Presence(payload) => self.seat.show(payload).await?,
                Heard::QueryPresence => self.seat.show_everybody().await?,
                Heard::Nothing => {}
            }
        }
        if !frames.is_empty() {
            self.gateway
                .inner
                .writes
                .spend(&self.access.member.id, &frames)?;
            self.seat.say(frames).await?;
        }
        Ok(())
    }

    fn understand(&self, message: &Bytes) -> Result<Heard, Goodbye> {
        let malformed = |error: sync_protocol::FrameError| Goodbye::malformed(error.to_string());
        Ok(match yws::decode(message).map_err(malformed)? {
            Frame::Step1(have) => Heard::Frame(step1(have).map_err(malformed)?),
            Frame::Step2(update) => Heard::Frame(Incoming::Step2(owned(message, update))),
            Frame::Update(update) => Heard::Frame(Incoming::Update(owned(message, update))),
            Frame::Awareness(payload) => Heard::Presence(owned(message, payload)),
            Frame::QueryAwareness => Heard::QueryPresence,
            Frame::Ext(ext::Frame::Lineage(lineage)) => {
                check_lineage(&self.room, lineage)?;
                Heard::Nothing
            }
            Frame::AuthDenied(_) | Frame::Ext(_) => {
                return Err(Goodbye::malformed("only the server sends this frame"));
            }
        })
    }
}

enum Heard {
    Frame(Incoming),
    Presence(Bytes),
    QueryPresence,
    Nothing,
}

fn check_lineage(room: &RoomHandle, lineage: &str) -> Result<(), Goodbye> {
    if room.lineage() == lineage {
        return Ok(());
    }
    let reason =
        "your copy belongs to another history of this workspace; set it aside and load it anew";
    Err(Goodbye::new(close::LINEAGE, reason))
}

/// The workspace that the access wants to open, if it may.
pub(super) fn open_for(access: &Access, workspace: &str) -> Result<WorkspaceId, Goodbye> {
    let ws: WorkspaceId = workspace.parse().map_err(|_| {
        Goodbye::new(
            close::NOT_FOUND,
            format!("there is no workspace {workspace:?}"),
        )
    })?;
    if !access.may_open(&ws) {
        let reason = format!("{} has no access to the workspace {ws}", access.member.name);
        return Err(Goodbye::new(close::FORBIDDEN, reason));
    }
    tracing::debug!(%ws, member = %access.member.id, at_ms = now_ms(), "a socket opens a workspace");
    Ok(ws)
}

/// What a client is told when a room cannot be had.
pub(super) fn farewell(error: &RoomError) -> Goodbye {
    let code = match error {
        RoomError::Open(OpenError::NotFound(_)) => close::NOT_FOUND,
        RoomError::Open(OpenError::Busy(_) | OpenError::Unavailable(_)) => close::TRY_LATER,
        RoomError::Refused(_) | RoomError::Ended => close::RESTART,
    };
    Goodbye::new(code, error.to_string())
}
