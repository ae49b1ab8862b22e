//! Making a packet fit.

use serde::Serialize;

use super::Packet;
use crate::digest::Rank;

/// Room for the counts of what was left out.
const COUNTS_CHARS: usize = 200;

/// What goes when a packet is too large, the first first.
const LISTS: [List; 11] = [
    List::OtherChanges,
    List::Facts,
    List::Tried,
    List::Answers,
    List::Sources,
    List::Changes,
    List::LaterDecisions,
    List::Questions,
    List::Constraints,
    List::Decisions,
    List::Waiting,
];

/// The decisions that stay longest.
const DECISIONS_KEPT: usize = 3;

#[derive(Clone, Copy)]
enum List {
    OtherChanges,
    Facts,
    Tried,
    Answers,
    Sources,
    Changes,
    LaterDecisions,
    Questions,
    Constraints,
    Decisions,
    Waiting,
}

/// Drops what matters least until the packet as JSON has at most `budget` characters.
pub(super) fn to(packet: &mut Packet, budget: usize) {
    let mut size = chars(packet);
    let mut limit = budget;
    for list in LISTS {
        while size > limit {
            let Some(dropped) = packet.drop_last(list) else {
                break;
            };
            // From the first entry on, the counts need room too.
            limit = budget.saturating_sub(COUNTS_CHARS);
            size = size.saturating_sub(dropped);
        }
    }
    if size > limit {
        packet.cut_texts(size - limit);
    }
}

impl Packet {
    /// Drops an entry that matters least of a list. Returns how many characters that saves.
    fn drop_last(&mut self, list: List) -> Option<usize> {
        let (name, saved) = match list {
            List::OtherChanges => {
                let is_other = self.changes.last()?.rank == Rank::Others;
                ("changes", is_other.then(|| pop(&mut self.changes))??)
            }
            List::Changes => ("changes", pop(&mut self.changes)?),
            List::Facts => ("facts", pop(&mut self.facts)?),
            List::Tried => {
                let oldest = (!self.tried.is_empty()).then(|| self.tried.remove(0))?;
                ("tried", chars(&oldest) + 1)
            }
            List::Answers => {
                let is_answered = !self.questions.last()?.answer.is_empty();
                ("questions", is_answered.then(|| pop(&mut self.questions))??)
            }
            List::Questions => ("questions", pop(&mut self.questions)?),
            List::Sources => ("sources", pop(&mut self.sources)?),
            List::LaterDecisions => {
                let is_more = self.decisions.len() > DECISIONS_KEPT;
                ("decisions", is_more.then(|| pop(&mut self.decisions))??)
            }
            List::Decisions => ("decisions", pop(&mut self.decisions)?),
            List::Constraints => ("constraints", pop(&mut self.constraints)?),
            List::Waiting => ("waiting", pop(&mut self.waiting)?),
        };
        *self.left_out.entry(name.to_owned()).or_default() += 1;
        Some(saved)
    }

    /// Cuts the texts, which are all that is left, by `excess` characters.
    fn cut_texts(&mut self, excess: usize) {
        let mut texts = vec![&mut self.intent, &mut self.next_step, &mut self.goal];
        texts.extend(self.handoff.as_mut().map(|handoff| &mut handoff.note));
        let total: usize = texts.iter().map(chars).sum();
        let kept = total.saturating_sub(excess + texts.len());
        for text in texts {
            let share = kept * chars(text) / total.max(1);
            while chars(text) > share.max(3) {
                let most = text.chars().count() / 2;
                *text = crate::digest::cut(text, most);
            }
        }
    }
}

fn pop<T: Serialize>(list: &mut Vec<T>) -> Option<usize> {
    list.pop().map(|entry| chars(&entry) + 1)
}

/// The length as JSON.
fn chars<T: Serialize>(value: &T) -> usize {
    let json = serde_json::to_string(value).expect("notes are plain data");
    json.chars().count()
}
