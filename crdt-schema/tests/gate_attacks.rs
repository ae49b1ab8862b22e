//! One hostile update each: the gate refuses it, says why, and nothing of it remains.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    reason = "tests and their own support modules"
)]

#[path = "gate_support/bytes.rs"]
mod bytes;
#[path = "../fuzz/harness.rs"]
mod harness;

use std::slice;

use bytes::{At, Bytes, Section, container, gc, item, text, update, word};
use crdt_schema::{
    gate::{Gate, Limits, OpenPens, Refusal, RootKind, walk},
    member::Role,
};
use harness::{Server, state_of, writer};
use yrs::{Map, ReadTxn, SharedRef, Transact, updates::encoder::Encode};

const OWN: u64 = 77;
const TITLE: At<'_> = At::Root("meta", Some("title"));
const NOTES: At<'_> = At::Root("notes", None);

/// Offers `update` to a new workspace and demands that it leaves no trace.
fn refused_as(role: Role, update: &[u8]) -> Refusal {
    let mut server = Server::new();
    refused_by(&mut server, role, update)
}

fn refused_by(server: &mut Server, role: Role, update: &[u8]) -> Refusal {
    let before = format!("{:?}", server.gate);
    let refusal = server
        .offer(update, &writer("mallory", role))
        .expect_err("the gate must refuse this");
    assert_eq!(
        sorted(&before),
        sorted(&format!("{:?}", server.gate)),
        "a refusal left a trace"
    );
    assert!(!refusal.to_string().is_empty());
    refusal
}

/// Hash maps print in any order; what they hold must be the same.
fn sorted(text: &str) -> Vec<char> {
    let mut characters: Vec<char> = text.chars().collect();
    characters.sort_unstable();
    characters
}

fn refused(update: &[u8]) -> Refusal {
    refused_as(Role::Editor, update)
}

fn one(block: Vec<u8>) -> Vec<u8> {
    update(&[Section(OWN, 0, &[block])], &[])
}

/// The clock of the container that the frame made for `root`/`key`.
fn frame_id(server: &Server, root: &str, key: &str) -> (u64, u64) {
    let txn = server.doc.transact();
    let map = txn.get_map(root).unwrap();
    let id = match map.get(&txn, key).unwrap() {
        yrs::Out::YMap(map) => map.hook().id().clone(),
        yrs::Out::YText(text) => text.hook().id().clone(),
        other => panic!("{other:?} is no container"),
    };
    match id {
        yrs::BranchID::Nested(id) => (id.client.get(), u64::from(id.clock)),
        yrs::BranchID::Root(name) => panic!("{name} is a root"),
    }
}

macro_rules! assert_refusal {
    ($refusal:expr, $pattern:pat $(if $guard:expr)?) => {
        let refusal = $refusal;
        assert!(matches!(&refusal, $pattern $(if $guard)?), "{refusal:?}");
    };
}

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
fn gate2_deeply_nested_values_hit_a_limit() {
    let mut value = vec![1];
    for _ in 0..20_000 {
        value.extend([117, 1]);
    }
    value.push(127);
    let bytes = one(item(At::Root("x-array", None), 8, &value));
    assert_refusal!(
        refused(&bytes),
        Refusal::Limit {
            name: "value_depth_max",
            ..
        }
    );
}

#[test]
fn gate2_fifty_thousand_nested_maps_hit_a_limit() {
    let nest = |count: u64| {
        let mut blocks = vec![container(At::Root("x-map", Some("k")), 1)];
        blocks.extend((0..count - 1).map(|clock| container(At::In((OWN, clock), Some("k")), 1)));
        update(&[Section(OWN, 0, &blocks)], &[])
    };
    assert_refusal!(
        refused(&nest(50_000)),
        Refusal::Limit {
            name: "update_structs_max",
            ..
        }
    );
    assert_refusal!(refused(&nest(20_000)), Refusal::Shape { reason, .. } if reason.contains("deep"));
    assert_refusal!(refused(&nest(16)), Refusal::Shape { .. });
    let mut server = Server::new();
    server
        .offer(&nest(15), &writer("mallory", Role::Editor))
        .unwrap();
    server.settle();
    server.read();
}

