//! What changed between two versions of a document, and by whom.
