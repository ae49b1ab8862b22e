import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { Authors } from "../src/doc/authors";
import { declareRoots, newUndo, rootsOf } from "../src/doc/document";
import { addStep, readSteps, removeStep, setStatus } from "../src/doc/plan";
import { changesSince, putBack } from "../src/doc/review";
import { newText } from "../src/doc/new-text";
import { replaceText } from "./rewrite";
import type { WorkspaceDocument } from "../src/generated/workspace";

function withNotes(content: string): { doc: Y.Doc; notes: Y.Text } {
  const doc = new Y.Doc();
  declareRoots(doc);
  const { notes, plan } = rootsOf(doc);
  plan.set("goal", newText(""));
  plan.set("steps", new Y.Map());
  notes.insert(0, content);
  return { doc, notes };
}

function versionOf(doc: Y.Doc): WorkspaceDocument {
  const steps = readSteps(doc).map(({ id, title, body, status, tier }) => ({
    id,
    title: String(title ?? ""),
    body: String(body ?? ""),
    status,
    tier,
    order: "",
  }));
  const nothing = { actions: [], constraints: [], questions: [], sources: [], entities: {} };
  return {
    title: "",
    notes: rootsOf(doc).notes.toString(),
    plan: { goal: "", steps },
    briefing: { ...nothing, intent: "", next_step: "", sentiment: "neutral" },
    tasks: [],
    suggestions: [],
    threads: [],
    schema: 1,
  };
}

const since = (doc: Y.Doc, base: WorkspaceDocument) => changesSince(doc, base, new Authors(doc));

describe("review", () => {
  test("putting every piece back makes the text read as it did, whatever was changed", () => {
    const lines = fc.array(fc.constantFrom("one", "two", "three", "\n", " ", "é", ","), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const { doc, notes } = withNotes(a.join(""));
        const base = versionOf(doc);
        replaceText(notes, b.join(""));
        for (let rest = since(doc, base); rest.length > 0; rest = since(doc, base)) {
          expect(putBack(doc, rest[0]!)).toBe(true);
        }
        expect(notes.toString()).toBe(a.join(""));
      }),
    );
  });

  test("changes on different lines are pieces of their own, and only the wanted one goes back", () => {
    const { doc, notes } = withNotes("Recruit 40 people.\nPay $40.\nStop early.");
    const base = versionOf(doc);
    replaceText(notes, "Recruit 48 people.\nPay $50.\nStop early.");
    const pieces = since(doc, base);
    expect(pieces).toMatchObject([
      { kind: "text", before: "40", after: "48" },
      { kind: "text", before: "40", after: "50" },
    ]);
    putBack(doc, pieces[1]!);
    expect(notes.toString()).toBe("Recruit 48 people.\nPay $40.\nStop early.");
  });

  test("a piece that changed since it was shown is not put back", () => {
    const { doc, notes } = withNotes("one two");
    const base = versionOf(doc);
    replaceText(notes, "one three");
    const [piece] = since(doc, base);
    replaceText(notes, "one four!");
    expect(putBack(doc, piece!)).toBe(false);
    expect(notes.toString()).toBe("one four!");
  });

  test("the same change has the same id, wherever it has moved", () => {
    const { doc, notes } = withNotes("a\none two");
    const base = versionOf(doc);
    replaceText(notes, "a\none three");
    const [before] = since(doc, base);
    notes.insert(0, "b ");
    expect(since(doc, base).some(({ id }) => id === before?.id)).toBe(true);
  });

  test("steps that came, went or changed their status are told, and go back undoably", () => {
    const { doc } = withNotes("");
    const kept = addStep(doc)!;
    const gone = addStep(doc)!;
    const base = versionOf(doc);
    const undo = newUndo(doc);
    setStatus(
      readSteps(doc).find(({ id }) => id === kept)!,
      "done",
    );
    removeStep(doc, gone);
    const added = addStep(doc)!;
    const pieces = since(doc, base);
    expect(pieces.map(({ kind }) => kind).sort()).toEqual(["added", "removed", "value"]);
    for (const piece of pieces) putBack(doc, piece);
    expect(readSteps(doc).map(({ id, status }) => [id, status])).toEqual([[kept, "draft"]]);
    undo.all.undo();
    expect(readSteps(doc).map(({ id }) => id)).toContain(added);
    undo.close();
  });
});
