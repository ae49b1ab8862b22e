// What lies over a text without being part of it: suggested changes, commented passages, whose
// words they are. Drawn from the outside; the editor only places it.
import { StateEffect, type Range } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";
import type { Readable } from "svelte/store";
import type * as Y from "yjs";

/** Offsets are UTF-16 units of the shared text. */
export type Overlaid =
  | { kind: "mark"; from: number; to: number; className: string; style?: string; title?: string }
  | { kind: "commented"; from: number; to: number; thread: string }
  | { kind: "removed"; from: number; to: number }
  /** Words that stood here in an earlier version. */
  | { kind: "was"; at: number; text: string }
  | { kind: "added"; at: number; text: string };

export interface OverlaySource {
  over: (text: Y.Text) => Overlaid[];
  /** Tells that `over` may answer otherwise now, although the text did not change. */
  changes: Readable<unknown>;
}

const refresh = StateEffect.define<null>();

/** Place it after the binding of the text, so that it reads the text as it is shown. */
export function overlay(text: Y.Text, source: OverlaySource) {
  return ViewPlugin.define((view) => new Overlay(view, text, source), {
    decorations: (plugin) => plugin.shown,
  });
}

class Overlay {
  shown: DecorationSet;
  readonly #stop: () => void;
  #closed = false;

  constructor(
    view: EditorView,
    readonly text: Y.Text,
    readonly source: OverlaySource,
  ) {
    this.shown = this.#draw(view);
    let isFirst = true;
    this.#stop = source.changes.subscribe(() => {
      if (isFirst) return;
      // News may come while the editor updates, when nothing may be dispatched.
      queueMicrotask(() => {
        if (!this.#closed) view.dispatch({ effects: refresh.of(null) });
      });
    });
    isFirst = false;
  }

  update(update: ViewUpdate): void {
    const isAsked = update.transactions.some((tr) => tr.effects.some((e) => e.is(refresh)));
    if (update.docChanged || isAsked) this.shown = this.#draw(update.view);
  }

  destroy(): void {
    this.#closed = true;
    this.#stop();
  }

  #draw({ state }: EditorView): DecorationSet {
    return drawnOver(this.source.over(this.text), state.doc.length);
  }
}

/** Pieces as they lie over a text of a length. */
export function drawnOver(pieces: Overlaid[], length: number): DecorationSet {
  const ranges = pieces.flatMap((piece) => drawn(piece, length));
  return Decoration.set(ranges, true);
}

function drawn(piece: Overlaid, end: number): Range<Decoration>[] {
  if (piece.kind === "added" || piece.kind === "was") {
    if (piece.at > end) return [];
    const isAdded = piece.kind === "added";
    const widget = new WordsWidget(piece.text, isAdded ? "ins" : "del");
    return [Decoration.widget({ widget, side: isAdded ? 1 : -1 }).range(piece.at)];
  }
  const { from, to } = piece;
  if (from >= to || to > end) return [];
  switch (piece.kind) {
    case "mark": {
      const { className, style, title } = piece;
      const attributes = { ...(style && { style }), ...(title && { title }) };
      return [Decoration.mark({ class: className, attributes }).range(from, to)];
    }
    case "commented": {
      const attributes = { "data-thread": piece.thread };
      return [Decoration.mark({ class: "cm-commented", attributes }).range(from, to)];
    }
    case "removed":
      return [
        Decoration.widget({ widget: new SaidWidget("removed: "), side: -1 }).range(from),
        Decoration.mark({ tagName: "del", class: "cm-removed" }).range(from, to),
      ];
  }
}

/** Words that are suggested, or that are gone: shown in the text, not part of it. */
class WordsWidget extends WidgetType {
  constructor(
    readonly words: string,
    readonly tag: "ins" | "del",
  ) {
    super();
  }

  override eq(other: WordsWidget): boolean {
    return other.words === this.words && other.tag === this.tag;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement(this.tag);
    element.className = this.tag === "ins" ? "cm-added" : "cm-removed";
    element.contentEditable = "false";
    element.append(said(this.tag === "ins" ? "added: " : "removed: "), this.words);
    return element;
  }
}

/** Says to a screen reader what a line through a word says to the eye. */
class SaidWidget extends WidgetType {
  constructor(readonly words: string) {
    super();
  }

  override eq(other: SaidWidget): boolean {
    return other.words === this.words;
  }

  override toDOM(): HTMLElement {
    return said(this.words);
  }
}

function said(words: string): HTMLElement {
  const span = document.createElement("span");
  span.className = "hidden";
  span.textContent = words;
  return span;
}
