//! What the mutation test and the fuzz target share: a server that admits, applies and reads.
//!
//! The claim under test: whatever the gate admits, yrs applies and reads without a panic, nothing
//! stays pending, the gate's clocks are the document's, and a rebuilt gate agrees.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use crdt_schema::{
    document,
    gate::{Admitted, Gate, Limits, OpenPens, Refusal, RootKind, Writer, walk},
    member::{Kind, Role},
    path,
    shape::{self, Shape},
};
use yrs::{
    Any, DeepObservable, Doc, IdSet, Map, MapPrelim, OffsetKind, Options, Out, ReadTxn,
    StateVector, TextPrelim, Transact, TransactionMut, Update, WriteTxn,
    block::ClientID,
    types::{Event, Events, PathSegment, ToJson},
    updates::decoder::Decode,
};

/// Client id of the server.
pub const SERVER: u64 = 1;

/// A document with a gate in front of it.
pub struct Server {
    /// The document.
    pub doc: Doc,
    /// Its gate.
    pub gate: Gate,
    /// Paths of everything that yrs reported as changed.
    pub observed: Observed,
    /// What the last [`Self::settle`] deleted.
    pub deleted: IdSet,
    admitted: Vec<Vec<u8>>,
}

/// Paths that observers saw.
pub type Observed = Arc<Mutex<BTreeSet<String>>>;

impl Server {
    /// A new workspace: the containers that exist once are made, nothing else.
    pub fn new() -> Self {
        let doc = document::new_doc(SERVER);
        make_frame(&doc);
        let mut gate = Gate::new();
        let state = state_of(&doc);
        let walk = walk(&state, &Limits::default()).expect("the frame is well-formed");
        gate.admit_server(&walk)
            .expect("the server may make the frame");
        let observed = Observed::default();
        for (name, _) in shape::ROOTS {
            observe(&doc, name, &observed);
        }
        Self {
            doc,
            gate,
            observed,
            deleted: IdSet::default(),
            admitted: Vec::new(),
        }
    }

    /// Offers an update to the gate. An admitted one is applied by [`Self::settle`].
    pub fn offer(&mut self, update: &[u8], writer: &Writer) -> Result<Admitted, Refusal> {
        let walk = walk(update, &Limits::default())?;
        let admitted = self.gate.admit(&walk, writer, &OpenPens)?;
        for (name, kind) in &admitted.new_roots {
            declare(&self.doc, name, *kind);
            observe(&self.doc, name, &self.observed);
        }
        self.admitted.push(update.to_vec());
        Ok(admitted)
    }

    /// Whether everything admitted is applied.
    pub fn is_settled(&self) -> bool {
        self.admitted.is_empty()
    }

    /// Applies what was admitted in one transaction, and checks the claim.
    pub fn settle(&mut self) {
        if self.admitted.is_empty() {
            return;
        }
        let mut txn = self.doc.transact_mut();
        for update in self.admitted.drain(..) {
            let update = Update::decode_v1(&update).expect("admitted updates decode");
            txn.apply_update(update).expect("admitted updates apply");
        }
        txn.commit();
        assert!(!txn.has_missing_updates(), "something stayed pending");
        self.deleted = txn.delete_set().clone();
        self.gate.record_deletes(&self.deleted);
        for (client, clock) in txn.state_vector().iter() {
            assert_eq!(
                self.gate.clock(client.get()),
                *clock,
                "clocks of {client} differ"
            );
        }
    }

    /// Reads everything in every way, starts again from what is stored, and tells what the copy
    /// reads like.
    pub fn read(&self) -> Vec<(Arc<str>, String)> {
        read_json(&self.doc);
        let state = state_of(&self.doc);
        let gate = Gate::rebuild(&state, []).expect("the state is a whole document");
        let doc = document::new_doc(SERVER + 1);
        for (name, kind) in gate.free_roots() {
            declare(&doc, name, kind);
        }
        let update = Update::decode_v1(&state).expect("the state decodes");
        doc.transact_mut()
            .apply_update(update)
            .expect("the state applies");
        let txn = doc.transact();
        assert!(
            !txn.has_missing_updates(),
            "something of the state stayed pending"
        );
        assert_eq!(txn.state_vector(), self.doc.transact().state_vector());
        drop(txn);
        let (copy, original) = (read_json(&doc), read_json(&self.doc));
        assert_eq!(copy.len(), original.len(), "the copy has other roots");
        copy
    }
}

