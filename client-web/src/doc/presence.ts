// Who is here and where: awareness states read as people and agents, one entry a member.
import { readable, type Readable } from "svelte/store";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import type { Kind } from "../app/api";

export interface Person {
  /** Member id. */
  id: string;
  name: string;
  kind: Kind;
  isMe: boolean;
  /** The part of the document the caret is in, such as `["plan", "steps", "ab12", "body"]`. */
  place: readonly string[];
  /** The caret moved within the last seconds. */
  isActive: boolean;
  /** Nothing was heard for a while. */
  isAway: boolean;
}

export interface Cursor {
  anchor: Y.RelativePosition;
  head: Y.RelativePosition;
}

/** People first by name, then agents; oneself leads. */
export function watchPresence(awareness: Awareness): Readable<Person[]> {
  return readable<Person[]>([], (set) => {
    const moves = new Map<number, { cursor: string; atMs: number }>();
    const update = () => set(readPresence(awareness, moves, Date.now()));
    update();
    awareness.on("change", update);
    const timer = setInterval(update, REFRESH_MS);
    return () => {
      clearInterval(timer);
      awareness.off("change", update);
    };
  });
}

export function userOf(state: Record<string, unknown>): { id: string; name: string; kind: Kind } | null {
  const user = state.user;
  if (typeof user !== "object" || user === null) return null;
  const { id, name, kind } = user as Record<string, unknown>;
  if (typeof name !== "string") return null;
  return { id: typeof id === "string" ? id : name, name, kind: kind === "agent" ? "agent" : "human" };
}

export function cursorOf(state: Record<string, unknown>): Cursor | null {
  const cursor = state.cursor;
  if (typeof cursor !== "object" || cursor === null) return null;
  const { anchor, head } = cursor as Record<string, unknown>;
  try {
    return {
      anchor: Y.createRelativePositionFromJSON(anchor),
      head: Y.createRelativePositionFromJSON(head),
    };
  } catch {
    return null;
  }
}

function readPresence(
  awareness: Awareness,
  moves: Map<number, { cursor: string; atMs: number }>,
  nowMs: number,
): Person[] {
  const people = new Map<string, Person>();
  for (const [client, state] of awareness.getStates()) {
    const user = userOf(state);
    if (!user) continue;
    const known = people.get(user.id);
    const person: Person = {
      ...user,
      isMe: client === awareness.clientID || known?.isMe === true,
      place: placeOf(awareness.doc, state),
      isActive: isActive(moves, client, state, nowMs),
      isAway: nowMs - (awareness.meta.get(client)?.lastUpdated ?? nowMs) > AWAY_MS,
    };
    if (!known || person.isActive || known.place.length === 0) people.set(user.id, person);
  }
  return [...people.values()].sort(compare);
}

function isActive(
  moves: Map<number, { cursor: string; atMs: number }>,
  client: number,
  state: Record<string, unknown>,
  nowMs: number,
): boolean {
  const cursor = JSON.stringify(state.cursor ?? null);
  const before = moves.get(client);
  if (before?.cursor !== cursor) moves.set(client, { cursor, atMs: before ? nowMs : 0 });
  return cursor !== "null" && nowMs - (moves.get(client)?.atMs ?? 0) < ACTIVE_MS;
}

/** Walks up from the text the caret is in to its root. */
function placeOf(doc: Y.Doc, state: Record<string, unknown>): string[] {
  const cursor = cursorOf(state);
  const at = cursor && Y.createAbsolutePositionFromRelativePosition(cursor.head, doc);
  return at ? pathOf(doc, at.type) : [];
}

export function pathOf(doc: Y.Doc, type: Y.AbstractType<unknown>): string[] {
  const path: string[] = [];
  let here: Y.AbstractType<unknown> | null = type;
  while (here?._item) {
    path.unshift(here._item.parentSub ?? "");
    here = here._item.parent as Y.AbstractType<unknown> | null;
  }
  const root = [...doc.share].find(([, shared]) => shared === here)?.[0];
  return root === undefined ? [] : [root, ...path];
}

function compare(a: Person, b: Person): number {
  return (
    Number(b.isMe) - Number(a.isMe) ||
    Number(a.kind === "agent") - Number(b.kind === "agent") ||
    a.name.localeCompare(b.name)
  );
}

const REFRESH_MS = 2_000;
const ACTIVE_MS = 6_000;
const AWAY_MS = 60_000;
