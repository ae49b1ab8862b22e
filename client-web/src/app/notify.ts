// Notifications of the browser, for whoever asked for them, while the page is not looked at.
import { writable, type Readable } from "svelte/store";
import { go } from "./route";

/** `blocked` when the browser was told not to; `missing` where there are none. */
export type Notifying = "on" | "off" | "blocked" | "missing";

export interface Notice {
  /** Several pages that tell of the same thing show it once. */
  tag: string;
  title: string;
  body: string;
  path: string;
}

const store = writable<Notifying>(read());
export const notifying: Readable<Notifying> = store;

/** Turns them on, which asks the person the first time, or off again. */
export async function toggleNotices(): Promise<Notifying> {
  if (read() === "on") localStorage.removeItem(KEY);
  else if (read() === "off" && (await Notification.requestPermission()) === "granted") {
    localStorage.setItem(KEY, "1");
  }
  const now = read();
  store.set(now);
  return now;
}

export function notify({ tag, title, body, path }: Notice): void {
  if (read() !== "on" || document.visibilityState === "visible") return;
  const notice = new Notification(title, { tag, body, icon: "/icon.svg" });
  notice.addEventListener("click", () => {
    focus();
    go(path);
    notice.close();
  });
}

function read(): Notifying {
  if (!("Notification" in globalThis)) return "missing";
  if (Notification.permission === "denied") return "blocked";
  const isWanted = localStorage.getItem(KEY) !== null;
  return isWanted && Notification.permission === "granted" ? "on" : "off";
}

/** What a switch for them says. */
export const NOTICE_WORDS: Record<Notifying, string> = {
  on: "Stop notifying me",
  off: "Notify me when something needs me",
  blocked: "Notifications are blocked in this browser",
  missing: "This browser has no notifications",
};

const KEY = "penhold.notify";
