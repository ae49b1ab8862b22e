//! What is no update at all.

use crdt_schema::gate::Refusal;
use yrs::updates::encoder::Encode;
use yrs::{ReadTxn, Transact};

use crate::bytes::{At, Bytes, Section, gc, item, text, update};
use crate::harness::{self, Server};
use crate::hostile::{NOTES, OWN, one, refused};

#[test]
fn gate1_an_empty_or_cut_off_update_is_malformed() {
    let whole = one(text(NOTES, "hello"));
    for end in 0..whole.len() {
        assert_refusal!(refused(&whole[..end]), Refusal::Malformed { .. });
    }
}

#[test]
fn gate1_trailing_bytes_are_malformed() {
    let mut bytes = one(text(NOTES, "hello"));
    bytes.push(0);
    assert_refusal!(refused(&bytes), Refusal::Malformed { .. });
}

#[test]
fn gate1_counts_beyond_the_bytes_left_are_malformed() {
    let huge = Bytes::default().var(u64::from(u32::MAX));
    assert_refusal!(
        refused(&huge.clone().raw(&[0]).0),
        Refusal::Malformed { .. }
    );
    let structs = Bytes::default()
        .var(1)
        .var(u64::from(u32::MAX))
        .id((OWN, 0))
        .raw(&[0; 8])
        .0;
    assert_refusal!(refused(&structs), Refusal::Malformed { .. });
    let values = one(item(At::Root("x-a", None), 8, &huge.clone().raw(&[127]).0));
    assert_refusal!(refused(&values), Refusal::Malformed { .. });
    let string = one(item(NOTES, 4, &huge.raw(b"abc").0));
    assert_refusal!(refused(&string), Refusal::Malformed { .. });
}

#[test]
fn gate1_two_sections_of_one_client_are_malformed() {
    let bytes = update(
        &[
            Section(OWN, 0, &[text(NOTES, "a")]),
            Section(OWN, 1, &[text(NOTES, "b")]),
        ],
        &[],
    );
    assert_refusal!(refused(&bytes), Refusal::Malformed { .. });
    let bytes = update(&[], &[(harness::SERVER, 0, 1), (harness::SERVER, 2, 1)]);
    assert_refusal!(refused(&bytes), Refusal::Malformed { .. });
}

#[test]
fn gate1_empty_structs_and_sections_are_malformed() {
    assert_refusal!(refused(&one(text(NOTES, ""))), Refusal::Malformed { .. });
    assert_refusal!(refused(&one(gc(0))), Refusal::Malformed { .. });
    assert_refusal!(
        refused(&one(item(NOTES, 1, &[0]))),
        Refusal::Malformed { .. }
    );
    let section = update(&[Section(OWN, 0, &[]), Section(OWN + 1, 0, &[gc(1)])], &[]);
    assert_refusal!(refused(&section), Refusal::Malformed { .. });
}

#[test]
fn gate1_skips_are_malformed() {
    let bytes = update(&[Section(OWN, 0, &[vec![10, 5], text(NOTES, "a")])], &[]);
    assert_refusal!(refused(&bytes), Refusal::Malformed { .. });
}

#[test]
fn gate1_clocks_stay_below_two_to_the_31() {
    let end = 1 << 31;
    for bytes in [
        update(&[Section(OWN, end - 1, &[text(NOTES, "ab")])], &[]),
        update(&[Section(OWN, end, &[text(NOTES, "a")])], &[]),
        update(
            &[Section(OWN, u64::from(u32::MAX), &[text(NOTES, "a")])],
            &[],
        ),
        update(&[Section(OWN, 0, &[gc(end - 1), gc(end - 1)])], &[]),
        update(&[Section(OWN, 0, &[gc(1 << 32)])], &[]),
        update(&[], &[(harness::SERVER, end - 1, 5)]),
        update(&[], &[(harness::SERVER, 5, u64::from(u32::MAX))]),
    ] {
        assert_refusal!(refused(&bytes), Refusal::Malformed { .. });
    }
}

#[test]
fn gate1_client_ids_stay_below_two_to_the_53() {
    for client in [1 << 53, u64::MAX >> 1, u64::MAX] {
        let bytes = update(&[Section(client, 0, &[text(NOTES, "a")])], &[]);
        assert_refusal!(refused(&bytes), Refusal::Malformed { .. });
        let beside = At::Beside(Some((client, 0)), None);
        assert_refusal!(refused(&one(text(beside, "a"))), Refusal::Malformed { .. });
        assert_refusal!(
            refused(&update(&[], &[(client, 0, 1)])),
            Refusal::Malformed { .. }
        );
    }
}

#[test]
fn gate1_strings_are_utf8_without_lone_surrogates() {
    let lone = Bytes::default().var(3).raw(&[0xed, 0xa0, 0x80]).0;
    assert_refusal!(
        refused(&one(item(NOTES, 4, &lone))),
        Refusal::Malformed { .. }
    );
    let mark = Bytes::default().string("bold").string("\"\\ud800\"").0;
    let bytes = one(item(At::Root("x-text", None), 6, &mark));
    assert_refusal!(refused(&bytes), Refusal::Malformed { .. });
}

#[test]
fn gate1_json_of_marks_and_embeds_is_valid() {
    for json in ["", "{", "undefined", "[1,]", "1e999", &"[".repeat(10_000)] {
        let embed = one(item(
            At::Root("x-text", None),
            5,
            &Bytes::default().string(json).0,
        ));
        assert_refusal!(refused(&embed), Refusal::Malformed { .. });
    }
}

#[test]
fn gate1_delete_sets_are_sorted_and_not_empty() {
    let of = |ranges: &[(u64, u64)]| {
        let bytes = Bytes::default()
            .var(0)
            .var(1)
            .var(harness::SERVER)
            .var(ranges.len() as u64);
        ranges.iter().fold(bytes, |bytes, range| bytes.id(*range)).0
    };
    for ranges in [&[][..], &[(0, 0)], &[(3, 1), (1, 1)], &[(0, 3), (2, 2)]] {
        assert_refusal!(refused(&of(ranges)), Refusal::Malformed { .. });
    }
}

#[test]
fn gate1_long_varints_are_malformed() {
    let long = [&[0x80; 12][..], &[0]].concat();
    assert_refusal!(refused(&long), Refusal::Malformed { .. });
    let integer = [&[1, 125][..], &[0xff; 12], &[0]].concat();
    let bytes = one(item(At::Root("x-array", None), 8, &integer));
    assert_refusal!(refused(&bytes), Refusal::Malformed { .. });
}

#[test]
fn gate1_a_state_vector_is_no_update() {
    let server = Server::new();
    let vector = server.doc.transact().state_vector().encode_v1();
    assert_refusal!(refused(&vector), Refusal::Malformed { .. });
}
