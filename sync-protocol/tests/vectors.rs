//! Golden frames: the bytes that the real libraries write, decoded and encoded again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sync_protocol::{
    FrameError, awareness, ext,
    hocuspocus::{self, Address, Auth, Message, Scope},
    state_vector::StateVector,
    sync::Sync,
    yws,
};

#[derive(Deserialize)]
struct File<V> {
    vectors: Vec<V>,
}

#[derive(Deserialize)]
struct Framed {
    name: String,
    hex: String,
    #[serde(default)]
    address: Option<String>,
    message: Value,
}

#[derive(Deserialize)]
struct Presence {
    name: String,
    hex: String,
    entries: Vec<PresenceEntry>,
}

#[derive(Deserialize)]
struct PresenceEntry {
    client: u64,
    clock: u64,
    state: String,
}

#[derive(Deserialize)]
struct Clocks {
    name: String,
    hex: String,
    clocks: Vec<Clock>,
}

#[derive(Deserialize)]
struct Clock {
    client: u64,
    clock: u32,
}

#[derive(Deserialize)]
struct Malformed {
    protocol: String,
    name: String,
    hex: String,
    error: String,
}

#[test]
fn syn_y_websocket_frames_are_those_of_the_libraries() {
    for vector in vectors::<Framed>("y-websocket") {
        let bytes = unhex(&vector.hex);
        let frame = yws::decode(&bytes).expect(&vector.name);
        assert_eq!(describe_yws(frame), vector.message, "{}", vector.name);
        assert_eq!(hex(&encode_yws(frame)), vector.hex, "{}", vector.name);
    }
    assert_eq!(hex(&yws::keepalive()), "010100");
}

#[test]
fn syn_extension_frames_keep_their_layout() {
    for vector in vectors::<Framed>("extension") {
        let bytes = unhex(&vector.hex);
        let yws::Frame::Ext(frame) = yws::decode(&bytes).expect(&vector.name) else {
            panic!("{} is not of the extension", vector.name);
        };
        assert_eq!(describe_ext(frame), vector.message, "{}", vector.name);
        assert_eq!(hex(&frame.encode()), vector.hex, "{}", vector.name);
    }
}

#[test]
fn syn_hocuspocus_frames_are_those_of_the_libraries() {
    for vector in vectors::<Framed>("hocuspocus") {
        let bytes = unhex(&vector.hex);
        let message = hocuspocus::decode(&bytes).expect(&vector.name);
        let (address, description, encoded) = match message {
            Message::Ping => (None, json!({"type": "ping"}), hocuspocus::ping()),
            Message::Pong => (None, json!({"type": "pong"}), hocuspocus::pong()),
            Message::Document { address, frame } => (
                Some(address.as_str()),
                describe_hocuspocus(frame),
                frame.encode(address),
            ),
        };
        assert_eq!(address, vector.address.as_deref(), "{}", vector.name);
        assert_eq!(description, vector.message, "{}", vector.name);
        assert_eq!(hex(&encoded), vector.hex, "{}", vector.name);
    }
}

#[test]
fn syn_awareness_payloads_are_those_of_the_libraries() {
    for vector in vectors::<Presence>("awareness") {
        let payload = unhex(&vector.hex);
        let expected: Vec<_> = vector
            .entries
            .iter()
            .map(|e| awareness::Entry {
                client: e.client,
                clock: e.clock,
                state: &e.state,
            })
            .collect();
        let entries = awareness::decode(&payload).expect(&vector.name);
        assert_eq!(entries, expected, "{}", vector.name);
        assert_eq!(
            hex(&awareness::encode(entries.into_iter())),
            vector.hex,
            "{}",
            vector.name
        );
    }
}

#[test]
fn syn_state_vectors_are_those_of_the_libraries() {
    for vector in vectors::<Clocks>("state-vector") {
        let decoded = StateVector::decode(&unhex(&vector.hex)).expect(&vector.name);
        let expected: Vec<_> = vector.clocks.iter().map(|c| (c.client, c.clock)).collect();
        assert_eq!(
            decoded.iter().collect::<Vec<_>>(),
            expected,
            "{}",
            vector.name
        );
        assert_eq!(hex(&decoded.encode()), vector.hex, "{}", vector.name);
    }
}

#[test]
fn syn_malformed_bytes_are_refused_with_their_cause() {
    for vector in vectors::<Malformed>("malformed") {
        let bytes = unhex(&vector.hex);
        let refused = match vector.protocol.as_str() {
            "y-websocket" | "extension" => yws::decode(&bytes).err(),
            "hocuspocus" => hocuspocus::decode(&bytes).err(),
            "awareness" => awareness::decode(&bytes).err(),
            "state-vector" => StateVector::decode(&bytes).err(),
            other => panic!("no decoder for {other}"),
        };
        let cause = refused.as_ref().map(cause);
        assert_eq!(
            cause,
            Some(vector.error.as_str()),
            "{} {}",
            vector.protocol,
            vector.name
        );
    }
}

