import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { holdingOf, itemOfPlace, readControl, watchControl } from "../src/doc/control";

/** As the server projects it: plain values, what is nested as JSON. */
function withControl(tables: Record<string, Record<string, Record<string, unknown>>>): Y.Doc {
  const doc = new Y.Doc();
  const control = doc.getMap("control");
  for (const [table, entries] of Object.entries(tables)) {
    const map = new Y.Map<unknown>();
    for (const [key, fields] of Object.entries(entries)) {
      map.set(key, new Y.Map(Object.entries(fields)));
    }
    control.set(table, map);
  }
  return doc;
}

const OWNERS = {
  workspace: { epoch: 1, since_ms: 10, name: "Mara", member: "mara" },
  plan: { epoch: 4, since_ms: 20, name: "Planner", member: "planner", gate: "{}" },
  notes: { epoch: 1, since_ms: 10, name: "nobody" },
  "task:t1": { epoch: 2, since_ms: 30, name: "the queue legal", queue: "legal" },
};

describe("who holds the pen", () => {
  const doc = withControl({ owners: OWNERS });

  test("OWN1 what has no owner of its own has that of its parent, under its own epoch", () => {
    expect(holdingOf(doc, "step:s1")).toMatchObject({
      owner: { kind: "member", id: "planner" },
      ownerName: "Planner",
      epoch: 0,
      inherited: "plan",
      isCatchingUp: true,
    });
    expect(holdingOf(doc, "task:t2")).toMatchObject({ ownerName: "Mara", inherited: "workspace" });
  });

  test("OWN1 a queue and nobody are owners, too", () => {
    expect(holdingOf(doc, "task:t1").owner).toEqual({ kind: "queue", name: "legal" });
    expect(holdingOf(doc, "notes")).toMatchObject({ owner: { kind: "nobody" }, inherited: null });
  });

  test("a document without ownership reads as nobody's", () => {
    expect(holdingOf(new Y.Doc(), "plan").owner).toEqual({ kind: "nobody" });
  });

  test("SCH8 each place belongs to one item", () => {
    const items = ["plan/goal", "plan/steps/a/body", "tasks/t/notes", "notes", "meta/title"];
    expect(items.map((path) => itemOfPlace(path.split("/")))).toEqual([
      "plan",
      "step:a",
      "task:t",
      "notes",
      "workspace",
    ]);
  });
});

describe("what is open", () => {
  test("nested values are read from their JSON, and nonsense reads as nothing", () => {
    const doc = withControl({
      approvals: {
        a1: {
          title: "Send",
          status: "asked",
          reversible: false,
          risk: 0.6,
          scope: '["plan/goal"]',
        },
        a2: { title: "Odd", status: "asked", scope: "[1" },
      },
      handoffs: {
        h1: { item: "plan", to: '{"queue":"people"}', from: "null", reason: '{"note":"Look"}' },
      },
    });
    const { approvals, handoffs } = readControl(doc);
    expect(approvals.map(({ scope, reversible }) => ({ scope, reversible }))).toEqual([
      { scope: ["plan/goal"], reversible: false },
      { scope: [], reversible: true },
    ]);
    expect(handoffs[0]).toMatchObject({
      to: { kind: "queue", name: "people" },
      from: { kind: "nobody" },
      note: "Look",
    });
  });

  test("it is read anew when ownership changes, not when somebody merely writes", () => {
    const doc = withControl({ owners: OWNERS, authors: {} });
    let readings = 0;
    const stop = watchControl(doc).subscribe(() => readings++);
    const before = readings;
    const control = doc.getMap("control");
    (control.get("authors") as Y.Map<unknown>).set("7", "mara");
    expect(readings).toBe(before);
    const owners = control.get("owners") as Y.Map<Y.Map<unknown>>;
    owners.get("plan")?.set("epoch", 5);
    expect(readings).toBe(before + 1);
    stop();
  });
});
