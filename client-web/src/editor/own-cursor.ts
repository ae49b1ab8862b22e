// Tells the others where this page's caret is. One editor at a time has it; when the editor
// loses the focus the caret is taken down, so that nobody sees a caret that is not there.
import { EditorView } from "@codemirror/view";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";

export function ownCursor(text: Y.Text, awareness: Awareness) {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const publish = (view: EditorView): void => {
    timer = undefined;
    if (!text.doc || !view.hasFocus) return;
    const { anchor, head } = view.state.selection.main;
    const cursor = { anchor: position(text, anchor), head: position(text, head) };
    awareness.setLocalStateField("cursor", cursor);
  };

  const takeDown = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (awareness.getLocalState()?.cursor) awareness.setLocalStateField("cursor", null);
  };

  return EditorView.updateListener.of((update) => {
    if (update.focusChanged && !update.view.hasFocus) return takeDown();
    const isNews = update.focusChanged || update.selectionSet || update.docChanged;
    if (isNews && update.view.hasFocus) timer ??= setTimeout(() => publish(update.view), PACE_MS);
  });
}

function position(text: Y.Text, at: number): unknown {
  return Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, at));
}

/** Fast enough to look live, slow enough not to double the traffic of typing. */
const PACE_MS = 60;
