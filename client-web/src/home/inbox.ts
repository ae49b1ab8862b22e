// The inbox as a store: read once, then again whenever the server says that it changed.
import { readable, type Readable } from "svelte/store";
import { ApiError } from "../app/api";
import { inbox } from "../app/commands";
import type { Inbox } from "../app/ledger";
import { signedOut } from "../app/session";

type Shown = Omit<Inbox, "totals">;

export type InboxState =
  | { state: "loading" }
  | { state: "ready"; inbox: Shown }
  /** What was there last, while the server does not answer. */
  | { state: "stale"; inbox: Shown };

export interface LiveInbox extends Readable<InboxState> {
  refresh: () => Promise<void>;
}

const EMPTY: Shown = { needs_you: [], working_without_you: [], snoozed: [] };

export function liveInbox(): LiveInbox {
  let now: InboxState = { state: "loading" };
  let tell: (state: InboxState) => void = () => undefined;

  const refresh = async (): Promise<void> => {
    try {
      now = { state: "ready", inbox: await inbox() };
    } catch (error) {
      if (error instanceof ApiError && error.failure === "signed-out") signedOut();
      now = { state: "stale", inbox: now.state === "loading" ? EMPTY : now.inbox };
    }
    tell(now);
  };

  const { subscribe } = readable<InboxState>(now, (set) => {
    tell = set;
    set(now);
    void refresh();
    const events = new EventSource("/api/v1/inbox/events");
    events.addEventListener("inbox", () => void refresh());
    // A stream that comes back may have missed something.
    events.addEventListener("open", () => void refresh());
    return () => events.close();
  });
  return { subscribe, refresh };
}
