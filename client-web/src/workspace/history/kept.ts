// The kept versions with what is known of why and when they were kept.
import { call } from "../../app/call";
import { checkpoints, whyKept, type Checkpoint } from "../../app/versions";

export interface Kept extends Checkpoint {
  why: string;
  /** A name or note that somebody gave it. */
  title: string;
  atMs: number | null;
  by: string;
}

interface Dated {
  atMs: number;
  by: string;
  title: string;
}

export async function keptVersions(ws: string): Promise<Kept[]> {
  const all = { path: { ws }, query: { limit: 200 } };
  const noted = { path: { ws }, query: { type: "noted", limit: 500 } };
  const [kept, handoffs, decisions, approvals, record] = await Promise.all([
    checkpoints(ws),
    call("get", "/workspaces/{ws}/handoffs", all),
    call("get", "/workspaces/{ws}/decisions", all),
    call("get", "/workspaces/{ws}/approvals", all),
    call("get", "/workspaces/{ws}/record", noted),
  ]);
  const known = new Map<string, Dated>();
  for (const { id, at_ms, by, reason } of handoffs.items) {
    known.set(`handoff-${id}`, { atMs: at_ms, by: by ?? "", title: reason.note ?? "" });
  }
  for (const { id, at_ms, by, title } of decisions.items) {
    known.set(`decision-${id}`, { atMs: at_ms, by: by ?? "", title });
  }
  for (const { id, at_ms, by, title } of approvals.items) {
    known.set(`approval-${id}`, { atMs: at_ms, by: by ?? "", title });
  }
  for (const { at_ms, by, events } of record.items) {
    for (const event of events) {
      if (event.type !== "noted" || event.noted.what !== "checkpoint_made") continue;
      const { checkpoint, title } = event.noted;
      known.set(checkpoint, { atMs: at_ms, by: by ?? "", title });
    }
  }
  return kept.map((checkpoint) => {
    const about = known.get(checkpoint.kind) ?? known.get(checkpoint.id);
    return {
      ...checkpoint,
      why: whyKept(checkpoint),
      title: about?.title ?? "",
      atMs: about?.atMs ?? null,
      by: about?.by ?? "",
    };
  });
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
