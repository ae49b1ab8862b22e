//! Texts, rewritten by intent.

use std::sync::Arc;

use crdt_schema::{
    attribution::{Authors, Clocks},
    authors,
    ids::ElementId,
    member::Member,
    merge::{self, BaseToken, ByPeople, MergedHunk, Why, merge},
    path::DocPath,
    schema::TextField,
    suggest::{Maker, put_rewrite},
};
use serde::Serialize;
use serde_json::{Map, json};
use utoipa::ToSchema;
use yrs::{ReadTxn, Transact as _, TransactionMut};

use super::{Written, heard, may_only_suggest, people, suggest};
use crate::{
    clock::now_ms,
    http::{desk::Desk, problem::Problem},
    room::Scene,
    texts::Base,
};

/// A text, to be rewritten.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReadText {
    /// Which text.
    #[schema(value_type = String)]
    path: DocPath,
    /// What it reads, in Markdown.
    text: String,
    /// Send this back with the new text.
    base: BaseToken,
}

/// What a text should read, and what it was made from.
pub(super) enum Wanted {
    Whole {
        base: String,
        text: String,
    },
    Replace {
        find: String,
        replace: String,
    },
    Append {
        append: String,
        heading: Option<String>,
    },
}

impl Wanted {
    /// The words that are to be written, and the name of their field.
    fn words(&self) -> (&'static str, &str) {
        match self {
            Self::Whole { text, .. } => ("text", text),
            Self::Replace { replace, .. } => ("replace", replace),
            Self::Append { append, .. } => ("append", append),
        }
    }
}

/// Longest text that is taken, in bytes.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// Reads a text, with what a rewrite has to send back.
pub(super) async fn read(desk: &Desk, path: DocPath) -> Result<ReadText, Problem> {
    let seen = seen(desk, text_at(path)?).await?;
    Ok(keep(desk, seen))
}

/// Merges what a text should read into what it reads.
pub(super) async fn write(
    desk: &Desk,
    path: DocPath,
    reason: String,
    wanted: Wanted,
) -> Result<Written, Problem> {
    let field = text_at(path)?;
    match write_at(desk, field.clone(), reason, wanted).await {
        Err(problem) if problem.is_coded(UNKNOWN_BASE) => Err(fresh(desk, field, problem).await),
        written => written,
    }
}

async fn write_at(
    desk: &Desk,
    field: TextField,
    reason: String,
    wanted: Wanted,
) -> Result<Written, Problem> {
    let (name, text) = wanted.words();
    within(name, text)?;
    let origin = match &wanted {
        Wanted::Whole { base, .. } => origin_of(desk, &field, base)?,
        Wanted::Replace { .. } | Wanted::Append { .. } => Origin::Current,
    };
    let by = desk.me().clone();
    let merged = desk.edit(move |txn, scene| {
        let maker = Maker {
            author: &by.id,
            at_ms: now_ms(),
            reason: &reason,
        };
        merge_text(txn, scene, field, &origin, &wanted, &maker, &by)
    });
    let merged = merged.await?;
    Ok(Written {
        hunks: merged.hunks,
        changed: Vec::new(),
        suggestions: merged.suggestions,
        now: Some(keep(desk, merged.now)),
    })
}

/// The code of the problem that the base of a rewrite is not kept any more, or never was one.
const UNKNOWN_BASE: &str = "unknown_base";

/// What a rewrite was made from.
enum Origin {
    /// A text that is still kept.
    Kept(Arc<Base>),
    /// One that is not; it may be the text as it is.
    Forgotten(BaseToken),
    /// The text as it is.
    Current,
}

struct Merged {
    hunks: Vec<MergedHunk>,
    suggestions: Vec<ElementId>,
    now: Seen,
}

