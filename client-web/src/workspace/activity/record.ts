// What happened, from the workspace's record and from its edits, in sentences. Knows no server
// and no page: given records, it answers lines.
import type { Schema } from "../../app/call";
import { readSteps } from "../../doc/plan";
import type { Item } from "../../doc/control";
import type * as Y from "yjs";

/** One accepted command: what it brought about. */
export type RecordEntry = Pick<Schema<"Record">, "no" | "at_ms" | "by" | "events">;
export type Edited = Extract<Schema<"Change">, { kind: "edited" }>;
type Event = Schema<"Event">;

export type Topic = "ownership" | "decisions" | "approvals" | "edits" | "versions";

export interface Line {
  key: string;
  atMs: number;
  by: string;
  topic: Topic;
  /** Goes on after the member's name. */
  does: string;
  /** What was said to it. */
  note: string;
  /** Where it can be seen. */
  item: Item | null;
}

/** What the sentences need to know of the document. */
export interface Naming {
  item: (item: Item) => string;
  member: (id: string) => string;
}

export function linesOf(entries: RecordEntry[], naming: Naming): Line[] {
  const asked = titles(entries);
  return entries.flatMap((entry) => {
    const told = entry.events.flatMap((event, at) => {
      const said = say(event, naming, asked);
      const by = entry.by ?? "";
      return said ? [{ key: `${entry.no}.${at}`, atMs: entry.at_ms, by, ...said }] : [];
    });
    return told;
  });
}

/** A member's edits within ten minutes are one line. */
export function editLines(edits: Edited[], naming: Naming): Line[] {
  const lines = new Map<string, { atMs: number; by: string; items: Set<Item> }>();
  for (const { by, at_ms: atMs, item, path } of edits) {
    if (path.startsWith("control")) continue;
    const key = `${by}/${Math.floor(atMs / GROUP_MS)}`;
    const line = lines.get(key) ?? { atMs, by, items: new Set<Item>() };
    line.atMs = Math.max(line.atMs, atMs);
    line.items.add(item);
    lines.set(key, line);
  }
  return [...lines].map(([key, { atMs, by, items }]) => {
    const names = [...items].map(naming.item);
    const more = names.length - NAMED_MAX;
    const shown = more > 0 ? [...names.slice(0, NAMED_MAX), `${more} more`] : names;
    const [first = null] = items;
    const does = `edited ${listed(shown)}`;
    return { key: `edit/${key}`, atMs, by, topic: "edits", does, note: "", item: first };
  });
}

/** Newest first. */
export function together(...lists: Line[][]): Line[] {
  return lists.flat().sort((a, b) => b.atMs - a.atMs || (a.key < b.key ? 1 : -1));
}

export function namingOf(doc: Y.Doc, member: (id: string) => string): Naming {
  const steps = readSteps(doc).map(({ id }) => id);
  return {
    member,
    item: (item) => {
      const [kind = "", id = ""] = item.split(":");
      if (kind === "step") {
        const at = steps.indexOf(id);
        return at < 0 ? "a step that is gone" : `step ${at + 1}`;
      }
      return kind === "task" ? "a task" : `the ${kind}`;
    },
  };
}

type Said = Pick<Line, "topic" | "does" | "note" | "item">;

function tell(topic: Topic, does: string, note = "", item: Item | null = null): Said {
  return { topic, does, note, item };
}

function say(event: Event, naming: Naming, asked: Map<string, string>): Said | null {
  const about = "id" in event ? quoted(asked.get(event.id) ?? "") : "";
  switch (event.type) {
    case "owner_changed":
      return tell("ownership", ownerChange(event, naming), event.note, event.item);
    case "handoff_offered": {
      const { item, mode, reason, to } = event;
      const does = `offered ${owner(to, naming)} ${naming.item(item)}`;
      return mode === "warm" ? tell("ownership", does, reason.note, item) : null;
    }
    case "handoff_briefed":
      return tell("ownership", "read a hand-off back", event.summary);
    case "handoff_ended":
      if (event.status === "declined") {
        return tell("ownership", "declined a hand-off", event.reason);
      }
      return event.status === "withdrawn" ? tell("ownership", "withdrew a hand-off") : null;
    case "resumed":
      return tell("ownership", `caught up on ${naming.item(event.item)}`, "", event.item);
    case "decision_posted": {
      const { item, title, note } = event;
      return tell("decisions", `decided about ${naming.item(item)}: ${title}`, note, item);
    }
    case "decision_consumed":
      return tell("decisions", `acted on the decision${about}`, event.outcome);
    case "decision_failed":
      return tell("decisions", `could not act on the decision${about}`, event.reason);
    case "approval_asked":
      return tell("approvals", `asked: ${event.ask.title}`);
    case "approval_answered":
      return tell("approvals", `${VERDICTS[event.verdict]}${about}`, event.note);
    case "approval_consumed":
      return tell("approvals", `did what was approved${about}`, event.result);
    case "approval_failed":
      return tell("approvals", `could not do what was approved${about}`, event.reason);
    case "approval_voided":
      return tell("approvals", `lost an approval, for the text has changed${about}`);
    case "approval_withdrawn":
      return tell("approvals", `took back the question${about}`);
    case "approval_expired":
      return tell("approvals", `got no answer in time${about}`);
    case "reported":
      return tell("approvals", `did: ${event.report.what}`, event.report.result);
    case "noted":
      return noted(event.noted);
    default:
      return null;
  }
}

function ownerChange(
  { cause, item, owner: next }: Extract<Event, { type: "owner_changed" }>,
  naming: Naming,
): string {
  const name = naming.item(item);
  const to = owner(next, naming);
  switch (cause) {
    case "handed_off":
      return `handed ${name} to ${to}`;
    case "accepted":
      return `took ${name} over as offered`;
    case "claimed":
      return `claimed ${name}`;
    case "released":
      return `let ${name} go`;
    case "taken_over":
      return `took ${name} over`;
    case "lease_expired":
      return `passed ${name} to ${to}, for its agent fell silent`;
  }
}

function noted(fact: Schema<"Noted">): Said | null {
  switch (fact.what) {
    case "checkpoint_made":
      return tell("versions", `kept a version${quoted(fact.title)}`);
    case "restored":
      return tell("versions", "put back an older version");
    case "undone":
      return tell("versions", "undid somebody’s edits");
    case "suggestions_made":
      return tell("edits", "made suggestions");
    case "suggestion_decided":
      return tell("edits", `${fact.status === "rejected" ? "rejected" : "accepted"} a suggestion`);
    default:
      return null;
  }
}

/** What approvals and decisions are called, by id. */
function titles(entries: RecordEntry[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const event of entries.flatMap(({ events }) => events)) {
    if (event.type === "approval_asked") found.set(event.id, event.ask.title);
    if (event.type === "decision_posted") found.set(event.id, event.title);
  }
  return found;
}

function owner(value: Schema<"Owner">, naming: Naming): string {
  if (value === null) return "everybody";
  return "member" in value ? naming.member(value.member) : `the queue “${value.queue}”`;
}

function quoted(text: string): string {
  return text === "" ? "" : ` “${text}”`;
}

function listed(names: string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

const VERDICTS: Record<Schema<"Verdict">, string> = {
  approve: "approved",
  edit: "approved in another form",
  decline: "declined",
  reply: "replied to",
};
const GROUP_MS = 10 * 60_000;
const NAMED_MAX = 3;
