//! Properties of the decoders: total on any bytes, and the inverse of the encoders.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use proptest::{collection::vec, prelude::*, sample::Index};
use sync_protocol::{
    FrameError, awareness, ext,
    hocuspocus::{self, Address, Auth, Frame, Message, Scope},
    limits,
    state_vector::StateVector,
    sync::Sync,
    yws,
};

proptest! {
    #[test]
    fn syn_any_bytes_decode_or_are_refused(bytes in vec(any::<u8>(), 0..300)) {
        decode_all(&bytes);
    }

    #[test]
    fn syn_almost_frames_decode_or_are_refused(
        head in vec(prop_oneof![0u8..16, Just(80), Just(0xff)], 1..6),
        tail in vec(any::<u8>(), 0..60),
    ) {
        decode_all(&[head, tail].concat());
    }

    #[test]
    fn syn_a_cut_frame_is_refused(frame in any_frame(), at in any::<Index>()) {
        let cut = &frame[..at.index(frame.len())];
        let decoded = yws::decode(cut);
        prop_assert!(matches!(decoded, Err(FrameError::Truncated { .. })), "{:?}", decoded);
    }

    #[test]
    fn syn_flipped_bits_decode_or_are_refused(
        frame in any_frame(),
        flips in vec((any::<Index>(), 0u8..8), 1..4),
    ) {
        let mut bytes = frame.to_vec();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        decode_all(&bytes);
    }

    #[test]
    fn syn_two_messages_in_a_frame_are_refused(one in any_frame(), two in any_frame()) {
        let decoded = yws::decode(&[&one[..], &two[..]].concat()).err();
        prop_assert_eq!(decoded, Some(FrameError::Trailing { extra: two.len() }));
    }

    #[test]
    fn syn_y_websocket_frames_come_back(payload in vec(any::<u8>(), 0..300), text in ".{0,40}") {
        for (bytes, frame) in [
            (yws::step1(&payload), yws::Frame::Step1(&payload)),
            (yws::step2(&payload), yws::Frame::Step2(&payload)),
            (yws::update(&payload), yws::Frame::Update(&payload)),
            (yws::awareness(&payload), yws::Frame::Awareness(&payload)),
            (yws::auth_denied(&text), yws::Frame::AuthDenied(&text)),
            (yws::query_awareness(), yws::Frame::QueryAwareness),
        ] {
            prop_assert_eq!(yws::decode(&bytes), Ok(frame));
        }
    }

    #[test]
    fn syn_extension_frames_come_back(
        (a, b, c) in (".{0,30}", ".{0,30}", ".{0,30}"),
        client in proptest::option::of(0..=limits::CLIENT_ID_MAX),
        updates in 0..=limits::CLIENT_ID_MAX,
    ) {
        for frame in [
            ext::Frame::Hello { lineage: &a, member: &b, role: &c },
            ext::Frame::Lineage(&a),
            ext::Frame::Ack { updates },
            ext::Frame::Denied { client, path: &a, reason: &b },
            ext::Frame::ReadOnly { reason: &a },
            ext::Frame::Writable,
        ] {
            let bytes = frame.encode();
            prop_assert_eq!(yws::decode(&bytes), Ok(yws::Frame::Ext(frame)));
        }
    }

    #[test]
    fn syn_hocuspocus_frames_come_back(
        name in "[a-z0-9-]{1,20}(\0[a-z0-9]{1,8})?",
        payload in vec(any::<u8>(), 0..100),
        text in ".{0,30}",
        saved: bool,
    ) {
        let address = Address::new(&name);
        for frame in [
            Frame::Sync(Sync::Step1(&payload)),
            Frame::Sync(Sync::Step2(&payload)),
            Frame::SyncReply(Sync::Update(&payload)),
            Frame::Awareness(&payload),
            Frame::Auth(Auth::Token { token: &text, version: None }),
            Frame::Auth(Auth::Token { token: &text, version: Some(&text) }),
            Frame::Auth(Auth::TokenRequest),
            Frame::Auth(Auth::Denied { reason: &text }),
            Frame::Auth(Auth::Authenticated(Scope::ReadOnly)),
            Frame::Auth(Auth::Authenticated(Scope::ReadWrite)),
            Frame::QueryAwareness,
            Frame::Stateless(&text),
            Frame::Broadcast(&text),
            Frame::Close { reason: None },
            Frame::Close { reason: Some(&text) },
            Frame::SyncStatus { saved },
        ] {
            let bytes = frame.encode(address);
            prop_assert_eq!(hocuspocus::decode(&bytes), Ok(Message::Document { address, frame }));
        }
    }

    #[test]
    fn syn_awareness_comes_back(
        entries in vec((0..=limits::CLIENT_ID_MAX, any::<u32>(), ".{0,20}"), 0..20),
    ) {
        let states: Vec<String> =
            entries.iter().map(|(_, _, text)| serde_json::json!({ "name": text }).to_string()).collect();
        let entries: Vec<_> = entries
            .iter()
            .zip(&states)
            .map(|(&(client, clock, _), state)| {
                awareness::Entry { client, clock: u64::from(clock), state }
            })
            .collect();
        let payload = awareness::encode(entries.iter().copied());
        prop_assert_eq!(awareness::decode(&payload), Ok(entries));
    }

    #[test]
    fn syn_state_vectors_come_back_and_know_their_clocks(
        clocks in proptest::collection::btree_map(0..=limits::CLIENT_ID_MAX, any::<u32>(), 0..30),
    ) {
        let vector = StateVector::unique(clocks.clone().into_iter().collect()).unwrap();
        for (&client, &clock) in &clocks {
            prop_assert_eq!(vector.clock(client), clock);
        }
        prop_assert!(vector.covers(&vector));
        prop_assert_eq!(StateVector::decode(&vector.encode()), Ok(vector));
    }
}

