import "fake-indexeddb/auto";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { heldLineage } from "../src/offline/held";
import { LocalCopy } from "../src/offline/local-copy";
import { dropAside, keepAside, readAside } from "../src/offline/aside";
import { unsentWords } from "../src/offline/unsent";

const KEY = { member: "mara", workspace: "study", lineage: "one" };

describe("the copy on this device", () => {
  test("WEB2 a copy brings back the document and what was not acknowledged", async () => {
    const doc = new Y.Doc();
    const copy = await LocalCopy.open(KEY, doc);
    doc.getText("notes").insert(0, "offline words");
    copy.note({ edits: 3, since: Y.encodeStateVector(new Y.Doc()), clients: [doc.clientID] });
    await copy.close();

    const later = new Y.Doc();
    const reopened = await LocalCopy.open(KEY, later);
    expect(later.getText("notes").toString()).toBe("offline words");
    expect(reopened.unsaved()).toMatchObject({ edits: 3, clients: [doc.clientID] });
    expect(heldLineage("mara", "study")).toBe("one");
    await reopened.close();
  });

  test("WEB2 tabs note their own, the next one answers for all, and saving clears them", async () => {
    const tabs = [new Y.Doc(), new Y.Doc()];
    for (const [at, doc] of tabs.entries()) {
      const copy = await LocalCopy.open(KEY, doc);
      copy.note({ edits: at + 1, since: Y.encodeStateVector(doc), clients: [doc.clientID] });
      await copy.close();
    }
    const later = new Y.Doc();
    const copy = await LocalCopy.open(KEY, later);
    expect(copy.unsaved()?.edits).toBeGreaterThanOrEqual(3);
    copy.note({ edits: 0, since: Y.encodeStateVector(later), clients: [] });
    await copy.close();
    expect((await LocalCopy.open(KEY, new Y.Doc())).unsaved()).toBeNull();
  });

  test("SYN10 another history and another member never see it", async () => {
    for (const key of [
      { ...KEY, lineage: "two" },
      { ...KEY, member: "ravi" },
    ]) {
      const doc = new Y.Doc();
      const copy = await LocalCopy.open(key, doc);
      expect(doc.getText("notes").toString()).toBe("");
      await copy.drop();
    }
    expect(heldLineage("ravi", "study")).toBeNull();
  });

  test("WEB3 a dropped copy is gone", async () => {
    const copy = await LocalCopy.open(KEY, new Y.Doc());
    await copy.drop();
    expect(heldLineage("mara", "study")).toBeNull();
    const doc = new Y.Doc();
    const again = await LocalCopy.open(KEY, doc);
    expect(doc.getText("notes").toString()).toBe("");
    await again.close();
  });
});

describe("unsent words", () => {
  test("WEB3 they are what this device inserted since, without the words of others", () => {
    const doc = new Y.Doc();
    const notes = doc.getText("notes");
    notes.insert(0, "Saved before. ");
    const since = Y.encodeStateVector(doc);
    notes.insert(14, "Mine, ");
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    other.getText("notes").insert(0, "Theirs. ");
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    notes.insert(notes.length, "all of it.");
    expect(unsentWords(doc, since, new Set([doc.clientID]))).toBe("Mine, all of it.");
  });

  test("WEB3 words kept aside add up until the person is done with them", () => {
    keepAside("mara", "study", { why: "Ask for the editor role", text: "first" });
    keepAside("mara", "study", { why: "Ask for the editor role", text: "second" });
    expect(readAside("mara", "study")?.text).toBe("first\n\nsecond");
    expect(readAside("ravi", "study")).toBeNull();
    dropAside("mara", "study");
    expect(readAside("mara", "study")).toBeNull();
  });
});
