// What every part of the workspace page shares: the open document, who is in it, and whether it
// may be written.
import { getContext, setContext } from "svelte";
import { derived, type Readable } from "svelte/store";
import { watchPresence, type Person } from "../doc/presence";
import type { State } from "../sync/machine";
import type { Live } from "../sync/live";

export interface LiveContext {
  live: Live;
  people: Readable<Person[]>;
  /** Why nothing can be written now, for a person; empty when it can. */
  whyNot: Readable<string>;
  mayWrite: Readable<boolean>;
}

const KEY = Symbol("live");

export function provideLive(live: Live): LiveContext {
  const whyNot = derived(live.connection.states, (state) => reasonOf(live, state));
  const context: LiveContext = {
    live,
    people: watchPresence(live.awareness),
    whyNot,
    mayWrite: derived(whyNot, (reason) => reason === ""),
  };
  setContext(KEY, context);
  return context;
}

export function getLive(): LiveContext {
  return getContext<LiveContext>(KEY);
}

function reasonOf(live: Live, { identity, readOnly }: State): string {
  const role = identity?.role ?? live.member.role;
  if (role !== "admin" && role !== "editor") return "You can read this workspace, not edit it.";
  return readOnly ?? "";
}
