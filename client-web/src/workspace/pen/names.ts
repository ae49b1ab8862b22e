// What items are called in sentences.
import type { Item } from "../../doc/control";
import { readSteps } from "../../doc/plan";
import type * as Y from "yjs";
import type { Tab } from "../../app/route";

/** "this plan", "step 3", "this task": to be put into a sentence. */
export function nameOfItem(doc: Y.Doc, item: Item): string {
  const [kind, id] = item.split(":");
  if (kind === "step") {
    const at = readSteps(doc).findIndex((step) => step.id === id);
    return at < 0 ? "a step" : `step ${at + 1}`;
  }
  if (kind === "task") return "this task";
  return kind === "notes" ? "these notes" : `this ${kind}`;
}

/** The item that a tab is about. */
export function itemOfTab(tab: Tab): Item {
  return tab === "plan" || tab === "briefing" || tab === "notes" ? tab : "workspace";
}
