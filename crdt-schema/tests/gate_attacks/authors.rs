//! Whose client id it is.

use crdt_schema::gate::{Gate, Limits, OpenPens, Refusal, walk};
use crdt_schema::member::Role;

use crate::bytes::{At, Section, gc, text, update};
use crate::harness::{self, Server, state_of, writer};
use crate::hostile::{NOTES, OWN, one, refused, refused_by};

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
