// Addresses of the page, parsed once. Knows nothing of components.
import { readable, type Readable } from "svelte/store";

export const TABS = ["plan", "briefing", "tasks", "notes", "activity"] as const;
export type Tab = (typeof TABS)[number];
/** What a workspace's address may name: its tabs, and the pages that other pages lead to. */
export type Part = Tab | "history" | "settings";

export type Route =
  | { name: "inbox" }
  | { name: "workspaces" }
  | { name: "health" }
  | { name: "sign-in"; code: string | null }
  | { name: "members" }
  | { name: "workspace"; id: string; part: Part; checkpoint: string | null }
  | { name: "missing" };

export function parseRoute(address: { pathname: string; search: string }): Route {
  const parts = address.pathname.split("/").filter((part) => part !== "");
  const [first, id, part = "plan", checkpoint = null] = parts;
  if (first === undefined) return { name: "inbox" };
  if (first === "workspaces" && parts.length === 1) return { name: "workspaces" };
  if (first === "health" && parts.length === 1) return { name: "health" };
  if (first === "members" && parts.length === 1) return { name: "members" };
  if (first === "sign-in" && parts.length === 1) {
    return { name: "sign-in", code: new URLSearchParams(address.search).get("code") };
  }
  const isKnown = isPart(part) && parts.length <= (part === "history" ? 4 : 3);
  if (first === "w" && id !== undefined && ID.test(id) && isKnown) {
    return { name: "workspace", id, part, checkpoint };
  }
  return { name: "missing" };
}

export function workspacePath(id: string, part: Part): string {
  return `/w/${id}/${part}`;
}

export function isTab(part: string): part is Tab {
  return TABS.some((tab) => tab === part);
}

function isPart(text: string): text is Part {
  return isTab(text) || text === "history" || text === "settings";
}

/** As the server makes and takes them. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const CHANGED = "penhold:route";

export const route: Readable<Route> = readable<Route>({ name: "inbox" }, (set) => {
  const update = () => set(parseRoute(location));
  update();
  addEventListener("popstate", update);
  addEventListener(CHANGED, update);
  return () => {
    removeEventListener("popstate", update);
    removeEventListener(CHANGED, update);
  };
});

export function go(path: string): void {
  history.pushState(null, "", path);
  announceRoute();
}

export function replace(path: string): void {
  history.replaceState(null, "", path);
  announceRoute();
}

function announceRoute(): void {
  dispatchEvent(new Event(CHANGED));
}

/** Follows a plain left click on an own link without loading the page anew. */
export function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  const href = link?.getAttribute("href");
  if (!href?.startsWith("/") || href.startsWith("/api/") || link?.hasAttribute("target")) return;
  event.preventDefault();
  go(href);
}