#[test]
fn gate2_giant_delete_sets_hit_a_limit() {
    let count = 300_000u64;
    let mut bytes = Bytes::default()
        .var(0)
        .var(1)
        .var(harness::SERVER)
        .var(count);
    for range in 0..count {
        bytes = bytes.var(2 * range).var(1);
    }
    assert_refusal!(
        refused(&bytes.0),
        Refusal::Limit {
            name: "update_deletes_max",
            ..
        }
    );
}

#[test]
fn gate2_structs_that_crowd_one_place_hit_a_limit() {
    let crowd = |count: u64| {
        let mut blocks = vec![text(NOTES, "a")];
        blocks.extend((1..count).map(|_| text(At::Beside(None, Some((OWN, 0))), "a")));
        update(&[Section(OWN, 0, &blocks)], &[])
    };
    let name = "update_structs_per_place_max";
    assert_refusal!(refused(&crowd(8193)), Refusal::Limit { name: found, .. } if *found == name);
    let spread: Vec<_> = (0..9000)
        .map(|n| word(At::Root("x-map", Some(&n.to_string())), "v"))
        .collect();
    let mut server = Server::new();
    let bytes = update(&[Section(OWN, 0, &spread)], &[]);
    server
        .offer(&bytes, &writer("alice", Role::Editor))
        .unwrap();
}

#[test]
fn gate2_oversized_keys_names_and_values_hit_a_limit() {
    let key = "k".repeat(300);
    for (block, limit) in [
        (word(At::Root("x-map", Some(&key)), "v"), "key_bytes_max"),
        (
            word(At::Root(&format!("x-{key}"), Some("k")), "v"),
            "root_name_bytes_max",
        ),
        (
            word(At::Root("x-map", Some("k")), &key.repeat(1000)),
            "value_bytes_max",
        ),
        (text(NOTES, &key.repeat(10_000)), "text_bytes_max"),
    ] {
        assert_refusal!(refused(&one(block)), Refusal::Limit { name, .. } if *name == limit);
    }
    let big = vec![0; Limits::default().update_bytes_max + 1];
    assert_refusal!(
        refused(&big),
        Refusal::Limit {
            name: "update_bytes_max",
            ..
        }
    );
}

#[test]
fn gate2_free_roots_of_a_document_are_limited() {
    let blocks: Vec<_> = (0..65)
        .map(|n| word(At::Root(&format!("x-{n}"), Some("k")), "v"))
        .collect();
    let bytes = update(&[Section(OWN, 0, &blocks)], &[]);
    assert_refusal!(
        refused(&bytes),
        Refusal::Limit {
            name: "document_free_roots_max",
            ..
        }
    );
}

#[test]
fn gate3_subdocuments_xml_weak_links_and_legacy_json_are_unsupported() {
    let at = At::Root("x-map", Some("k"));
    let subdocument = Bytes::default().string("guid").raw(&[118, 0]).0;
    let mut updates = vec![
        one(item(at, 9, &subdocument)),
        one(item(at, 2, &[1, 1, b'1'])),
    ];
    updates.extend(
        (3..=9)
            .chain([15])
            .map(|kind| one(item(at, 7, &[kind, 1, b'p']))),
    );
    for bytes in updates {
        assert_refusal!(refused(&bytes), Refusal::Unsupported { .. });
    }
}

#[test]
fn gate4_a_clock_gap_is_incomplete() {
    let bytes = update(&[Section(OWN, 3, &[text(NOTES, "a")])], &[]);
    assert_refusal!(
        refused(&bytes),
        Refusal::Incomplete {
            client: OWN,
            clock: 0
        }
    );
}

