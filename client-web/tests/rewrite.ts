import type * as Y from "yjs";
import { change } from "../src/doc/document";
import { rewriteRange } from "../src/doc/text";

/** Writes a whole new text, as a person who edits all over it would. */
export function replaceText(text: Y.Text, next: string): void {
  change(text, () => rewriteRange(text, { from: 0, to: text.length }, next));
}
