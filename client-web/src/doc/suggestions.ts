// Suggested changes: of a passage, of a plain field, of a new element or of one that should go.
//
// Invariant: a suggestion is taken over only while what it quotes is what stands there, so
// accepting one never undoes what somebody else wrote since.
import { readable, type Readable } from "svelte/store";
import * as Y from "yjs";
import type { Suggestion as Generated } from "../generated/workspace";
import { findPassage, type Range } from "./anchor";
import { change } from "./document";
import { keysOfPath, standing, textAt } from "./place";
import { numberIn, stringIn, textIn, wordIn } from "./read";
import { rewriteRange } from "./text";

type Status = Generated["status"];
const STATUSES: readonly Status[] = ["open", "accepted", "rejected", "stale"];

/** What is proposed: a passage, a field's value, a new element, or that an element go. */
export type Proposes = "passage" | "value" | "addition" | "removal";

export interface Suggestion {
  id: string;
  map: Y.Map<unknown>;
  keys: string[];
  proposes: Proposes;
  quote: string;
  replacement: string;
  reason: string;
  author: string;
  atMs: number;
}

export type Fit =
  | { kind: "fits"; range: Range | null }
  | { kind: "stale"; was: string; suggested: string; now: string };

/** Those that wait for an answer, oldest first; anew while somebody writes them. */
export function watchSuggestions(doc: Y.Doc): Readable<Suggestion[]> {
  const all = doc.getMap("suggestions");
  return readable(readSuggestions(doc), (set) => {
    const update = () => set(readSuggestions(doc));
    update();
    all.observeDeep(update);
    return () => all.unobserveDeep(update);
  });
}

export function readSuggestions(doc: Y.Doc): Suggestion[] {
  const found: Suggestion[] = [];
  doc.getMap("suggestions").forEach((map, id) => {
    if (!(map instanceof Y.Map)) return;
    const status = wordIn(map, "status", STATUSES, "open");
    if (status === "open" || status === "stale") found.push(readSuggestion(doc, id, map));
  });
  return found.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
}

/** Whether what it quotes is what stands there now. */
export function fitOf(doc: Y.Doc, suggestion: Suggestion): Fit {
  const { keys, quote, replacement, map } = suggestion;
  const stale = (now: string): Fit => ({ kind: "stale", was: quote, suggested: replacement, now });
  switch (suggestion.proposes) {
    case "passage": {
      const text = textAt(doc, keys);
      if (!text) return stale("");
      const found = findPassage(text, { start: map.get("start"), end: map.get("end") }, quote);
      return found.kind === "there" ? { kind: "fits", range: found.range } : stale(found.now);
    }
    case "value": {
      const now = standing(doc, keys);
      const text = now === undefined || now === null ? "" : String(now);
      return text === quote ? { kind: "fits", range: null } : stale(text);
    }
    case "addition":
    case "removal":
      return { kind: "fits", range: null };
  }
}

/** Whether this page can take it over by itself; the others the server performs. */
export function isLocal({ proposes }: Suggestion): boolean {
  return proposes === "passage";
}

/** Takes a passage over, as suggested or as edited first. Returns whether it still fitted. */
export function acceptPassage(
  doc: Y.Doc,
  suggestion: Suggestion,
  by: string,
  words = suggestion.replacement,
): boolean {
  const text = textAt(doc, suggestion.keys);
  const fit = fitOf(doc, suggestion);
  if (!text || fit.kind === "stale" || fit.range === null) return false;
  const { range } = fit;
  change(text, () => {
    rewriteRange(text, range, words);
    decide(suggestion, "accepted", by);
  });
  return true;
}

export function rejectSuggestion(suggestion: Suggestion, by: string): void {
  change(suggestion.map, () => decide(suggestion, "rejected", by));
}

function decide({ map }: Suggestion, status: Status, by: string): void {
  map.set("status", status);
  map.set("decided_by", by);
}

function readSuggestion(doc: Y.Doc, id: string, map: Y.Map<unknown>): Suggestion {
  const keys = keysOfPath(stringIn(map, "target"));
  return {
    id,
    map,
    keys,
    proposes: proposalOf(doc, keys),
    quote: stringIn(map, "quote"),
    replacement: textIn(map, "replacement")?.toString() ?? "",
    reason: textIn(map, "reason")?.toString().trim() ?? "",
    author: stringIn(map, "author"),
    atMs: numberIn(map, "at") ?? 0,
  };
}

/** Told by the place: texts and collections are where the schema has them. */
function proposalOf(doc: Y.Doc, keys: string[]): Proposes {
  const [root, second, third, fourth] = keys;
  if (root === "tasks" && second === undefined) return "addition";
  if ((root === "plan" || root === "briefing") && third === undefined && isList(second)) {
    return "addition";
  }
  if (root === "tasks" && third === undefined) return "removal";
  if (root !== "tasks" && third !== undefined && fourth === undefined && isList(second)) {
    return "removal";
  }
  return textAt(doc, keys) || isTextName(keys.at(-1)) ? "passage" : "value";
}

function isList(key: string | undefined): boolean {
  return ["steps", "actions", "constraints", "questions", "sources"].includes(key ?? "");
}

function isTextName(key: string | undefined): boolean {
  return ["goal", "intent", "next_step", "body", "text", "answer"].includes(key ?? "");
}