#[test]
fn gate4_missing_neighbours_and_parents_are_incomplete() {
    for at in [
        At::Beside(Some((5, 9)), None),
        At::Beside(None, Some((5, 9))),
        At::In((5, 9), None),
    ] {
        assert_refusal!(
            refused(&one(text(at, "a"))),
            Refusal::Incomplete {
                client: 5,
                clock: 9
            }
        );
    }
}

#[test]
fn gate4_structs_that_wait_for_each_other_are_incomplete() {
    let bytes = update(
        &[
            Section(OWN, 0, &[text(At::Beside(Some((OWN + 1, 0)), None), "a")]),
            Section(OWN + 1, 0, &[text(At::Beside(Some((OWN, 0)), None), "b")]),
        ],
        &[],
    );
    assert_refusal!(refused(&bytes), Refusal::Incomplete { .. });
    let own = one(text(At::Beside(Some((OWN, 0)), None), "a"));
    assert_refusal!(
        refused(&own),
        Refusal::Incomplete {
            client: OWN,
            clock: 0
        }
    );
}

#[test]
fn gate4_deletes_of_unknown_clocks_are_incomplete() {
    let bytes = update(&[], &[(5, 0, 1)]);
    assert_refusal!(
        refused(&bytes),
        Refusal::Incomplete {
            client: 5,
            clock: 0
        }
    );
    let bytes = update(&[Section(OWN, 0, &[text(NOTES, "ab")])], &[(OWN, 1, 2)]);
    assert_refusal!(
        refused(&bytes),
        Refusal::Incomplete {
            client: OWN,
            clock: 2
        }
    );
}

#[test]
fn gate5_a_forged_client_id_is_foreign() {
    let server_clock = u64::from(Server::new().gate.clock(harness::SERVER));
    let bytes = update(
        &[Section(harness::SERVER, server_clock, &[text(NOTES, "a")])],
        &[],
    );
    assert_refusal!(
        refused(&bytes),
        Refusal::ForeignClient {
            client: harness::SERVER
        }
    );

    let mut server = Server::new();
    let typed = one(text(NOTES, "hello"));
    server
        .offer(&typed, &writer("alice", Role::Editor))
        .unwrap();
    let more = update(
        &[Section(
            OWN,
            5,
            &[text(At::Beside(Some((OWN, 4)), None), "!")],
        )],
        &[],
    );
    let refusal = refused_by(&mut server, Role::Editor, &more);
    assert_refusal!(refusal, Refusal::ForeignClient { client: OWN });
    server.offer(&more, &writer("alice", Role::Editor)).unwrap();
}

#[test]
fn gate5_a_client_id_without_a_known_author_belongs_to_nobody_after_a_rebuild() {
    let mut server = Server::new();
    server
        .offer(&one(text(NOTES, "hello")), &writer("alice", Role::Editor))
        .unwrap();
    server.settle();
    let state = state_of(&server.doc);
    let more = update(
        &[Section(
            OWN,
            5,
            &[text(At::Beside(Some((OWN, 4)), None), "!")],
        )],
        &[],
    );
    let more = walk(&more, &Limits::default()).unwrap();
    let alice = writer("alice", Role::Editor);

    let mut unknown = Gate::rebuild(&state, []).unwrap();
    assert_refusal!(
        unknown.admit(&more, &alice, &OpenPens).unwrap_err(),
        Refusal::ForeignClient { .. }
    );
    let mut known = Gate::rebuild(&state, [(OWN, alice.member.clone())]).unwrap();
    assert_eq!(known.author(OWN), Some(&alice.member));
    known.admit(&more, &alice, &OpenPens).unwrap();
}

#[test]
fn gate5_the_server_does_not_write_under_a_members_client_id() {
    let mut server = Server::new();
    server
        .offer(&one(text(NOTES, "hello")), &writer("alice", Role::Editor))
        .unwrap();
    let more = update(&[Section(OWN, 5, &[gc(1)])], &[]);
    let more = walk(&more, &Limits::default()).unwrap();
    assert_refusal!(
        server.gate.admit_server(&more).unwrap_err(),
        Refusal::ForeignClient { .. }
    );
}

