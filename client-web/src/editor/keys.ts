// Keys inside an editor. Tab is not among them: it leaves the editor.
import { standardKeymap } from "@codemirror/commands";
import { deleteMarkupBackward, insertNewlineContinueMarkup } from "@codemirror/lang-markdown";
import { EditorSelection } from "@codemirror/state";
import { keymap, type EditorView, type KeyBinding } from "@codemirror/view";
import { yUndoManagerKeymap } from "y-codemirror.next";

export interface EditorKeys {
  /** Leaves the editor; the focus goes to what it belongs to. */
  escape?: () => void;
  /** Enter in a single line. */
  enter?: () => void;
  /** A comment on what is chosen. */
  comment?: () => void;
}

export function keysFor(form: "line" | "markdown", on: EditorKeys) {
  const leave: KeyBinding = { key: "Escape", run: () => ran(on.escape) };
  const comment: KeyBinding = { key: "Mod-Alt-m", run: () => ran(on.comment) };
  const own = form === "line" ? lineKeys(on) : MARKDOWN_KEYS;
  return keymap.of([leave, comment, ...own, ...yUndoManagerKeymap, ...standardKeymap]);
}

function lineKeys(on: EditorKeys): KeyBinding[] {
  return [{ key: "Enter", run: () => ran(on.enter) || true }];
}

const MARKDOWN_KEYS: KeyBinding[] = [
  { key: "Enter", run: insertNewlineContinueMarkup },
  { key: "Backspace", run: deleteMarkupBackward },
  { key: "Mod-b", run: (view) => wrap(view, "**") },
  { key: "Mod-i", run: (view) => wrap(view, "*") },
];

/** Puts marks around the selection, or takes them away if they are there. */
function wrap(view: EditorView, mark: string): boolean {
  const change = view.state.changeByRange((range) => {
    const before = view.state.sliceDoc(range.from - mark.length, range.from);
    const after = view.state.sliceDoc(range.to, range.to + mark.length);
    if (before === mark && after === mark) {
      return {
        changes: [
          { from: range.from - mark.length, to: range.from },
          { from: range.to, to: range.to + mark.length },
        ],
        range: EditorSelection.range(range.from - mark.length, range.to - mark.length),
      };
    }
    return {
      changes: [
        { from: range.from, insert: mark },
        { from: range.to, insert: mark },
      ],
      range: EditorSelection.range(range.from + mark.length, range.to + mark.length),
    };
  });
  view.dispatch(change, { userEvent: "input.format" });
  return true;
}

function ran(action: (() => void) | undefined): boolean {
  action?.();
  return action !== undefined;
}
