// The kept versions in words, and how to find the one of a moment.
import { checkpoints, whyKept, type Checkpoint } from "../../app/versions";

export interface Kept {
  id: string;
  why: string;
  /** A name or note that somebody gave it. */
  title: string;
  atMs: number | null;
  by: string;
}

export async function keptVersions(ws: string): Promise<Kept[]> {
  return (await checkpoints(ws)).map(keptOf);
}

function keptOf(checkpoint: Checkpoint): Kept {
  const { id, title, at_ms: atMs, by } = checkpoint;
  return { id, why: whyKept(checkpoint), title, atMs: atMs ?? null, by: by?.id ?? "" };
}

/** The moment that an address asks for, as `at-1767225600000`; null when it names a version. */
export function momentOf(checkpoint: string | null): number | null {
  const [, ms] = /^at-(\d{1,16})$/.exec(checkpoint ?? "") ?? [];
  return ms === undefined ? null : Number(ms);
}

/** The newest version that was there at a moment, or else the oldest of all. */
export function keptBefore(kept: readonly Kept[], atMs: number): Kept | undefined {
  const known = kept.filter((version) => version.atMs !== null);
  return known.find((version) => (version.atMs ?? 0) <= atMs) ?? known.at(-1) ?? kept[0];
}
