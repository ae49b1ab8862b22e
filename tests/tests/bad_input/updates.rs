//! Frames and updates that no correct client sends.

use bytes::Bytes;
use crdt_schema::{document, member::Role};
use penhold_tests::harness::fresh_client_id;
use sync_protocol::{close, ext, yws};
use yrs::{ReadTxn as _, StateVector, Text as _, Transact as _, WriteTxn as _};

use super::{Bystander, append, house};

#[tokio::test]
async fn syn13_a_malformed_frame_or_update_closes_that_socket_with_4400() {
    let house = house().await;
    let token = house.token("Mal", Role::Editor);
    let bystander = Bystander::sit_down(&house).await;
    for frame in malformed() {
        let mut mal = house.connect("plan", &token).await;
        mal.sync().await;
        mal.send(frame.clone()).await;
        let (code, reason) = mal.until_closed().await;
        assert_eq!(code, close::MALFORMED, "{frame:?}: {reason}");
        assert!(!reason.is_empty());
    }
    bystander.noticed_nothing(&house).await;
}

fn malformed() -> Vec<Bytes> {
    let hello = ext::Frame::Hello {
        lineage: "a",
        member: "b",
        role: "admin",
    }
    .encode();
    let ack = ext::Frame::Ack { updates: 1 }.encode();
    let mut trailing = yws::update(&[0, 0]).to_vec();
    trailing.push(0);
    vec![
        Bytes::new(),
        Bytes::from_static(b"\x2a"),
        Bytes::from_static(b"hello"),
        Bytes::from_static(&[0, 2, 200]),
        Bytes::from_static(&[0, 9, 0]),
        Bytes::from_static(&[1, 2, 9, 9]),
        Bytes::from_static(&[255; 40]),
        trailing.into(),
        yws::update(&[]),
        yws::update(&[1, 2, 3, 4, 5]),
        yws::update(&[0, 0, 0]),
        yws::update(&[255; 64]),
        yws::step2(&[7; 9]),
        yws::step1(&[3, 1]),
        yws::auth_denied("go away"),
        hello,
        ack,
    ]
}

#[tokio::test]
async fn syn13_a_text_message_closes_that_socket_with_4400() {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::tungstenite::Message;
    let house = house().await;
    let url = house.url("plan", &house.token("Mal", Role::Editor));
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    socket.send(Message::text("hello")).await.unwrap();
    let code = loop {
        match socket.next().await {
            Some(Ok(Message::Close(Some(frame)))) => break u16::from(frame.code),
            Some(Ok(_)) => {}
            other => panic!("not closed with a code: {other:?}"),
        }
    };
    assert_eq!(code, close::MALFORMED);
}

#[tokio::test]
async fn syn5_an_update_without_what_it_builds_on_is_asked_for_and_not_applied() {
    let house = house().await;
    let token = house.token("Ada", Role::Editor);
    let bystander = Bystander::sit_down(&house).await;
    let mut ada = house.join("plan", &token).await;
    // Two edits made elsewhere; only the second is sent, and ada cannot bring the first.
    let elsewhere = document::new_doc(fresh_client_id());
    push(&elsewhere, " first");
    let second = push(&elsewhere, " second");
    let asked = ada.heard.questions;
    ada.send_update(&second).await;
    ada.until("asked", |ada| ada.heard.questions > asked).await;
    ada.settle().await;
    bystander.noticed_nothing(&house).await;

    // With everything in one difference, it is taken, and acknowledged.
    let mut ada = house.join("plan", &token).await;
    let all = elsewhere.transact().encode_diff_v1(&StateVector::default());
    ada.send_update(&all).await;
    ada.until_saved().await;
    ada.until_notes("both there", |notes| notes.contains(" first second"))
        .await;
}

#[tokio::test]
async fn syn5_whoever_never_brings_what_is_missing_is_sent_away() {
    let house = house().await;
    let bystander = Bystander::sit_down(&house).await;
    let mut mal = house.join("plan", &house.token("Mal", Role::Editor)).await;
    let elsewhere = document::new_doc(fresh_client_id());
    push(&elsewhere, " first");
    let second = push(&elsewhere, " second");
    for _ in 0..10 {
        mal.send(yws::step2(&second)).await;
    }
    assert_eq!(mal.until_closed().await.0, close::MALFORMED);
    bystander.noticed_nothing(&house).await;
}

#[tokio::test]
async fn gate5_a_foreign_client_id_is_denied() {
    let house = house().await;
    let mut ada = house.join("plan", &house.token("Ada", Role::Editor)).await;
    ada.edit(append(" ada")).await;
    ada.until_saved().await;
    let id = ada.doc.client_id().get();
    let mut mal = house.join("plan", &house.token("Mal", Role::Editor)).await;
    let forged = document::new_doc(id);
    crdt_apply(&forged, &mal.state());
    mal.send_update(&push(&forged, " forged")).await;
    mal.until("denied", |mal| mal.heard.denied.is_some()).await;
    let notes = house.notes("plan", &house.token("Ada", Role::Viewer)).await;
    assert_eq!(notes, "start ada");
    ada.edit(append(" goes on")).await;
    ada.until_saved().await;
}

#[tokio::test]
async fn gate6_content_without_a_place_in_the_schema_is_denied() {
    let house = house().await;
    let bystander = Bystander::sit_down(&house).await;
    let token = house.token("Eve", Role::Editor);
    let mut eve = house.join("plan", &token).await;
    eve.edit(|txn| {
        use yrs::Map as _;
        txn.get_or_insert_map("plan")
            .insert(txn, "verdict", "guilty");
    })
    .await;
    eve.until("denied", |eve| eve.heard.denied.is_some()).await;
    let (path, reason) = eve.heard.denied.clone().unwrap();
    assert!(path.starts_with("plan"), "{path}: {reason}");
    bystander.noticed_nothing(&house).await;
}

fn push(doc: &yrs::Doc, text: &str) -> Vec<u8> {
    let mut txn = doc.transact_mut();
    txn.get_or_insert_text("notes").push(&mut txn, text);
    txn.encode_update_v1()
}

fn crdt_apply(doc: &yrs::Doc, update: &[u8]) {
    use yrs::updates::decoder::Decode as _;
    let update = yrs::Update::decode_v1(update).unwrap();
    doc.transact_mut().apply_update(update).unwrap();
}
