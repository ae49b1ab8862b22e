//! What a Penhold workspace document is, and who may change what in it.
//!
//! Everything here is a function of (state, now, input): no clock, no runtime, no input or
//! output. Randomness, where needed, is passed in.
#![forbid(unsafe_code)]

pub mod attribution;
pub mod authors;
pub mod content;
pub mod context;
pub mod digest;
pub mod document;
pub mod escalation;
pub mod gate;
pub mod ids;
pub mod item;
pub mod lineage;
pub mod markdown;
pub mod member;
pub mod merge;
pub mod order;
pub mod ownership;
pub mod path;
pub mod project;
pub mod schema;
pub mod shape;
pub mod suggest;
pub mod touches;
pub mod versions;
