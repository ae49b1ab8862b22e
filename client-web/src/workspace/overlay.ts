// What lies over each text: suggested changes, commented passages and, on request, whose words
// they are.
import { derived, get, type Readable } from "svelte/store";
import type * as Y from "yjs";
import { Authors } from "../doc/authors";
import { pathOf } from "../doc/cursors";
import { cardOf, type Cards } from "../doc/members";
import { pathOfKeys } from "../doc/place";
import type { Change } from "../doc/review";
import { fitOf, type Suggestion } from "../doc/suggestions";
import { whereaboutsOf, type Thread } from "../doc/threads";
import { wordDiff } from "../doc/word-diff";
import type { Overlaid, OverlaySource } from "../editor/overlay";
import { hueOf } from "../ui/identity";

interface Remarks {
  cards: Readable<Cards>;
  suggestions: Readable<Suggestion[]>;
  threads: Readable<Thread[]>;
  whose: Readable<boolean>;
  /** What is under review, while it is. */
  changed: Readable<Change[]>;
}

export function overlayOf(doc: Y.Doc, remarks: Remarks): OverlaySource {
  const { cards, suggestions, threads, whose, changed } = remarks;
  const all = [cards, suggestions, threads, whose, changed] as const;
  const changes = derived([...all], ([cards, offered, said, on, changed]) => ({
    cards,
    changed: byPlace(changed.filter(({ kind }) => kind === "text")),
    suggestions: byPlace(offered.filter(({ proposes }) => proposes === "passage")),
    threads: byPlace(said.filter(({ resolved, quote }) => !resolved && quote !== "")),
    authors: on ? new Authors(doc) : null,
  }));
  return {
    changes,
    over: (text) => {
      const now = get(changes);
      const path = pathOfKeys(pathOf(doc, text));
      return [
        ...(now.authors ? whoseWords(text, now.authors, now.cards) : []),
        ...(now.threads.get(path) ?? []).flatMap((thread) => commented(doc, thread)),
        ...(now.changed.get(path) ?? []).flatMap((change) => changedWords(text, change)),
        ...(now.suggestions.get(path) ?? []).flatMap((offer) => suggested(doc, offer)),
      ];
    },
  };
}

function byPlace<Remark extends { keys: string[] }>(remarks: Remark[]): Map<string, Remark[]> {
  const places = new Map<string, Remark[]>();
  for (const remark of remarks) {
    const path = pathOfKeys(remark.keys);
    places.set(path, [...(places.get(path) ?? []), remark]);
  }
  return places;
}

function suggested(doc: Y.Doc, suggestion: Suggestion): Overlaid[] {
  const fit = fitOf(doc, suggestion);
  if (fit.kind === "stale" || !fit.range) return [];
  let at = fit.range.from;
  const over: Overlaid[] = [];
  for (const { kind, text } of wordDiff(suggestion.quote, suggestion.replacement)) {
    if (kind === "added") over.push({ kind, at, text });
    else {
      if (kind === "removed") over.push({ kind, from: at, to: at + text.length });
      at += text.length;
    }
  }
  return over;
}

function changedWords(text: Y.Text, change: Change): Overlaid[] {
  if (change.kind !== "text") return [];
  const { from, to, before, after } = change;
  // The text may be ahead of the list for a moment.
  if (text.toString().slice(from, to) !== after) return [];
  let at = from;
  const over: Overlaid[] = [];
  for (const { kind, text: words } of wordDiff(before, after)) {
    if (kind === "removed") {
      over.push({ kind: "was", at, text: words });
      continue;
    }
    const end = at + words.length;
    if (kind === "added") over.push({ kind: "mark", from: at, to: end, className: "cm-added" });
    at = end;
  }
  return over;
}

function commented(doc: Y.Doc, thread: Thread): Overlaid[] {
  const place = whereaboutsOf(doc, thread);
  return place.kind === "at" ? [{ kind: "commented", ...place.range, thread: thread.id }] : [];
}

function whoseWords(text: Y.Text, authors: Authors, cards: Cards): Overlaid[] {
  const known = authors.runs(text).filter(({ by }) => by !== "");
  return known.map(({ from, to, by }) => {
    const { name, kind } = cardOf(cards, by);
    const style = `--hue: ${hueOf(by, kind)}`;
    return { kind: "mark", from, to, className: `cm-by cm-by-${kind}`, style, title: name };
  });
}
