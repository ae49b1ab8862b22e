//! Answering suggestions, and telling which have been overtaken.

use std::ops::Range;

use rand::RngCore;
use yrs::{ReadTxn, TransactionMut};

use super::{
    BadElement, BadTarget, Elements,
    anchor::{Found, find},
    target::Target,
    texts::Texts,
    value,
};
use crate::{
    ids::{ElementId, MemberId},
    path::DocPath,
    project::SuggestionProjection,
    schema::{
        EditError, NewSuggestion, Place, Position, Workspace,
        words::{SuggestionStatus, Word},
    },
};

/// Whether a suggestion still fits what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Staleness {
    /// What it quotes is what stands there.
    Fresh {
        /// Where, in UTF-16 code units, when it is about a passage of a text.
        range: Option<Range<u32>>,
    },
    /// Something else stands there.
    Stale {
        /// What stood there when it was made.
        quote: String,
        /// What should stand there.
        replacement: String,
        /// What stands there now.
        now: String,
    },
}

/// Why a suggestion was not answered. The document is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such suggestion.
    #[error("suggestion {0} does not exist (it may have been removed meanwhile)")]
    Missing(ElementId),
    /// It was answered before.
    #[error("suggestion {id} was {} by {by} already", status.as_str())]
    Decided {
        /// Which one.
        id: ElementId,
        /// The first answer.
        status: SuggestionStatus,
        /// Who gave it; empty when that is not known.
        by: String,
    },
    /// What it quotes is no longer what stands there.
    #[error(
        "the text changed underneath: it was {quote:?}, is now {now:?}, suggested {replacement:?}; make a new suggestion, or edit it yourself"
    )]
    Stale {
        /// What stood there when it was made.
        quote: String,
        /// What should stand there.
        replacement: String,
        /// What stands there now.
        now: String,
    },
    /// It is about nothing that can be changed so.
    #[error(transparent)]
    Target(#[from] BadTarget),
    /// The element that it proposes to add is not one.
    #[error("what is suggested for {collection} is no element of it: field `{field}`: {problem}")]
    Element {
        /// Where it should be added.
        collection: DocPath,
        /// The field that is wrong.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Its value cannot stand there.
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// A suggestion that was taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Which one.
    pub id: ElementId,
    /// What it changed, as a path.
    pub target: String,
    /// Who says to have made it; the words are to be credited to them.
    pub author: String,
    /// Who took it over.
    pub by: MemberId,
    /// What stood there before.
    pub quote: String,
    /// What was written, as far as the answer did not change it.
    pub written: String,
    /// Whether the words are the author's, or those of whoever took it over.
    pub words: Words,
}

/// Whose words an accepted suggestion put into the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// As suggested.
    Author,
    /// Edited by whoever took it over.
    Accepter,
}

/// Whether a suggestion still fits.
///
/// # Errors
/// When it is about nothing that can be changed by one.
pub fn staleness<T: ReadTxn>(
    txn: &T,
    suggestion: &SuggestionProjection,
) -> Result<Staleness, BadTarget> {
    Proposal::from(suggestion).staleness(txn, &mut Texts::default())
}

/// Takes a suggestion over, as it is or as `edited`: writes the fewest edits that do it, and
/// records who decided.
///
/// # Errors
/// When it was answered before, or does not fit (any more).
pub fn accept(
    txn: &mut TransactionMut<'_>,
    rng: &mut dyn RngCore,
    id: &ElementId,
    by: &MemberId,
    edited: Option<&str>,
) -> Result<Accepted, Refused> {
    let suggestion = undecided(txn, id)?;
    let words = match edited {
        Some(edited) if edited != suggestion.replacement => Words::Accepter,
        Some(_) | None => Words::Author,
    };
    let written = edited.unwrap_or(&suggestion.replacement).to_owned();
    Proposal::from(&suggestion).perform(txn, rng, &written)?;
    let view = Workspace.suggestions().get(id);
    view.decide(txn, SuggestionStatus::Accepted, by)?;
    Ok(Accepted {
        id: suggestion.id,
        target: suggestion.target,
        author: suggestion.author,
        by: by.clone(),
        quote: suggestion.quote,
        written,
        words,
    })
}

/// Declines a suggestion, and records who did.
///
/// # Errors
/// When it does not exist or was answered before.
pub fn reject(
    txn: &mut TransactionMut<'_>,
    id: &ElementId,
    by: &MemberId,
) -> Result<SuggestionProjection, Refused> {
    let suggestion = undecided(txn, id)?;
    let view = Workspace.suggestions().get(id);
    view.decide(txn, SuggestionStatus::Rejected, by)?;
    Ok(suggestion)
}

/// Does what a suggestion proposes without recording one: for an author who may write there.
///
/// # Errors
/// When it does not fit.
pub fn perform(
    txn: &mut TransactionMut<'_>,
    rng: &mut dyn RngCore,
    new: &NewSuggestion,
) -> Result<(), Refused> {
    Proposal::from(new).perform(txn, rng, &new.replacement)
}

fn undecided<T: ReadTxn>(txn: &T, id: &ElementId) -> Result<SuggestionProjection, Refused> {
    let suggestion = Workspace.suggestions().get(id).read(txn);
    let suggestion = suggestion.ok_or_else(|| Refused::Missing(id.clone()))?;
    match suggestion.status {
        SuggestionStatus::Open | SuggestionStatus::Stale => Ok(suggestion),
        SuggestionStatus::Accepted | SuggestionStatus::Rejected => Err(Refused::Decided {
            id: suggestion.id,
            status: suggestion.status,
            by: suggestion.decided_by.unwrap_or_default(),
        }),
    }
}