fn merge_text(
    txn: &mut TransactionMut<'_>,
    scene: &Scene<'_>,
    field: TextField,
    origin: &Origin,
    wanted: &Wanted,
    maker: &Maker<'_>,
    by: &Member,
) -> Result<Merged, Problem> {
    field.path().resolve(txn).ok_or_else(gone)?;
    let current = field.read(txn);
    let base = match origin {
        Origin::Kept(base) => Some(base),
        Origin::Forgotten(token) if token.names(&current) => None,
        Origin::Forgotten(_) => {
            return Err(unknown_base(
                "the base is not known any more; merge your change into the text as it is, and \
                 send it with the new base",
            ));
        }
        Origin::Current => None,
    };
    let is_whole = matches!(wanted, Wanted::Whole { .. });
    let wanted = match wanted {
        Wanted::Whole { text, .. } => text.clone(),
        Wanted::Replace { find, replace } => merge::replace(&current, find, replace)?,
        Wanted::Append { append, heading } => merge::append(&current, heading.as_deref(), append)?,
    };
    let known = Authors::read(txn, &authors::on_behalf(txn));
    let clocks = base.map_or_else(|| Clocks::of(txn), |base| base.clocks.clone());
    let people = people::passages(txn, scene, &field, &known, &clocks);
    let by_people = ByPeople {
        touched: &people.touched,
        wrote: &people.wrote,
    };
    let base = base.map_or(current.as_str(), |base| &base.text);
    let mut merged = merge(base, &current, &wanted, &by_people);
    if may_only_suggest(scene.ledger, by, &field.path().item())? {
        merged = merged.suggest_all(Why::NotOwner);
    }
    let suggested = merged
        .write(txn, &field, maker)
        .map_err(|error| Problem::conflict(error.to_string()))?;
    let suggestions = match is_whole {
        true => heard(put_rewrite(
            txn,
            &mut rand::rng(),
            &field,
            &by.id,
            suggested,
        ))?,
        false => suggest(txn, suggested)?,
    };
    Ok(Merged {
        suggestions,
        hunks: merged.hunks,
        now: Seen::new(txn, field, scene.cursor),
    })
}

/// A text, and the moment at which it was read.
struct Seen {
    field: TextField,
    text: String,
    clocks: Clocks,
    cursor: u64,
}

impl Seen {
    fn new<T: ReadTxn>(txn: &T, field: TextField, cursor: u64) -> Self {
        Self {
            text: field.read(txn),
            clocks: Clocks::of(txn),
            field,
            cursor,
        }
    }
}

async fn seen(desk: &Desk, field: TextField) -> Result<Seen, Problem> {
    let seen = desk.view(move |view| {
        let txn = view.doc.transact();
        field.path().resolve(&txn)?;
        Some(Seen::new(&txn, field, view.cursor))
    });
    seen.await?.ok_or_else(gone)
}

/// Keeps a text that was read, for the rewrite that is made from it.
fn keep(desk: &Desk, seen: Seen) -> ReadText {
    let Seen {
        field,
        text,
        clocks,
        cursor,
    } = seen;
    let path = field.path().clone();
    let base = BaseToken::new(path.clone(), &text, cursor);
    let kept = Base {
        text: text.clone(),
        clocks,
    };
    desk.app.bases.keep(&desk.ws, &base, kept);
    ReadText { path, text, base }
}

/// What a rewrite was made from, by the token that it brings.
fn origin_of(desk: &Desk, field: &TextField, token: &str) -> Result<Origin, Problem> {
    let token: BaseToken = token
        .parse()
        .map_err(|error: merge::BadToken| unknown_base(error.to_string()))?;
    if token.path != *field.path() {
        return Err(unknown_base(format!(
            "the base is that of {}; read this text, merge your change into it, and send it with \
             its own base",
            token.path
        )));
    }
    let kept = desk.app.bases.find(&desk.ws, &token);
    Ok(kept.map_or(Origin::Forgotten(token), Origin::Kept))
}

/// The problem, with the text as it is and a base to go on from.
async fn fresh(desk: &Desk, field: TextField, problem: Problem) -> Problem {
    match seen(desk, field).await {
        Ok(seen) => {
            let now = keep(desk, seen);
            let fields = Map::from_iter([
                ("text".to_owned(), json!(now.text)),
                ("base".to_owned(), json!(now.base)),
            ]);
            problem.coded(UNKNOWN_BASE, fields)
        }
        Err(problem) => problem,
    }
}

fn unknown_base(detail: impl Into<String>) -> Problem {
    Problem::conflict(detail).coded(UNKNOWN_BASE, Map::new())
}

fn gone() -> Problem {
    Problem::not_found("there is no such text (any more); read the workspace again")
}

fn text_at(path: DocPath) -> Result<TextField, Problem> {
    let name = path.to_string();
    TextField::at(path).ok_or_else(|| {
        Problem::invalid(format!(
            "path: {name:?} is no text; expected one such as plan/goal, plan/steps/<id>/body, \
             tasks/<id>/notes or notes"
        ))
    })
}

fn within(field: &str, text: &str) -> Result<(), Problem> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Problem::too_large("text_bytes_max", TEXT_BYTES_MAX));
    }
    if text.contains('\0') {
        return Err(Problem::invalid(format!("{field} holds a zero character")));
    }
    Ok(())
}
