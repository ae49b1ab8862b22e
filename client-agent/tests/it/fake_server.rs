//! A server that speaks y-websocket with Penhold's extension to peers, and obeys the test. Over
//! HTTP it says that the agent holds everything.

mod http;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use crdt_schema::{document, schema::Workspace};
use futures_util::{SinkExt, StreamExt};
use sync_protocol::{awareness, ext, yws};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::JoinHandle,
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{Callback, ErrorResponse, Request, Response},
        http::StatusCode,
        protocol::CloseFrame,
    },
};
use yrs::{
    Doc, ReadTxn, StateVector, Transact, Transaction, TransactionMut, Update,
    updates::{decoder::Decode, encoder::Encode},
};

/// A server of one workspace.
pub(crate) struct FakeServer {
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// How the server treats peers.
#[derive(Clone)]
pub(crate) enum Mood {
    /// It serves.
    Serve,
    /// It serves, but makes nothing durable.
    Withhold,
    /// It answers every edit with this refusal.
    Deny {
        path: &'static str,
        reason: &'static str,
    },
    /// It closes every connection with this code.
    Close { code: u16, reason: &'static str },
    /// It refuses the upgrade.
    Refuse(StatusCode),
    /// It drops every connection before a word.
    Hang,
}

struct Shared {
    /// Held for moments, never across an await.
    state: Mutex<State>,
    /// Update and step 2 frames so far.
    received: watch::Sender<u64>,
}

struct State {
    doc: Doc,
    mood: Mood,
    next: u64,
    connections: HashMap<u64, Connection>,
    awareness: HashMap<u64, (u64, String)>,
    requests: Vec<(String, Option<String>)>,
}

struct Connection {
    out: mpsc::UnboundedSender<Message>,
    frames: u64,
    clients: Vec<u64>,
}

impl FakeServer {
    /// Serves a workspace that has its frame and nothing in it.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let doc = document::new_doc(1);
        Workspace.frame(&mut doc.transact_mut());
        let state = State {
            doc,
            mood: Mood::Serve,
            next: 0,
            connections: HashMap::new(),
            awareness: HashMap::new(),
            requests: Vec::new(),
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            received: watch::Sender::new(0),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self {
            address,
            shared,
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        let mut state = self.shared.state.lock().unwrap();
        state.mood = mood;
        if let Mood::Serve = state.mood {
            for connection in state.connections.values() {
                connection.send(
                    ext::Frame::Ack {
                        updates: connection.frames,
                    }
                    .encode(),
                );
            }
        }
    }

    /// Cuts every connection off.
    pub(crate) fn drop_connections(&self) {
        self.shared.state.lock().unwrap().connections.clear();
    }

    /// Sends a frame to every peer.
    pub(crate) fn send(&self, frame: &ext::Frame<'_>) {
        let state = self.shared.state.lock().unwrap();
        for connection in state.connections.values() {
            connection.send(frame.encode());
        }
    }

    /// Edits as a person would who is connected elsewhere.
    pub(crate) fn edit<R>(&self, edit: impl FnOnce(&mut TransactionMut<'_>) -> R) -> R {
        let state = self.shared.state.lock().unwrap();
        let mut txn = state.doc.transact_mut();
        let result = edit(&mut txn);
        txn.commit();
        let update = yws::update(&txn.encode_update_v1());
        for connection in state.connections.values() {
            connection.send(update.clone());
        }
        result
    }

    pub(crate) fn read<R>(&self, read: impl FnOnce(&Transaction<'_>) -> R) -> R {
        read(&self.shared.state.lock().unwrap().doc.transact())
    }

    /// The state that a peer of this name shows.
    pub(crate) fn presence_of(&self, name: &str) -> Option<serde_json::Value> {
        let state = self.shared.state.lock().unwrap();
        let mut states = state
            .awareness
            .values()
            .map(|(_, state)| serde_json::from_str::<serde_json::Value>(state).unwrap());
        states.find(|state| state["user"]["name"] == name)
    }

    /// The address and the authorization header of every connection so far.
    pub(crate) fn requests(&self) -> Vec<(String, Option<String>)> {
        self.shared.state.lock().unwrap().requests.clone()
    }

    /// Frames that carried edits so far, to wait on.
    pub(crate) fn received(&self) -> watch::Receiver<u64> {
        self.shared.received.subscribe()
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.task.abort();
        self.drop_connections();
    }
}

impl Connection {
    /// The peer may be gone; its task cleans up.
    fn send(&self, frame: Bytes) {
        drop(self.out.send(Message::Binary(frame)));
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    if !is_for_a_peer(&stream).await {
        return http::answer(stream).await;
    }
    let mood = shared.state.lock().unwrap().mood.clone();
    let refusal = match mood {
        Mood::Hang => return,
        Mood::Refuse(status) => Some(status),
        Mood::Serve | Mood::Withhold | Mood::Deny { .. } | Mood::Close { .. } => None,
    };
    let callback = Upgrade {
        shared: Arc::clone(&shared),
        refusal,
    };
    let Ok(mut socket) = accept_hdr_async(stream, callback).await else {
        return;
    };
    if let Mood::Close { code, reason } = mood {
        let goodbye = CloseFrame {
            code: code.into(),
            reason: reason.into(),
        };
        drop(socket.close(Some(goodbye)).await);
        // What is left unread when a socket closes makes the peer miss the goodbye.
        while let Some(Ok(_)) = socket.next().await {}
        return;
    }
    let (id, mut out) = join(&shared);
    loop {
        tokio::select! {
            message = out.recv() => {
                let Some(message) = message else { break };
                if socket.send(message).await.is_err() {
                    break;
                }
            }
            message = socket.next() => match message {
                Some(Ok(Message::Binary(frame))) => take(&shared, id, &frame),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    leave(&shared, id);
}

/// Peers and clients come to the same address.
async fn is_for_a_peer(stream: &TcpStream) -> bool {
    let mut beginning = [0; PEERS.len()];
    while let Ok(read @ 1..) = stream.peek(&mut beginning).await {
        if read == PEERS.len() {
            return beginning == *PEERS;
        }
        tokio::task::yield_now().await;
    }
    false
}

const PEERS: &[u8] = b"GET /sync";

/// Notes how a peer asks to be let in, and lets it in or not.
struct Upgrade {
    shared: Arc<Shared>,
    refusal: Option<StatusCode>,
}

impl Callback for Upgrade {
    fn on_request(self, request: &Request, response: Response) -> Result<Response, ErrorResponse> {
        let header = request.headers().get("authorization");
        let bearer = header.map(|value| value.to_str().unwrap().to_owned());
        self.shared
            .state
            .lock()
            .unwrap()
            .requests
            .push((request.uri().to_string(), bearer));
        match self.refusal {
            None => Ok(response),
            Some(status) => {
                let mut refused = ErrorResponse::new(None);
                *refused.status_mut() = status;
                Err(refused)
            }
        }
    }
}

fn join(shared: &Shared) -> (u64, mpsc::UnboundedReceiver<Message>) {
    let (out, messages) = mpsc::unbounded_channel();
    let mut state = shared.state.lock().unwrap();
    state.next += 1;
    let id = state.next;
    let connection = Connection {
        out,
        frames: 0,
        clients: Vec::new(),
    };
    let hello = ext::Frame::Hello {
        lineage: "fake",
        member: "planner",
        role: "editor",
    };
    connection.send(hello.encode());
    connection.send(yws::step1(&state.doc.transact().state_vector().encode_v1()));
    if !state.awareness.is_empty() {
        connection.send(presence(&state.awareness));
    }
    state.connections.insert(id, connection);
    (id, messages)
}

fn take(shared: &Shared, id: u64, frame: &[u8]) {
    let mut state = shared.state.lock().unwrap();
    match yws::decode(frame).unwrap() {
        yws::Frame::Step1(known) => {
            let known = StateVector::decode_v1(known).unwrap();
            let missing = state.doc.transact().encode_diff_v1(&known);
            if let Some(connection) = state.connections.get(&id) {
                connection.send(yws::step2(&missing));
            }
        }
        yws::Frame::Step2(update) | yws::Frame::Update(update) => {
            take_update(&mut state, id, update);
            drop(state);
            shared.received.send_modify(|count| *count += 1);
        }
        yws::Frame::Awareness(payload) => {
            for entry in awareness::decode(payload).unwrap() {
                match entry.is_removed() {
                    true => drop(state.awareness.remove(&entry.client)),
                    false => {
                        let shown = (entry.clock, entry.state.to_owned());
                        state.awareness.insert(entry.client, shown);
                    }
                }
                if let Some(connection) = state.connections.get_mut(&id) {
                    connection.clients.push(entry.client);
                }
            }
            let frame = yws::awareness(payload);
            state
                .connections
                .values()
                .for_each(|connection| connection.send(frame.clone()));
        }
        yws::Frame::QueryAwareness | yws::Frame::Ext(ext::Frame::Lineage(_)) => {}
        other @ (yws::Frame::AuthDenied(_) | yws::Frame::Ext(_)) => {
            panic!("no client sends {other:?}")
        }
    }
}

fn take_update(state: &mut State, id: u64, update: &[u8]) {
    let carries = update != Update::EMPTY_V1;
    let mood = state.mood.clone();
    let Some(connection) = state.connections.get_mut(&id) else {
        return;
    };
    if let Mood::Deny { path, reason } = mood
        && carries
    {
        let denied = ext::Frame::Denied {
            client: None,
            path,
            reason,
        };
        return connection.send(denied.encode());
    }
    connection.frames += 1;
    let ack = ext::Frame::Ack {
        updates: connection.frames,
    };
    let update_frame = yws::update(update);
    let update = Update::decode_v1(update).unwrap();
    state.doc.transact_mut().apply_update(update).unwrap();
    for (other, connection) in &state.connections {
        if carries && *other != id {
            connection.send(update_frame.clone());
        }
    }
    if let Mood::Serve = mood {
        state.connections[&id].send(ack.encode());
    }
}

fn leave(shared: &Shared, id: u64) {
    let mut state = shared.state.lock().unwrap();
    let Some(connection) = state.connections.remove(&id) else {
        return;
    };
    let mut gone = HashMap::new();
    for client in connection.clients {
        if let Some((clock, _)) = state.awareness.remove(&client) {
            gone.insert(client, (clock, awareness::REMOVED.to_owned()));
        }
    }
    let frame = presence(&gone);
    state
        .connections
        .values()
        .for_each(|connection| connection.send(frame.clone()));
}

fn presence(states: &HashMap<u64, (u64, String)>) -> Bytes {
    let entries = states
        .iter()
        .map(|(&client, (clock, state))| awareness::Entry {
            client,
            clock: *clock,
            state,
        });
    yws::awareness(&awareness::encode(entries))
}
