// Keys: what they are called on this machine, and whether single ones are shortcuts.
const isMac = navigator.userAgent.includes("Mac");

/** The key that goes with others: ⌘ or Ctrl. */
export function withMod(key: string): string {
  return isMac ? `⌘${key}` : `Ctrl ${key}`;
}

export function shortcutsOn(): boolean {
  return localStorage.getItem(OFF) === null;
}

export function setShortcuts(on: "on" | "off"): void {
  if (on === "on") localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
}

const OFF = "penhold.shortcuts-off";
