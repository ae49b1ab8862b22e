//! What a role may not write.

use crdt_schema::gate::Refusal;
use crdt_schema::member::Role;

use crate::bytes::{At, Section, container, gc, item, text, update, word};
use crate::harness::{Server, writer};
use crate::hostile::{NOTES, OWN, TITLE, frame_id, one, refused_as, refused_by};

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
