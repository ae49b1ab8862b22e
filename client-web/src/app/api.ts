// Who asks, and what there is to be opened, as the server answers it.
import { call, type Schema } from "./call";

export { ApiError, call, type Failure, type Problem } from "./call";

export type Role = Schema<"Role">;
export type Kind = Schema<"Kind">;
export type Member = Schema<"Member">;
export type WorkspaceSummary = Schema<"WorkspaceSummary">;

export function me(): Promise<Member> {
  return call("get", "/me").then(({ member }) => member);
}

export async function signIn(code: string): Promise<void> {
  await call("post", "/sign-in", { body: { code } });
}

export async function workspaces(): Promise<WorkspaceSummary[]> {
  const all: WorkspaceSummary[] = [];
  let cursor: string | null = null;
  do {
    const query = cursor === null ? {} : { cursor };
    const page: Schema<"WorkspacePage"> = await call("get", "/workspaces", { query });
    all.push(...page.items);
    cursor = page.next_cursor ?? null;
  } while (cursor !== null && all.length < LISTED_MAX);
  return all;
}

export function createWorkspace(title: string): Promise<WorkspaceSummary> {
  return call("post", "/workspaces", { body: { title } });
}

/** Workspaces listed at most; past this a search is the better tool. */
const LISTED_MAX = 1000;
