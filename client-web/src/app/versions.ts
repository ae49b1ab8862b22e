// Earlier versions of a workspace.
import type { WorkspaceDocument } from "../generated/workspace";
import { call } from "./api";

export interface Version {
  cursor: number;
  at_ms: number;
  projection: WorkspaceDocument;
}

export interface Checkpoint {
  id: string;
  /** The position in the log at which it was taken. */
  cursor: number;
  /** What it was kept for, such as `by-hand` or `handoff-h1`. */
  kind: string;
}

export function version(ws: string, id: string): Promise<Version> {
  return call("GET", `/workspaces/${ws}/checkpoints/${encodeURIComponent(id)}`);
}

/** The version that this person last saw, if they were here before. */
export async function lastVisit(ws: string, member: string): Promise<Version | null> {
  const { since } = await call<{ since: number }>("GET", `/workspaces/${ws}/digest?since=visit`);
  return since === 0 ? null : version(ws, `visit-${member}`);
}

/** The newest kept versions, newest first. */
export async function checkpoints(ws: string): Promise<Checkpoint[]> {
  const page = await call<{ items: Checkpoint[] }>(
    "GET",
    `/workspaces/${ws}/checkpoints?limit=200`,
  );
  return page.items;
}

export function keepVersion(ws: string, title: string): Promise<Checkpoint> {
  return call("POST", `/workspaces/${ws}/checkpoints`, { title });
}

/** Makes the named places, or everything without any, read as they did: a new edit. */
export function restore(ws: string, id: string, paths: string[]): Promise<{ changed: string[] }> {
  return call("POST", `/workspaces/${ws}/checkpoints/${encodeURIComponent(id)}/restore`, { paths });
}

/** "Handed off", "Kept by hand": why a version was kept. */
export function whyKept({ kind }: Checkpoint): string {
  const [what = ""] = kind.split("-");
  const WHY: Record<string, string> = {
    by: "Kept by hand",
    handoff: "Handed off",
    decision: "Decided",
    approval: "Approval",
  };
  return WHY[what] ?? "Kept";
}
