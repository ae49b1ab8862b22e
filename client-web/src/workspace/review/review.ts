// A person's way through what changed: since when, what is left, and what they have looked at.
import { writable, type Readable, type Writable } from "svelte/store";
import {
  checkpoints,
  lastVisit,
  restore,
  version,
  whyKept,
  type Version,
} from "../../app/versions";
import { Authors } from "../../doc/authors";
import { pathOfKeys } from "../../doc/place";
import { changesSince, putBack, type Change } from "../../doc/review";
import type { Live } from "../../sync/live";

export interface Baseline {
  /** `visit`, or the id of a kept version. */
  key: string;
  name: string;
}

export interface ReviewState {
  baseline: Baseline;
  baselines: Baseline[];
  sinceMs: number;
  /** What this person has not looked at yet, and did not do alone. */
  left: Change[];
  done: number;
}

export class Review {
  readonly #state = writable<ReviewState | null>(null);
  readonly state: Readable<ReviewState | null> = this.#state;
  /** Whether the changes are marked in the text. */
  readonly on: Writable<boolean> = writable(false);
  readonly #live: Live;
  #base: (Version & { baseline: Baseline }) | null = null;
  #baselines: Baseline[] = [];
  #seen = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(live: Live) {
    this.#live = live;
    live.doc.on("update", this.#onUpdate);
  }

  /** Starts from what this person last saw, or else from the newest hand-off. */
  async open(): Promise<void> {
    const { workspace, member } = this.#live;
    const [visit, kept] = await Promise.all([
      lastVisit(workspace, member.id),
      checkpoints(workspace),
    ]);
    const versions = kept.map((checkpoint): Baseline => {
      const at = `${whyKept(checkpoint).toLowerCase()}, entry ${checkpoint.cursor}`;
      return { key: checkpoint.id, name: at };
    });
    this.#baselines = [...(visit ? [VISIT] : []), ...versions];
    if (visit) this.#take(VISIT, visit);
    else if (versions[0]) await this.choose(versions[0].key);
  }

  async choose(key: string): Promise<void> {
    const { workspace, member } = this.#live;
    const baseline = this.#baselines.find((known) => known.key === key);
    if (!baseline) return;
    const base =
      key === VISIT.key ? await lastVisit(workspace, member.id) : await version(workspace, key);
    if (base) this.#take(baseline, base);
  }

  looksGood({ id }: Change): void {
    this.#seen.add(id);
    this.#remember();
    this.#look();
  }

  /** Returns why it could not be put back; empty when it was. */
  async putBack(piece: Change): Promise<string> {
    if (piece.kind === "removed") {
      const id = this.#base?.baseline.key;
      if (id === undefined || id === VISIT.key) {
        return "Choose a kept version to bring back what is gone.";
      }
      await restore(this.#live.workspace, id, [pathOfKeys(piece.keys)]);
    } else if (!putBack(this.#live.doc, piece)) {
      this.#look();
      return "This changed just now. Look again.";
    }
    this.#look();
    return "";
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#live.doc.off("update", this.#onUpdate);
  }

  #take(baseline: Baseline, base: Version): void {
    this.#base = { ...base, baseline };
    this.#seen = this.#recall();
    this.#look();
  }

  readonly #onUpdate = (): void => {
    // Changes of others join in while the review goes on, once they rest for a moment.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, SETTLE_MS);
  };

  #look(): void {
    const base = this.#base;
    if (!base) return;
    const { doc, member } = this.#live;
    const all = changesSince(doc, base.projection, new Authors(doc));
    const others = all.filter(({ by }) => by.length !== 1 || by[0] !== member.id);
    const left = others.filter(({ id }) => !this.#seen.has(id));
    this.#state.set({
      baseline: base.baseline,
      baselines: this.#baselines,
      sinceMs: base.at_ms,
      left,
      done: others.length - left.length,
    });
  }

  #remember(): void {
    const cursor = this.#base?.cursor ?? 0;
    localStorage.setItem(this.#key(), JSON.stringify({ cursor, seen: [...this.#seen] }));
  }

  /** What was looked at counts for one version only. */
  #recall(): Set<string> {
    const kept = localStorage.getItem(this.#key());
    const { cursor, seen } = JSON.parse(kept ?? "{}") as { cursor?: number; seen?: string[] };
    return new Set(cursor === this.#base?.cursor ? seen : []);
  }

  #key(): string {
    return `penhold.reviewed/${this.#live.member.id}/${this.#live.workspace}`;
  }
}

const VISIT: Baseline = { key: "visit", name: "your last visit" };
const SETTLE_MS = 300;
