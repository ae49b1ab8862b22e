// The connection as a state machine: (state, event) → state and effects. It knows no WebSocket,
// no document, no clock and no randomness; the shell in connection.ts has those.
//
// Invariant: `unsaved` counts every edit made on this device that no acknowledgement has covered
// yet. It falls to zero only through an acknowledgement, so "Saved" is never a guess.
import type { Incoming } from "./frames";
import * as limits from "./limits";

export interface State {
  readonly link: Link;
  /** Edits of this device without a durable acknowledgement. */
  readonly unsaved: number;
  /** When the oldest of them was made. */
  readonly unsavedSinceMs: number | null;
  /** When the last acknowledgement covered everything. */
  readonly savedAtMs: number | null;
  /** The document has been complete once: from the server, or from this device's copy. */
  readonly ready: boolean;
  readonly back: { readonly atMs: number; readonly edits: number } | null;
  /** Edits made while there was no connection; zero once they are acknowledged. */
  readonly offlineEdits: number;
  readonly readOnly: string | null;
  readonly failures: number;
  readonly identity: { readonly lineage: string; readonly role: string } | null;
}

export type Link =
  | { kind: "idle" }
  | { kind: "connecting"; sinceMs: number }
  | OpenLink
  | { kind: "waiting"; untilMs: number }
  | { kind: "stopped"; code: number; reason: string };

interface OpenLink {
  readonly kind: "open";
  readonly heardMs: number;
  readonly renewedMs: number;
  /** Our difference is on its way; from then on edits go out one by one. */
  readonly answered: boolean;
  /** The server's difference has been applied. */
  readonly synced: boolean;
  /** Frames sent on this connection that the server acknowledges, in order. */
  readonly sent: number;
  readonly acked: number;
  /** How many edits each frame that is not acknowledged yet carries, oldest first. */
  readonly carried: readonly number[];
}

export type Event =
  | { type: "start"; nowMs: number }
  | { type: "opened"; nowMs: number }
  | { type: "frame"; frame: Incoming; nowMs: number }
  | { type: "closed"; code: number; reason: string; nowMs: number; random: number }
  | { type: "edited"; update: Uint8Array; nowMs: number }
  /** The copy on this device was loaded, with this many edits that were never acknowledged. */
  | { type: "restored"; unsaved: number; nowMs: number }
  | { type: "online"; nowMs: number }
  | { type: "tick"; nowMs: number };

export type Effect =
  | { type: "connect" }
  | { type: "drop" }
  | { type: "greet" }
  | { type: "answer"; stateVector: Uint8Array }
  | { type: "apply"; update: Uint8Array }
  | { type: "sendUpdate"; update: Uint8Array }
  | { type: "applyPresence"; payload: Uint8Array }
  | { type: "renewPresence" }
  | { type: "sendPresence" }
  | { type: "forgetPresence" }
  | { type: "welcome"; lineage: string; member: string; role: string }
  | { type: "denied"; path: string; reason: string }
  | { type: "otherHistory" }
  | { type: "saved" };

export type Step = readonly [State, readonly Effect[]];

export const initial: State = {
  link: { kind: "idle" },
  unsaved: 0,
  unsavedSinceMs: null,
  savedAtMs: null,
  ready: false,
  back: null,
  offlineEdits: 0,
  readOnly: null,
  failures: 0,
  identity: null,
};

export function step(state: State, event: Event): Step {
  switch (event.type) {
    case "start":
      return connect(state, event.nowMs);
    case "online":
      return state.link.kind === "waiting" ? connect(state, event.nowMs) : [state, []];
    case "opened":
      return opened(state, event.nowMs);
    case "closed":
      return closed(state, event);
    case "edited":
      return edited(state, event.update, event.nowMs);
    case "restored":
      return [restored(state, event.unsaved, event.nowMs), []];
    case "tick":
      return tick(state, event.nowMs);
    case "frame":
      return state.link.kind === "open" ? heard(state, state.link, event) : [state, []];
  }
}

/** The server's word that this connection is over for good. */
export function isFinal(code: number): boolean {
  return code >= 4400 && code <= 4499;
}

/** The history of this document is another one than that of this device's copy. */
export const OTHER_HISTORY = 4409;

function connect(state: State, nowMs: number): Step {
  return [{ ...state, link: { kind: "connecting", sinceMs: nowMs } }, [{ type: "connect" }]];
}

function opened(state: State, nowMs: number): Step {
  const link: OpenLink = {
    kind: "open",
    heardMs: nowMs,
    renewedMs: nowMs,
    answered: false,
    synced: false,
    sent: 0,
    acked: 0,
    carried: [],
  };
  return [{ ...state, link }, [{ type: "greet" }, { type: "sendPresence" }]];
}

function closed(state: State, event: Extract<Event, { type: "closed" }>): Step {
  const effects: Effect[] = [{ type: "forgetPresence" }];
  // Whatever no acknowledgement has covered counts as made offline from here on.
  const offlineEdits = state.unsaved;
  if (isFinal(event.code)) {
    const link: Link = { kind: "stopped", code: event.code, reason: event.reason };
    if (event.code === OTHER_HISTORY) effects.push({ type: "otherHistory" });
    return [{ ...state, link, offlineEdits, identity: null }, effects];
  }
  const wait = backoffMs(state.failures, event.random);
  const link: Link = { kind: "waiting", untilMs: event.nowMs + wait };
  return [{ ...state, link, offlineEdits, failures: state.failures + 1 }, effects];
}

