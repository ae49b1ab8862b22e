//! Content of the wrong kind or in the wrong place.

use std::slice;

use crdt_schema::gate::{Refusal, RootKind};
use crdt_schema::member::Role;

use crate::bytes::{At, Bytes, Section, container, item, text, update, word};
use crate::harness::{Server, writer};
use crate::hostile::{NOTES, OWN, frame_id, one, refused};

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
