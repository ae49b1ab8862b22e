// What lies over each text: suggested changes, commented passages and, on request, whose words
// they are.
import { derived, get, type Readable } from "svelte/store";
import type * as Y from "yjs";
import { Authors } from "../doc/authors";
import { pathOf } from "../doc/cursors";
import { cardOf, type Cards } from "../doc/members";
import { pathOfKeys } from "../doc/place";
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
}

export function overlayOf(doc: Y.Doc, remarks: Remarks): OverlaySource {
  const { cards, suggestions, threads, whose } = remarks;
  const changes = derived([cards, suggestions, threads, whose], ([cards, offered, said, on]) => ({
    cards,
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
