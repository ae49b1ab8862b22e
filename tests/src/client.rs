//! A bare y-websocket client: a socket, a document, and everything that was heard. It answers the
//! server's questions as every client does, and nothing else happens on its own.
//!
//! Tests wait for what they expect with [`Client::until`], never for time to pass.

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use crdt_schema::document;
use futures_util::{SinkExt as _, StreamExt as _};
use sync_protocol::{
    awareness, ext,
    yws::{self, Frame},
};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};
use yrs::{
    Doc, GetString as _, ReadTxn as _, StateVector, Transact as _, TransactionMut, Update,
    updates::{decoder::Decode as _, encoder::Encode as _},
};

/// Nothing that a test waits for takes this long on a machine that works.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A client of one workspace. What goes wrong in it fails the test.
pub struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Its copy of the document.
    pub doc: Doc,
    /// What it was told.
    pub heard: Heard,
    /// Update and step 2 frames that it sent.
    pub sent: u64,
}

/// Everything that a client was told, in sum.
#[derive(Debug, Default)]
pub struct Heard {
    /// History, member and role, as the server greeted it.
    pub hello: Option<(String, String, String)>,
    /// Step 1 frames.
    pub questions: usize,
    /// Step 2 frames.
    pub answers: usize,
    /// Updates, in their order.
    pub updates: Vec<Bytes>,
    /// How many frames are durable.
    pub acked: u64,
    /// Path and reason of a refused write.
    pub denied: Option<(String, String)>,
    /// Why the workspace takes no edits just now.
    pub read_only: Option<String>,
    /// How often it was told so.
    pub suspensions: usize,
    /// Who is here: client id to state.
    pub present: BTreeMap<u64, serde_json::Value>,
    /// Code and reason of the end.
    pub closed: Option<(u16, String)>,
}

impl Client {
    /// Connects to `url` and says nothing yet.
    pub async fn connect(url: &str, client_id: u64) -> Self {
        let config = WebSocketConfig::default()
            .max_message_size(None)
            .max_frame_size(None);
        let connecting = connect_async_with_config(url, Some(config), true);
        let connected = timeout(PATIENCE, connecting)
            .await
            .expect("the server answers");
        let (socket, _) = connected.expect("sockets are accepted");
        Self {
            socket,
            doc: document::new_doc(client_id),
            heard: Heard::default(),
            sent: 0,
        }
    }

    /// Asks for the document and waits until it is there and the server has what was here.
    pub async fn sync(&mut self) {
        self.ask().await;
        self.until("synced", |client| {
            client.heard.answers > 0 && client.sent > 0
        })
        .await;
    }

    /// Sends a step 1.
    pub async fn ask(&mut self) {
        let have = self.doc.transact().state_vector().encode_v1();
        self.send(yws::step1(&have)).await;
    }

    /// Changes the document and sends that as one update.
    pub async fn edit<R>(&mut self, change: impl FnOnce(&mut TransactionMut<'_>) -> R) -> R {
        let (result, update) = {
            let mut txn = self.doc.transact_mut();
            let result = change(&mut txn);
            (result, txn.encode_update_v1())
        };
        self.send_update(&update).await;
        result
    }

    /// Sends an update that need not be in the document.
    pub async fn send_update(&mut self, update: &[u8]) {
        self.sent += 1;
        self.send(yws::update(update)).await;
    }

    /// Sends any bytes.
    pub async fn send(&mut self, frame: Bytes) {
        // Whether the server is still there shows when it is listened to.
        self.socket.send(Message::Binary(frame)).await.ok();
    }

    /// Listens until `done`; fails, saying `what` did not happen, when the server closes or time
    /// is up.
    pub async fn until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let listening = async {
            while !done(self) {
                let closed = &self.heard.closed;
                assert!(closed.is_none(), "not {what}: closed with {closed:?}");
                self.hear().await;
            }
        };
        if timeout(PATIENCE, listening).await.is_err() {
            panic!("not {what} in time: {:?}", self.heard);
        }
    }

    /// Waits until everything that was sent is durable.
    pub async fn until_saved(&mut self) {
        self.until("acknowledged", |client| client.heard.acked == client.sent)
            .await;
    }

