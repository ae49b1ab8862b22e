import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { anchor, findPassage, whereabouts } from "../src/doc/anchor";
import { Authors } from "../src/doc/authors";
import { declareRoots, newUndo, rootsOf } from "../src/doc/document";
import { keysOfPath, pathOfKeys } from "../src/doc/place";
import { acceptPassage, fitOf, readSuggestions, rejectSuggestion } from "../src/doc/suggestions";
import { newText } from "../src/doc/new-text";
import { replaceText } from "./rewrite";
import { readThreads, reply, setResolved, startThread, whereaboutsOf } from "../src/doc/threads";
import { wordDiff } from "../src/doc/word-diff";

function withNotes(content: string): { doc: Y.Doc; notes: Y.Text } {
  const doc = new Y.Doc();
  declareRoots(doc);
  const { notes } = rootsOf(doc);
  notes.insert(0, content);
  return { doc, notes };
}

function suggest(doc: Y.Doc, from: number, to: number, replacement: string): void {
  const { notes } = rootsOf(doc);
  const { start, end, quote } = anchor(notes, { from, to });
  const map = new Y.Map<unknown>();
  const fields = { target: "notes", start, end, quote, author: "agent", at: 1, status: "open" };
  for (const [key, value] of Object.entries(fields)) map.set(key, value);
  map.set("replacement", newText(replacement));
  map.set("reason", newText("because"));
  doc.getMap("suggestions").set(`s${from}`, map);
}

const only = (doc: Y.Doc) => readSuggestions(doc)[0]!;

describe("words that changed", () => {
  test("the pieces make both texts again", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const pieces = wordDiff(a, b);
        const without = (kind: string) =>
          pieces
            .filter((piece) => piece.kind !== kind)
            .map(({ text }) => text)
            .join("");
        expect(without("added")).toBe(a);
        expect(without("removed")).toBe(b);
      }),
    );
  });

  test("a phrase that was replaced reads as one change", () => {
    expect(wordDiff("a $40 gift card per", "a $50 voucher now per")).toEqual([
      { kind: "same", text: "a $" },
      { kind: "removed", text: "40 gift card" },
      { kind: "added", text: "50 voucher now" },
      { kind: "same", text: " per" },
    ]);
  });

  test("a text is rewritten to exactly the wanted one, under edits of others elsewhere", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const { notes } = withNotes(a);
        replaceText(notes, b);
        expect(notes.toString()).toBe(b);
      }),
    );
  });
});

describe("passages", () => {
  test("a passage is found wherever edits around it have moved it", () => {
    const { notes } = withNotes("one two three");
    const passage = anchor(notes, { from: 4, to: 7 });
    notes.insert(0, "zero ");
    notes.insert(notes.length, " four");
    notes.insert(12, "!");
    expect(findPassage(notes, passage, passage.quote)).toEqual({
      kind: "there",
      range: { from: 9, to: 12 },
    });
  });

  test("a passage that reads otherwise now is changed, and says what it reads", () => {
    const { notes } = withNotes("one two three");
    const passage = anchor(notes, { from: 4, to: 7 });
    notes.delete(5, 1);
    notes.insert(5, "oo");
    expect(findPassage(notes, passage, "two")).toEqual({ kind: "changed", now: "tooo" });
    expect(whereabouts(notes, passage, "two")).toEqual({ from: 4, to: 8 });
  });

  test("a quote without positions is found where it stands once", () => {
    const { notes } = withNotes("a b a");
    const none = { start: undefined, end: undefined };
    expect(findPassage(notes, none, "b").kind).toBe("there");
    expect(findPassage(notes, none, "a").kind).toBe("changed");
  });

  test("nonsense as a position is no position", () => {
    const { notes } = withNotes("abc");
    const bad = { start: new Uint8Array([255, 255]), end: "%%%" };
    expect(findPassage(notes, bad, "abc").kind).toBe("changed");
  });

  test("SCH8 paths with slashes in their keys read as they were written", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (keys) => {
        expect(keysOfPath(pathOfKeys(keys))).toEqual(keys);
      }),
    );
  });
});

