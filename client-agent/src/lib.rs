//! A headless Penhold peer: an agent, or any program, in a live document.
//!
//! A [`Peer`] keeps a copy of one workspace, synchronises it with the server, and goes on
//! working while the server is away: edits made meanwhile are merged on return.
//!
//! ```no_run
//! use crdt_schema::schema::{NewStep, Place, Workspace};
//! use penhold_agent::{Config, Peer};
//!
//! # async fn example() -> anyhow::Result<()> {
//! let config = Config::new("http://127.0.0.1:8787", "launch", "the agent's token")?;
//! let peer = Peer::connect(config.named("Planner"));
//! peer.synced().await?;
//!
//! let intent = peer.read(|txn| Workspace.briefing().intent().read(txn)).await?;
//! let step = NewStep { title: format!("Understand: {intent}"), ..NewStep::default() };
//! peer.edit(move |txn| {
//!     Workspace.plan().steps().add(txn, &mut rand::rng(), Place::Last, step)
//! })
//! .await??;
//!
//! peer.flush().await?; // On the server's disk.
//!
//! let mut changes = peer.changes();
//! while let Some(change) = changes.next().await {
//!     println!("{change:?}");
//! }
//! peer.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! All work on the document happens in one task, which [`Peer::connect`] starts; handles talk to
//! it by message. The protocol's rules are in [`sync_protocol::peer`], without any of this.
#![forbid(unsafe_code)]

mod changes;
mod client;
mod config;
mod cursor;
mod cursor_file;
pub mod demo;
mod driver;
mod error;
mod leases;
mod need;
mod outlets;
mod peer;
mod presence;
mod replica;
mod socket;
mod status;
mod tls;
mod typist;
mod watch;

pub use changes::{Change, ChangeStream, Edit, Writer};
pub use client::{
    Approved, Artifact, ChangeItem, Changes, Client, ClientError, Cursor, Found, HOLD_MAX, HandOff,
    InboxEntry, NewRemark, Problem, Revision, Scope, Since, SuggestionDraft, TakenDecision, TextAt,
    To, UpTo, Written,
};
pub use config::{Config, ConfigError};
pub use cursor_file::{CursorFile, Memory};
pub use error::{Denied, PeerError, Stopped, Unsent};
pub use leases::{Leases, Parting};
pub use need::{Need, Needs, WaitError, Wanted};
pub use peer::Peer;
pub use presence::{Present, User};
pub use status::{Link, Status, Welcome};
pub use typist::{Typist, TypistError};
pub use watch::{Notice, Watch, What};
