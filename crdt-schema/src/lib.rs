//! What a Penhold workspace document is, and who may change what in it.
//!
//! Everything here is a function of (state, now, input): no clock, no runtime, no input or
//! output. Randomness, where needed, is passed in.
#![forbid(unsafe_code)]

pub mod content;
pub mod document;
pub mod gate;
pub mod ids;
pub mod item;
pub mod lineage;
pub mod markdown;
pub mod member;
pub mod order;
pub mod path;
pub mod project;
pub mod schema;
pub mod shape;
