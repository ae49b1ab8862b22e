//! Three-way merge of a text that an agent rewrote.
