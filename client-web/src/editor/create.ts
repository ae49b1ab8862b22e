// One editor over one Y.Text: Markdown or a single line, with own undo and the others' carets.
import "./styles";
import "./editor.css";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, placeholder } from "@codemirror/view";
import { yCollab } from "y-codemirror.next";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { remoteCarets } from "./carets";
import { lineDirections } from "./direction";
import { keysFor, type EditorKeys } from "./keys";
import { markdown } from "./markdown";
import { overlay, type OverlaySource } from "./overlay";
import { ownCursor } from "./own-cursor";

export interface EditorOptions {
  parent: HTMLElement;
  text: Y.Text;
  awareness: Awareness;
  undo: Y.UndoManager;
  form: "line" | "markdown";
  label: string;
  hint: string;
  keys: EditorKeys;
  overlay: OverlaySource;
  /** Hears what is chosen in this editor; null when nothing is. */
  onselect: (chosen: Chosen | null) => void;
  /** Hears which thread's passage was clicked. */
  onthread: (thread: string) => void;
}

/** A chosen passage, and where it ends on the page, in pixels from the editor's corner. */
export interface Chosen {
  from: number;
  to: number;
  left: number;
  top: number;
}

export interface Editor {
  focus: () => void;
  setReadOnly: (on: ReadOnly) => void;
  setLabel: (label: string) => void;
  destroy: () => void;
}

export type ReadOnly = "read-only" | "writable";

export function createEditor(options: EditorOptions): Editor {
  const access = new Compartment();
  const label = new Compartment();
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text.toString(),
      extensions: [
        access.of(accessTo("writable")),
        label.of(labelled(options.label)),
        extensionsFor(options),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    setLabel: (text) => view.dispatch({ effects: label.reconfigure(labelled(text)) }),
    setReadOnly: (on) => view.dispatch({ effects: access.reconfigure(accessTo(on)) }),
    destroy: () => view.destroy(),
  };
}

function extensionsFor(options: EditorOptions): Extension {
  const { text, awareness, undo, form, hint, keys } = options;
  return [
    // Only LF separates lines in shared text, or offsets would differ between the two.
    EditorState.lineSeparator.of("\n"),
    EditorView.lineWrapping,
    lineDirections,
    EditorView.contentAttributes.of({
      spellcheck: "true",
      autocorrect: "on",
      autocapitalize: "sentences",
    }),
    hint === "" ? [] : placeholder(hint),
    keysFor(form, keys),
    form === "line" ? singleLine : markdown,
    yCollab(text, null, { undoManager: undo }),
    ownCursor(text, awareness),
    overlay(text, options.overlay),
    remoteCarets(text, awareness),
    EditorView.updateListener.of((update) => {
      if (!update.selectionSet && !update.focusChanged && !update.docChanged) return;
      // Where things are can only be measured after the update.
      setTimeout(() => options.onselect(chosenIn(update.view)));
    }),
    EditorView.domEventHandlers({ click: (event) => openThread(event, options.onthread) }),
  ];
}

function chosenIn(view: EditorView): Chosen | null {
  const { from, to, empty } = view.state.selection.main;
  const coords = empty || !view.hasFocus ? null : view.coordsAtPos(to, -1);
  if (!coords) return null;
  const box = view.dom.getBoundingClientRect();
  return { from, to, left: coords.left - box.left, top: coords.bottom - box.top };
}

function openThread(event: MouseEvent, open: (thread: string) => void): boolean {
  const target = event.target instanceof HTMLElement ? event.target.closest("[data-thread]") : null;
  if (target instanceof HTMLElement) open(target.dataset.thread ?? "");
  return false;
}

function accessTo(on: ReadOnly): Extension {
  const isReadOnly = on === "read-only";
  return [EditorState.readOnly.of(isReadOnly), EditorView.editable.of(!isReadOnly)];
}

function labelled(label: string): Extension {
  return EditorView.contentAttributes.of({ "aria-label": label });
}

const singleLine: Extension = [
  EditorView.contentAttributes.of({ "aria-multiline": "false", enterkeyhint: "done" }),
  EditorView.clipboardInputFilter.of((text) => text.replace(/\s*[\r\n]+\s*/g, " ")),
];
