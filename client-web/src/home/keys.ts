// Single keys of the inbox: rows are walked with J and K, and a row's buttons say which key they
// answer to.
import { shortcutsOn } from "../app/keys";
import { go } from "../app/route";

let goingUntilMs = 0;

export interface HomeTargets {
  openPalette: () => void;
  openHelp: () => void;
}

/** Keys that hold on every page around the workspaces. */
export function homeKey(event: KeyboardEvent, { openPalette, openHelp }: HomeTargets): void {
  const key = event.key.toLowerCase();
  if ((event.metaKey || event.ctrlKey) && key === "k") {
    event.preventDefault();
    return openPalette();
  }
  if (!isSingle(event)) return;
  const goesTo = event.timeStamp < goingUntilMs ? GO[key] : undefined;
  goingUntilMs = key === "g" ? event.timeStamp + GO_MS : 0;
  if (goesTo) go(goesTo);
  else if (key === "?") openHelp();
  else return;
  event.preventDefault();
}

export function inboxKey(event: KeyboardEvent): void {
  if (!isSingle(event)) return;
  const key = event.key.toLowerCase();
  if (key === "j") walk(1);
  else if (key === "k") walk(-1);
  else if (!press(key === "enter" ? "enter" : key, event)) return;
  event.preventDefault();
}

/** Whether a key is a shortcut of its own here: not part of a text, not with others. */
function isSingle(event: KeyboardEvent): boolean {
  const { target } = event;
  const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  if (event.defaultPrevented || isField || event.metaKey || event.ctrlKey || event.altKey) {
    return false;
  }
  return shortcutsOn() && !document.querySelector("dialog[open]");
}

function walk(places: -1 | 1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[at < 0 ? 0 : Math.min(Math.max(at + places, 0), rows.length - 1)]?.focus();
}

/** Enter opens the row that has the focus itself; on a button it is the button's. */
function press(key: string, { target }: KeyboardEvent): boolean {
  const row = document.activeElement?.closest("[data-row]");
  if (!row || (key === "enter" && target !== row)) return false;
  const button = row.querySelector<HTMLElement>(`[data-keys~="${CSS.escape(key)}"]`);
  button?.click();
  return button !== null;
}

const GO: Record<string, string> = { i: "/", w: "/workspaces" };
const GO_MS = 1200;
