// Earlier versions of a workspace.
import { call, type Schema } from "./call";

export type Version = Schema<"Version">;

/** `cursor` is the position in the log at which it was taken; `kind` says what it was kept for,
 * such as `by-hand` or `handoff-h1`. */
export type Checkpoint = Schema<"Checkpoint">;

export function version(ws: string, id: string): Promise<Version> {
  return call("get", "/workspaces/{ws}/checkpoints/{id}", { path: { ws, id } });
}

/** The version that this person last saw, if they were here before. */
export async function lastVisit(ws: string, member: string): Promise<Version | null> {
  const query = { since: "visit" };
  const { since } = await call("get", "/workspaces/{ws}/digest", { path: { ws }, query });
  return since === 0 ? null : version(ws, visitOf(member));
}

/** The id of the version that a member last saw. */
export function visitOf(member: string): string {
  return `visit-${member}`;
}

/** The newest kept versions, newest first. */
export async function checkpoints(ws: string): Promise<Checkpoint[]> {
  const query = { limit: 200 };
  const { items } = await call("get", "/workspaces/{ws}/checkpoints", { path: { ws }, query });
  return items;
}

export function keepVersion(ws: string, title: string): Promise<Checkpoint> {
  return call("post", "/workspaces/{ws}/checkpoints", { path: { ws }, body: { title } });
}

/** Makes the named places, or everything without any, read as they did: a new edit. Answers the
 * version that was kept before, or null when everything read so already. */
export async function restore(ws: string, id: string, paths: string[]): Promise<string | null> {
  const path = { ws, id };
  const body = { paths };
  const done = await call("post", "/workspaces/{ws}/checkpoints/{id}/restore", { path, body });
  return done.before ?? null;
}

/** "Handed off", "Kept by hand": why a version was kept. */
export function whyKept({ kind }: Checkpoint): string {
  const [what = ""] = kind.split("-");
  const WHY: Record<string, string> = {
    by: "Kept by hand",
    before: "Before bringing back",
    handoff: "Handed off",
    decision: "Decided",
    approval: "Approval",
  };
  return WHY[what] ?? "Kept";
}
