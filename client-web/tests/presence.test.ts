import { get } from "svelte/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { watchPresence } from "../src/doc/presence";

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

function member(id: string, name: string, kind: "human" | "agent") {
  return { user: { id, name, kind, role: "editor" } };
}

/** Shows `state` to `to` as another client would. */
function show(
  to: Awareness,
  state: Record<string, unknown> | null,
  from = new Awareness(new Y.Doc()),
) {
  from.setLocalState(state);
  applyAwarenessUpdate(to, encodeAwarenessUpdate(from, [from.clientID]), "remote");
  return from;
}

function document() {
  const doc = new Y.Doc();
  const step = new Y.Map<unknown>();
  const steps = new Y.Map<unknown>();
  doc.getMap("plan").set("steps", steps);
  steps.set("ab12", step);
  const body = new Y.Text("words");
  step.set("body", body);
  return { doc, body };
}

test("SYN7 a member with two tabs is one person, oneself leads, agents come last", () => {
  const { doc } = document();
  const awareness = new Awareness(doc);
  awareness.setLocalState(member("mara", "Mara", "human"));
  for (const state of [
    member("planner", "Planner", "agent"),
    member("ravi", "Ravi", "human"),
    member("ravi", "Ravi", "human"),
  ]) {
    show(awareness, state);
  }
  const people = get(watchPresence(awareness));
  expect(people.map(({ id, isMe }) => [id, isMe])).toEqual([
    ["mara", true],
    ["ravi", false],
    ["planner", false],
  ]);
});

test("SYN7 a caret says which part of the document its member is in", () => {
  const { doc, body } = document();
  const awareness = new Awareness(doc);
  const at = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(body, 2)) as unknown;
  show(awareness, { ...member("ravi", "Ravi", "human"), cursor: { anchor: at, head: at } });
  expect(get(watchPresence(awareness))[0]?.place).toEqual(["plan", "steps", "ab12", "body"]);
});

test("SYN7 an agent is where it says while the letters before its caret are on their way", () => {
  const { doc } = document();
  const awareness = new Awareness(doc);
  const ahead = Y.createRelativePositionFromJSON({ item: { client: 7, clock: 99 }, assoc: -1 });
  const cursor = { anchor: ahead, head: ahead };
  const state = { ...member("planner", "Planner", "agent"), cursor, focus: "plan/steps/cd34/body" };
  show(awareness, state);
  expect(get(watchPresence(awareness))[0]?.place).toEqual(["plan", "steps", "cd34", "body"]);
});

test("SYN7 what is no member and no caret is left out and breaks nothing", () => {
  const { doc } = document();
  const awareness = new Awareness(doc);
  show(awareness, { user: "nobody" });
  show(awareness, { ...member("ravi", "Ravi", "human"), cursor: { anchor: "x", head: 3 } });
  expect(get(watchPresence(awareness)).map(({ id, place }) => [id, place])).toEqual([["ravi", []]]);
});

test("WEB10 an agent that fell silent stays as last seen, a person who left is gone", () => {
  const { doc } = document();
  const awareness = new Awareness(doc);
  const agent = show(awareness, member("planner", "Planner", "agent"));
  const person = show(awareness, member("ravi", "Ravi", "human"));
  const people = watchPresence(awareness);
  let shown: string[] = [];
  const stop = people.subscribe((all) => {
    shown = all.map(
      ({ id, lastSeenMs }) => `${id} ${lastSeenMs === undefined ? "here" : "silent"}`,
    );
  });
  vi.advanceTimersByTime(5_000);
  show(awareness, null, agent);
  show(awareness, null, person);
  vi.advanceTimersByTime(5_000);
  expect(shown).toEqual(["planner silent"]);
  vi.advanceTimersByTime(11 * 60_000);
  expect(shown).toEqual([]);
  stop();
});
