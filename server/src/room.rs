//! Rooms: one actor per open workspace, a fold over that workspace's log.
//!
//! Way of an edit: session → gate → staged → one log entry → durable → applied → broadcast and
//! acknowledged. [`core`] decides, without awaiting anything; [`actor`] awaits and carries out;
//! [`registry`] opens rooms once and closes them when nobody is left.
//!
//! Invariant: nobody is sent an edit that a crash could take back.
//! A room knows nothing about sockets, tokens or HTTP: sessions reach it through [`RoomHandle`]
//! and are reached through their [`Outbox`].

mod actor;
pub mod batch;
mod carets;
mod compaction;
pub mod config;
pub mod core;
mod goodbye;
mod handle;
mod idle;
mod lately;
pub mod loading;
mod newlines;
pub mod outbox;
pub mod presence;
mod registry;
mod replay;
mod turns;
mod visits;

pub use self::{
    config::RoomConfig,
    core::{Acted, Denial, Incoming, Refused, Scene, SessionId, View, Visitor},
    goodbye::Goodbye,
    handle::{CommandError, RoomError, RoomHandle, Seat},
    outbox::{Out, Outbox},
    registry::{CreateError, NewWorkspace, OpenError, Rooms, RoomsStats},
    visits::Page,
};