#[test]
fn syn_a_hocuspocus_address_is_a_name_and_perhaps_a_session() {
    let plain = Address::new("launch-plan");
    assert_eq!((plain.name(), plain.session()), ("launch-plan", None));
    let session = Address::new("launch-plan\0s1");
    assert_eq!(
        (session.name(), session.session()),
        ("launch-plan", Some("s1"))
    );
}

fn describe_yws(frame: yws::Frame<'_>) -> Value {
    match frame {
        yws::Frame::Step1(payload) => describe_sync(Sync::Step1(payload)),
        yws::Frame::Step2(payload) => describe_sync(Sync::Step2(payload)),
        yws::Frame::Update(payload) => describe_sync(Sync::Update(payload)),
        yws::Frame::Awareness(payload) => json!({"type": "awareness", "payload": hex(payload)}),
        yws::Frame::AuthDenied(reason) => json!({"type": "authDenied", "reason": reason}),
        yws::Frame::QueryAwareness => json!({"type": "queryAwareness"}),
        yws::Frame::Ext(frame) => describe_ext(frame),
    }
}

fn encode_yws(frame: yws::Frame<'_>) -> bytes::Bytes {
    match frame {
        yws::Frame::Step1(payload) => yws::step1(payload),
        yws::Frame::Step2(payload) => yws::step2(payload),
        yws::Frame::Update(payload) => yws::update(payload),
        yws::Frame::Awareness(payload) => yws::awareness(payload),
        yws::Frame::AuthDenied(reason) => yws::auth_denied(reason),
        yws::Frame::QueryAwareness => yws::query_awareness(),
        yws::Frame::Ext(frame) => frame.encode(),
    }
}

fn describe_sync(message: Sync<'_>) -> Value {
    match message {
        Sync::Step1(payload) => json!({"type": "step1", "stateVector": hex(payload)}),
        Sync::Step2(payload) => json!({"type": "step2", "update": hex(payload)}),
        Sync::Update(payload) => json!({"type": "update", "update": hex(payload)}),
    }
}

fn describe_ext(frame: ext::Frame<'_>) -> Value {
    match frame {
        ext::Frame::Hello {
            lineage,
            member,
            role,
        } => {
            json!({"type": "hello", "lineage": lineage, "member": member, "role": role})
        }
        ext::Frame::Lineage(lineage) => json!({"type": "lineage", "lineage": lineage}),
        ext::Frame::Ack { updates } => json!({"type": "ack", "updates": updates}),
        ext::Frame::Denied {
            client,
            path,
            reason,
        } => {
            json!({"type": "denied", "client": client, "path": path, "reason": reason})
        }
        ext::Frame::ReadOnly { reason } => json!({"type": "readOnly", "reason": reason}),
        ext::Frame::Writable => json!({"type": "writable"}),
    }
}

fn describe_hocuspocus(frame: hocuspocus::Frame<'_>) -> Value {
    use hocuspocus::Frame;
    match frame {
        Frame::Sync(message) => json!({"type": "sync", "message": describe_sync(message)}),
        Frame::SyncReply(message) => {
            json!({"type": "syncReply", "message": describe_sync(message)})
        }
        Frame::Awareness(payload) => json!({"type": "awareness", "payload": hex(payload)}),
        Frame::Auth(auth) => describe_auth(auth),
        Frame::QueryAwareness => json!({"type": "queryAwareness"}),
        Frame::Stateless(text) => json!({"type": "stateless", "text": text}),
        Frame::Broadcast(text) => json!({"type": "broadcast", "text": text}),
        Frame::Close { reason } => json!({"type": "close", "reason": reason}),
        Frame::SyncStatus { saved } => json!({"type": "syncStatus", "saved": saved}),
    }
}

fn describe_auth(auth: Auth<'_>) -> Value {
    match auth {
        Auth::Token { token, version } => {
            json!({"type": "authToken", "token": token, "version": version})
        }
        Auth::TokenRequest => json!({"type": "authTokenRequest"}),
        Auth::Denied { reason } => json!({"type": "authDenied", "reason": reason}),
        Auth::Authenticated(Scope::ReadOnly) => {
            json!({"type": "authenticated", "scope": "readonly"})
        }
        Auth::Authenticated(Scope::ReadWrite) => {
            json!({"type": "authenticated", "scope": "read-write"})
        }
    }
}

fn cause(error: &FrameError) -> &'static str {
    match error {
        FrameError::Truncated { .. } => "truncated",
        FrameError::Trailing { .. } => "trailing",
        FrameError::UnknownType { .. } => "unknownType",
        FrameError::NumberTooLarge { .. } => "numberTooLarge",
        FrameError::NotUtf8 { .. } => "notUtf8",
        FrameError::NotJson { .. } => "notJson",
        FrameError::BadValue { .. } => "badValue",
        FrameError::DuplicateClient { .. } => "duplicateClient",
        FrameError::OverLimit { .. } => "overLimit",
    }
}

fn vectors<V: DeserializeOwned>(file: &str) -> Vec<V> {
    let path = format!(
        "{}/../tests/vectors/{file}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).expect(&path);
    let file: File<V> = serde_json::from_str(&text).expect(&path);
    assert!(!file.vectors.is_empty(), "{path} holds no vectors");
    file.vectors
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digits).collect()
}
