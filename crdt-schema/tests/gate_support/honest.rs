//! Honest peers: they edit what the schema lets them, and nothing else.

use std::sync::{Arc, Mutex};

use crdt_schema::{
    gate::{RootKind, Writer},
    member::Role,
    shape::{self, Scalar, Shape},
};
use yrs::{
    Any, Array, ArrayPrelim, ArrayRef, Doc, Map, MapPrelim, MapRef, Out, ReadTxn, StateVector,
    Text, TextPrelim, TextRef, Transact, TransactionMut, Update, updates::decoder::Decode,
};

use super::harness::{declare, peer, writer};

/// Keys of maps that hold elements.
const IDS: &[&str] = &["aaaaaaaa", "bbbbbbbb", "cccccccc"];
/// Keys of maps that hold anything.
const NAMES: &[&str] = &["plain", "with/slash~and tilde", "\u{1f600}"];
const FREE: &[(&str, RootKind)] = &[
    ("x-map", RootKind::Map),
    ("x-list", RootKind::Array),
    ("x-text", RootKind::Text),
];

/// One member's editor.
pub struct Peer {
    /// The peer's copy of the document.
    pub doc: Doc,
    /// Who it is.
    pub writer: Writer,
    /// Updates made since they were last taken, in order.
    made: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// One edit, as numbers that select from what is there.
#[derive(Debug, Clone, Copy)]
pub struct Edit {
    /// Selects the container.
    pub container: u16,
    /// Selects the key or position.
    pub at: u16,
    /// Selects what is done there.
    pub action: u8,
}

impl Peer {
    /// A peer that writes under `client` as `name`.
    pub fn new(client: u64, name: &str, skip_gc: bool) -> Self {
        let doc = peer(client, skip_gc);
        for (name, kind) in FREE {
            declare(&doc, name, *kind);
        }
        let made: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let sink = Arc::clone(&made);
        doc.observe_update_v1("sink", move |txn, event| {
            if txn.origin().is_some() {
                sink.lock()
                    .expect("no other holder panics")
                    .push(event.update.clone());
            }
        })
        .expect("nobody else observes under this name");
        Self {
            doc,
            writer: writer(name, Role::Editor),
            made,
        }
    }

    /// The updates made since this was last asked.
    pub fn take_made(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut *self.made.lock().expect("no other holder panics"))
    }

    /// What `vector` lacks of this copy.
    pub fn diff(&self, vector: &StateVector) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(vector)
    }

    /// Takes everything that `other` has.
    pub fn pull(&self, other: &Doc) {
        let vector = self.doc.transact().state_vector();
        let update = other.transact().encode_state_as_update_v1(&vector);
        let update = Update::decode_v1(&update).expect("peers encode well");
        self.doc
            .transact_mut()
            .apply_update(update)
            .expect("peers send what can be applied");
    }

    /// Makes one edit.
    pub fn edit(&self, edit: Edit) {
        let containers = self.containers();
        let (shape, container) = &containers[usize::from(edit.container) % containers.len()];
        let mut txn = self.doc.transact_mut_with("edit");
        match container {
            Out::YText(text) => edit_text(&mut txn, text, **shape, edit),
            Out::YMap(map) => edit_map(&mut txn, map, shape, edit),
            Out::YArray(array) => edit_array(&mut txn, array, edit),
            other => panic!("{other:?} is no container"),
        }
    }

    /// All containers that an editor may write in, with their shapes.
    fn containers(&self) -> Vec<(&'static Shape, Out)> {
        let txn = self.doc.transact();
        let mut roots: Vec<&str> = txn.root_refs().map(|(name, _)| name).collect();
        roots.sort_unstable();
        roots.retain(|name| *name != "control");
        let mut found: Vec<(&'static Shape, Out)> = roots
            .iter()
            .filter_map(|name| Some((shape::root(name)?, txn.get(name)?)))
            .collect();
        let mut next = 0;
        while let Some((shape, container)) = found.get(next).cloned() {
            next += 1;
            let mut inner: Vec<(String, Out)> = match &container {
                Out::YMap(map) => map.iter(&txn).map(|(k, v)| (k.to_owned(), v)).collect(),
                Out::YArray(array) => array.iter(&txn).map(|v| (String::new(), v)).collect(),
                _ => Vec::new(),
            };
            inner.retain(|(_, out)| matches!(out, Out::YMap(_) | Out::YArray(_) | Out::YText(_)));
            inner.sort_by(|a, b| a.0.cmp(&b.0));
            let child = |key: &str| shape.child(key).expect("peers keep to the schema");
            found.extend(inner.into_iter().map(|(key, out)| (child(&key), out)));
        }
        found
    }
}

