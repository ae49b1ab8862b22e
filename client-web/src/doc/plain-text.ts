// A whole document as text to copy, for when its copy on this device can no longer be sent.
import type * as Y from "yjs";
import { rootsOf } from "./document";
import { inOrder } from "./order";
import { textIn } from "./read";
import { readSteps } from "./plan";

export function plainText(doc: Y.Doc): string {
  const { meta, plan, tasks, notes } = rootsOf(doc);
  const steps = readSteps(doc).map(
    (step, at) => `${at + 1}. ${step.title ?? ""}\n\n${step.body ?? ""}`,
  );
  const list = inOrder(tasks).map(({ map }) => `- ${textIn(map, "title") ?? ""}`);
  const parts = [textIn(meta, "title"), textIn(plan, "goal"), ...steps, list.join("\n"), notes];
  return parts
    .map((part) => part?.toString().trim() ?? "")
    .filter((part) => part !== "")
    .join("\n\n");
}
