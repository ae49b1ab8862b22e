//! Earlier versions of a document: restoring and undoing as new edits.