#[test]
fn syn_a_state_that_nests_too_deeply_is_refused() {
    let deep = format!("{}{}", "[".repeat(4000), "]".repeat(4000));
    let payload = awareness::encode(
        [awareness::Entry {
            client: 1,
            clock: 1,
            state: &deep,
        }]
        .into_iter(),
    );
    assert_eq!(
        awareness::decode(&payload),
        Err(FrameError::NotJson {
            what: "the awareness state"
        })
    );
}

#[test]
fn syn_named_limits_are_told_with_their_value() {
    let long = "x".repeat(limits::LINEAGE_BYTES_MAX + 1);
    let error = yws::decode(&ext::Frame::Lineage(&long).encode()).unwrap_err();
    assert_eq!(error.to_string(), "LINEAGE_BYTES_MAX is 128, found 129");
}

#[test]
fn syn_a_state_vector_covers_what_it_knows() {
    let of = |clocks: &[(u64, u32)]| StateVector::unique(clocks.to_vec()).unwrap();
    let vector = of(&[(1, 5), (2, 3)]);
    assert!(vector.covers(&of(&[(1, 5)])));
    assert!(!vector.covers(&of(&[(1, 6)])));
    assert!(!vector.covers(&of(&[(3, 1)])));
    assert!(of(&[]).is_empty() && of(&[(4, 0)]).is_empty() && !vector.is_empty());
}

fn decode_all(bytes: &[u8]) {
    drop(yws::decode(bytes));
    drop(hocuspocus::decode(bytes));
    drop(awareness::decode(bytes));
    drop(StateVector::decode(bytes));
}

fn any_frame() -> impl Strategy<Value = Bytes> {
    let payload = vec(any::<u8>(), 0..200);
    prop_oneof![
        payload.clone().prop_map(|p| yws::step1(&p)),
        payload.clone().prop_map(|p| yws::step2(&p)),
        payload.clone().prop_map(|p| yws::update(&p)),
        payload.prop_map(|p| yws::awareness(&p)),
        ".{0,40}".prop_map(|reason| yws::auth_denied(&reason)),
        Just(yws::query_awareness()),
        (".{0,20}", ".{0,20}").prop_map(|(lineage, member)| {
            ext::Frame::Hello {
                lineage: &lineage,
                member: &member,
                role: "editor",
            }
            .encode()
        }),
        (0..=limits::CLIENT_ID_MAX, ".{0,20}").prop_map(|(client, path)| {
            ext::Frame::Denied {
                client: Some(client),
                path: &path,
                reason: "no",
            }
            .encode()
        }),
        (0..=limits::CLIENT_ID_MAX).prop_map(|updates| ext::Frame::Ack { updates }.encode()),
    ]
}
