// Passages that suggestions and comments hold on to while the text around them changes: the same
// rules as the server's, so that both find the same passage or none.
import * as Y from "yjs";

export interface Passage {
  /** Moves along with its first character; of an empty passage, with the character before it. */
  start: Uint8Array;
  /** Moves along with its last character; of an empty passage, with the character after it. */
  end: Uint8Array;
  quote: string;
}

/** Offsets into a text, in UTF-16 units. */
export interface Range {
  from: number;
  to: number;
}

export type Found = { kind: "there"; range: Range } | { kind: "changed"; now: string };

/** What is typed before the passage or behind it does not become part of it. */
export function anchor(text: Y.Text, { from, to }: Range): Passage {
  const isEmpty = from === to;
  const start = isEmpty && from > 0 ? position(text, from, -1) : position(text, from, 0);
  const end = isEmpty ? position(text, to, 0) : position(text, to, -1);
  return { start, end, quote: text.toString().slice(from, to) };
}

/** Where a quoted passage is now, if it is still there. */
export function findPassage(
  text: Y.Text,
  ends: { start: unknown; end: unknown },
  quote: string,
): Found {
  const current = text.toString();
  const start = offsetIn(text, ends.start);
  const end = offsetIn(text, ends.end);
  if (start === null || end === null) return unanchored(current, ends, quote);
  const now = current.slice(start, end);
  if (start > end || !now.startsWith(quote)) return { kind: "changed", now };
  return { kind: "there", range: { from: start, to: start + quote.length } };
}

/** Where a passage is now, whatever it reads by now. */
export function whereabouts(
  text: Y.Text,
  ends: { start: unknown; end: unknown },
  quote: string,
): Range | null {
  const from = offsetIn(text, ends.start);
  const to = offsetIn(text, ends.end);
  if (from !== null && to !== null && from < to) return { from, to };
  const found = findPassage(text, ends, quote);
  return found.kind === "there" ? found.range : null;
}

/** Content that was imported has no positions: a quote is found where it stands once. */
function unanchored(current: string, ends: { start: unknown; end: unknown }, quote: string): Found {
  const gone: Found = { kind: "changed", now: "" };
  if (ends.start !== undefined || ends.end !== undefined) return gone;
  if (quote === "") {
    return { kind: "there", range: { from: current.length, to: current.length } };
  }
  const at = current.indexOf(quote);
  if (at < 0 || current.indexOf(quote, at + 1) >= 0) return gone;
  return { kind: "there", range: { from: at, to: at + quote.length } };
}

function position(text: Y.Text, at: number, side: number): Uint8Array {
  return Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, at, side));
}

function offsetIn(text: Y.Text, at: unknown): number | null {
  const bytes = bytesOf(at);
  if (!bytes || !text.doc) return null;
  try {
    const relative = Y.decodeRelativePosition(bytes);
    const found = Y.createAbsolutePositionFromRelativePosition(relative, text.doc);
    return found?.type === text ? found.index : null;
  } catch {
    return null;
  }
}

function bytesOf(at: unknown): Uint8Array | null {
  if (at instanceof Uint8Array) return at;
  if (typeof at !== "string") return null;
  try {
    return Uint8Array.from(atob(at), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
