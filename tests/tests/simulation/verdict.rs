//! What must hold when everything has come to rest.

use std::{
    collections::BTreeMap,
    sync::{Arc, mpsc},
};

use crdt_schema::{document, shape};
use penhold_server::room::loading::fold_ledger;
use yrs::{Any, Doc, GetString as _, Out, ReadTxn, Transact, types::ToJson as _};

use super::{disk, editor, world::World};

/// A document, in full: what everybody must agree on.
struct Content {
    clocks: yrs::StateVector,
    deleted: yrs::IdSet,
    roots: BTreeMap<&'static str, Any>,
}

/// Everybody has everything, everything is durable, and nothing is left over.
pub(crate) fn check(world: &mut World) {
    let stored = content(&fold(world));
    let (tell, heard) = mpsc::channel();
    world
        .room
        .core()
        .query(Box::new(move |view| tell.send(content(view.doc)).unwrap()));
    let served = heard.try_recv().expect("a quiet room answers at once");
    agree(&served, &stored, "the server");
    let disk = world.room.disk.load(u64::MAX).unwrap();
    let ledger = fold_ledger(&disk.directory, &disk.records).expect("the chain holds");
    assert_eq!(
        *world.room.core().ledger(),
        ledger,
        "the ledger and the log"
    );
    for (n, desk) in world.desks.iter().enumerate() {
        agree(&content(&desk.doc), &stored, &format!("desk {n}"));
        assert!(desk.is_saved(), "desk {n} waits for an acknowledgement");
    }
    for (root, value) in stored
        .roots
        .iter()
        .filter(|(root, _)| **root != editor::APP_ROOT)
    {
        let text = format!("{value:?}");
        assert!(
            !text.contains("\\r"),
            "a carriage return is left in {root}: {text}"
        );
    }
}

fn agree(shown: &Content, stored: &Content, who: &str) {
    assert_eq!(shown.clocks, stored.clocks, "{who} and the log: clocks");
    assert_eq!(shown.roots, stored.roots, "{who} and the log: content");
    assert_eq!(
        shown.deleted, stored.deleted,
        "{who} and the log: what is deleted"
    );
}

/// A fresh document with what the log holds.
fn fold(world: &World) -> Doc {
    let doc = document::new_doc(1);
    doc.get_or_insert_map(editor::APP_ROOT);
    let stored = world
        .room
        .disk
        .load(u64::MAX)
        .expect("the disk has recovered");
    let mut txn = doc.transact_mut();
    if let Some(snapshot) = &stored.loaded.snapshot {
        disk::apply(&mut txn, &snapshot.state);
    }
    for edit in stored
        .loaded
        .tail
        .iter()
        .flat_map(|(_, entry)| &entry.edits)
    {
        disk::apply(&mut txn, &edit.update);
    }
    drop(txn);
    doc
}

fn content(doc: &Doc) -> Content {
    let txn = doc.transact();
    assert!(!txn.has_missing_updates(), "something is pending");
    let yrs::Snapshot {
        state_map,
        delete_set,
    } = txn.snapshot();
    let names = shape::ROOTS
        .iter()
        .map(|(name, _)| *name)
        .chain([editor::APP_ROOT]);
    let roots = names.filter_map(|name| {
        let value = match txn.get(name)? {
            Out::YText(text) => Any::from(text.get_string(&txn)),
            other => other.to_json(&txn),
        };
        (value != Any::Map(Arc::default())).then_some((name, value))
    });
    Content {
        clocks: state_map,
        deleted: delete_set,
        roots: roots.collect(),
    }
}
