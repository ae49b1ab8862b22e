import fc from "fast-check";
import { generateKeyBetween } from "fractional-indexing";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { CONTROL, declareRoots, newUndo, rootsOf } from "../src/doc/document";
import { moveBy } from "../src/doc/order";
import { watchBothSides } from "../src/doc/both-sides";
import {
  addStep,
  moveStep,
  moveStepTo,
  readSteps,
  removeStep,
  setStatus,
  watchPlan,
} from "../src/doc/plan";
import { newText } from "../src/doc/new-text";
import { replaceText } from "./rewrite";

function newDocument(): Y.Doc {
  const doc = new Y.Doc();
  declareRoots(doc);
  const { plan, meta } = rootsOf(doc);
  doc.transact(() => {
    meta.set("title", newText("A plan"));
    plan.set("goal", newText(""));
    plan.set("steps", new Y.Map());
  }, "server");
  return doc;
}

function fork(doc: Y.Doc): Y.Doc {
  const other = new Y.Doc();
  declareRoots(other);
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
}

function merge(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
}

const ids = (doc: Y.Doc) => readSteps(doc).map(({ id }) => id);

function withSteps(count: number): { doc: Y.Doc; made: string[] } {
  const doc = newDocument();
  const made = Array.from({ length: count }, () => addStep(doc) ?? "");
  return { doc, made };
}

describe("order", () => {
  test("WEB4 new steps come last, in the order they were added", () => {
    const { doc, made } = withSteps(12);
    expect(ids(doc)).toEqual(made);
  });

  test("WEB4 moving by one place swaps with the neighbour and changes one key alone", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5), fc.constantFrom(-1 as const, 1 as const))),
        (moves) => {
          const { doc, made } = withSteps(6);
          const model = [...made];
          for (const [pick, places] of moves) {
            const id = made[pick] ?? "";
            const at = model.indexOf(id);
            const to = at + places;
            const canMove = to >= 0 && to < model.length;
            if (canMove) [model[at], model[to]] = [model[to] ?? "", id];
            expect(moveStep(doc, id, places)).toBe(canMove);
            expect(ids(doc)).toEqual(model);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("WEB4 an edit made inside a step while somebody moves it is kept", () => {
    const { doc, made } = withSteps(3);
    const other = fork(doc);
    moveStep(doc, made[0] ?? "", 1);
    readSteps(other)[0]?.body?.insert(0, "typed meanwhile");
    merge(doc, other);
    expect(ids(doc)).toEqual([made[1], made[0], made[2]]);
    expect(readSteps(doc)[1]?.body?.toString()).toBe("typed meanwhile");
  });

  test("WEB4 two writers at the same place make equal keys, and both steps can still be moved past", () => {
    const { doc } = withSteps(1);
    const other = fork(doc);
    const a = addStep(doc) ?? "";
    const b = addStep(other) ?? "";
    merge(doc, other);
    const [, first, second] = ids(doc);
    expect([first, second].toSorted()).toEqual([a, b].toSorted());
    const third = addStep(doc) ?? "";
    expect(moveStep(doc, third, -1)).toBe(true);
    expect(ids(doc)).toHaveLength(4);
  });

  test("WEB4 keys are those of fractional-indexing", () => {
    const items = newDocument().getMap<unknown>("tasks");
    for (const [id, order] of [["a", generateKeyBetween(null, null)]] as const) {
      const map = new Y.Map<unknown>();
      map.set("order", order);
      items.set(id, map);
    }
    expect(moveBy(items, "a", 1)).toBe(false);
  });
});

describe("text", () => {
  const words = fc.stringMatching(/^[ab😀\n]{0,12}$/u);

  test("WEB4 a new text is written as one edit that touches only what differs", () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const doc = newDocument();
        const { notes } = rootsOf(doc);
        notes.insert(0, before);
        replaceText(notes, after);
        expect(notes.toString()).toBe(after);
      }),
    );
  });

  test("WEB4 a concurrent edit elsewhere in the text survives a replacement", () => {
    const doc = newDocument();
    rootsOf(doc).notes.insert(0, "one two three");
    const other = fork(doc);
    replaceText(rootsOf(doc).notes, "one 2 three");
    rootsOf(other).notes.insert(13, "!");
    merge(doc, other);
    expect(rootsOf(doc).notes.toString()).toBe("one 2 three!");
  });
});

describe("undo", () => {
  test("WEB5 undo takes back own edits and leaves those of others", () => {
    const { doc } = withSteps(1);
    const undo = newUndo(doc);
    const other = fork(doc);
    const step = readSteps(doc)[0];
    if (step) setStatus(step, "doing");
    readSteps(other)[0]?.title?.insert(0, "Theirs");
    merge(doc, other);
    undo.all.undo();
    expect(readSteps(doc)[0]).toMatchObject({ status: "draft" });
    expect(readSteps(doc)[0]?.title?.toString()).toBe("Theirs");
    undo.close();
  });

  test("WEB5 one undo takes back one choice, however fast they were made", () => {
    const { doc } = withSteps(1);
    const undo = newUndo(doc);
    const [step] = readSteps(doc);
    if (step) setStatus(step, "doing");
    if (step) setStatus(step, "done");
    undo.all.undo();
    expect(readSteps(doc)[0]?.status).toBe("doing");
    undo.close();
  });

  test("WEB5 a removed step comes back whole, whatever was edited since", () => {
    const { doc, made } = withSteps(2);
    const undo = newUndo(doc);
    const [first, second] = readSteps(doc);
    doc.transact(() => first?.body?.insert(0, "kept words"), CONTROL);
    removeStep(doc, made[0] ?? "");
    doc.transact(() => second?.title?.insert(0, "later"), CONTROL);
    undo.removals.undo();
    expect(ids(doc)).toEqual(made);
    expect(readSteps(doc)[0]?.body?.toString()).toBe("kept words");
    expect(readSteps(doc)[1]?.title?.toString()).toBe("later");
    undo.close();
  });
});

test("WEB4 typing in a step does not rebuild the list of steps", () => {
  const { doc } = withSteps(2);
  let rebuilt = 0;
  const stop = watchPlan(doc).subscribe(() => rebuilt++);
  const before = rebuilt;
  readSteps(doc)[0]?.body?.insert(0, "typing");
  expect(rebuilt).toBe(before);
  addStep(doc);
  expect(rebuilt).toBe(before + 1);
  stop();
});

describe("coming back", () => {
  test("SYN14 steps that both sides wrote in while apart are told", () => {
    const { doc, made } = withSteps(3);
    const server = fork(doc);
    const remote = {};
    let online = false;
    let told: ReadonlySet<string> = new Set();
    const stop = watchBothSides(doc, remote, () => online).subscribe((ids) => (told = ids));
    const write = (at: Y.Doc, step: number, words: string) =>
      at.transact(() => readSteps(at)[step]?.body?.insert(0, words), "typing");
    write(doc, 0, "mine");
    write(doc, 1, "mine");
    write(server, 1, "theirs");
    write(server, 2, "theirs");
    online = true;
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(server), remote);
    expect([...told]).toEqual([made[1]]);
    write(doc, 2, "online again");
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(server), remote);
    expect([...told]).toEqual([made[1]]);
    stop();
  });
});

describe("reordering", () => {
  test("SCH4 a step moves to the wanted place among the others, whatever their keys", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), (from, to) => {
        const { doc, made } = withSteps(6);
        const wanted = made.filter((_, at) => at !== from);
        wanted.splice(to, 0, made[from]!);
        moveStepTo(doc, made[from]!, to);
        expect(ids(doc)).toEqual(wanted);
      }),
    );
  });
});
