// Writing a whole new text as the smallest edit, so that what others type meanwhile survives.
import type * as Y from "yjs";
import type { Range } from "./anchor";
import { wordDiff } from "./word-diff";

/** Writes a passage as the fewest edits by words. Call it in a transaction. */
export function rewriteRange(text: Y.Text, { from, to }: Range, next: string): void {
  const now = text.toString().slice(from, to);
  const start = commonStart(now, next);
  const end = commonEnd(now, next, start);
  let at = from + start;
  const pieces = wordDiff(now.slice(start, now.length - end), next.slice(start, next.length - end));
  for (const { kind, text: words } of pieces) {
    if (kind === "removed") text.delete(at, words.length);
    else {
      if (kind === "added") text.insert(at, words);
      at += words.length;
    }
  }
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let n = 0;
  while (n < most && a[n] === b[n]) n++;
  return isInsidePair(a, n) || isInsidePair(b, n) ? n - 1 : n;
}

function commonEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let n = 0;
  while (n < most && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
  return n > 0 && (isInsidePair(a, a.length - n) || isInsidePair(b, b.length - n)) ? n - 1 : n;
}

/** Whether `at` would cut a surrogate pair in two. */
function isInsidePair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
}
