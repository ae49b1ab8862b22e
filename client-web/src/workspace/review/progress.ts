// How far a person has come in looking at what changed. The server keeps it, so that it is the same
// on every device; this device keeps it while the server is away.
import { call } from "../../app/call";

/** What was looked at counts for one version only: the one at `cursor`. */
export interface Progress {
  /** The version, as the server names it: `visit`, or `checkpoint:` and its id. */
  since: string;
  cursor: number;
  seen: string[];
}

export class Keeper {
  readonly #ws: string;
  readonly #key: string;
  #unsent: Progress | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ws: string, member: string) {
    this.#ws = ws;
    this.#key = `penhold.reviewed/${member}/${ws}`;
  }

  /** Everything that was looked at since a version, here or elsewhere. */
  async seenSince(cursor: number): Promise<Set<string>> {
    const kept = [this.#here(), await this.#there()];
    const fitting = kept.filter((progress) => progress?.cursor === cursor);
    return new Set(fitting.flatMap((progress) => progress?.seen ?? []));
  }

  /** Here at once, on the server when the person rests for a moment. */
  keep(progress: Progress): void {
    localStorage.setItem(this.#key, JSON.stringify(progress));
    this.#unsent = progress;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), REST_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    void this.#send();
  }

  async #send(): Promise<void> {
    const body = this.#unsent;
    if (!body) return;
    this.#unsent = null;
    try {
      await call("put", "/workspaces/{ws}/review", { path: { ws: this.#ws }, body });
    } catch {
      // It is kept here, and goes along with what is looked at next.
    }
  }

  #here(): Progress | null {
    return JSON.parse(localStorage.getItem(this.#key) ?? "null") as Progress | null;
  }

  async #there(): Promise<Partial<Progress> | null> {
    try {
      return await call("get", "/workspaces/{ws}/review", { path: { ws: this.#ws } });
    } catch {
      return null;
    }
  }
}

const REST_MS = 400;
