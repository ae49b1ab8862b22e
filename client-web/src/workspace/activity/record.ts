// What happened, from the workspace's record and from its edits, in sentences. Knows no server
// and no page: given records, it answers lines.
import { readSteps } from "../../doc/plan";
import type { Item } from "../../doc/control";
import type * as Y from "yjs";

/** One accepted command: what it brought about. */
export interface RecordEntry {
  no: number;
  at_ms: number;
  by?: string | null;
  events: Event[];
}

export interface Edited {
  kind: "edited";
  path: string;
  item: Item;
  by: string;
  at_ms: number;
}

/** An event as the server writes it; which fields it has depends on its type. */
export type Event = { type: string } & Record<string, unknown>;

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

function say(event: Event, naming: Naming, asked: Map<string, string>): Said | null {
  const { type } = event;
  const item = words(event.item);
  const name = item === "" ? "" : naming.item(item);
  const about = quoted(asked.get(words(event.id)) ?? "");
  const tell = (topic: Topic, does: string, note = ""): Said => ({
    topic,
    does,
    note,
    item: item === "" ? null : item,
  });
  switch (type) {
    case "owner_changed":
      return tell("ownership", ownerChange(event, name, naming), words(event.note));
    case "handoff_offered":
      return event.mode === "warm"
        ? tell("ownership", `offered ${owner(event.to, naming)} ${name}`, noteOf(event.reason))
        : null;
    case "handoff_briefed":
      return tell("ownership", "read a hand-off back", words(event.summary));
    case "handoff_ended":
      return event.status === "declined" || event.status === "withdrawn"
        ? tell(
            "ownership",
            `${event.status === "declined" ? "declined" : "withdrew"} a hand-off`,
            words(event.reason),
          )
        : null;
    case "resumed":
      return tell("ownership", `caught up on ${name}`);
    case "decision_posted":
      return tell("decisions", `decided about ${name}: ${words(event.title)}`, words(event.note));
    case "decision_consumed":
      return tell("decisions", `acted on the decision${about}`, words(event.outcome));
    case "decision_failed":
      return tell("decisions", `could not act on the decision${about}`, words(event.reason));
    case "approval_asked":
      return tell("approvals", `asked: ${asked.get(words(event.id)) ?? ""}`);
    case "approval_answered":
      return tell(
        "approvals",
        `${VERDICTS[words(event.verdict)] ?? "answered"}${about}`,
        words(event.note),
      );
    case "approval_consumed":
      return tell("approvals", `did what was approved${about}`, words(event.result));
    case "approval_failed":
      return tell("approvals", `could not do what was approved${about}`, words(event.reason));
    case "approval_voided":
      return tell("approvals", `lost an approval, for the text has changed${about}`);
    case "approval_withdrawn":
      return tell("approvals", `took back the question${about}`);
    case "approval_expired":
      return tell("approvals", `got no answer in time${about}`);
    case "reported":
      return reported(event);
    case "noted":
      return noted(event);
    default:
      return null;
  }
}

function ownerChange(event: Event, name: string, naming: Naming): string {
  const to = owner(event.owner, naming);
  switch (event.cause) {
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
      return `fell silent; ${name} went to ${to}`;
    default:
      return `passed ${name} to ${to}`;
  }
}

function reported({ report }: Event): Said | null {
  if (!isRecord(report)) return null;
  return {
    topic: "approvals",
    does: `did: ${words(report.what)}`,
    note: words(report.result),
    item: null,
  };
}

function noted({ noted: fact }: Event): Said | null {
  if (!isRecord(fact)) return null;
  const tell = (topic: Topic, does: string): Said => ({ topic, does, note: "", item: null });
  switch (fact.what) {
    case "checkpoint_made":
      return tell("versions", `kept a version${quoted(words(fact.title))}`);
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
    const { type, ask } = event;
    if (type === "approval_asked" && isRecord(ask)) found.set(words(event.id), words(ask.title));
    if (type === "decision_posted") found.set(words(event.id), words(event.title));
  }
  return found;
}

function owner(value: unknown, naming: Naming): string {
  if (isRecord(value) && typeof value.member === "string") return naming.member(value.member);
  if (isRecord(value) && typeof value.queue === "string") return `the queue “${value.queue}”`;
  return "everybody";
}

function noteOf(reason: unknown): string {
  return isRecord(reason) ? words(reason.note) : "";
}

function quoted(text: string): string {
  return text === "" ? "" : ` “${text}”`;
}

function listed(names: string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function words(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const VERDICTS: Record<string, string> = {
  approve: "approved",
  edit: "approved in another form",
  decline: "declined",
  reply: "replied to",
};
const GROUP_MS = 10 * 60_000;
const NAMED_MAX = 3;
