// The one polite live region: short sentences, never more than one at a time.
import { writable, type Readable } from "svelte/store";

const store = writable("");
export const announcement: Readable<string> = store;

export function announce(sentence: string): void {
  // The same sentence twice must still be read twice, so it is cleared in between.
  store.set("");
  queueMicrotask(() => store.set(sentence));
}
