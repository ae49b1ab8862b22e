// A person's way through what changed: since when, what is left, and what they have looked at.
import { writable, type Readable, type Writable } from "svelte/store";
import {
  checkpoints,
  lastVisit,
  visitOf,
  restore,
  version,
  whyKept,
  type Checkpoint,
  type Version,
} from "../../app/versions";
import { Keeper } from "./progress";
import { moment } from "../../app/time";
import { Authors } from "../../doc/authors";
import { pathOfKeys } from "../../doc/place";
import { changesSince, putBack, type Change } from "../../doc/review";
import type { Live } from "../../sync/live";
import { isSynced } from "../context";

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
  readonly #progress: Keeper;
  #base: (Version & { baseline: Baseline }) | null = null;
  #baselines: Baseline[] = [];
  #seen = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(live: Live) {
    this.#live = live;
    this.#progress = new Keeper(live.workspace, live.member.id);
    live.doc.on("update", this.#onUpdate);
  }

  /** Starts from what this person last saw, or else from the newest hand-off. */
  async open(): Promise<void> {
    const { workspace, member, connection } = this.#live;
    // Coming here ends the visit before.
    await until(connection.states, isSynced);
    const [visit, kept] = await Promise.all([
      lastVisit(workspace, member.id),
      checkpoints(workspace),
    ]);
    const versions = kept.map((checkpoint): Baseline => {
      return { key: checkpoint.id, name: nameOf(checkpoint, Date.now()) };
    });
    this.#baselines = [...(visit ? [VISIT] : []), ...versions];
    if (visit) await this.#take(VISIT, visit);
    else if (versions[0]) await this.choose(versions[0].key);
  }

  async choose(key: string): Promise<void> {
    const { workspace, member } = this.#live;
    const baseline = this.#baselines.find((known) => known.key === key);
    if (!baseline) return;
    const base =
      key === VISIT.key ? await lastVisit(workspace, member.id) : await version(workspace, key);
    if (base) await this.#take(baseline, base);
  }

  looksGood({ id }: Change): void {
    this.#seen.add(id);
    this.#remember();
    this.#look();
  }

  /** Returns why it could not be put back; empty when it was. */
  async putBack(piece: Change): Promise<string> {
    if (piece.kind === "removed") {
      const { workspace, member } = this.#live;
      const key = this.#base?.baseline.key ?? VISIT.key;
      const id = key === VISIT.key ? visitOf(member.id) : key;
      await restore(workspace, id, [pathOfKeys(piece.keys)]);
    } else if (!putBack(this.#live.doc, piece)) {
      this.#look();
      return "This changed just now. Look again.";
    }
    this.#look();
    return "";
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#progress.close();
    this.#live.doc.off("update", this.#onUpdate);
  }

  async #take(baseline: Baseline, base: Version): Promise<void> {
    const seen = await this.#progress.seenSince(base.cursor);
    this.#base = { ...base, baseline };
    this.#seen = seen;
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
    if (!this.#base) return;
    const { baseline, cursor } = this.#base;
    const since = baseline.key === VISIT.key ? VISIT.key : `checkpoint:${baseline.key}`;
    this.#progress.keep({ since, cursor, seen: [...this.#seen] });
  }
}

/** "Handed off 14:02": what a version was kept at, and when. */
function nameOf(checkpoint: Checkpoint, nowMs: number): string {
  const { at_ms: atMs, cursor } = checkpoint;
  const why = whyKept(checkpoint).toLowerCase();
  return typeof atMs === "number" ? `${why} ${moment(atMs, nowMs)}` : `${why}, entry ${cursor}`;
}

const VISIT: Baseline = { key: "visit", name: "your last visit" };
const SETTLE_MS = 300;

/** Resolves once what the store says holds. */
function until<T>(store: Readable<T>, holds: (said: T) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = store.subscribe((said) => {
      if (!holds(said)) return;
      resolve();
      // Not before there is something to stop.
      queueMicrotask(() => stop());
    });
  });
}
