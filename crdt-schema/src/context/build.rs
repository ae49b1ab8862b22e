//! Putting a packet together, before it is made to fit.

use yrs::ReadTxn;

use super::{ChangeNote, Needs, Packet, QuestionNote, SourceNote, TriedNote, person};
use crate::{
    attribution::{self, People},
    digest::{self, Change, Digest, Rank, What, cut, excerpt},
    project::{BriefingProjection, Primitive, SourceProjection},
    schema::Workspace,
};

/// Most characters of a line of a list.
const LINE_CHARS: usize = 400;

/// Longest address of a source; what is longer is content, not an address.
const URI_CHARS: usize = 1_000;

pub(super) fn packet<T: ReadTxn>(txn: &T, needs: &Needs<'_>, budget: usize) -> Packet {
    let briefing = Workspace.briefing().read(txn);
    // A text may take up to an eighth of the packet.
    let text = |text: &str| cut(text.trim(), budget / 8);
    Packet {
        receiver: needs.receiver.clone(),
        workspace: excerpt(&Workspace.title().read(txn), LINE_CHARS / 4),
        goal: text(&Workspace.plan().goal().read(txn)),
        handoff: needs.handoff.map(|handoff| super::HandoffNote {
            note: text(&handoff.note),
            ..handoff.clone()
        }),
        waiting: needs.waiting.to_vec(),
        decisions: needs.decisions.to_vec(),
        intent: text(&briefing.intent),
        next_step: text(&briefing.next_step),
        confidence: briefing.confidence,
        constraints: constraints(&briefing),
        questions: questions(&briefing),
        facts: facts(&briefing),
        tried: tried(txn, needs, &briefing),
        changes: needs.digest.map(changes).unwrap_or_default(),
        sources: briefing.sources.iter().map(source).collect(),
        left_out: std::collections::BTreeMap::new(),
    }
}

fn constraints(briefing: &BriefingProjection) -> Vec<String> {
    let constraints = briefing.constraints.iter();
    constraints
        .map(|one| excerpt(&one.text, LINE_CHARS))
        .collect()
}

fn questions(briefing: &BriefingProjection) -> Vec<QuestionNote> {
    let mut questions: Vec<QuestionNote> = briefing
        .questions
        .iter()
        .map(|one| QuestionNote {
            text: excerpt(&one.text, LINE_CHARS),
            answer: excerpt(&one.answer, LINE_CHARS),
        })
        .collect();
    questions.sort_by_key(|one| !one.answer.is_empty());
    questions
}

fn facts(briefing: &BriefingProjection) -> Vec<String> {
    let fact = |(name, value): (&String, &Primitive)| {
        let value = match value {
            Primitive::Bool(value) => value.to_string(),
            Primitive::Number(value) => value.to_string(),
            Primitive::Text(text) => text.clone(),
        };
        excerpt(&format!("{name}: {value}"), LINE_CHARS)
    };
    briefing.entities.iter().map(fact).collect()
}

fn tried<T: ReadTxn>(txn: &T, needs: &Needs<'_>, briefing: &BriefingProjection) -> Vec<TriedNote> {
    let people = People::read(txn);
    let actions = Workspace.briefing().actions();
    briefing
        .actions
        .iter()
        .map(|action| {
            let path = actions.path().join(action.id.as_str());
            let maker = attribution::maker(txn, &path, needs.authors);
            let name = maker.map_or_else(|| "Somebody".to_owned(), |id| people.who(&id).name);
            TriedNote {
                says: person::told(&name, &action.text),
                outcome: action.outcome,
            }
        })
        .collect()
}

/// What others changed. Their actions are told as what was tried, not once more as changes.
fn changes(digest: &Digest) -> Vec<ChangeNote> {
    let is_action = |change: &Change| {
        let keys = change.path.keys();
        keys.len() > 1 && &*keys[0] == "briefing" && &*keys[1] == "actions"
    };
    let is_news =
        |change: &Change| !(is_action(change) && matches!(change.what, What::Added { .. }));
    digest
        .items
        .iter()
        .filter(|item| item.rank != Rank::Own)
        .flat_map(|item| {
            let changes = item.changes.iter().filter(|change| is_news(change));
            changes.map(|change| ChangeNote {
                item: item.item.clone(),
                title: excerpt(&item.title, LINE_CHARS / 4),
                rank: item.rank,
                says: excerpt(&digest::sentence(change, &item.item), LINE_CHARS),
            })
        })
        .collect()
}

/// An address that holds the content itself is not repeated.
fn source(source: &SourceProjection) -> SourceNote {
    let is_content = source.uri.trim_start().to_lowercase().starts_with("data:");
    SourceNote {
        title: excerpt(&source.title, LINE_CHARS / 2),
        uri: if is_content || source.uri.chars().count() > URI_CHARS {
            String::new()
        } else {
            source.uri.trim().to_owned()
        },
        kind: excerpt(&source.kind, LINE_CHARS / 4),
    }
}
