// Light, dark or as the system says. public/theme.js applies the same choice before first paint.
import { derived, readable, writable, type Readable } from "svelte/store";

export type Theme = "system" | "light" | "dark";

const store = writable<Theme>(read());

/** The system's own theme, also while it changes. */
const system = readable(false, (set) => {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => set(query.matches);
  tell();
  query.addEventListener("change", tell);
  return () => query.removeEventListener("change", tell);
});

/** Whether the page is dark just now. */
export const isDark: Readable<boolean> = derived([store, system], ([chosen, systemIsDark]) =>
  chosen === "system" ? systemIsDark : chosen === "dark",
);

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
