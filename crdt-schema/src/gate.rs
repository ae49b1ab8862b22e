//! The gate in front of a document: no foreign byte reaches yrs before it has passed.
//!
//! [`walk()`] checks everything about an update that needs no document. [`Gate::admit`] then checks
//! it against the document: causally complete, under the writer's own client ids, in the shapes
//! that the schema knows, and only where the writer may write. Whatever is admitted can be
//! applied without a panic, a hang or something left pending.
//!
//! Invariant: the gate's clocks are those of the document once every admitted update is applied;
//! a refused update leaves no trace. The gate never sees the document and knows no transport.

mod admission;
mod author;
mod index;
mod limits;
mod policy;
mod ranges;
mod reader;
mod refusal;
mod value;
mod walk;

use smallvec::SmallVec;
use yrs::IdSet;

use self::{
    admission::{Admission, Outcome},
    author::{Account, Author},
    index::Index,
};
use crate::{ids::MemberId, shape};

pub use self::{
    author::{OpenPens, Pens, Writer},
    limits::Limits,
    refusal::Refusal,
    walk::{Walk, walk},
};

/// What a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootKind {
    /// Keys to values.
    Map,
    /// Characters.
    Text,
    /// Values in order.
    Array,
}

/// A place in one gate's document: a container's sequence, or a key in a container.
///
/// [`Gate::path`] of the same gate tells which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(u32);

/// Whether an admitted update carries news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It changes the document, or at least what is known of it.
    New,
    /// All of it was known already: there is nothing to store, apply or send on.
    Nothing,
}

/// What an admitted update does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// Whether there is anything to apply.
    pub effect: Effect,
    /// The places that change, each once. What happens in a container that the update itself
    /// makes is covered by the place of that container.
    pub touched: SmallVec<[Place; 2]>,
    /// Client ids that are bound to the writer from now on.
    pub new_clients: Vec<u64>,
    /// Roots outside the schema that are used here first. The document must declare them before
    /// the update is applied.
    pub new_roots: Vec<(String, RootKind)>,
}

/// The gate of one document.
#[derive(Debug)]
pub struct Gate {
    index: Index,
    limits: Limits,
}

impl Gate {
    /// The gate of an empty document.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// The gate of an empty document, with other limits than usual.
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        let mut index = Index::default();
        let mut draft = index.draft();
        for (name, _) in shape::ROOTS {
            draft.root(name).expect("the schema knows its own roots");
        }
        draft.keep();
        Self { index, limits }
    }

    /// The gate of a stored document.
    ///
    /// `state` is the whole document as one v1 update, `authors` the members whom its client ids
    /// belong to. Client ids without an author are the server's.
    ///
    /// # Errors
    /// When the state is no whole document.
    pub fn rebuild(
        state: &[u8],
        authors: impl IntoIterator<Item = (u64, MemberId)>,
    ) -> Result<Self, Refusal> {
        let mut gate = Self::new();
        let walk = walk(state, &Limits::stored())?;
        gate.judge(&walk, Account::Stored)?;
        for (client, member) in authors {
            gate.index.bind(client, Author::Member(member));
        }
        Ok(gate)
    }

    /// Lets a member's update in, and records it.
    ///
    /// # Errors
    /// Why the update was refused; nothing is recorded then. [`Refusal::Incomplete`] calls for a
    /// difference to the server's state vector, everything else ends the sender's client id.
    pub fn admit(
        &mut self,
        walk: &Walk<'_>,
        writer: &Writer,
        pens: &dyn Pens,
    ) -> Result<Admitted, Refusal> {
        self.judge(walk, Account::Member(writer, pens))
    }

    /// Lets the server's own edit in, and records it: anywhere, under client ids that no member
    /// uses.
    ///
    /// # Errors
    /// Why the update was refused; nothing is recorded then.
    pub fn admit_server(&mut self, walk: &Walk<'_>) -> Result<Admitted, Refusal> {
        self.judge(walk, Account::Server)
    }

    /// Records an update that was admitted before, and tells what it changes.
    ///
    /// # Errors
    /// When it does not fit what is recorded already.
    pub fn replay(&mut self, walk: &Walk<'_>) -> Result<Admitted, Refusal> {
        self.judge(walk, Account::Stored)
    }

    /// Records what applying admitted updates deleted, as the transaction's delete set tells it.
    ///
    /// Integration deletes on its own: the value that loses when two members set one key, and
    /// what is put into a container that somebody else deleted. A reader echoes these deletes,
    /// and only what is recorded here is known to be no news.
    pub fn record_deletes(&mut self, deletes: &IdSet) {
        for (client, ranges) in deletes.iter() {
            for clocks in ranges.iter() {
                self.index.delete(client.get(), clocks.clone());
            }
        }
    }

    /// How many shared containers there have been since the gate was made, those gone included.
    #[must_use]
    pub fn containers(&self) -> usize {
        self.index.containers()
    }

    /// The clock that follows everything known of `client`.
    #[must_use]
    pub fn clock(&self, client: u64) -> u32 {
        self.index.clock(client)
    }

    /// The member whom `client` is bound to; `None` if it is the server's or unused.
    #[must_use]
    pub fn author(&self, client: u64) -> Option<&MemberId> {
        match &self.index.client(client)?.author {
            Author::Member(member) => Some(member),
            Author::Server => None,
        }
    }

    /// The place as a path, such as `plan/steps/ab12/body`.
    ///
    /// # Panics
    /// When the place is another gate's.
    #[must_use]
    pub fn path(&self, place: Place) -> String {
        self.index.path(place)
    }

    /// The roots outside the schema. A document must declare them before the state that the gate
    /// was rebuilt from is applied to it.
    pub fn free_roots(&self) -> impl Iterator<Item = (&str, RootKind)> {
        self.index.free_roots()
    }

    /// Roughly how much memory the gate takes.
    #[must_use]
    pub fn bytes_estimate(&self) -> usize {
        self.index.bytes_estimate()
    }

    fn judge(&mut self, walk: &Walk<'_>, account: Account<'_>) -> Result<Admitted, Refusal> {
        let admission = Admission::new(&mut self.index, walk, account, &self.limits);
        let (draft, outcome) = admission.judge()?;
        let Outcome {
            touched,
            deleted,
            is_news,
        } = outcome;
        let admitted = Admitted {
            effect: if is_news {
                Effect::New
            } else {
                Effect::Nothing
            },
            touched,
            new_clients: draft.new_clients().collect(),
            new_roots: draft.new_roots().collect(),
        };
        draft.keep();
        for (client, clocks) in deleted {
            self.index.delete(client, clocks);
        }
        Ok(admitted)
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}
