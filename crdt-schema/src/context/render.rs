//! A packet in words.

use super::{ChangeNote, Packet, SourceNote};
use crate::{
    digest::{excerpt, fit},
    schema::words::{Outcome, Word},
};

/// Most characters of one line.
const LINE_CHARS: usize = 600;

pub(super) fn markdown(packet: &Packet, budget: usize) -> String {
    let mut lines = Lines::default();
    let name = packet.receiver.label();
    lines.text(&format!("# Context for {name}:"), &packet.workspace);
    lines.text("**Goal:**", &packet.goal);
    lines.handoff(packet);
    let waiting = packet.waiting.iter().map(|one| {
        let title = excerpt(&one.title, LINE_CHARS);
        format!("{} `{}` on `{}`: {title}", one.kind, one.id, one.item)
    });
    lines.list(
        &format!("## What waits for {}", packet.receiver.name),
        waiting,
    );
    let decisions = packet.decisions.iter().map(|one| {
        let (by, id, state) = (one.by.label(), &one.id, &one.state);
        let says = format!("{}. {}", one.title.trim_end_matches('.'), one.note);
        let says = excerpt(&says, LINE_CHARS);
        format!("{by} decided on `{}` (`{id}`, {state}): {says}", one.item)
    });
    lines.list("## Decisions", decisions);
    lines.text("**Intent:**", &packet.intent);
    lines.text("**Next step:**", &packet.next_step);
    if let Some(confidence) = packet.confidence {
        lines.text("**Confidence:**", &confidence.to_string());
    }
    lines.list("## Constraints", packet.constraints.iter().cloned());
    let questions = packet
        .questions
        .iter()
        .map(|one| match one.answer.as_str() {
            "" => one.text.clone(),
            answer => format!("{} — {answer}", one.text),
        });
    lines.list("## Questions", questions);
    lines.changes(&packet.changes);
    let tried = packet.tried.iter().map(|one| match one.outcome {
        Outcome::Pending => one.says.clone(),
        Outcome::Done | Outcome::Failed | Outcome::Declined => {
            format!("{} ({})", one.says, one.outcome.as_str())
        }
    });
    lines.list("## What was tried", tried);
    lines.list("## Facts", packet.facts.iter().cloned());
    lines.list("## Sources", packet.sources.iter().map(source));
    let before: usize = packet.left_out.values().sum();
    if before == 0 {
        return fit(&lines.0, budget, left_out);
    }
    // The note on what was left out before is the last line, and not itself an entry.
    lines.0.push(left_out(before));
    fit(&lines.0, budget, |more| left_out(before + more - 1))
}

fn left_out(count: usize) -> String {
    match count {
        1 => "*1 entry was left out.*".to_owned(),
        count => format!("*{count} entries were left out.*"),
    }
}

#[derive(Default)]
struct Lines(Vec<String>);

impl Lines {
    fn text(&mut self, heading: &str, text: &str) {
        if !text.trim().is_empty() {
            self.0
                .push(format!("{heading} {}", excerpt(text, LINE_CHARS)));
        }
    }

    fn list(&mut self, heading: &str, entries: impl Iterator<Item = String>) {
        for (at, entry) in entries.enumerate() {
            self.0.push(match at {
                0 => format!("{heading}\n- {entry}"),
                _ => format!("- {entry}"),
            });
        }
    }

    fn handoff(&mut self, packet: &Packet) {
        let Some(handoff) = &packet.handoff else {
            return;
        };
        let from = handoff.from.label();
        let mut line = format!(
            "{from} handed over `{}` ({})",
            handoff.item, handoff.trigger
        );
        if let Some(confidence) = handoff.confidence {
            line.push_str(&format!(", with a confidence of {confidence}"));
        }
        match excerpt(&handoff.note, LINE_CHARS) {
            note if note.is_empty() => line.push('.'),
            note => line.push_str(&format!(": {note}")),
        }
        self.0.push(line);
    }

    /// The changes under the items that they belong to.
    fn changes(&mut self, changes: &[ChangeNote]) {
        let mut item = None;
        for (at, change) in changes.iter().enumerate() {
            let mut line = String::new();
            if at == 0 {
                line.push_str("## What changed\n");
            }
            if item != Some(&change.item) {
                item = Some(&change.item);
                line.push_str(&format!("**{}** (`{}`)\n", change.title, change.item));
            }
            line.push_str(&format!("- {}", change.says));
            self.0.push(line);
        }
    }
}

fn source(source: &SourceNote) -> String {
    let name = match source.title.as_str() {
        "" => "Untitled",
        title => title,
    };
    let mut line = match source.uri.as_str() {
        "" => name.to_owned(),
        uri => format!("[{name}]({uri})"),
    };
    if !source.kind.is_empty() {
        line.push_str(&format!(" · {}", source.kind));
    }
    line
}
