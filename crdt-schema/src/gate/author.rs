//! Who writes, and on whose account.

use crate::{
    ids::MemberId,
    member::{Kind, Role},
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
    /// Person or agent; both are judged by their role alone.
    pub kind: Kind,
}

/// On whose account an update is judged.
#[derive(Debug, Clone, Copy)]
pub(super) enum Account<'a> {
    /// A member: under own client ids, where the role allows it, in the schema's shapes.
    Member(&'a Writer),
    /// The server's own edit: anywhere, in the schema's shapes.
    Server,
    /// A state that went through the gate before: the schema may have become narrower since, so
    /// only its structure is judged.
    Stored,
}
