// Who holds the pen, what is asked and what was decided, as the server writes it into the
// document. This page only reads it.
import { readable, type Readable } from "svelte/store";
import * as Y from "yjs";
import { mapIn, numberIn, stringIn } from "./read";

/** An item that can have an owner: `workspace`, `plan`, `briefing`, `notes`, `step:…`, `task:…`. */
export type Item = string;

export type Owner =
  { kind: "member"; id: string } | { kind: "queue"; name: string } | { kind: "nobody" };

export interface Holding {
  item: Item;
  owner: Owner;
  /** The owner's name, to be shown. */
  ownerName: string;
  /** The item's own epoch, which commands carry. */
  epoch: number;
  /** The item whose owner this is, when this one has none of its own. */
  inherited: Item | null;
  sinceMs: number;
  /** The owner, an agent, has not caught up yet: what it writes becomes suggestions. */
  isCatchingUp: boolean;
}

export interface Handoff {
  id: string;
  item: Item;
  from: Owner;
  to: Owner;
  by: string;
  note: string;
  status: "offered" | "briefed";
  atMs: number;
  summary: string;
}

export interface Approval {
  id: string;
  title: string;
  by: string;
  atMs: number;
  status: "asked" | "approved" | "taken";
  reversible: boolean;
  risk: number;
  /** Places whose content the answer depends on, as paths. */
  scope: string[];
  /** The only people who may answer; anybody with the role when empty. */
  named: string[];
}

export interface Decision {
  id: string;
  item: Item;
  title: string;
  note: string;
  by: string;
  atMs: number;
  status: "decided" | "taken";
}

export interface Queue {
  name: string;
  members: string[];
  agents: boolean;
}

export interface Control {
  holding: (item: Item) => Holding;
  handoffs: Handoff[];
  approvals: Approval[];
  decisions: Decision[];
  queues: Queue[];
}

export function watchControl(doc: Y.Doc): Readable<Control> {
  const control = doc.getMap("control");
  return readable(readControl(doc), (set) => {
    // The record of who writes under which id changes all the time, and nothing here reads it.
    const update = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
      if (events.some(({ path }) => path[0] !== "authors" && path[0] !== "attributed")) {
        set(readControl(doc));
      }
    };
    set(readControl(doc));
    control.observeDeep(update as Parameters<typeof control.observeDeep>[0]);
    return () => control.unobserveDeep(update as Parameters<typeof control.unobserveDeep>[0]);
  });
}

export function readControl(doc: Y.Doc): Control {
  const control = doc.getMap("control");
  return {
    holding: (item) => holdingOf(doc, item),
    handoffs: entries(control, "handoffs", readHandoff),
    approvals: entries(control, "approvals", readApproval),
    decisions: entries(control, "decisions", readDecision),
    queues: entries(control, "queues", readQueue),
  };
}

export function isMember(owner: Owner, id: string): boolean {
  return owner.kind === "member" && owner.id === id;
}

/** What has no owner of its own has that of the item it belongs to. */
export function holdingOf(doc: Y.Doc, item: Item): Holding {
  const owners = mapIn(doc.getMap("control"), "owners");
  const holder = heldBy(owners, item);
  const held = owners && mapIn(owners, holder);
  const own = owners && mapIn(owners, item);
  const maker = stringIn(doc.getMap("control"), "created_by");
  const isFirst = !held && holder === "workspace" && maker !== "";
  const owner: Owner = isFirst ? { kind: "member", id: maker } : ownerIn(held);
  return {
    item,
    owner,
    ownerName: held && owner.kind === "member" ? stringIn(held, "name") : nameOf(owner),
    epoch: (own && numberIn(own, "epoch")) ?? 0,
    inherited: holder === item ? null : holder,
    sinceMs: (held && numberIn(held, "since_ms")) ?? 0,
    isCatchingUp: held?.has("gate") === true,
  };
}

/** The item that a place in the document belongs to. */
export function itemOfPlace([root, second, third]: readonly string[]): Item {
  if (root === "plan") return second === "steps" && third ? `step:${third}` : "plan";
  if (root === "tasks") return second ? `task:${second}` : "workspace";
  return root === "briefing" || root === "notes" ? root : "workspace";
}

function heldBy(owners: Y.Map<unknown> | null, item: Item): Item {
  // The notes begin open, under nobody.
  if (item === "workspace" || item === "notes" || owners?.has(item)) return item;
  return heldBy(owners, item.startsWith("step:") ? "plan" : "workspace");
}

function ownerIn(held: Y.Map<unknown> | null): Owner {
  const member = held ? stringIn(held, "member") : "";
  if (member !== "") return { kind: "member", id: member };
  const queue = held ? stringIn(held, "queue") : "";
  return queue !== "" ? { kind: "queue", name: queue } : { kind: "nobody" };
}

function nameOf(owner: Owner): string {
  if (owner.kind === "member") return owner.id;
  return owner.kind === "queue" ? `the queue ${owner.name}` : "nobody";
}

function entries<Entry>(
  control: Y.Map<unknown>,
  table: string,
  read: (id: string, map: Y.Map<unknown>) => Entry,
): Entry[] {
  const found: Entry[] = [];
  mapIn(control, table)?.forEach((map, id) => {
    if (map instanceof Y.Map) found.push(read(id, map));
  });
  return found;
}

function readHandoff(id: string, map: Y.Map<unknown>): Handoff {
  const reason = jsonIn(map, "reason");
  return {
    id,
    item: stringIn(map, "item"),
    from: ownerOf(jsonIn(map, "from")),
    to: ownerOf(jsonIn(map, "to")),
    by: stringIn(map, "by"),
    note: isRecord(reason) && typeof reason.note === "string" ? reason.note : "",
    status: stringIn(map, "status") === "briefed" ? "briefed" : "offered",
    atMs: numberIn(map, "at_ms") ?? 0,
    summary: stringIn(map, "summary"),
  };
}

function readApproval(id: string, map: Y.Map<unknown>): Approval {
  const status = stringIn(map, "status");
  return {
    id,
    title: stringIn(map, "title"),
    by: stringIn(map, "by"),
    atMs: numberIn(map, "at_ms") ?? 0,
    status: status === "approved" || status === "taken" ? status : "asked",
    reversible: map.get("reversible") !== false,
    risk: numberIn(map, "risk") ?? 0,
    scope: stringsIn(map, "scope"),
    named: stringsIn(map, "named"),
  };
}

function readDecision(id: string, map: Y.Map<unknown>): Decision {
  return {
    id,
    item: stringIn(map, "item"),
    title: stringIn(map, "title"),
    note: stringIn(map, "note"),
    by: stringIn(map, "by"),
    atMs: numberIn(map, "at_ms") ?? 0,
    status: stringIn(map, "status") === "taken" ? "taken" : "decided",
  };
}

function readQueue(name: string, map: Y.Map<unknown>): Queue {
  return { name, members: stringsIn(map, "members"), agents: map.get("agents") === true };
}

function ownerOf(value: unknown): Owner {
  if (isRecord(value) && typeof value.member === "string") {
    return { kind: "member", id: value.member };
  }
  if (isRecord(value) && typeof value.queue === "string") {
    return { kind: "queue", name: value.queue };
  }
  return { kind: "nobody" };
}

/** Nested values are JSON in a string. */
function jsonIn(map: Y.Map<unknown>, key: string): unknown {
  try {
    return JSON.parse(stringIn(map, key) || "null");
  } catch {
    return null;
  }
}

function stringsIn(map: Y.Map<unknown>, key: string): string[] {
  const value = jsonIn(map, key);
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