#[test]
fn gate6_an_undeclared_root_is_refused() {
    for name in ["quill", "", "Plan", "x-"] {
        assert_refusal!(
            refused(&one(text(At::Root(name, None), "a"))),
            Refusal::Shape { .. }
        );
    }
}

#[test]
fn gate6_a_push_into_a_map_root_is_refused() {
    for root in ["meta", "plan", "tasks"] {
        let refusal = refused(&one(word(At::Root(root, None), "a")));
        assert_refusal!(refusal, Refusal::Shape { path, .. } if path == root);
    }
}

#[test]
fn gate6_content_of_the_wrong_kind_is_refused() {
    let task = At::Root("tasks", Some("abcdefgh"));
    for block in [
        text(task, "a"),
        word(task, "a"),
        container(task, 0),
        container(task, 2),
        text(At::Root("x-map", Some("k")), "a"),
        item(
            At::Root("x-map", Some("k")),
            6,
            &Bytes::default().string("b").string("1").0,
        ),
        item(At::Root("x-map", Some("k")), 8, &[2, 127, 127]),
        word(NOTES, "a"),
        container(NOTES, 1),
        item(NOTES, 6, &Bytes::default().string("bold").string("true").0),
        text(At::Root("notes", Some("k")), "a"),
        word(At::Root("tasks", Some("not an id!")), "a"),
    ] {
        assert_refusal!(refused(&one(block)), Refusal::Shape { .. });
    }
}

#[test]
fn gate6_containers_made_in_the_same_update_obey_the_schema_too() {
    let server = Server::new();
    let steps = frame_id(&server, "plan", "steps");
    let step = container(At::In(steps, Some("abcdefgh")), 1);
    let with = |field: Vec<u8>| update(&[Section(OWN, 0, &[step.clone(), field])], &[]);
    let inside = |key| At::In((OWN, 0), Some(key));
    for field in [
        word(inside("status"), "finished"),
        word(inside("colour"), "red"),
        container(inside("title"), 1),
        container(inside("status"), 2),
        text(At::In((OWN, 0), None), "a"),
    ] {
        let refusal = refused(&with(field));
        assert_refusal!(refusal, Refusal::Shape { path, .. } if path.starts_with("plan/steps/abcdefgh"));
    }
    let mut server = Server::new();
    let writer = writer("alice", Role::Editor);
    server
        .offer(&with(word(inside("status"), "doing")), &writer)
        .unwrap();
    server.settle();
    server.read();
}

#[test]
fn gate6_plain_values_obey_the_schema() {
    let confidence = |bytes: &[u8]| one(item(At::Root("briefing", Some("confidence")), 8, bytes));
    let float = |value: f64| [&[1, 123][..], &value.to_be_bytes()].concat();
    for value in [
        vec![1, 120],
        vec![1, 126],
        float(1.5),
        float(f64::NAN),
        vec![1, 117, 0],
    ] {
        let refusal = refused(&confidence(&value));
        assert_refusal!(refusal, Refusal::Shape { path, .. } if path == "briefing/confidence");
    }
    let mut server = Server::new();
    server
        .offer(&confidence(&float(0.5)), &writer("alice", Role::Editor))
        .unwrap();
    server.settle();
}

#[test]
fn gate6_the_kind_of_a_free_root_is_fixed_at_its_first_use() {
    let uses = [
        ("map", word(At::Root("x-app", Some("k")), "v")),
        ("text", text(At::Root("x-app", None), "v")),
        ("array", word(At::Root("x-app", None), "v")),
    ];
    for (first_kind, first) in &uses {
        for (second_kind, second) in &uses {
            let bytes = update(&[Section(OWN, 0, &[first.clone(), second.clone()])], &[]);
            let mut server = Server::new();
            let outcome = server.offer(&bytes, &writer("alice", Role::Editor));
            assert_eq!(
                outcome.is_ok(),
                first_kind == second_kind,
                "{first_kind} {second_kind}"
            );
        }
    }
}