/// An editor called `name`.
pub fn writer(name: &str, role: Role) -> Writer {
    Writer {
        member: name.parse().expect("test names are ids"),
        role,
        kind: Kind::Human,
    }
}

/// The whole document as one update.
pub fn state_of(doc: &Doc) -> Vec<u8> {
    doc.transact()
        .encode_state_as_update_v1(&StateVector::default())
}

/// Declares a root outside the schema.
pub fn declare(doc: &Doc, name: &str, kind: RootKind) {
    match kind {
        RootKind::Map => drop(doc.get_or_insert_map(name)),
        RootKind::Text => drop(doc.get_or_insert_text(name)),
        RootKind::Array => drop(doc.get_or_insert_array(name)),
    }
}

/// A peer's document, as [`document::new_doc`] makes it, but with or without collection.
pub fn peer(client: u64, skip_gc: bool) -> Doc {
    let doc = Doc::with_options(Options {
        client_id: ClientID::new(client),
        guid: "penhold".into(),
        collection_id: None,
        offset_kind: OffsetKind::Utf16,
        skip_gc,
        auto_load: false,
        should_load: true,
        cleanup_formatting: false,
    });
    for (name, shape) in shape::ROOTS {
        match shape {
            Shape::Text => declare(&doc, name, RootKind::Text),
            _ => declare(&doc, name, RootKind::Map),
        }
    }
    doc
}

fn make_frame(doc: &Doc) {
    let mut txn = doc.transact_mut();
    for (root, shape) in shape::ROOTS {
        let Shape::Map(fields) = shape else { continue };
        let map = txn.get_or_insert_map(*root);
        for (key, shape) in *fields {
            match shape {
                Shape::Text => drop(map.insert(&mut txn, *key, TextPrelim::new(""))),
                Shape::MapOf(_) | Shape::Dict(_) => {
                    map.insert(&mut txn, *key, MapPrelim::default());
                }
                Shape::Map(_) | Shape::Scalar(_) | Shape::Free => {}
            }
        }
    }
}

/// Watches a root as a room would: everything that an event can tell is asked for.
fn observe(doc: &Doc, name: &str, observed: &Observed) {
    let txn = doc.transact();
    let root = txn
        .get(name)
        .expect("a root is declared before it is observed");
    drop(txn);
    let (name, observed) = (path::escape(name), Arc::clone(observed));
    let look = move |txn: &TransactionMut<'_>, events: &Events<'_>| {
        let mut observed = observed.lock().expect("no other holder panics");
        for event in events.iter() {
            let path = event
                .path()
                .into_iter()
                .fold(name.clone(), |path, segment| join(&path, segment));
            match event {
                Event::Text(event) => drop(event.delta(txn).to_vec()),
                Event::Array(event) => drop(event.delta(txn).to_vec()),
                Event::Map(event) => {
                    let keys = event.keys(txn).keys().cloned();
                    observed.extend(keys.map(|key| join(&path, PathSegment::Key(key))));
                    continue;
                }
                _ => panic!("the gate keeps out XML and weak links"),
            }
            observed.insert(path);
        }
    };
    match root {
        Out::YMap(root) => root.observe_deep("harness", look),
        Out::YText(root) => root.observe_deep("harness", look),
        Out::YArray(root) => root.observe_deep("harness", look),
        other => panic!("a root is declared as a map, text or array, not {other:?}"),
    }
}

/// The path with one more segment, as the gate writes it.
fn join(path: &str, segment: PathSegment) -> String {
    match segment {
        PathSegment::Key(key) => format!("{path}/{}", path::escape(&key)),
        PathSegment::Index(_) => format!("{path}/[]"),
    }
}

/// Every root with what it holds, in an order that does not depend on memory.
pub fn read_json(doc: &Doc) -> Vec<(Arc<str>, String)> {
    let txn = doc.transact();
    let mut roots: Vec<(Arc<str>, String)> = txn
        .root_refs()
        .map(|(name, root)| (name.into(), sorted(&root.to_json(&txn))))
        .collect();
    roots.sort();
    roots
}

/// A value as text that does not depend on the order of keys in memory.
fn sorted(value: &Any) -> String {
    match value {
        Any::Map(entries) => {
            let mut entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{key:?}:{}", sorted(value)))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        Any::Array(items) => {
            let items: Vec<String> = items.iter().map(sorted).collect();
            format!("[{}]", items.join(","))
        }
        other => format!("{other:?}"),
    }
}
