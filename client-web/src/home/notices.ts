// Tells of what newly needs this person, through the browser's notifications.
import { notify } from "../app/notify";
import type { LiveInbox } from "./inbox";
import { placeOf, taskLine } from "./words";

/** Follows the inbox until the returned function is called. What is there at first is no news. */
export function tellOfInbox(inbox: LiveInbox): () => void {
  let known: Set<string> | null = null;
  return inbox.subscribe((now) => {
    if (now.state !== "ready") return;
    const needs = now.inbox.needs_you;
    for (const waiting of needs) {
      const { id, workspace_title: title } = waiting;
      if (!known || known.has(id)) continue;
      const path = placeOf(waiting);
      notify({ tag: id, title: title || "Untitled", body: taskLine(waiting), path });
    }
    known = new Set(needs.map(({ id }) => id));
  });
}
