// Single-key shortcuts of the workspace page, outside text fields. They can be turned off.
import type * as Y from "yjs";
import { shortcutsOn } from "../app/keys";
import { go, workspacePath, type Tab } from "../app/route";
import { keysOfPath } from "../doc/place";

export interface KeyTargets {
  workspace: string;
  undo: Y.UndoManager;
  openHelp: () => void;
  openPalette: () => void;
  review: () => void;
  toggleWhose: () => void;
  handOff: () => void;
  /** Begins a comment on a whole place. */
  comment: (keys: string[]) => void;
}

let goingUntilMs = 0;

export function handleKey(event: KeyboardEvent, to: KeyTargets): void {
  if (event.defaultPrevented) return;
  const mod = event.metaKey || event.ctrlKey;
  if (mod && event.key.toLowerCase() === "k") return done(event, to.openPalette);
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (mod && event.key.toLowerCase() === "z") {
    return done(event, () => (event.shiftKey ? to.undo.redo() : to.undo.undo()));
  }
  if (mod || event.altKey || !shortcutsOn()) return;
  single(event, to);
}

/** Moves the focus among the elements that carry `data-item`. */
export function focusItem(places: -1 | 1): void {
  const items = [...document.querySelectorAll<HTMLElement>("[data-item]")];
  const at = items.findIndex((item) => item.contains(document.activeElement));
  show(items[at < 0 ? (places === 1 ? 0 : items.length - 1) : at + places]);
}

/** Moves the focus to the next that waits for this person, and round again from the last. */
function focusNeedy(): void {
  const items = [...document.querySelectorAll<HTMLElement>("[data-needs]")];
  const at = items.findIndex((item) => item.contains(document.activeElement));
  show(items[(at + 1) % items.length]);
}

/** Presses the button that answers to `key` in the region that has the focus. */
function pressIn(key: string): boolean {
  const region = document.activeElement?.closest("[data-region]") ?? document;
  const button = region.querySelector<HTMLButtonElement>(`button[data-keys="${key}"]`);
  button?.click();
  return button !== null && button !== undefined;
}

/** The place in the document that has the focus. */
function focusedPlace(): string[] | null {
  const place = document.activeElement?.closest<HTMLElement>("[data-place]")?.dataset.place;
  return place === undefined ? null : keysOfPath(place);
}

function show(element: HTMLElement | undefined): void {
  element?.focus();
  element?.scrollIntoView({ block: "nearest" });
}

function single(event: KeyboardEvent, to: KeyTargets): void {
  const key = event.key.toLowerCase();
  if (event.timeStamp < goingUntilMs) {
    goingUntilMs = 0;
    const tab = GO[key];
    if (tab) return done(event, () => go(workspacePath(to.workspace, tab)));
    if (key === "i") return done(event, () => go("/"));
  }
  const place = key === "m" ? focusedPlace() : null;
  if (key === "g") goingUntilMs = event.timeStamp + GO_MS;
  else if (pressIn(key)) event.preventDefault();
  else if (key === "m" && place) done(event, () => to.comment(place));
  else if (key === "n") done(event, focusNeedy);
  else if (key === "r") done(event, to.review);
  else if (key === "h") done(event, to.handOff);
  else if (key === "c") done(event, to.toggleWhose);
  else if (key === "?") done(event, to.openHelp);
  else if (key === "j") done(event, () => focusItem(1));
  else if (key === "k") done(event, () => focusItem(-1));
}

function done(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "range"].includes(target.type);
  return (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  );
}

const GO: Record<string, Tab> = { p: "plan", b: "briefing", t: "tasks", n: "notes", a: "activity" };
const GO_MS = 1200;