    /// Waits until the notes are as wanted.
    pub async fn until_notes(&mut self, what: &str, wanted: impl Fn(&str) -> bool) {
        self.until(what, |client| wanted(&client.notes())).await;
    }

    /// Waits for the end; its code and reason.
    pub async fn until_closed(&mut self) -> (u16, String) {
        let listening = async {
            while self.heard.closed.is_none() {
                self.hear().await;
            }
        };
        if timeout(PATIENCE, listening).await.is_err() {
            panic!("not closed in time: {:?}", self.heard);
        }
        self.heard.closed.clone().expect("just waited for")
    }

    /// Exchanges a question and its answer, after which everything that the server had said to
    /// this session before is heard.
    pub async fn settle(&mut self) {
        let answers = self.heard.answers;
        self.ask().await;
        self.until("answered", |client| client.heard.answers > answers)
            .await;
    }

    /// The shared draft.
    #[must_use]
    pub fn notes(&self) -> String {
        let txn = self.doc.transact();
        txn.get_text("notes")
            .map_or_else(String::new, |notes| notes.get_string(&txn))
    }

    /// The whole document as one update.
    #[must_use]
    pub fn state(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&StateVector::default())
    }

    /// Takes in one message of the server. Cancel-safe.
    pub async fn hear(&mut self) {
        match self.socket.next().await {
            Some(Ok(Message::Binary(frame))) => self.take(&frame).await,
            Some(Ok(Message::Close(Some(close)))) => {
                self.heard.closed = Some((close.code.into(), close.reason.to_string()));
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(other)) => panic!("the server sends binary messages, not {other:?}"),
            Some(Err(_)) | None => {
                // Cut without a word.
                self.heard.closed.get_or_insert((ABNORMAL, String::new()));
            }
        }
    }

    async fn take(&mut self, frame: &Bytes) {
        match yws::decode(frame).expect("the server speaks y-websocket") {
            Frame::Step1(have) => {
                self.heard.questions += 1;
                let have = StateVector::decode_v1(have).expect("a state vector");
                let difference = self.doc.transact().encode_diff_v1(&have);
                self.sent += 1;
                self.send(yws::step2(&difference)).await;
            }
            Frame::Step2(update) => {
                self.heard.answers += 1;
                self.apply(update);
            }
            Frame::Update(update) => {
                self.heard.updates.push(frame.slice_ref(update));
                self.apply(update);
            }
            Frame::Awareness(payload) => self.heard.see(payload),
            Frame::Ext(message) => self.heard.note(&message),
            Frame::QueryAwareness | Frame::AuthDenied(_) => {}
        }
    }

    fn apply(&self, update: &[u8]) {
        let update = Update::decode_v1(update).expect("an update");
        let mut txn = self.doc.transact_mut();
        txn.apply_update(update).expect("an update that applies");
    }
}

impl Heard {
    fn see(&mut self, payload: &[u8]) {
        for entry in awareness::decode(payload).expect("awareness") {
            if entry.is_removed() {
                self.present.remove(&entry.client);
            } else {
                let state = serde_json::from_str(entry.state).expect("states are JSON");
                self.present.insert(entry.client, state);
            }
        }
    }

    fn note(&mut self, message: &ext::Frame<'_>) {
        match *message {
            ext::Frame::Hello {
                lineage,
                member,
                role,
            } => {
                self.hello = Some((lineage.to_owned(), member.to_owned(), role.to_owned()));
            }
            ext::Frame::Ack { updates } => self.acked = updates,
            ext::Frame::Denied { path, reason, .. } => {
                self.denied = Some((path.to_owned(), reason.to_owned()));
            }
            ext::Frame::ReadOnly { reason } => {
                self.suspensions += 1;
                self.read_only = Some(reason.to_owned());
            }
            ext::Frame::Writable => self.read_only = None,
            ext::Frame::Lineage(_) => panic!("only clients say which history they hold"),
        }
    }
}

/// What a browser reports when no close frame came.
pub const ABNORMAL: u16 = 1006;