function edited(state: State, update: Uint8Array, nowMs: number): Step {
  const next: State = {
    ...state,
    unsaved: state.unsaved + 1,
    unsavedSinceMs: state.unsavedSinceMs ?? nowMs,
  };
  const { link } = next;
  if (link.kind === "open" && link.answered) {
    const sent = { ...link, sent: link.sent + 1, carried: [...link.carried, 1] };
    return [{ ...next, link: sent }, [{ type: "sendUpdate", update }]];
  }
  return [{ ...next, offlineEdits: next.offlineEdits + 1 }, []];
}

function restored(state: State, unsaved: number, nowMs: number): State {
  return {
    ...state,
    ready: true,
    unsaved: state.unsaved + unsaved,
    unsavedSinceMs: unsaved > 0 ? nowMs : state.unsavedSinceMs,
    offlineEdits: state.offlineEdits + unsaved,
  };
}

function tick(state: State, nowMs: number): Step {
  const { link } = state;
  switch (link.kind) {
    case "waiting":
      return nowMs >= link.untilMs ? connect(state, nowMs) : [state, []];
    case "connecting":
      return nowMs - link.sinceMs >= limits.CONNECT_MS_MAX
        ? [state, [{ type: "drop" }]]
        : [state, []];
    case "open":
      return tickOpen(state, link, nowMs);
    case "idle":
    case "stopped":
      return [state, []];
  }
}

function tickOpen(state: State, link: OpenLink, nowMs: number): Step {
  if (nowMs - link.heardMs >= limits.SILENCE_MS_MAX) return [state, [{ type: "drop" }]];
  if (nowMs - link.renewedMs < limits.RENEW_MS) return [state, []];
  return [{ ...state, link: { ...link, renewedMs: nowMs } }, [{ type: "renewPresence" }]];
}

/** Timers sleep in a hidden tab and messages do not, so a message may also be a time to renew. */
function heard(state: State, link: OpenLink, event: Extract<Event, { type: "frame" }>): Step {
  const { nowMs } = event;
  const [next, effects] = frame(
    { ...state, link: { ...link, heardMs: nowMs } },
    event.frame,
    nowMs,
  );
  const [renewed, more] = tick(next, nowMs);
  return [renewed, [...effects, ...more]];
}

function frame(state: State & { link: OpenLink }, message: Incoming, nowMs: number): Step {
  switch (message.type) {
    case "hello": {
      const { lineage, member, role } = message;
      return [
        { ...state, identity: { lineage, role } },
        [{ type: "welcome", lineage, member, role }],
      ];
    }
    case "step1":
      return answer(state, message.stateVector);
    case "step2":
      return [
        { ...state, ready: true, failures: 0, link: { ...state.link, synced: true } },
        [{ type: "apply", update: message.update }],
      ];
    case "update":
      return [state, [{ type: "apply", update: message.update }]];
    case "awareness":
      return [state, [{ type: "applyPresence", payload: message.payload }]];
    case "queryAwareness":
      return [state, [{ type: "sendPresence" }]];
    case "ack":
      return acknowledged(state, message.updates, nowMs);
    case "denied":
      return [state, [{ type: "denied", path: message.path, reason: message.reason }]];
    case "readOnly":
      return [{ ...state, readOnly: message.reason }, []];
    case "writable":
      return [{ ...state, readOnly: null }, []];
    case "authDenied":
    case "lineage":
      return [state, []];
  }
}

/** The difference carries every edit that is neither acknowledged nor in a frame on its way. */
function answer(state: State & { link: OpenLink }, stateVector: Uint8Array): Step {
  const { link } = state;
  const waiting = state.unsaved - sum(link.carried);
  const carried = [...link.carried, waiting];
  return [
    { ...state, link: { ...link, answered: true, sent: link.sent + 1, carried } },
    [{ type: "answer", stateVector }],
  ];
}

function acknowledged(state: State & { link: OpenLink }, updates: number, nowMs: number): Step {
  const { link } = state;
  const acked = Math.min(Math.max(updates, link.acked), link.sent);
  const covered = link.carried.slice(0, acked - link.acked);
  const next = { ...link, acked, carried: link.carried.slice(covered.length) };
  const unsaved = state.unsaved - sum(covered);
  if (unsaved > 0) return [{ ...state, link: next, unsaved }, []];
  const back = state.offlineEdits > 0 ? { atMs: nowMs, edits: state.offlineEdits } : state.back;
  const saved: State = {
    ...state,
    link: next,
    unsaved: 0,
    unsavedSinceMs: null,
    savedAtMs: nowMs,
    offlineEdits: 0,
    back,
  };
  return [saved, [{ type: "saved" }]];
}

function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(limits.BACKOFF_MS_MAX, limits.BACKOFF_FIRST_MS * 2 ** failures);
  return ceiling * (0.5 + random / 2);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, n) => total + n, 0);
}
