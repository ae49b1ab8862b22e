// What another page says about itself: who it is and where its caret is. Whatever does not fit
// reads as absent: presence comes from anyone, and nothing in it may break this page.
import * as Y from "yjs";
import type { Kind } from "../app/api";

/** Offsets into one text. */
export interface Caret {
  text: Y.AbstractType<unknown>;
  anchor: number;
  head: number;
}

export function userOf(
  state: Record<string, unknown>,
): { id: string; name: string; kind: Kind } | null {
  const user = state.user;
  if (typeof user !== "object" || user === null) return null;
  const { id, name, kind } = user as Record<string, unknown>;
  if (typeof name !== "string") return null;
  return {
    id: typeof id === "string" ? id : name,
    name,
    kind: kind === "agent" ? "agent" : "human",
  };
}

export function caretOf(doc: Y.Doc, state: Record<string, unknown>): Caret | null {
  const cursor = state.cursor;
  if (typeof cursor !== "object" || cursor === null) return null;
  const { anchor, head } = cursor as Record<string, unknown>;
  const from = resolve(doc, anchor);
  const to = resolve(doc, head);
  if (!from || !to || from.type !== to.type) return null;
  return { text: to.type, anchor: from.index, head: to.index };
}

/** The part of the document that a caret is in; empty without a caret. */
export function placeOf(doc: Y.Doc, state: Record<string, unknown>): string[] {
  const caret = caretOf(doc, state);
  if (caret) return pathOf(doc, caret.text);
  // A caret may arrive ahead of the letters that it stands behind; agents say where they are, too.
  return typeof state.focus === "string" ? state.focus.split("/") : [];
}

/** Walks up from a type to its root. */
export function pathOf(doc: Y.Doc, type: Y.AbstractType<unknown> | Y.Text): string[] {
  const path: string[] = [];
  let here = type as Y.AbstractType<unknown> | null;
  while (here?._item) {
    path.unshift(here._item.parentSub ?? "");
    here = here._item.parent as Y.AbstractType<unknown> | null;
  }
  const root = [...doc.share].find(([, shared]) => shared === here)?.[0];
  return root === undefined ? [] : [root, ...path];
}

function resolve(doc: Y.Doc, position: unknown): Y.AbsolutePosition | null {
  try {
    const relative = Y.createRelativePositionFromJSON(position);
    return Y.createAbsolutePositionFromRelativePosition(relative, doc);
  } catch {
    return null;
  }
}
