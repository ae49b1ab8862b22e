// The kept versions with what is known of why and when they were kept.
import { call } from "../../app/api";
import { checkpoints, whyKept, type Checkpoint } from "../../app/versions";

export interface Kept extends Checkpoint {
  why: string;
  /** A name or note that somebody gave it. */
  title: string;
  atMs: number | null;
  by: string;
}

interface Dated {
  id: string;
  at_ms: number;
  by?: string | null;
  title?: string;
  reason?: { note?: string };
}

interface Noted {
  at_ms: number;
  by?: string | null;
  events: { noted?: { what?: string; checkpoint?: string; title?: string } }[];
}

export async function keptVersions(ws: string): Promise<Kept[]> {
  const list = (path: string) =>
    call<{ items: Dated[] }>("GET", `/workspaces/${ws}/${path}?limit=200`).then(
      ({ items }) => items,
    );
  const [kept, handoffs, decisions, approvals, noted] = await Promise.all([
    checkpoints(ws),
    list("handoffs"),
    list("decisions"),
    list("approvals"),
    call<{ items: Noted[] }>("GET", `/workspaces/${ws}/record?type=noted&limit=500`),
  ]);
  const known = new Map<string, Dated>();
  for (const entry of handoffs) known.set(`handoff-${entry.id}`, entry);
  for (const entry of decisions) known.set(`decision-${entry.id}`, entry);
  for (const entry of approvals) known.set(`approval-${entry.id}`, entry);
  const byHand = new Map<string, Dated>();
  for (const { at_ms, by, events } of noted.items) {
    for (const { noted: fact } of events) {
      if (fact?.what !== "checkpoint_made" || !fact.checkpoint) continue;
      byHand.set(fact.checkpoint, { id: "", at_ms, by: by ?? "", title: fact.title ?? "" });
    }
  }
  return kept.map((checkpoint) => {
    const about = known.get(checkpoint.kind) ?? byHand.get(checkpoint.id);
    return {
      ...checkpoint,
      why: whyKept(checkpoint),
      title: about?.title ?? about?.reason?.note ?? "",
      atMs: about?.at_ms ?? null,
      by: about?.by ?? "",
    };
  });
}