describe("suggestions", () => {
  test("accepting writes the words, says who decided, and one undo takes both back", () => {
    const { doc, notes } = withNotes("Offer a $40 card.");
    const undo = newUndo(doc);
    suggest(doc, 8, 16, "$50 card");
    expect(acceptPassage(doc, only(doc), "mara")).toBe(true);
    expect(notes.toString()).toBe("Offer a $50 card.");
    expect(readSuggestions(doc)).toEqual([]);
    undo.all.undo();
    expect(notes.toString()).toBe("Offer a $40 card.");
    expect(readSuggestions(doc)).toHaveLength(1);
    undo.close();
  });

  test("what was edited first is what is written", () => {
    const { doc, notes } = withNotes("one two");
    suggest(doc, 4, 7, "three");
    acceptPassage(doc, only(doc), "mara", "four");
    expect(notes.toString()).toBe("one four");
  });

  test("one whose text changed underneath is stale with its three versions, and writes nothing", () => {
    const { doc, notes } = withNotes("one two three");
    suggest(doc, 4, 7, "2");
    notes.insert(5, "x");
    expect(fitOf(doc, only(doc))).toEqual({
      kind: "stale",
      was: "two",
      suggested: "2",
      now: "txwo",
    });
    expect(acceptPassage(doc, only(doc), "mara")).toBe(false);
    expect(notes.toString()).toBe("one txwo three");
  });

  test("a rejected one changes no text", () => {
    const { doc, notes } = withNotes("one");
    suggest(doc, 0, 3, "two");
    const { map } = only(doc);
    rejectSuggestion(only(doc), "mara");
    expect(notes.toString()).toBe("one");
    expect([map.get("status"), map.get("decided_by")]).toEqual(["rejected", "mara"]);
  });
});

describe("threads", () => {
  const said = (text: string, atMs: number) => ({ author: "mara", text, atMs });

  test("a thread follows its passage, takes replies in order, and is resolved", () => {
    const { doc, notes } = withNotes("one two three");
    startThread(doc, ["notes"], { from: 4, to: 7 }, said("why two?", 1));
    notes.insert(0, "0 ");
    const [thread] = readThreads(doc);
    expect(whereaboutsOf(doc, thread!)).toEqual({ kind: "at", range: { from: 6, to: 9 } });
    reply(thread!, said("because", 2));
    setResolved(thread!, "resolved");
    const [after] = readThreads(doc);
    expect(after?.comments.map(({ text }) => text)).toEqual(["why two?", "because"]);
    expect(after?.resolved).toBe(true);
  });

  test("a thread whose passage is gone is an orphan that keeps its quote", () => {
    const { doc, notes } = withNotes("one two three");
    startThread(doc, ["notes"], { from: 4, to: 7 }, said("why two?", 1));
    notes.delete(3, 5);
    const [thread] = readThreads(doc);
    expect(whereaboutsOf(doc, thread!)).toEqual({ kind: "orphaned" });
    expect(thread?.quote).toBe("two");
  });

  test("a thread about a whole place stands while the place does", () => {
    const { doc } = withNotes("");
    startThread(doc, ["notes"], null, said("who starts?", 1));
    startThread(doc, ["plan", "steps", "gone"], null, said("and this?", 2));
    const kinds = readThreads(doc).map((thread) => whereaboutsOf(doc, thread).kind);
    expect(kinds).toEqual(["whole", "orphaned"]);
  });
});

describe("who wrote what", () => {
  test("DIG1 every word is its writer's, also what the server wrote for somebody", () => {
    const { doc, notes } = withNotes("Mara. ");
    const other = new Y.Doc();
    declareRoots(other);
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    rootsOf(other).notes.insert(6, "For Ravi. For Ann.");
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    const control = doc.getMap("control");
    const authors = new Y.Map<unknown>([[String(doc.clientID), "mara"]]);
    const attributed = new Y.Map<unknown>([
      [`${other.clientID}:0`, "10:ravi"],
      [`${other.clientID}:10`, "18:ann"],
    ]);
    control.set("authors", authors);
    control.set("attributed", attributed);
    expect(new Authors(doc).runs(notes)).toEqual([
      { from: 0, to: 6, by: "mara" },
      { from: 6, to: 16, by: "ravi" },
      { from: 16, to: 24, by: "ann" },
    ]);
  });
});
