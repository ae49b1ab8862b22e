// Discussions of passages. A thread whose passage is gone keeps its quote: it is an orphan, shown
// where it was and counted.
import { readable, type Readable } from "svelte/store";
import * as Y from "yjs";
import { anchor, whereabouts, type Range } from "./anchor";
import { change, removeEntry } from "./document";
import { newId } from "./ids";
import { keysOfPath, pathOfKeys, standing, textAt } from "./place";
import { mapIn, numberIn, stringIn, textIn } from "./read";
import { newText } from "./new-text";

export interface Comment {
  id: string;
  author: string;
  atMs: number;
  text: string;
}

export interface Thread {
  id: string;
  map: Y.Map<unknown>;
  keys: string[];
  quote: string;
  atMs: number;
  resolved: boolean;
  /** Whether what it is about is gone. */
  isOrphan: boolean;
  comments: Comment[];
}

export type Whereabouts =
  | { kind: "at"; range: Range }
  /** The place as a whole, not a passage in it. */
  | { kind: "whole" }
  | { kind: "orphaned" };

export function watchThreads(doc: Y.Doc): Readable<Thread[]> {
  const all = doc.getMap("threads");
  return readable(readThreads(doc), (set) => {
    let shown: Thread[] = [];
    const update = () => set((shown = readThreads(doc)));
    // A passage can go, and come back with an undo, without its thread changing.
    const look = (): void => {
      if (shown.some((thread) => isOrphan(doc, thread) !== thread.isOrphan)) update();
    };
    update();
    all.observeDeep(update);
    doc.on("afterTransaction", look);
    return () => {
      all.unobserveDeep(update);
      doc.off("afterTransaction", look);
    };
  });
}

export function readThreads(doc: Y.Doc): Thread[] {
  const found: Thread[] = [];
  doc.getMap("threads").forEach((map, id) => {
    if (map instanceof Y.Map) found.push(readThread(doc, id, map));
  });
  return found.sort(byTime);
}

export function whereaboutsOf(
  doc: Y.Doc,
  { keys, map, quote }: Pick<Thread, "keys" | "map" | "quote">,
): Whereabouts {
  const text = textAt(doc, keys);
  if (quote === "" || !text) {
    const isThere = quote === "" && standing(doc, keys) !== undefined;
    return isThere ? { kind: "whole" } : { kind: "orphaned" };
  }
  const range = whereabouts(text, { start: map.get("start"), end: map.get("end") }, quote);
  return range ? { kind: "at", range } : { kind: "orphaned" };
}

/** Begins a discussion of a passage, or of a whole place without one. Returns its id. */
export function startThread(
  doc: Y.Doc,
  keys: readonly string[],
  range: Range | null,
  first: { author: string; text: string; atMs: number },
): string {
  const threads = doc.getMap("threads");
  const text = textAt(doc, keys);
  const passage = text && range && range.from < range.to ? anchor(text, range) : null;
  const id = newId();
  change(threads, () => {
    const thread = new Y.Map<unknown>();
    thread.set("target", pathOfKeys(keys));
    thread.set("quote", passage?.quote ?? "");
    thread.set("at", first.atMs);
    thread.set("resolved", false);
    if (passage) {
      thread.set("start", passage.start);
      thread.set("end", passage.end);
    }
    const comments = new Y.Map<unknown>();
    comments.set(newId(), newComment(first));
    thread.set("comments", comments);
    threads.set(id, thread);
  });
  return id;
}

export function reply(
  thread: Thread,
  comment: { author: string; text: string; atMs: number },
): void {
  const comments = mapIn(thread.map, "comments");
  if (comments) change(comments, () => comments.set(newId(), newComment(comment)));
}

export function setResolved(thread: Thread, state: "open" | "resolved"): void {
  change(thread.map, () => thread.map.set("resolved", state === "resolved"));
}

export function removeThread(doc: Y.Doc, id: string): void {
  removeEntry(doc.getMap("threads"), id);
}

function newComment(comment: { author: string; text: string; atMs: number }): Y.Map<unknown> {
  const map = new Y.Map<unknown>();
  map.set("author", comment.author);
  map.set("at", comment.atMs);
  map.set("text", newText(comment.text));
  return map;
}

function isOrphan(doc: Y.Doc, thread: Pick<Thread, "keys" | "map" | "quote">): boolean {
  return whereaboutsOf(doc, thread).kind === "orphaned";
}

function readThread(doc: Y.Doc, id: string, map: Y.Map<unknown>): Thread {
  const comments: Comment[] = [];
  mapIn(map, "comments")?.forEach((comment, key) => {
    if (!(comment instanceof Y.Map)) return;
    comments.push({
      id: key,
      author: stringIn(comment, "author"),
      atMs: numberIn(comment, "at") ?? 0,
      text: textIn(comment, "text")?.toString() ?? "",
    });
  });
  const about = { map, keys: keysOfPath(stringIn(map, "target")), quote: stringIn(map, "quote") };
  return {
    id,
    ...about,
    atMs: numberIn(map, "at") ?? 0,
    resolved: map.get("resolved") === true,
    isOrphan: isOrphan(doc, about),
    comments: comments.sort(byTime),
  };
}

function byTime(a: { atMs: number; id: string }, b: { atMs: number; id: string }): number {
  return a.atMs - b.atMs || (a.id < b.id ? -1 : 1);
}
