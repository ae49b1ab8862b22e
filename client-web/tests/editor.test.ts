import { EditorView } from "@codemirror/view";
import { writable } from "svelte/store";
import { afterEach, expect, test } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { createEditor, type Editor } from "../src/editor/create";
import type { Overlaid } from "../src/editor/overlay";

const editors: Editor[] = [];
let over: Overlaid[] = [];
const overNews = writable(0);

function open(content: string, form: "line" | "markdown" = "markdown") {
  const doc = new Y.Doc();
  const text = doc.getText("notes");
  text.insert(0, content);
  const parent = document.body.appendChild(document.createElement("div"));
  parent.className = "editor";
  const awareness = new Awareness(doc);
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set() });
  const editor = createEditor({
    parent,
    text,
    awareness,
    undo,
    form,
    label: "Notes",
    hint: "",
    keys: {},
    overlay: { over: () => over, changes: overNews },
    onselect: () => undefined,
    onthread: () => undefined,
  });
  editors.push(editor);
  const view = EditorView.findFromDOM(parent);
  if (!view) throw new Error("no editor was made");
  return { parent, text, undo, editor, view };
}

afterEach(() => {
  for (const editor of editors.splice(0)) editor.destroy();
  document.body.replaceChildren();
  over = [];
});

test("what lies over a text is shown in it and never becomes part of it", async () => {
  over = [
    { kind: "removed", from: 4, to: 7 },
    { kind: "added", at: 7, text: "2" },
  ];
  const { parent, text } = open("one two three");
  expect(parent.querySelector("del")?.textContent).toBe("two");
  expect(parent.querySelector("ins")?.textContent).toBe("added: 2");
  over = [];
  overNews.set(1);
  await Promise.resolve();
  expect(parent.querySelector("ins")).toBeNull();
  expect(text.toString()).toBe("one two three");
});

test("WEB7 an editor brings no style element and no style attribute in its markup", () => {
  open("# Title");
  expect(document.querySelectorAll("style")).toHaveLength(0);
  expect(document.adoptedStyleSheets.length).toBeGreaterThan(0);
});

test("WEB6 text that looks like HTML stays text", () => {
  const { parent } = open("<img src=x onerror=alert(1)> <b>bold</b>\n\n[x](javascript:alert(1))");
  expect(parent.querySelector("img:not(.cm-widgetBuffer), b, a, script")).toBeNull();
  expect(parent.querySelector("[data-address]")).toBeNull();
});

test("WEB11 marks are hidden where the caret is not, and tasks are real checkboxes", () => {
  const { parent, text } = open("- [x] Northside\n- [ ] Harbour Street\n\nSome **bold** words");
  const boxes = [...parent.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  expect(boxes.map((box) => [box.checked, box.getAttribute("aria-label")])).toEqual([
    [true, "Northside"],
    [false, "Harbour Street"],
  ]);
  expect(parent.textContent).toContain("Some bold words");
  boxes[1]?.click();
  expect(text.toString()).toContain("- [x] Harbour Street");
});

test("SYN1 remote edits show, local edits are written, and undo takes back the local ones", () => {
  const { text, view, undo } = open("abc");
  text.doc?.transact(() => text.insert(3, "def"), "remote");
  expect(view.state.doc.toString()).toBe("abcdef");
  view.dispatch({ changes: { from: 0, insert: "X" }, userEvent: "input" });
  expect(text.toString()).toBe("Xabcdef");
  undo.undo();
  expect(text.toString()).toBe("abcdef");
});

test("WEB11 a read-only editor takes no edits and keeps its label", () => {
  const { parent, editor } = open("abc");
  editor.setReadOnly("read-only");
  editor.setLabel("Text of step 2");
  const content = parent.querySelector(".cm-content");
  expect(content?.getAttribute("contenteditable")).toBe("false");
  expect(content?.getAttribute("aria-label")).toBe("Text of step 2");
});
