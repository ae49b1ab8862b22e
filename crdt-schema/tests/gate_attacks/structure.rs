//! Parents, neighbours and overlaps that contradict each other or what is known.

use crdt_schema::gate::Refusal;
use crdt_schema::member::Role;

use crate::bytes::{At, Section, gc, item, text, update, word};
use crate::harness::{Server, writer};
use crate::hostile::{NOTES, OWN, frame_id, one, refused, refused_by};

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
