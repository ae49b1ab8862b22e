// One toast at a time: what happened, and the one thing that can be done about it.
import { writable, type Readable } from "svelte/store";
import { announce } from "./announce";

export interface Toast {
  text: string;
  action?: { label: string; run: () => void };
}

const store = writable<Toast | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

export const toast: Readable<Toast | null> = store;

export function showToast(next: Toast): void {
  clearTimeout(timer);
  store.set(next);
  announce(next.text);
  timer = setTimeout(hideToast, SHOWN_MS);
}

export function hideToast(): void {
  clearTimeout(timer);
  store.set(null);
}

/** Keeps the toast while the pointer or the focus rests on it. */
export function holdToast(): void {
  clearTimeout(timer);
}

export function releaseToast(): void {
  clearTimeout(timer);
  timer = setTimeout(hideToast, SHOWN_MS);
}

const SHOWN_MS = 8000;
