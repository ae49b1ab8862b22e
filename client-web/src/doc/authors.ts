// Who wrote what: every character carries the client id of whoever typed it, and the server says
// in `control` whose that is. What the server wrote for somebody is listed there by ranges.
import * as Y from "yjs";
import { mapIn } from "./read";

export interface Run {
  from: number;
  to: number;
  /** Member id; empty when nobody knows. */
  by: string;
}

interface OnBehalf {
  start: number;
  end: number;
  by: string;
}

export class Authors {
  readonly #clients = new Map<number, string>();
  readonly #onBehalf = new Map<number, OnBehalf[]>();

  constructor(doc: Y.Doc) {
    const control = doc.getMap("control");
    mapIn(control, "authors")?.forEach((member, client) => {
      if (typeof member === "string") this.#clients.set(Number(client), member);
    });
    mapIn(control, "attributed")?.forEach((value, key) => this.#note(key, value));
    for (const ranges of this.#onBehalf.values()) ranges.sort((a, b) => a.start - b.start);
  }

  /** Who wrote the text, as adjoining runs from its start to its end. */
  runs(text: Y.Text): Run[] {
    const runs: Run[] = [];
    let at = 0;
    const add = (length: number, by: string): void => {
      if (length <= 0) return;
      const last = runs.at(-1);
      if (last?.by === by) last.to += length;
      else runs.push({ from: at, to: at + length, by });
      at += length;
    };
    for (let item = text._start; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue;
      const { client, clock } = item.id;
      this.#each(client, clock, clock + item.length, add);
    }
    return runs;
  }

  /** Who last set a field. */
  setter(map: Y.Map<unknown>, key: string): string {
    const item = map._map.get(key);
    let found = "";
    if (item) {
      const { client, clock } = item.id;
      this.#each(client, clock, clock + 1, (length, by) => (found = length > 0 ? by : found));
    }
    return found;
  }

  #each(client: number, from: number, to: number, add: (length: number, by: string) => void): void {
    const own = this.#clients.get(client) ?? "";
    let at = from;
    for (const { start, end, by } of this.#onBehalf.get(client) ?? []) {
      if (end <= at || start >= to) continue;
      add(Math.max(start, at) - at, own);
      at = Math.max(start, at);
      add(Math.min(end, to) - at, by);
      at = Math.min(end, to);
    }
    add(to - at, own);
  }

  /** `"client:start" → "end:member"`. */
  #note(key: string, value: unknown): void {
    if (typeof value !== "string") return;
    const [client, start] = key.split(":").map(Number);
    const colon = value.indexOf(":");
    const end = Number(value.slice(0, colon));
    if (client === undefined || start === undefined || !Number.isFinite(end)) return;
    const ranges = this.#onBehalf.get(client) ?? [];
    ranges.push({ start, end, by: value.slice(colon + 1) });
    this.#onBehalf.set(client, ranges);
  }
}
