// Carets and selections of the others, drawn in a layer beside the text: names are never part of
// what a screen reader reads as content. A name flag fades three seconds after its caret moved.
import { EditorSelection, StateEffect } from "@codemirror/state";
import {
  Direction,
  EditorView,
  layer,
  RectangleMarker,
  ViewPlugin,
  type LayerMarker,
} from "@codemirror/view";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { caretOf, userOf } from "../doc/cursors";
import { hueOf } from "../ui/identity";

interface Caret {
  client: number;
  name: string;
  hue: number;
  isAgent: boolean;
  anchor: number;
  head: number;
}

const moved = StateEffect.define<null>();

export function remoteCarets(text: Y.Text, awareness: Awareness) {
  return [
    refresher(text, awareness),
    layer({
      above: true,
      class: "cm-remote-layer",
      update: (update) =>
        update.docChanged ||
        update.geometryChanged ||
        update.transactions.some((tr) => tr.effects.some((effect) => effect.is(moved))),
      markers: (view) => caretsIn(text, awareness).flatMap((caret) => markersOf(view, caret)),
    }),
  ];
}

/** Redraws this editor when somebody's caret in it moved, came or went. */
function refresher(text: Y.Text, awareness: Awareness) {
  return ViewPlugin.define((view) => {
    let before = "";
    const check = () => {
      const now = JSON.stringify(caretsIn(text, awareness));
      if (now !== before) view.dispatch({ effects: moved.of(null) });
      before = now;
    };
    // Own changes arrive while CodeMirror updates, when nothing may be dispatched.
    const onChange = (_: unknown, origin: unknown) => origin !== "local" && check();
    awareness.on("change", onChange);
    const first = setTimeout(check);
    return {
      destroy: () => {
        clearTimeout(first);
        awareness.off("change", onChange);
      },
    };
  });
}

function caretsIn(text: Y.Text, awareness: Awareness): Caret[] {
  const { doc } = text;
  if (!doc) return [];
  const carets: Caret[] = [];
  for (const [client, state] of awareness.getStates()) {
    const user = client === awareness.clientID ? null : userOf(state);
    const caret = user && caretOf(doc, state);
    if (!caret || caret.text !== text) continue;
    const { anchor, head } = caret;
    const hue = hueOf(user.id, user.kind);
    carets.push({ client, name: user.name, hue, isAgent: user.kind === "agent", anchor, head });
  }
  return carets;
}

function markersOf(view: EditorView, caret: Caret): LayerMarker[] {
  const end = view.state.doc.length;
  const anchor = Math.min(caret.anchor, end);
  const head = Math.min(caret.head, end);
  const range = EditorSelection.range(anchor, head);
  const chosen = range.empty ? [] : RectangleMarker.forRange(view, "cm-remote-range", range);
  const shapes = chosen.map((box) => new RangeMarker(box, caret.hue));
  const place = placeOf(view, head);
  return place ? [...shapes, new CaretMarker(place, caret)] : shapes;
}

interface Place {
  left: number;
  top: number;
  height: number;
}

function placeOf(view: EditorView, at: number): Place | null {
  const coords = view.coordsAtPos(at, 1);
  if (!coords) return null;
  const box = view.scrollDOM.getBoundingClientRect();
  const isLtr = view.textDirection === Direction.LTR;
  const base = isLtr
    ? box.left - view.scrollDOM.scrollLeft
    : box.right - view.scrollDOM.clientWidth;
  return {
    left: coords.left - base,
    top: coords.top - box.top + view.scrollDOM.scrollTop,
    height: coords.bottom - coords.top,
  };
}

class RangeMarker implements LayerMarker {
  constructor(
    readonly box: RectangleMarker,
    readonly hue: number,
  ) {}

  eq(other: LayerMarker): boolean {
    return other instanceof RangeMarker && this.box.eq(other.box) && this.hue === other.hue;
  }

  draw(): HTMLElement {
    const element = this.box.draw();
    element.style.setProperty("--hue", String(this.hue));
    return element;
  }
}

class CaretMarker implements LayerMarker {
  constructor(
    readonly place: Place,
    readonly caret: Caret,
  ) {}

  eq(other: LayerMarker): boolean {
    if (!(other instanceof CaretMarker)) return false;
    const { place, caret } = other;
    const isSamePlace =
      place.left === this.place.left &&
      place.top === this.place.top &&
      place.height === this.place.height;
    return isSamePlace && caret.name === this.caret.name && caret.client === this.caret.client;
  }

  draw(): HTMLElement {
    const element = document.createElement("div");
    element.className = this.caret.isAgent ? "cm-remote-caret cm-remote-agent" : "cm-remote-caret";
    element.style.setProperty("--hue", String(this.caret.hue));
    element.style.left = `${this.place.left}px`;
    element.style.top = `${this.place.top}px`;
    element.style.height = `${this.place.height}px`;
    const flag = document.createElement("span");
    flag.textContent = this.caret.isAgent ? `✦ ${this.caret.name}` : this.caret.name;
    element.append(flag);
    return element;
  }
}
