// Places of the document as paths, such as `plan/steps/ab12/body`. Keys that hold a slash or a
// tilde are escaped as in JSON Pointer.
import * as Y from "yjs";

export function pathOfKeys(keys: readonly string[]): string {
  return keys.map((key) => key.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
}

export function keysOfPath(path: string): string[] {
  return path.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands at a place, if anything does. */
export function standing(doc: Y.Doc, [root, ...keys]: readonly string[]): unknown {
  let here: unknown = root === undefined ? undefined : doc.share.get(root);
  for (const key of keys) here = here instanceof Y.Map ? here.get(key) : undefined;
  return here;
}

/** The text at a place. */
export function textAt(doc: Y.Doc, keys: readonly string[]): Y.Text | null {
  const found = standing(doc, keys);
  return found instanceof Y.Text ? found : null;
}

/** Whether a place is the one that `prefix` names or lies inside it. */
export function isWithin(keys: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((key, at) => keys[at] === key);
}
