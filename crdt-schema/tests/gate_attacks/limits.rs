//! What is too much.

use crdt_schema::gate::{Limits, Refusal};
use crdt_schema::member::Role;

use crate::bytes::{At, Bytes, Section, container, item, text, update, word};
use crate::harness::{self, Server, writer};
use crate::hostile::{NOTES, OWN, one, refused};

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
