// What the server has not acknowledged yet, noted for when this page is opened again. Each tab
// notes its own; whoever opens the copy next answers for all of them.
import * as Y from "yjs";

/** What had not been acknowledged when the copy was last looked after. */
export interface Unsaved {
  edits: number;
  /** State vector of the last moment at which everything was saved. */
  since: Uint8Array;
  /** Client ids under which the edits were made. */
  clients: number[];
}

interface Noted {
  edits: number;
  since: [client: number, clock: number][];
  clients: number[];
}

export class UnsavedNotes {
  readonly #prefix: string;
  readonly #own: string;
  /** Notes of tabs before this one that this one answers for. */
  #taken: string[] = [];

  constructor(copy: string, tab: string) {
    this.#prefix = `penhold.unsaved/${copy}/`;
    this.#own = this.#prefix + tab;
  }

  /** All that tabs have noted, as one. */
  take(): Unsaved | null {
    const all = Object.keys(localStorage).filter((key) => key.startsWith(this.#prefix));
    this.#taken = all.filter((key) => key !== this.#own);
    const noted = all.map((key) => parse(localStorage.getItem(key)));
    return together(noted.filter((note) => note !== null));
  }

  note({ edits, since, clients }: Unsaved): void {
    if (edits === 0) return this.clear();
    const noted: Noted = { edits, since: [...Y.decodeStateVector(since)], clients };
    try {
      localStorage.setItem(this.#own, JSON.stringify(noted));
    } catch {
      // Without room the edits are still in the copy; only their number is not known.
    }
  }

  clear(): void {
    for (const key of [this.#own, ...this.#taken]) localStorage.removeItem(key);
    this.#taken = [];
  }
}

/** Saved is only what every tab had saved. */
function together(notes: Noted[]): Unsaved | null {
  const [first, ...others] = notes;
  if (!first) return null;
  const since = new Map(first.since);
  for (const other of others) {
    const clocks = new Map(other.since);
    for (const [client, clock] of since) {
      since.set(client, Math.min(clock, clocks.get(client) ?? 0));
    }
  }
  return {
    edits: notes.reduce((sum, { edits }) => sum + edits, 0),
    since: Y.encodeStateVector(since),
    clients: [...new Set(notes.flatMap(({ clients }) => clients))],
  };
}

function parse(text: string | null): Noted | null {
  try {
    return JSON.parse(text ?? "null") as Noted | null;
  } catch {
    return null;
  }
}
