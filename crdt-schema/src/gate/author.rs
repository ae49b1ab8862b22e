//! Who writes, and on whose account.

use std::fmt;

use crate::{
    ids::MemberId,
    item::Item,
    member::{Kind, Role},
    ownership::Pen,
};

/// Whom a client id belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Author {
    Member(MemberId),
    /// The server, also for client ids that nobody is known to have used.
    Server,
}

/// The member who sends an update, as vouched for by the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// Who it is; client ids are bound to this.
    pub member: MemberId,
    /// What the member may do.
    pub role: Role,
    /// Person or agent: an agent needs the pen too.
    pub kind: Kind,
}

/// Who holds the pens: asked about every item that an agent writes.
pub trait Pens: fmt::Debug {
    /// Whether `writer` may write `item` directly.
    fn pen(&self, writer: &Writer, item: &Item) -> Pen;
}

/// Nobody holds a pen, and everybody may write what the role allows.
#[derive(Debug, Clone, Copy)]
pub struct OpenPens;

impl Pens for OpenPens {
    fn pen(&self, _writer: &Writer, _item: &Item) -> Pen {
        Pen::Direct
    }
}

/// On whose account an update is judged.
#[derive(Debug, Clone, Copy)]
pub(super) enum Account<'a> {
    /// A member: under own client ids, where role and pens allow it, in the schema's shapes.
    Member(&'a Writer, &'a dyn Pens),
    /// The server's own edit: anywhere, in the schema's shapes.
    Server,
    /// A state that went through the gate before: the schema may have become narrower since, so
    /// only its structure is judged.
    Stored,
}
