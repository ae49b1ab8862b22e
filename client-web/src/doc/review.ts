// What changed between an earlier version and the document as it stands, in pieces that a person
// can look at one by one: words of a text, a field, a new step, a step that is gone.
//
// Invariant: putting one piece back is a small edit of that piece alone, and undoable.
import * as Y from "yjs";
import type { WorkspaceDocument } from "../generated/workspace";
import type { Authors } from "./authors";
import { change, removeEntry, rootsOf } from "./document";
import { inOrder } from "./order";
import { pathOfKeys } from "./place";
import { mapIn, stringIn, textIn } from "./read";
import { rewriteRange } from "./text";
import { wordDiff, type Piece } from "./word-diff";

interface Base {
  /** The same for the same change, whenever it is found. */
  id: string;
  /** Where: a text, a field, or an element. */
  keys: string[];
  /** Member ids; empty when nobody knows. */
  by: string[];
}

export type Change =
  /** Words of a text. The offsets are those of now. */
  | (Base & { kind: "text"; from: number; to: number; before: string; after: string })
  | (Base & { kind: "value"; before: string; after: string })
  | (Base & { kind: "added"; title: string })
  | (Base & { kind: "removed"; title: string });

/** Of the texts that are reviewed, what they read in the earlier version. */
type Texts = [keys: string[], before: string][];

export function changesSince(doc: Y.Doc, base: WorkspaceDocument, authors: Authors): Change[] {
  return [...stepChanges(doc, base, authors), ...textChanges(doc, textsOf(base), authors)];
}

/** Makes one piece read as it did. What is gone the server brings back. */
export function putBack(doc: Y.Doc, piece: Change): boolean {
  switch (piece.kind) {
    case "text": {
      const text = textOf(doc, piece.keys);
      if (text?.toString().slice(piece.from, piece.to) !== piece.after) return false;
      change(text, () => rewriteRange(text, { from: piece.from, to: piece.to }, piece.before));
      return true;
    }
    case "value": {
      const map = mapAt(doc, piece.keys.slice(0, -1));
      const key = piece.keys.at(-1);
      if (!map || key === undefined) return false;
      change(map, () => map.set(key, piece.before));
      return true;
    }
    case "added": {
      const map = mapAt(doc, piece.keys.slice(0, -1));
      const key = piece.keys.at(-1);
      if (!map || key === undefined) return false;
      removeEntry(map, key);
      return true;
    }
    case "removed":
      return false;
  }
}

function textsOf({ title, plan, briefing, notes }: WorkspaceDocument): Texts {
  const list = (name: string, items: { id: string; text: string }[]): Texts =>
    items.map(({ id, text }) => [["briefing", name, id, "text"], text]);
  return [
    [["meta", "title"], title],
    [["plan", "goal"], plan.goal],
    ...plan.steps.flatMap(({ id, title, body }): Texts => [
      [["plan", "steps", id, "title"], title],
      [["plan", "steps", id, "body"], body],
    ]),
    [["briefing", "intent"], briefing.intent],
    [["briefing", "next_step"], briefing.next_step],
    ...list("actions", briefing.actions),
    ...list("constraints", briefing.constraints),
    ...list("questions", briefing.questions),
    ...briefing.questions.map(({ id, answer }): Texts[number] => [
      ["briefing", "questions", id, "answer"],
      answer,
    ]),
    [["notes"], notes],
  ];
}

function textChanges(doc: Y.Doc, texts: Texts, authors: Authors): Change[] {
  return texts.flatMap(([keys, before]) => {
    const text = textOf(doc, keys);
    return text ? hunks(text, keys, before, authors) : [];
  });
}

