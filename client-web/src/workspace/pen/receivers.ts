// To whom the pen can be passed: agents and people with where they are, then queues.
import type { Receiver } from "../../app/ledger";
import { ago } from "../../app/time";
import type { Holding, Queue } from "../../doc/control";
import type { Card } from "../../doc/members";
import type { Person } from "../../doc/presence";

export interface Candidate {
  key: string;
  to: Receiver;
  id: string;
  name: string;
  kind: "human" | "agent" | "queue";
  /** Where they are, in words. */
  about: string;
}

interface Around {
  /** Everybody who may work here; those who took part so far until that is known. */
  members: Iterable<Pick<Card, "id" | "name" | "kind" | "role">>;
  people: Person[];
  queues: Queue[];
  holding: Holding;
}

export function receiversOf({ members: all, people, queues, holding }: Around): Candidate[] {
  const here = new Map(people.map((person) => [person.id, person]));
  const me = people.find(({ isMe }) => isMe)?.id;
  const owner = holding.owner.kind === "member" ? holding.owner.id : "";
  const members = [...all]
    .filter(({ id, role }) => id !== owner && id !== me && (role === "editor" || role === "admin"))
    .map(({ id, name, kind }): Candidate => {
      const about = presenceOf(here.get(id));
      return { key: `member:${id}`, to: { member: id }, id, name, kind, about };
    });
  members.sort((a, b) => rank(a, here) - rank(b, here) || a.name.localeCompare(b.name));
  const isNamed = queues.some(({ name }) => name === EVERYBODY.name);
  return [...members, ...(isNamed ? queues : [EVERYBODY, ...queues]).map(queueCandidate)];
}

/** The queue that every workspace has. */
const EVERYBODY: Queue = { name: "people", members: [], agents: false };

function queueCandidate({ name, members, agents }: Queue): Candidate {
  const who = members.length > 0 ? `${members.length} members` : agents ? "everybody" : "people";
  const about = `Queue for ${who}: whoever claims it first has it`;
  return { key: `queue:${name}`, to: { queue: name }, id: name, name, kind: "queue", about };
}

function rank({ id }: Candidate, here: Map<string, Person>): number {
  const person = here.get(id);
  return person && person.lastSeenMs === undefined ? 0 : 1;
}

function presenceOf(person: Person | undefined): string {
  if (!person) return "Not here now";
  if (person.lastSeenMs !== undefined) return `Last seen ${ago(person.lastSeenMs, Date.now())}`;
  return person.kind === "agent" ? "Online" : "Here now";
}
