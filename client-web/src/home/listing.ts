// The list of workspaces, with the last one that was seen kept for when the server is away.
import { ApiError, workspaces, type WorkspaceSummary } from "../app/api";
import { signedOut } from "../app/session";

export type Listing =
  | { state: "loading"; items: [] }
  | { state: "ready"; items: WorkspaceSummary[] }
  | { state: "kept"; items: WorkspaceSummary[] };

export async function loadListing(): Promise<Listing> {
  try {
    const items = (await workspaces()).toSorted((a, b) => b.updated_ms - a.updated_ms);
    localStorage.setItem(KEY, JSON.stringify(items));
    return { state: "ready", items };
  } catch (error) {
    if (error instanceof ApiError && error.failure === "signed-out") signedOut();
    const kept = localStorage.getItem(KEY);
    return { state: "kept", items: kept === null ? [] : (JSON.parse(kept) as WorkspaceSummary[]) };
  }
}

const KEY = "penhold.workspaces";