/** Changes on one line are one piece: a person judges a sentence, not its commas. */
function hunks(text: Y.Text, keys: string[], before: string, authors: Authors): Change[] {
  const now = text.toString();
  if (now === before) return [];
  const runs = authors.runs(text);
  const found: Change[] = [];
  let at = 0;
  for (const group of byLine(wordDiff(before, now))) {
    const after = join(group, "removed");
    const was = join(group, "added");
    const from = at;
    at += after.length;
    if (was === after) continue;
    const [start, end] = trimmed(group);
    const piece = { from: from + start, to: at - end };
    const words = now.slice(piece.from, piece.to);
    const old = was.slice(start, was.length - end);
    const by = [
      ...new Set(
        runs.filter((run) => run.from < piece.to && run.to > piece.from).map((run) => run.by),
      ),
    ].filter((member) => member !== "");
    const id = `${pathOfKeys(keys)}#${digest(old)}-${digest(words)}`;
    found.push({ kind: "text", id, keys, by, ...piece, before: old, after: words });
  }
  return found;
}

/** Splits pieces where a whole line stayed as it was. */
function byLine(pieces: Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  let group: Piece[] = [];
  for (const piece of pieces) {
    if (piece.kind !== "same" || !piece.text.includes("\n")) {
      group.push(piece);
      continue;
    }
    const cut = piece.text.indexOf("\n") + 1;
    group.push({ kind: "same", text: piece.text.slice(0, cut) });
    groups.push(group);
    group = [{ kind: "same", text: piece.text.slice(cut) }];
  }
  return [...groups, group];
}

/** How much at its start and at its end a group has in common with what it was. */
function trimmed(group: Piece[]): [start: number, end: number] {
  const length = (piece: Piece | undefined) => (piece?.kind === "same" ? piece.text.length : 0);
  const isOne = group.length === 1;
  return [length(group[0]), isOne ? 0 : length(group.at(-1))];
}

function join(pieces: Piece[], without: Piece["kind"]): string {
  return pieces
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join("");
}

function stepChanges(doc: Y.Doc, base: WorkspaceDocument, authors: Authors): Change[] {
  const steps = mapIn(rootsOf(doc).plan, "steps");
  if (!steps) return [];
  const before = new Map(base.plan.steps.map((step) => [step.id, step]));
  const now = inOrder(steps);
  const found: Change[] = [];
  for (const { id, map } of now) {
    const keys = ["plan", "steps", id];
    const old = before.get(id);
    const title = textIn(map, "title");
    if (!old) {
      const by = title ? authors.runs(title).map((run) => run.by) : [];
      const known = [...new Set(by)].filter((member) => member !== "");
      found.push({ kind: "added", id: `+${id}`, keys, by: known, title: title?.toString() ?? "" });
      continue;
    }
    for (const field of ["status", "tier"] as const) {
      const after = stringIn(map, field);
      if (after === "" || after === old[field]) continue;
      const place = [...keys, field];
      const id = `${pathOfKeys(place)}#${old[field]}-${after}`;
      const by = [authors.setter(map, field)].filter((member) => member !== "");
      found.push({ kind: "value", id, keys: place, by, before: old[field], after });
    }
  }
  const here = new Set(now.map(({ id }) => id));
  for (const { id, title } of base.plan.steps.filter((step) => !here.has(step.id))) {
    found.push({ kind: "removed", id: `-${id}`, keys: ["plan", "steps", id], by: [], title });
  }
  return found;
}

function textOf(doc: Y.Doc, keys: string[]): Y.Text | null {
  if (keys.length === 1 && keys[0] === "notes") return rootsOf(doc).notes;
  const map = mapAt(doc, keys.slice(0, -1));
  return map && textIn(map, keys.at(-1) ?? "");
}

function mapAt(doc: Y.Doc, [root, ...keys]: string[]): Y.Map<unknown> | null {
  const known = ["meta", "plan", "briefing", "tasks"];
  let here = root !== undefined && known.includes(root) ? doc.getMap(root) : null;
  for (const key of keys) here = here && mapIn(here, key);
  return here;
}

/** FNV-1a, 32 bits, base 36: tells pieces of one text apart, nothing more. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
