// Edits of others as one sentence at most every ten seconds: "Planner changed step 3".
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { readSteps } from "./plan";
import { pathOf, userOf } from "./cursors";

/** Calls `say` with a sentence; `remote` is the origin of what comes from the server. */
export function watchOthersEdits(
  doc: Y.Doc,
  remote: object,
  awareness: Awareness,
  say: (sentence: string) => void,
): () => void {
  let pending = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const speak = (): void => {
    timer = undefined;
    if (pending.size > 0) say([...pending].slice(0, MENTIONED_MAX).join(". "));
    pending = new Set();
  };

  const onTransaction = (transaction: Y.Transaction): void => {
    if (transaction.origin !== remote) return;
    const who = authorOf(transaction, awareness);
    if (who === null) return;
    for (const type of transaction.changed.keys()) {
      const place = placeName(doc, pathOf(doc, type as Y.AbstractType<unknown>));
      if (place !== null) pending.add(`${who} changed ${place}`);
    }
    timer ??= setTimeout(speak, PACE_MS);
  };

  doc.on("afterTransaction", onTransaction);
  return () => {
    clearTimeout(timer);
    doc.off("afterTransaction", onTransaction);
  };
}

/** The first present member whose client id gained something in this transaction. */
function authorOf({ beforeState, afterState }: Y.Transaction, awareness: Awareness): string | null {
  for (const [client, clock] of afterState) {
    if ((beforeState.get(client) ?? 0) >= clock) continue;
    const state = awareness.getStates().get(client);
    const user = state && userOf(state);
    if (user) return user.name;
  }
  return null;
}

/** "step 3", "the goal": what people call a place; null for what they never see. */
export function placeName(doc: Y.Doc, [root, key, id]: readonly string[]): string | null {
  if (root === "plan" && key === "steps" && id !== undefined) {
    const at = readSteps(doc).findIndex((step) => step.id === id);
    return at < 0 ? null : `step ${at + 1}`;
  }
  if (root === "plan") return key === "goal" ? "the goal" : "the plan";
  if (root === "tasks" || root === "briefing" || root === "notes") return `the ${root}`;
  return root === "meta" ? "the title" : null;
}

const PACE_MS = 10_000;
const MENTIONED_MAX = 3;
