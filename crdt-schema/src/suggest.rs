//! Suggestions: made, accepted, rejected, gone stale.
//!
//! The shape at a suggestion's target says what it proposes:
//!
//! | target | `quote` | `replacement` |
//! |---|---|---|
//! | a text | the passage as it was | the passage as it should be |
//! | a plain field, such as a status | the old value; empty: none | the new value; empty: none |
//! | a collection, such as `plan/steps` | empty | the element to add, as JSON |
//! | an element | the element, as Markdown | empty: it should go |
//!
//! Invariant: a suggestion is taken over only while what it quotes is what stands there, so
//! accepting one never undoes what somebody else wrote since.

mod anchor;
mod between;
mod decide;
mod elements;
mod propose;
mod put;
mod readable;
mod rivals;
mod target;
mod texts;
mod update;
mod value;

use crate::ids::MemberId;

pub use self::{
    anchor::{Anchor, Whereabouts, anchor, passage, whereabouts},
    between::between,
    decide::{Accepted, Refused, Staleness, Words, accept, perform, reject, staleness},
    propose::propose,
    put::{Put, put_all, put_rewrite},
    target::BadTarget,
    update::{BadUpdate, Turned, from_updates},
};
pub(crate) use self::{
    between::keys,
    elements::{BadElement, Elements},
    readable::{is_little, is_wordless, join},
    target::{element, is_content},
    update::{fork, outermost},
    value::put,
};

/// Who makes suggestions, when, and why.
#[derive(Debug, Clone, Copy)]
pub struct Maker<'a> {
    /// Whose words they are.
    pub author: &'a MemberId,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// Why, in Markdown; may be empty.
    pub reason: &'a str,
}
