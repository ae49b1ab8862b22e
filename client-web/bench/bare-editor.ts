/**
 * The least that typing into a shared text costs: the page's editor bound to a Y.Doc, with nothing
 * around it. The page is measured beside it.
 */
import { defaultKeymap } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { yCollab } from "y-codemirror.next";
import * as Y from "yjs";

declare global {
  var bareEditors: (body: string, wordsPerSecond: number) => void;
}

/** Shows two texts; another copy of the document appends words to the second one. */
globalThis.bareEditors = (body, wordsPerSecond) => {
  const here = new Y.Doc();
  const there = new Y.Doc();
  for (const name of ["typed", "streamed"]) {
    there.getText(name).insert(0, body);
  }
  Y.applyUpdate(here, Y.encodeStateAsUpdate(there));
  there.on("update", (update: Uint8Array) => Y.applyUpdate(here, update));
  show(here.getText("typed"));
  show(here.getText("streamed"));
  const streamed = there.getText("streamed");
  setInterval(() => streamed.insert(streamed.length, " word"), 1000 / wordsPerSecond);
};

function show(text: Y.Text): void {
  const extensions = [keymap.of(defaultKeymap), EditorView.lineWrapping, yCollab(text, null)];
  const state = EditorState.create({ doc: text.toString(), extensions });
  new EditorView({ parent: document.body, state });
}