fn edit_text(txn: &mut TransactionMut<'_>, text: &TextRef, shape: Shape, edit: Edit) {
    let at = boundary(txn, text, edit.at);
    let end = boundary(txn, text, edit.at.wrapping_add(u16::from(edit.action)));
    match edit.action % 8 {
        0..=2 => text.insert(txn, at, "words "),
        3 => text.insert(txn, at, "\u{1f600}\r\n\u{e9}"),
        4 if shape == Shape::Free && at < end => {
            let bold = [("bold".into(), Any::Bool(true))].into_iter().collect();
            text.format(txn, at, end - at, bold);
        }
        4 if shape == Shape::Free => drop(text.insert_embed(txn, at, Any::Bool(true))),
        _ if at < end => text.remove_range(txn, at, end - at),
        _ => text.push(txn, "."),
    }
}

/// An offset between two characters, as an editor would choose it.
fn boundary(txn: &TransactionMut<'_>, text: &TextRef, at: u16) -> u32 {
    let mut ends = vec![0];
    for diff in text.diff(txn, yrs::types::text::YChange::identity) {
        let last = ends[ends.len() - 1];
        match diff.insert {
            Out::Any(Any::String(run)) => ends.extend(run.chars().scan(last, |end, character| {
                *end += character.len_utf16() as u32;
                Some(*end)
            })),
            _ => ends.push(last + 1),
        }
    }
    ends[usize::from(at) % ends.len()]
}

fn edit_map(txn: &mut TransactionMut<'_>, map: &MapRef, shape: &Shape, edit: Edit) {
    let pick = |keys: &[&'static str]| keys[usize::from(edit.at) % keys.len()];
    let key = match shape {
        Shape::Map(fields) => fields[usize::from(edit.at) % fields.len()].0,
        Shape::MapOf(_) => pick(IDS),
        Shape::Dict(_) | Shape::Free => pick(NAMES),
        Shape::Text | Shape::Scalar(_) => panic!("a map has a map's shape"),
    };
    let child = shape.child(key).expect("the key was chosen from the shape");
    let is_frame = shape::ROOTS
        .iter()
        .any(|(root, of)| of == shape && is_fixed(root, key));
    if is_frame {
        return;
    }
    if edit.action.is_multiple_of(5) {
        map.remove(txn, key);
        return;
    }
    match child {
        Shape::Text => drop(map.insert(txn, key, TextPrelim::new("new"))),
        Shape::Map(_) | Shape::MapOf(_) | Shape::Dict(_) => {
            map.insert(txn, key, MapPrelim::default());
        }
        Shape::Scalar(scalar) => drop(map.insert(txn, key, sample(*scalar, edit.action))),
        Shape::Free => match edit.action % 4 {
            0 => drop(map.insert(txn, key, MapPrelim::from([("plain", 1)]))),
            1 => drop(map.insert(txn, key, ArrayPrelim::from([1, 2]))),
            2 => drop(map.insert(txn, key, TextPrelim::new("free"))),
            _ => drop(map.insert(txn, key, i64::from(edit.at))),
        },
    }
}

fn is_fixed(root: &str, key: &str) -> bool {
    shape::is_frame(&[root, key]) || (root, key) == ("meta", "schema")
}

fn edit_array(txn: &mut TransactionMut<'_>, array: &ArrayRef, edit: Edit) {
    let len = array.len(txn);
    let at = u32::from(edit.at) % (len + 1);
    match edit.action % 5 {
        0 | 1 if at < len => array.remove(txn, at),
        2 => drop(array.insert(txn, at, MapPrelim::from([("plain", true)]))),
        3 => drop(array.insert(txn, at, TextPrelim::new("in a list"))),
        _ => array.insert_range(txn, at, [1, 2, 3]),
    }
}

/// A value that the schema admits.
fn sample(scalar: Scalar, action: u8) -> Any {
    match scalar {
        Scalar::String | Scalar::Primitive | Scalar::Position => Any::from("value"),
        Scalar::Number => Any::from(f64::from(action)),
        Scalar::Fraction => Any::from(f64::from(action) / 255.0),
        Scalar::Bool | Scalar::True => Any::from(true),
        Scalar::Enum(words) => Any::from(words[usize::from(action) % words.len()]),
        Scalar::OrderKey => Any::from("a0"),
    }
}
