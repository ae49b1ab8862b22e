// Removing something: it goes at once, and a toast brings it back.
import { showToast } from "../app/toast";
import type { Live } from "../sync/live";

export function removeWithUndo(live: Live, what: string, remove: () => void): void {
  live.undo.removals.clear();
  remove();
  showToast({
    text: `${what} removed`,
    action: { label: "Undo", run: () => live.undo.removals.undo() },
  });
}
