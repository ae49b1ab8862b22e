//! How a workspace document is made, the same on every peer.
//!
//! Invariant: every root of the schema is declared before the first update is applied, because
//! an undeclared root has no type, and observers would miss what happens in it.

use yrs::{Doc, OffsetKind, Options, block::ClientID};

use crate::shape::{self, Shape};

/// Version of the document's schema, stored as `meta/schema`.
pub const SCHEMA_VERSION: i64 = 1;

/// Makes an empty document with all roots of the schema declared.
///
/// Offsets count UTF-16 code units, as in JavaScript, and what is deleted is collected.
/// `client_id` must be below 2^53 and used by no other live peer of the document.
#[must_use]
pub fn new_doc(client_id: u64) -> Doc {
    let doc = Doc::with_options(Options {
        client_id: ClientID::new(client_id),
        guid: "penhold".into(),
        collection_id: None,
        offset_kind: OffsetKind::Utf16,
        skip_gc: false,
        auto_load: false,
        should_load: true,
        cleanup_formatting: false,
    });
    for (name, shape) in shape::ROOTS {
        match shape {
            Shape::Text => {
                doc.get_or_insert_text(*name);
            }
            Shape::Map(_) | Shape::MapOf(_) | Shape::Dict(_) | Shape::Scalar(_) | Shape::Free => {
                doc.get_or_insert_map(*name);
            }
        }
    }
    doc
}