#[test]
fn gate6_several_values_under_one_key_are_let_in_only_when_deleted() {
    let twice = item(At::Root("x-map", Some("k")), 8, &[2, 120, 121]);
    for (deletes, is_honest) in [
        (&[][..], false),
        (&[(OWN, 0, 1)], false),
        (&[(OWN, 1, 1)], false),
        (&[(OWN, 0, 2)], true),
    ] {
        let bytes = update(&[Section(OWN, 0, slice::from_ref(&twice))], deletes);
        let mut server = Server::new();
        let outcome = server.offer(&bytes, &writer("alice", Role::Editor));
        assert_eq!(outcome.is_ok(), is_honest, "{deletes:?}");
        server.settle();
        server.read();
    }
}

#[test]
fn gate6_a_free_root_of_deleted_elements_takes_no_keys() {
    let root = At::Root("x-app", None);
    let blocks = [item(root, 1, &[1]), word(At::Root("x-app", Some("k")), "v")];
    let bytes = update(&[Section(OWN, 0, &blocks)], &[]);
    assert_refusal!(refused(&bytes), Refusal::Shape { path, .. } if path == "x-app/k");
    let blocks = [
        item(root, 1, &[1]),
        text(At::Beside(Some((OWN, 0)), None), "words"),
    ];
    let bytes = update(&[Section(OWN, 0, &blocks)], &[]);
    let mut server = Server::new();
    let admitted = server
        .offer(&bytes, &writer("alice", Role::Editor))
        .unwrap();
    assert_eq!(admitted.new_roots, [("x-app".to_owned(), RootKind::Text)]);
}

#[test]
fn gate7_a_parent_that_is_no_container_is_refused() {
    let bytes = update(
        &[Section(
            OWN,
            0,
            &[text(NOTES, "abc"), text(At::In((OWN, 1), None), "d")],
        )],
        &[],
    );
    assert_refusal!(
        refused(&bytes),
        Refusal::Inconsistent {
            client: OWN,
            clock: 1,
            ..
        }
    );
}

#[test]
fn gate7_mixed_neighbours_are_refused() {
    let server = Server::new();
    let title = At::In(frame_id(&server, "meta", "title"), None);
    for (left, right) in [((OWN, 0), (OWN, 1)), ((OWN, 1), (OWN, 0))] {
        let blocks = [
            text(NOTES, "a"),
            text(title, "b"),
            text(At::Beside(Some(left), Some(right)), "c"),
        ];
        let bytes = update(&[Section(OWN, 0, &blocks)], &[]);
        assert_refusal!(refused(&bytes), Refusal::Inconsistent { .. });
    }
    let blocks = [
        word(At::Root("x-map", Some("a")), "1"),
        word(At::Root("x-map", Some("b")), "2"),
        word(At::Beside(Some((OWN, 0)), Some((OWN, 1))), "3"),
    ];
    let bytes = update(&[Section(OWN, 0, &blocks)], &[]);
    assert_refusal!(refused(&bytes), Refusal::Inconsistent { .. });
}

