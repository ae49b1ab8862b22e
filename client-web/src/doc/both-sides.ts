// Which steps both sides wrote in while this device was offline: what a person should look at
// once it is back, although everything was merged.
import { readable, type Readable } from "svelte/store";
import type * as Y from "yjs";
import { pathOf } from "./cursors";

/** Tells whether edits made now reach the server at once. */
type IsOnline = () => boolean;

/** Ids of steps, until `SHOWN_MS` after the return. `remote` is the origin of what the server
 * sends. */
export function watchBothSides(
  doc: Y.Doc,
  remote: object,
  isOnline: IsOnline,
): Readable<ReadonlySet<string>> {
  return readable<ReadonlySet<string>>(new Set(), (set) => {
    let mine = new Set<string>();
    let both = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;

    const onTransaction = (transaction: Y.Transaction): void => {
      const steps = stepsIn(doc, transaction);
      if (transaction.origin !== remote) {
        if (transaction.local && !isOnline()) steps.forEach((id) => mine.add(id));
        return;
      }
      const met = steps.filter((id) => mine.has(id));
      if (met.length > 0) {
        both = new Set([...both, ...met]);
        set(both);
        clearTimeout(timer);
        timer = setTimeout(() => set((both = new Set())), SHOWN_MS);
      }
      // The first word from the server after the gap is all that was missed.
      if (isOnline()) mine = new Set();
    };

    doc.on("afterTransaction", onTransaction);
    return () => {
      clearTimeout(timer);
      doc.off("afterTransaction", onTransaction);
    };
  });
}

function stepsIn(doc: Y.Doc, { changed }: Y.Transaction): string[] {
  const found = new Set<string>();
  for (const type of changed.keys()) {
    const [root, key, id] = pathOf(doc, type as Y.AbstractType<unknown>);
    if (root === "plan" && key === "steps" && id !== undefined) found.add(id);
  }
  return [...found];
}

const SHOWN_MS = 60_000;
