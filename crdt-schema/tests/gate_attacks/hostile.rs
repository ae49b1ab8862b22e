//! Hostile updates are offered to a new workspace.

use crdt_schema::{gate::Refusal, member::Role};
use yrs::{Map, ReadTxn, SharedRef, Transact};

use crate::{
    bytes::{At, Section, update},
    harness::{Server, writer},
};

pub(crate) const OWN: u64 = 77;
pub(crate) const TITLE: At<'_> = At::Root("meta", Some("title"));
pub(crate) const NOTES: At<'_> = At::Root("notes", None);

/// Offers `update` to a new workspace and demands that it leaves no trace.
pub(crate) fn refused_as(role: Role, update: &[u8]) -> Refusal {
    let mut server = Server::new();
    refused_by(&mut server, role, update)
}

pub(crate) fn refused_by(server: &mut Server, role: Role, update: &[u8]) -> Refusal {
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
pub(crate) fn sorted(text: &str) -> Vec<char> {
    let mut characters: Vec<char> = text.chars().collect();
    characters.sort_unstable();
    characters
}

pub(crate) fn refused(update: &[u8]) -> Refusal {
    refused_as(Role::Editor, update)
}

pub(crate) fn one(block: Vec<u8>) -> Vec<u8> {
    update(&[Section(OWN, 0, &[block])], &[])
}

/// The clock of the container that the frame made for `root`/`key`.
pub(crate) fn frame_id(server: &Server, root: &str, key: &str) -> (u64, u64) {
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