#[test]
fn gate7_an_overlap_must_continue_what_is_known() {
    let alice = writer("mallory", Role::Editor);
    let title = At::In(frame_id(&Server::new(), "meta", "title"), None);
    for (known, offered, is_honest) in [
        (text(NOTES, "ab"), text(NOTES, "abcd"), true),
        (text(NOTES, "ab"), text(title, "abcd"), false),
        (text(NOTES, "ab"), text(NOTES, "a\u{1f600}d"), false),
        (text(NOTES, "ab"), text(NOTES, "\u{1f600}d"), true),
        (text(NOTES, "ab"), item(NOTES, 1, &[5]), true),
        (text(NOTES, "ab"), gc(5), true),
        (gc(2), text(NOTES, "abcd"), false),
        (gc(2), gc(5), true),
        (item(NOTES, 1, &[2]), item(title, 1, &[5]), false),
        (
            word(At::Root("x-a", None), "1"),
            item(At::Root("x-a", None), 8, &[2, 127, 127]),
            true,
        ),
        (
            word(At::Root("x-a", None), "1"),
            item(At::Root("x-b", None), 8, &[2, 127, 127]),
            false,
        ),
    ] {
        let mut server = Server::new();
        server.offer(&one(known), &alice).unwrap();
        if is_honest {
            server.offer(&one(offered), &alice).unwrap();
            server.settle();
            server.read();
        } else {
            let refusal = refused_by(&mut server, Role::Editor, &one(offered));
            assert_refusal!(
                refusal,
                Refusal::Inconsistent {
                    client: OWN,
                    clock: 0,
                    ..
                }
            );
        }
    }
}

#[test]
fn gate8_control_is_written_by_the_server_alone() {
    for role in [Role::Viewer, Role::Reviewer, Role::Editor, Role::Admin] {
        let refusal = refused_as(role, &one(word(At::Root("control", Some("owners")), "me")));
        assert_refusal!(refusal, Refusal::Forbidden { path, .. } if path == "control/owners");
        let schema = one(item(At::Root("meta", Some("schema")), 8, &[1, 125, 9]));
        let refusal = refused_as(role, &schema);
        assert_refusal!(refusal, Refusal::Forbidden { path, .. } if path == "meta/schema");
    }
}

#[test]
fn gate8_the_frame_is_neither_replaced_nor_removed() {
    let replace = one(container(TITLE, 2));
    let refusal = refused_as(Role::Admin, &replace);
    assert_refusal!(refusal, Refusal::Forbidden { path, .. } if path == "meta/title");
    let (client, clock) = frame_id(&Server::new(), "plan", "steps");
    let remove = update(&[], &[(client, clock, 1)]);
    let refusal = refused_as(Role::Admin, &remove);
    assert_refusal!(refusal, Refusal::Forbidden { path, .. } if path == "plan/steps");
}

#[test]
fn gate8_a_reviewer_writes_suggestions_and_threads_only() {
    let refusal = refused_as(Role::Reviewer, &one(text(NOTES, "a")));
    assert_refusal!(refusal, Refusal::Forbidden { path, .. } if path == "notes");
    for root in ["suggestions", "threads"] {
        let mut server = Server::new();
        let bytes = one(container(At::Root(root, Some("abcdefgh")), 1));
        server
            .offer(&bytes, &writer("rita", Role::Reviewer))
            .unwrap();
    }
}

#[test]
fn gate8_a_viewer_writes_nothing_not_even_rubbish() {
    assert_refusal!(
        refused_as(Role::Viewer, &one(gc(4))),
        Refusal::Forbidden { .. }
    );
    let mut server = Server::new();
    server
        .offer(&one(text(NOTES, "hello")), &writer("alice", Role::Editor))
        .unwrap();
    let delete = update(&[], &[(OWN, 0, 2)]);
    let refusal = refused_by(&mut server, Role::Viewer, &delete);
    assert_refusal!(refusal, Refusal::Forbidden { path, .. } if path == "notes");
}

#[test]
fn gate8_a_mixed_update_is_refused_as_a_whole() {
    let blocks = [
        container(At::Root("threads", Some("abcdefgh")), 1),
        text(NOTES, "and a bit more"),
    ];
    let bytes = update(&[Section(OWN, 0, &blocks)], &[]);
    let refusal = refused_as(Role::Reviewer, &bytes);
    assert_refusal!(refusal, Refusal::Forbidden { path, .. } if path == "notes");
}

#[test]
fn gate1_a_state_vector_is_no_update() {
    let server = Server::new();
    let vector = server.doc.transact().state_vector().encode_v1();
    assert_refusal!(refused(&vector), Refusal::Malformed { .. });
}
