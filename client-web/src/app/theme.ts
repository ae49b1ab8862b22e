// Light, dark or as the system says. public/theme.js applies the same choice before first paint.
import { writable, type Readable } from "svelte/store";

export type Theme = "system" | "light" | "dark";

const store = writable<Theme>(read());
export const theme: Readable<Theme> = store;

export function isDark(chosen: Theme): boolean {
  if (chosen !== "system") return chosen === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

export function setTheme(next: Theme): void {
  if (next === "system") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, next);
    document.documentElement.dataset.theme = next;
  }
  store.set(next);
}

function read(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

const KEY = "penhold.theme";
