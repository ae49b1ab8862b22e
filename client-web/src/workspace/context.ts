// What every part of the workspace page shares: the open document, who is in it, and whether it
// may be written.
import { getContext, setContext } from "svelte";
import { derived, get, writable, type Readable, type Writable } from "svelte/store";
import type { Range } from "../doc/anchor";
import { watchControl, type Control, type Item } from "../doc/control";
import { watchCards, type Cards } from "../doc/members";
import { watchPresence, type Person } from "../doc/presence";
import type { OverlaySource } from "../editor/overlay";
import type { Extras } from "./extras";
import type { State } from "../sync/machine";
import type { Live } from "../sync/live";

export interface LiveContext {
  live: Live;
  people: Readable<Person[]>;
  /** Why nothing can be written now, for a person; empty when it can. */
  whyNot: Readable<string>;
  mayWrite: Readable<boolean>;
  /** Whether comments may be made and suggestions answered. */
  mayRemark: Readable<boolean>;
  cards: Readable<Cards>;
  /** Who holds what, and what is asked. */
  control: Readable<Control>;
  /** Whether the server answers: nothing can be decided without it. */
  isOnline: Readable<boolean>;
  /** What is said about the text; null until it is loaded. */
  extras: Readable<Extras | null>;
  overlay: OverlaySource;
  /** Whether every word shows whose it is. */
  whose: Writable<boolean>;
  /** The place that a new comment is being written for. */
  composing: Writable<Composing | null>;
  /** The item whose hand-off is being prepared. */
  passing: Writable<Item | null>;
  /** Moves the focus to a thread's card. */
  openThread: (id: string) => void;
}

export interface Composing {
  keys: string[];
  /** Without one the comment is about the whole place. */
  range: Range | null;
}

const KEY = Symbol("live");

export function provideLive(live: Live): LiveContext {
  const whyNot = derived(live.connection.states, (state) => reasonOf(live, state));
  const extras = writable<Extras | null>(null);
  const context: LiveContext = {
    live,
    people: watchPresence(live.awareness),
    whyNot,
    mayWrite: derived(whyNot, (reason) => reason === ""),
    mayRemark: derived(live.connection.states, (state) => mayRemark(live, state)),
    cards: watchCards(live.doc),
    control: watchControl(live.doc),
    isOnline: derived(live.connection.states, isSynced),
    whose: writable(false),
    extras,
    overlay: lateOverlay(extras),
    composing: writable(null),
    passing: writable(null),
    openThread,
  };
  void import("./extras").then(({ extrasOf }) => extras.set(extrasOf(context)));
  setContext(KEY, context);
  return context;
}

export function getLive(): LiveContext {
  return getContext<LiveContext>(KEY);
}

/** The overlay of extras that may not be there yet. */
function lateOverlay(extras: Readable<Extras | null>): OverlaySource {
  const source = derived(extras, (loaded) => loaded?.overlay ?? null);
  return {
    over: (text) => get(source)?.over(text) ?? [],
    changes: derived(source, (overlay, set: (news: unknown) => void) =>
      overlay?.changes.subscribe(set),
    ),
  };
}

function openThread(id: string): void {
  const card = document.getElementById(`thread-${id}`);
  card?.scrollIntoView({ block: "nearest" });
  card?.focus({ preventScroll: true });
}

/** Whether edits made now reach the server at once. */
export function isSynced({ link }: State): boolean {
  return link.kind === "open" && link.synced;
}

function mayRemark(live: Live, { identity, readOnly }: State): boolean {
  return (identity?.role ?? live.member.role) !== "viewer" && readOnly === null;
}

function reasonOf(live: Live, { identity, readOnly }: State): string {
  const role = identity?.role ?? live.member.role;
  if (role !== "admin" && role !== "editor") return "You can read this workspace, not edit it.";
  return readOnly ?? "";
}
