//! A session in a room without a socket in between, for rooms that are set up as no server is.

use std::sync::Arc;

use bytes::Bytes;
use crdt_schema::{document, member::Member};
use penhold_server::room::{Goodbye, Incoming, Out, Outbox, Rooms, Seat, Visitor, outbox::Taken};
use sync_protocol::yws::{self, Frame};
use tokio::time::timeout;
use yrs::{
    Doc, GetString as _, ReadTxn as _, StateVector, Transact as _, TransactionMut, Update,
    updates::decoder::Decode as _,
};

use crate::client::PATIENCE;

/// Somebody in a room. What goes wrong fails the test.
pub struct Guest {
    /// The place in the room.
    pub seat: Seat,
    /// The copy of the document.
    pub doc: Doc,
    /// Update and step 2 frames that were said.
    pub said: u64,
    /// How many of them are durable.
    pub acked: u64,
    /// Sync frames, in their order.
    pub frames: Vec<Bytes>,
    /// How often updates were missed and the difference asked for.
    pub resynchronised: usize,
    /// The goodbye, once it was said.
    pub goodbye: Option<Goodbye>,
}

impl Guest {
    /// Takes a seat; asks for nothing yet.
    pub async fn sit(rooms: &Rooms, workspace: &str, member: Member, client_id: u64) -> Self {
        let room = rooms
            .open(&workspace.parse().expect("an id"))
            .await
            .expect("a room");
        let visitor = Visitor {
            member: Arc::new(member),
            outbox: Outbox::new(rooms.outbox_bytes_max()),
            page: None,
        };
        Self {
            seat: room.join(visitor).await.expect("a seat"),
            doc: document::new_doc(client_id),
            said: 0,
            acked: 0,
            frames: Vec::new(),
            resynchronised: 0,
            goodbye: None,
        }
    }

    /// Takes a seat and waits for the document.
    pub async fn join(rooms: &Rooms, workspace: &str, member: Member, client_id: u64) -> Self {
        let mut guest = Self::sit(rooms, workspace, member, client_id).await;
        guest
            .say(vec![Incoming::Step1(StateVector::default())])
            .await;
        guest
            .until("in step", |guest| guest.frames.iter().any(is_step2))
            .await;
        guest
    }

    /// Says something in the room.
    pub async fn say(&mut self, frames: Vec<Incoming>) {
        let updates = frames
            .iter()
            .filter(|frame| !matches!(frame, Incoming::Step1(_)));
        self.said += updates.count() as u64;
        self.seat.say(frames).await.expect("the room goes on");
    }

    /// Changes the copy; the update is still to be said.
    pub fn change<R>(&self, change: impl FnOnce(&mut TransactionMut<'_>) -> R) -> Incoming {
        let mut txn = self.doc.transact_mut();
        change(&mut txn);
        Incoming::Update(txn.encode_update_v1().into())
    }

    /// Changes the copy and says so.
    pub async fn edit<R>(&mut self, change: impl FnOnce(&mut TransactionMut<'_>) -> R) {
        let update = self.change(change);
        self.say(vec![update]).await;
    }

    /// Listens until `done`; fails, saying `what` did not happen, when time is up.
    pub async fn until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        while !done(self) {
            let waited = timeout(PATIENCE, self.seat.outbox().ready()).await;
            waited.unwrap_or_else(|_| panic!("not {what} in time"));
            self.hear().await;
        }
    }

    /// Waits until everything that was said is durable.
    pub async fn until_saved(&mut self) {
        self.until("acknowledged", |guest| guest.acked == guest.said)
            .await;
    }

    /// Takes everything that waits; its size in bytes.
    pub async fn hear(&mut self) -> usize {
        let mut outs = Vec::new();
        let taken = self.seat.outbox().take(&mut outs);
        let heard = outs.into_iter().map(|out| self.take(out)).sum();
        if let Taken::AllButMissed(missed) = taken {
            self.resynchronised += 1;
            self.seat
                .resynchronise(missed)
                .await
                .expect("the room goes on");
        }
        heard
    }

    /// The shared draft.
    #[must_use]
    pub fn notes(&self) -> String {
        let txn = self.doc.transact();
        txn.get_text("notes")
            .map_or_else(String::new, |notes| notes.get_string(&txn))
    }

    fn take(&mut self, out: Out) -> usize {
        match out {
            Out::Frame(frame) => self.take_frame(frame),
            Out::Batch(batch) => batch
                .frames()
                .iter()
                .map(|frame| self.take_frame(frame.clone()))
                .sum(),
            Out::Presence(frame) => frame.len(),
            Out::Ack(updates) => {
                self.acked = updates;
                0
            }
            Out::Close(goodbye) => {
                self.goodbye = Some(goodbye);
                0
            }
            Out::Denied(denial) => panic!("denied: {denial:?}"),
            Out::ReadOnly(_) | Out::Writable => 0,
        }
    }

    fn take_frame(&mut self, frame: Bytes) -> usize {
        if let Frame::Step2(update) | Frame::Update(update) = sync(&frame) {
            let update = Update::decode_v1(update).expect("an update");
            let applied = self.doc.transact_mut().apply_update(update);
            applied.expect("an update that applies");
        }
        let size = frame.len();
        self.frames.push(frame);
        size
    }
}

fn is_step2(frame: &Bytes) -> bool {
    matches!(sync(frame), Frame::Step2(_))
}

fn sync(frame: &Bytes) -> Frame<'_> {
    yws::decode(frame).expect("the room speaks y-websocket")
}
