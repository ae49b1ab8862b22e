// Who is here and where: awareness states read as people and agents, one entry a member.
import { readable, type Readable } from "svelte/store";
import type { Awareness } from "y-protocols/awareness";
import type { Kind } from "../app/api";
import { placeOf, userOf } from "./cursors";

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
  /** When an agent that fell silent was here last; absent while it is here. */
  lastSeenMs?: number;
}

/** People first by name, then agents; oneself leads. Agents that fell silent stay for a while. */
export function watchPresence(awareness: Awareness): Readable<Person[]> {
  return readable<Person[]>([], (set) => {
    const moves = new Map<number, { cursor: string; atMs: number }>();
    const seen = new Map<string, { person: Person; atMs: number }>();
    const update = () => {
      const nowMs = Date.now();
      set(withSilentAgents(readPresence(awareness, moves, nowMs), seen, nowMs).sort(compare));
    };
    update();
    awareness.on("change", update);
    const timer = setInterval(update, REFRESH_MS);
    return () => {
      clearInterval(timer);
      awareness.off("change", update);
    };
  });
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
    };
    if (!known || person.isActive || known.place.length === 0) people.set(user.id, person);
  }
  return [...people.values()];
}

function withSilentAgents(
  here: Person[],
  seen: Map<string, { person: Person; atMs: number }>,
  nowMs: number,
): Person[] {
  for (const person of here) seen.set(person.id, { person, atMs: nowMs });
  const silent: Person[] = [];
  for (const [id, { person, atMs }] of seen) {
    const isRecent = nowMs - atMs < REMEMBERED_MS;
    if (atMs === nowMs || person.kind !== "agent") continue;
    if (isRecent) silent.push({ ...person, place: [], isActive: false, lastSeenMs: atMs });
    else seen.delete(id);
  }
  return [...here, ...silent];
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

function compare(a: Person, b: Person): number {
  return (
    Number(b.isMe) - Number(a.isMe) ||
    Number(a.kind === "agent") - Number(b.kind === "agent") ||
    a.name.localeCompare(b.name)
  );
}

const REFRESH_MS = 2_000;
const ACTIVE_MS = 6_000;
/** How long an agent that fell silent is still shown. */
const REMEMBERED_MS = 10 * 60_000;