/// What a suggestion proposes, recorded or not.
pub(super) struct Proposal<'a> {
    target: &'a str,
    ends: [Option<&'a Position>; 2],
    quote: &'a str,
    replacement: &'a str,
}

impl<'a> From<&'a SuggestionProjection> for Proposal<'a> {
    fn from(suggestion: &'a SuggestionProjection) -> Self {
        Self {
            target: &suggestion.target,
            ends: [suggestion.start.as_ref(), suggestion.end.as_ref()],
            quote: &suggestion.quote,
            replacement: &suggestion.replacement,
        }
    }
}

impl<'a> From<&'a NewSuggestion> for Proposal<'a> {
    fn from(new: &'a NewSuggestion) -> Self {
        Self {
            target: &new.target,
            ends: [new.start.as_ref(), new.end.as_ref()],
            quote: &new.quote,
            replacement: &new.replacement,
        }
    }
}

impl Proposal<'_> {
    /// Whether it is about all of a field or element that is there, not about a passage.
    pub(super) fn is_whole(&self) -> bool {
        match Target::of(self.target) {
            Ok(Target::Value(..) | Target::Removal(..)) => true,
            Ok(Target::Passage(_) | Target::Addition(_)) | Err(_) => false,
        }
    }

    /// `texts` keeps what was read already.
    pub(super) fn staleness<T: ReadTxn>(
        &self,
        txn: &T,
        texts: &mut Texts,
    ) -> Result<Staleness, BadTarget> {
        let fresh = Staleness::Fresh { range: None };
        Ok(match Target::of(self.target)? {
            Target::Passage(text) => match find(txn, &text, texts, self.ends, self.quote) {
                Found::There(range) if has_parent(txn, text.path()) => {
                    Staleness::Fresh { range: Some(range) }
                }
                Found::There(_) => self.stale(String::new()),
                Found::Changed { now } => self.stale(now),
            },
            Target::Value(path, _) => match value::read(txn, &path) {
                now if now == self.quote && has_parent(txn, &path) => fresh,
                now => self.stale(now),
            },
            Target::Addition(kind) => match self.taken(txn, kind) {
                None => fresh,
                Some(now) => self.stale(now),
            },
            Target::Removal(kind, id) => match kind.markdown(txn, &id).unwrap_or_default() {
                now if now == self.quote => fresh,
                now => self.stale(now),
            },
        })
    }

    fn stale(&self, now: String) -> Staleness {
        Staleness::Stale {
            quote: self.quote.to_owned(),
            replacement: self.replacement.to_owned(),
            now,
        }
    }

    /// The element that has the id of the one that should be added.
    fn taken<T: ReadTxn>(&self, txn: &T, kind: Elements) -> Option<String> {
        let json: serde_json::Value = serde_json::from_str(self.replacement).ok()?;
        let id: ElementId = json["id"].as_str()?.parse().ok()?;
        kind.markdown(txn, &id)
    }

    fn perform(
        &self,
        txn: &mut TransactionMut<'_>,
        rng: &mut dyn RngCore,
        wanted: &str,
    ) -> Result<(), Refused> {
        let range = match self.staleness(txn, &mut Texts::default())? {
            Staleness::Fresh { range } => range,
            Staleness::Stale {
                quote,
                replacement,
                now,
            } => {
                return Err(Refused::Stale {
                    quote,
                    replacement,
                    now,
                });
            }
        };
        match Target::of(self.target)? {
            Target::Passage(text) => Ok(text.rewrite(txn, &[(range.unwrap_or(0..0), wanted)])?),
            Target::Value(path, scalar) => Ok(value::write(txn, &path, scalar, wanted)?),
            Target::Addition(kind) => add(txn, rng, kind, wanted),
            Target::Removal(kind, id) => {
                kind.remove(txn, &id);
                Ok(())
            }
        }
    }
}

fn add(
    txn: &mut TransactionMut<'_>,
    rng: &mut dyn RngCore,
    kind: Elements,
    json: &str,
) -> Result<(), Refused> {
    let added = json_of(json).and_then(|json| kind.add(txn, rng, Place::Last, json));
    added.map(drop).map_err(|bad| not_added(kind, bad))
}

/// Whether `text` could be taken over as `target`'s value or new element.
pub(super) fn check(target: &Target, text: &str) -> Result<(), Refused> {
    match target {
        Target::Value(path, scalar) => drop(value::fitting(path, *scalar, text)?),
        Target::Addition(kind) => {
            let checked = json_of(text).and_then(|json| kind.check(json));
            checked.map_err(|bad| not_added(*kind, bad))?;
        }
        Target::Passage(_) | Target::Removal(..) => {}
    }
    Ok(())
}

fn json_of(text: &str) -> Result<serde_json::Value, BadElement> {
    serde_json::from_str(text).map_err(|error| BadElement::Field {
        field: ".".to_owned(),
        problem: error.to_string(),
    })
}

fn not_added(kind: Elements, bad: BadElement) -> Refused {
    match bad {
        BadElement::Field { field, problem } => Refused::Element {
            collection: kind.path(),
            field,
            problem,
        },
        BadElement::Edit(error) => error.into(),
    }
}

/// Whether the element that the place belongs to exists.
fn has_parent<T: ReadTxn>(txn: &T, path: &DocPath) -> bool {
    let keys = path.keys();
    (1..keys.len()).all(|depth| {
        let parent = DocPath::new(keys[..depth].iter().cloned()).expect("a part of a path");
        parent.resolve(txn).is_some() || Elements::at(&keys[..depth - 1]).is_none()
    })
}
