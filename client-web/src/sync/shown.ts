// What the state chip says: a function of the connection's state and the time.
import { BACK_SHOWN_MS, SAVING_SHOWN_MS, SLOW_SHOWN_MS } from "./limits";
import type { State } from "./machine";

export type Shown =
  | { kind: "connecting" }
  | { kind: "saved"; atMs: number | null }
  | { kind: "saving" }
  | { kind: "slow" }
  | { kind: "offline"; edits: number }
  | { kind: "back"; edits: number }
  | { kind: "read-only"; reason: string };

export function shown(state: State, nowMs: number): Shown {
  if (state.readOnly !== null) return { kind: "read-only", reason: state.readOnly };
  if (state.link.kind === "waiting" || state.link.kind === "stopped" || isRetry(state)) {
    return { kind: "offline", edits: state.unsaved };
  }
  if (state.link.kind !== "open" || !state.link.synced) return { kind: "connecting" };
  const age = state.unsavedSinceMs === null ? 0 : nowMs - state.unsavedSinceMs;
  if (state.unsaved > 0 && age >= SLOW_SHOWN_MS) return { kind: "slow" };
  if (state.unsaved > 0 && age >= SAVING_SHOWN_MS) return { kind: "saving" };
  if (state.back && nowMs - state.back.atMs < BACK_SHOWN_MS) {
    return { kind: "back", edits: state.back.edits };
  }
  return { kind: "saved", atMs: state.savedAtMs };
}

export function sentence(what: Shown): string {
  switch (what.kind) {
    case "connecting":
      return "Connecting…";
    case "saved":
      return "Saved";
    case "saving":
      return "Saving…";
    case "slow":
      return "Still saving…";
    case "offline":
      return what.edits === 0 ? "Offline" : `Offline · ${edits(what.edits)} kept on this device`;
    case "back":
      return `Back online. ${edits(what.edits)} merged`;
    case "read-only":
      return "Read-only";
  }
}

/** An attempt after a failure is still "Offline" to whoever looks at it, until it succeeded. */
function isRetry(state: State): boolean {
  return state.failures > 0 && !(state.link.kind === "open" && state.link.synced);
}

function edits(n: number): string {
  return n === 1 ? "1 edit" : `${n} edits`;
}
